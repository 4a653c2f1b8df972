"""/interface: every interface with its counters; the same on v6 and v7."""

from __future__ import annotations

from drover.gateway.collectors.fields import MAX_TEXT, Fields, clean_text
from drover.gateway.contracts import InterfaceReading

PATH = "/interface/print"
ATTRIBUTES = {"stats-detail": ""}
PROPLIST = (
    ".id",
    "name",
    "type",
    "mac-address",
    "comment",
    "running",
    "disabled",
    "link-downs",
    "rx-byte",
    "tx-byte",
    "rx-packet",
    "tx-packet",
    "rx-error",
    "tx-error",
    "rx-drop",
    "tx-drop",
    "tx-queue-drop",
)


def collect(rows: list[dict[str, str]], problems: list[str]) -> list[InterfaceReading]:
    """The interfaces, in the router's order; a row without a name is noted and left out."""
    fields = Fields("/interface", problems)
    integer, boolean, text = fields.integer, fields.boolean, fields.text
    found: list[InterfaceReading] = []
    for row in fields.rows(rows):
        name = row.get("name")
        if not name:
            fields.note("an interface without a name")
            continue
        found.append(
            InterfaceReading(
                row.get(".id", ""),
                clean_text(name[:MAX_TEXT]),
                text(row, "type"),
                text(row, "mac-address"),
                text(row, "comment"),
                boolean(row, "running"),
                boolean(row, "disabled"),
                integer(row, "link-downs"),
                integer(row, "rx-byte"),
                integer(row, "tx-byte"),
                integer(row, "rx-packet"),
                integer(row, "tx-packet"),
                integer(row, "rx-error"),
                integer(row, "tx-error"),
                integer(row, "rx-drop"),
                _sum(integer(row, "tx-drop"), integer(row, "tx-queue-drop")),
            )
        )
    return found


def _sum(first: int | None, second: int | None) -> int | None:
    """Packets dropped by the driver and by the interface's queue are both lost; absent is not 0."""
    if first is None:
        return second
    return first if second is None else first + second
