"""/system/identity: the router's own name."""

from __future__ import annotations

from drover.gateway.collectors.fields import Fields, first_row

PATH = "/system/identity/print"
PROPLIST = ("name",)


def collect(rows: list[dict[str, str]], problems: list[str]) -> str | None:
    """The identity."""
    return Fields("/system/identity", problems).text(first_row(rows), "name")
