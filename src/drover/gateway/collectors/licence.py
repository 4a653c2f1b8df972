"""/system/license: a CHR has no serial number, but an id of its system."""

from __future__ import annotations

from drover.gateway.collectors.fields import Fields, first_row

PATH = "/system/license/print"
PROPLIST = ("software-id", "system-id")


def collect(rows: list[dict[str, str]], problems: list[str]) -> str | None:
    """The system id of a CHR, else the software id: what identifies a router without a serial number."""
    fields = Fields("/system/license", problems)
    row = first_row(rows)
    return fields.text(row, "system-id") or fields.text(row, "software-id")
