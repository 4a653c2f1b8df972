"""/system/routerboard: model, serial number and firmware. A CHR says only that it is none."""

from __future__ import annotations

from dataclasses import dataclass

from drover.gateway.collectors.fields import Fields, first_row

PATH = "/system/routerboard/print"
PROPLIST = ("routerboard", "model", "board-name", "serial-number", "current-firmware")


@dataclass(frozen=True)
class Board:
    """None where the router is no RouterBOARD or does not say."""

    model: str | None
    serial: str | None
    firmware: str | None


def collect(rows: list[dict[str, str]], problems: list[str]) -> Board:
    """The board. v6 may call a model `RouterBOARD 3011UiAS`; the prefix says nothing and goes."""
    fields = Fields("/system/routerboard", problems)
    row = first_row(rows)
    if fields.boolean(row, "routerboard") is False:
        return Board(None, None, None)
    model = fields.text(row, "model") or fields.text(row, "board-name")
    return Board(
        model=model.removeprefix("RouterBOARD ") if model else None,
        serial=fields.text(row, "serial-number"),
        firmware=fields.text(row, "current-firmware"),
    )
