"""The comment lines of an export: the header that says what it is of, and states that aren't configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routeros.version import RouterOSVersion

_FIRST = re.compile(r"# (?P<taken>\S.*?) by RouterOS (?P<version>\d\S*(?: \([a-z-]+\))?)\s*\Z")
_FIELD = re.compile(r"# (?P<name>software id|system id|model|serial number) =(?P<value>.*)\Z")
_FAILED = re.compile(r"^#error exporting (?P<menu>[^\r\n]*?)[ \t\r]*$", re.MULTILINE)

# The header is the first few lines; hand-kept files put a note of their own before it.
_HEADER_LINES = 40


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines say; None is what they don't say (a CHR has no model, a cut file nothing).

    `taken_at_text` is the router's own clock, which may be wrong and has no zone.
    """

    taken_at_text: str | None = None
    version: RouterOSVersion | None = None
    software_id: str | None = None
    system_id: str | None = None
    model: str | None = None
    serial: str | None = None


def is_header_start(line: str) -> bool:
    """Whether this is the line with the time and version of an export."""
    return _FIRST.match(line.rstrip("\r\n").lstrip("\ufeff")) is not None


def parse_header(text: str) -> Header:
    """Read the header; an export without one gives an empty Header."""
    lines = text.split("\n", _HEADER_LINES)[:_HEADER_LINES]
    for number, line in enumerate(lines):
        first = _FIRST.match(line.rstrip("\r").lstrip("\ufeff"))
        if first is None:
            continue
        try:
            version = RouterOSVersion.parse(first["version"])
        except ValueError:
            continue
        fields = _header_fields(lines[number + 1 :])
        return Header(
            taken_at_text=first["taken"],
            version=version,
            software_id=fields.get("software id") or None,
            system_id=fields.get("system id") or None,
            model=fields.get("model") or None,
            serial=fields.get("serial number") or None,
        )
    return Header()


def _header_fields(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        if not line.startswith("#"):
            break
        match = _FIELD.match(line.rstrip("\r"))
        if match is not None:
            fields[match["name"]] = match["value"].strip()
    return fields


def find_export_errors(text: str) -> list[str]:
    """The menus that the router failed to export: such an export isn't the whole configuration."""
    return [match["menu"] for match in _FAILED.finditer(text)]
