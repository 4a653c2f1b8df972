"""/queue."""

from __future__ import annotations

from collections.abc import Iterator

from rossim.fields import COMMENT, DISABLED, NAME, Field, fields, text
from rossim.platforms import Platform
from rossim.randomness import unit
from rossim.router import Router
from rossim.tree import Menu, Row, Unique, Values


def _simple(router: Router, row: Row) -> Values:
    share = 0.002 + 0.01 * unit(router.spec.seed, row.number)
    area = router.shape.integral(router.now_s()) - router.shape.integral(router.boot_s)
    down = int(40e6 / 8 * share * area)
    level = router.level() if row.values.get("disabled") != "true" else 0.0
    return {
        "bytes": f"{down // 9}/{down}",
        "packets": f"{down // 9 // 320}/{down // 900}",
        "rate": f"{int(40e6 / 9 * share * level)}/{int(40e6 * share * level)}",
        "dropped": f"0/{down // 9_000_000}",
        "queued-bytes": "0/0",
        "invalid": "false",
        "dynamic": "false",
    }


def menus(_platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/queue/simple",
        fields(
            NAME,
            Field("target", required=True),
            Field("dst"),
            Field("parent", text, "none"),
            Field("packet-marks", text, ""),
            Field("priority", text, "8/8"),
            Field("queue", text, "default-small/default-small"),
            Field("limit-at", text, "0/0"),
            Field("max-limit", text, "0/0"),
            Field("burst-limit", text, "0/0"),
            Field("burst-threshold", text, "0/0"),
            Field("burst-time", text, "0s/0s"),
            DISABLED,
            COMMENT,
        ),
        ordered=True,
        unique=(Unique(("name",), "already have such name"),),
        computed=_simple,
    )
