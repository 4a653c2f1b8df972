"""Ranges of charts: how wide a step is, and rows of steps as columns of equal length in which a gap is null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

RangeName = Literal["1h", "6h", "24h", "7d", "30d"]

# Span and step in seconds: at most 360 steps.
_SPANS: dict[RangeName, tuple[int, int]] = {
    "1h": (3600, 60),
    "6h": (21_600, 60),
    "24h": (86_400, 300),
    "7d": (604_800, 1800),
    "30d": (2_592_000, 7200),
}


@dataclass(frozen=True)
class Window:
    """The steps of a range: from `since` (a multiple of the step since 1970) up to `until`, which is not part of it."""

    step_s: int
    since: datetime
    until: datetime

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=self.step_s)


def window_of(name: RangeName, now: datetime, *, interval_s: int = 60, settle_s: int | None = None) -> Window:
    """The window that ends now. A step is never shorter than the interval of polls, or gaps would show that are none.

    With `settle_s` the last step is whole and that old: for sums over devices, which would dip while results come in.
    """
    span_s, step_s = _SPANS[name]
    step_s = max(step_s, -(-interval_s // 60) * 60)
    now_s = int(now.timestamp())
    end_s = now_s // step_s * step_s + step_s if settle_s is None else (now_s - settle_s) // step_s * step_s
    count = max(1, span_s // step_s)
    return Window(
        step_s,
        datetime.fromtimestamp(end_s - count * step_s, UTC),
        datetime.fromtimestamp(end_s, UTC),
    )


def to_columns(window: Window, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows with `step_at` in any order as the shape of Series."""
    since_s, until_s = int(window.since.timestamp()), int(window.until.timestamp())
    at = list(range(since_s, until_s, window.step_s))
    columns: dict[str, list[float | None]] = {name: [None] * len(at) for name in names}
    for row in rows:
        index = (row["step_at"] - since_s) // window.step_s
        if 0 <= index < len(at):
            for name in names:
                columns[name][index] = row[name]
    return {"step_s": window.step_s, "at": at, "columns": columns}
