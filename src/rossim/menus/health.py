"""/system/health: one flat row on v6, a row for each sensor on v7, and no menu at all on a CHR."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rossim.menus.resource import cpu_percent
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import Menu, Row, Values

_DAY_S = 86400.0


def _reading(router: Router, index: int, unit: str, rest: float) -> str:
    name = router.platform.hardware.sensors[index][0]
    if name.endswith("-state"):
        return "ok"
    own = (router.spec.seed * 31 + index * 17) % 11 - 5
    jitter = router.noise(40 + index, 45)
    if unit == "C":
        # rooms are warmest in the late afternoon; a loaded chip adds to that
        room = 2.5 * math.sin((router.now_s() % _DAY_S) / _DAY_S * 2 * math.pi - 2.4)
        return str(round(rest + own + room + cpu_percent(router) * 0.13 + jitter))
    if unit == "RPM":
        return str(int(rest + own * 24 + (jitter - 0.5) * 90) // 30 * 30)
    return f"{rest + own * 0.05 + (jitter - 0.5) * 0.2:.1f}"


def _flat(router: Router, _row: Row) -> Values:
    return {
        name: _reading(router, index, unit, rest)
        for index, (name, unit, rest) in enumerate(router.platform.hardware.sensors)
    }


def _rows(router: Router) -> Iterable[Values]:
    for index, (name, unit, rest) in enumerate(router.platform.hardware.sensors):
        yield {
            ".id": f"*{13 + index:X}",
            "name": name,
            "value": _reading(router, index, unit, rest),
            "type": unit,
        }


def menus(platform: Platform) -> Iterator[Menu]:
    if not platform.hardware.sensors:
        return
    if platform.v7:
        yield Menu("/system/health", readable_only=True, dynamic=_rows)
    else:
        yield Menu("/system/health", single=True, fixed=True, computed=_flat, exported=False)
