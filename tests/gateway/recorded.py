"""Recorded replies of routers: our own, and others' that lie beside the repository on a developer's machine.

for recording in all_recordings(): recording.command, recording.rows, recording.source
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drover.gateway.collectors import (
    ethernet,
    health,
    identity,
    interface,
    lease,
    licence,
    package,
    resource,
    routerboard,
    wifi,
    wireless,
)

Rows = list[dict[str, str]]
_ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).resolve().parent / "recordings" / "replies.json"
SHARED = _ROOT.parent / "shared" / "data" / "api"

COLLECTORS: dict[str, Callable[[Rows, list[str]], Any]] = {
    identity.PATH: identity.collect,
    resource.PATH: resource.collect,
    routerboard.PATH: routerboard.collect,
    licence.PATH: licence.collect,
    package.PATH: package.collect,
    health.PATH: health.collect,
    interface.PATH: interface.collect,
    ethernet.PATH: ethernet.collect,
    wireless.PATH: wireless.collect,
    wireless.SSID_PATH: wireless.collect_ssids,
    wifi.PATH: wifi.collect,
    wifi.WAVE2_PATH: wifi.collect,
    lease.PATH: lease.collect,
}


@dataclass(frozen=True)
class Recording:
    """One reply of one router."""

    source: str
    command: str
    rows: Rows

    @property
    def path(self) -> str:
        """The command as the API has it: `/system/resource/print`, from REST's `GET /rest/system/resource` too."""
        path = self.command.split(" =")[0].split(" {")[0]
        if path.startswith("GET /rest"):
            return path.removeprefix("GET /rest") + "/print"
        return path.removeprefix("POST /rest")


def as_sent(value: object) -> str:
    """A value as it was on the wire, from what a client made of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _rows(rows: list[dict[str, Any]]) -> Rows:
    return [{name: as_sent(value) for name, value in row.items()} for row in rows]


def own_recordings() -> Iterator[Recording]:
    for number, one in enumerate(json.loads(OWN.read_text("utf-8"))):
        yield Recording(f"own:{number}:{one['routeros']}", one["command"], _rows(one["rows"]))


def shared_recordings() -> Iterator[Recording]:
    """Replies in JSON: hand-copied captures and napalm-ros' mocked data; none where the folder isn't."""
    captures = SHARED / "captures.json"
    if captures.is_file():
        for number, one in enumerate(json.loads(captures.read_text("utf-8"))):
            yield Recording(f"captures:{number}:{one['routeros']}", one["command"], _rows(one["rows"]))
    for file in sorted(SHARED.glob("napalm-ros/**/_*.json")):
        content = json.loads(file.read_text("utf-8"))
        if isinstance(content.get("data"), list):
            name = f"napalm-ros:{file.parent.parent.name}/{file.parent.name}/{file.name}"
            # _interface_print.json is /interface/print; no menu that we collect has a dash or underscore in it.
            yield Recording(name, file.stem.replace("_", "/"), _rows(content["data"]))
    yield from _console_blocks()


def _console_blocks() -> Iterator[Recording]:
    """Console output of menus whose values the console shows as the API gives them (not resources: 988.3MiB)."""
    for folder, command in (
        ("system_routerboard_print", "/system/routerboard/print"),
        ("system_identity_print", "/system/identity/print"),
        ("interface_ethernet_monitor_name_once", "/interface/ethernet/monitor"),
    ):
        for file in sorted((SHARED / "ntc-templates" / "tests" / "mikrotik_routeros" / folder).glob("*.raw")):
            row = {}
            for line in file.read_text("utf-8").splitlines():
                name, colon, value = line.partition(": ")
                if colon and name.strip().replace("-", "").isalnum():
                    row[name.strip()] = value.strip()
            yield Recording(f"ntc-templates:{file.name}", command, [row])


def all_recordings() -> list[Recording]:
    return [*own_recordings(), *shared_recordings()]


def count_values(found: object) -> int:
    """How many values a collector found, Nones not counted."""
    if found is None:
        return 0
    if isinstance(found, dict):
        return sum(count_values(value) for value in found.values())
    if isinstance(found, list):
        return sum(count_values(value) for value in found)
    slots = getattr(found, "__dataclass_fields__", None)
    if slots is not None:
        return sum(count_values(getattr(found, name)) for name in slots)
    return 1
