"""Reads the CSV of an import: each line is a device, or says what is wrong with it. Saves nothing, contacts nobody."""

from __future__ import annotations

import csv
import io
import ipaddress
import re
from collections.abc import Iterator, Sequence

from drover.devices.contracts import ImportLine
from drover.devices.errors import BadCsvError
from drover.platform.settings import IpNetwork

COLUMNS = (
    "address", "api_port", "ssh_port", "username", "password", "name", "group", "tags", "spki_sha256", "ssh_host_key_sha256",
)  # fmt: skip
REQUIRED = ("address", "username", "password")
_OPTIONAL = ", ".join(column for column in COLUMNS if column not in REQUIRED)
MAX_LINES = 5000

_NAME = re.compile(
    r"^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62}))*\.?$"
)
_SPKI = re.compile(r"^[0-9a-f]{64}$")


def is_address(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address or could be a DNS name (`300.1.1.1` is none)."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return bool(_NAME.match(text)) and not text.replace(".", "").isdigit()
    return True


def outside(address: str, networks: Sequence[IpNetwork]) -> bool:
    """Whether a literal address lies outside all networks; names are judged by the worker, after resolving."""
    try:
        literal = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not any(literal in network for network in networks if network.version == literal.version)


def read_csv(text: str, networks: list[str], taken: set[tuple[str, int]]) -> list[ImportLine]:
    """All lines, in order. BadCsvError when the header or the file as a whole can't be used."""
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    except csv.Error as error:
        raise BadCsvError(f"this is no CSV file: {error}", fields={"csv": "unreadable"}) from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in header]
    if unknown or missing or len(set(header)) != len(header):
        raise BadCsvError(
            f"the first line must name the columns: {', '.join(REQUIRED)} and any of {_OPTIONAL}"
            + (f"; unknown: {', '.join(unknown)}" if unknown else ""),
            fields={"csv": "header"},
        )
    if len(rows) - 1 > MAX_LINES:
        raise BadCsvError(f"more than {MAX_LINES} lines: split the file", fields={"csv": "too long"})
    parsed = [ipaddress.ip_network(network) for network in networks]
    return list(_lines(header, rows, parsed, taken))


def _lines(
    header: list[str],
    rows: list[list[str]],
    networks: Sequence[IpNetwork],
    taken: set[tuple[str, int]],
) -> Iterator[ImportLine]:
    seen: dict[tuple[str, int], int] = {}
    address_column = header.index("address")
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            yield ImportLine(
                number,
                # Not just any cell: one of them is a password.
                cells[address_column].strip()[:253] if len(cells) > address_column else "",
                problem=("import.columns", f"{len(cells)} values, but the header names {len(header)}"),
            )
            continue
        line = _read(number, dict(zip(header, cells, strict=True)))
        place = (line.address.lower(), line.api_port)
        problem = line.problem
        if problem is None and outside(line.address, networks):
            problem = (
                "device.outside_networks",
                "outside the management networks of this client: a super_admin can add its network",
            )
        if problem is None and place in taken:
            problem = ("device.duplicate_address", "a device has this address already")
        if problem is None and place in seen:
            problem = ("device.duplicate_address", f"the same address as line {seen[place]}")
        seen.setdefault(place, number)
        yield (
            line
            if problem is None
            else ImportLine(
                number, line.address, line.api_port, line.ssh_port, name=line.name, problem=problem
            )
        )


def _read(number: int, cell: dict[str, str]) -> ImportLine:
    values = {name: (text if name == "password" else text.strip()) for name, text in cell.items()}
    address = values["address"][:253]

    def wrong(code: str, message: str) -> ImportLine:
        return ImportLine(number, address, name=values.get("name") or None, problem=(code, message))

    if not is_address(values["address"]):
        return wrong("device.bad_address", "no IP address and no DNS name")
    ports = {}
    for name, default in (("api_port", 8729), ("ssh_port", 22)):
        text = values.get(name) or str(default)
        if not text.isdecimal() or len(text) > 5 or not 1 <= int(text) <= 65535:
            return wrong("import.bad_port", f"{name} must be a number from 1 to 65535")
        ports[name] = int(text)
    if not 1 <= len(values["username"]) <= 64:
        return wrong("import.username", "a user name of at most 64 characters is needed")
    if (
        len(values["password"]) > 256
        or len(values.get("name", "")) > 120
        or len(values.get("group", "")) > 120
    ):
        return wrong("import.too_long", "password, name or group is too long")
    tags = tuple(tag.strip() for tag in values.get("tags", "").split(";") if tag.strip())
    if len(tags) > 32 or any(len(tag) > 40 or "," in tag for tag in tags):
        return wrong("import.tags", "at most 32 tags of 40 characters, separated by `;`")
    spki = (values.get("spki_sha256") or "").replace(":", "").lower() or None
    if spki is not None and not _SPKI.match(spki):
        return wrong("import.spki", "spki_sha256 must be 64 hex digits")
    return ImportLine(
        number, address, ports["api_port"], ports["ssh_port"], values["username"], values["password"], values.get("name") or None,
        values.get("group") or None, tags, spki, (values.get("ssh_host_key_sha256") or "")[:100] or None,
    )  # fmt: skip
