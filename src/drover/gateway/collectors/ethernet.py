"""/interface/ethernet/monitor: the negotiated rate of each wired port."""

from __future__ import annotations

from collections.abc import Iterable

from drover.gateway.collectors.fields import Fields
from drover.gateway.contracts import InterfaceReading
from routeros.values import parse_rate_bps

PATH = "/interface/ethernet/monitor"
PROPLIST = ("name", "status", "rate")

MAX_RATE_BPS = 10**13


def attributes(interfaces: Iterable[InterfaceReading]) -> dict[str, str] | None:
    """What to ask for: the ports among these interfaces, by id; None when there is none."""
    ids = [interface.id for interface in interfaces if interface.type == "ether" and interface.id]
    return {"numbers": ",".join(ids), "once": ""} if ids else None


def collect(rows: list[dict[str, str]], problems: list[str]) -> dict[str, int | None]:
    """Rate in bit/s by name; None without a link, or when the router does not say (v6 gives the last rate then)."""
    fields = Fields("/interface/ethernet/monitor", problems)
    rates: dict[str, int | None] = {}
    for row in rows:
        name = fields.text(row, "name")
        if name is None:
            continue
        up = row.get("status") == "link-ok"
        rates[name] = fields.within(row, "rate", 0, MAX_RATE_BPS, parse_rate_bps) if up else None
    return rates
