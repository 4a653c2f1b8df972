"""/system/scheduler and /system/script: kept, not run."""

from __future__ import annotations

from collections.abc import Iterator

from rossim.clock import format_moment
from rossim.fields import COMMENT, DISABLED, NAME, Field, boolean, duration, fields, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import POLICIES_V6, POLICIES_V7
from rossim.tree import Menu, Row, Unique, Values


def _job(router: Router, row: Row) -> Values:
    return {"run-count": str(int(router.uptime_s() // 86400)), "owner": row.values.get("owner", "admin")}


def _script(router: Router, row: Row) -> Values:
    values = {
        "run-count": str(row.number % 40),
        "invalid": "false",
        "owner": row.values.get("owner", "admin"),
    }
    if row.number % 40:
        values["last-started"] = format_moment(router.now_s() // 86400 * 86400, iso=router.platform.iso_dates)
    return values


def menus(platform: Platform) -> Iterator[Menu]:
    policies = ",".join(POLICIES_V7 if platform.v7 else POLICIES_V6)
    today = "2024-01-15" if platform.iso_dates else "jan/15/2024"
    yield Menu(
        "/system/scheduler",
        fields(
            NAME,
            Field("start-date", text, today),
            Field("start-time", text, "00:00:00"),
            Field("interval", duration, "0s"),
            Field("on-event", text, ""),
            Field("policy", text, policies),
            Field("owner", exported=False),
            DISABLED,
            COMMENT,
        ),
        unique=(Unique(("name",), "item with such name already exists"),),
        computed=_job,
    )
    yield Menu(
        "/system/script",
        fields(
            NAME,
            Field("source", text, ""),
            Field("policy", text, policies),
            Field("dont-require-permissions", boolean, "false"),
            Field("owner"),
            COMMENT,
        ),
        unique=(Unique(("name",), "item with such name already exists"),),
        computed=_script,
    )
