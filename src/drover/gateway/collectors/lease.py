"""/ip/dhcp-server/lease: only to give wireless clients the names that they gave themselves."""

from __future__ import annotations

from drover.gateway.collectors.fields import Fields
from routeros.values import parse_mac

PATH = "/ip/dhcp-server/lease/print"
PROPLIST = ("mac-address", "active-mac-address", "host-name", "comment")
QUERIES = ("?host-name",)


def collect(rows: list[dict[str, str]], problems: list[str]) -> dict[str, str]:
    """Host name by MAC address."""
    fields = Fields("/ip/dhcp-server/lease", problems)
    names: dict[str, str] = {}
    for row in rows:
        name = fields.text(row, "host-name")
        mac = fields.take(row, "active-mac-address", parse_mac) or fields.take(row, "mac-address", parse_mac)
        if name is not None and mac is not None:
            names[mac] = name
    return names
