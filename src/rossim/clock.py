"""Where a router takes its time from, and how RouterOS writes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

# POSIX seconds. Everything that a router shows is a function of its seed and of this.
Clock = Callable[[], float]


class FastClock:
    """A clock that starts at the true time and runs `factor` times as fast."""

    def __init__(self, factor: float, clock: Clock = time.time) -> None:
        self._factor = factor
        self._clock = clock
        self._origin_s = clock()

    def __call__(self) -> float:
        return self._origin_s + (self._clock() - self._origin_s) * self._factor


class ManualClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now_s: float) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def format_uptime(duration_s: float) -> str:
    """Write whole seconds as `1w2d3h4m5s`; nothing that is zero is written but `0s` alone."""
    seconds = int(duration_s)
    text = ""
    for unit, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            text += f"{count}{unit}"
    return text or "0s"


def format_moment(at_s: float, *, iso: bool) -> str:
    """Write a wall-clock moment: `2025-03-11 11:59:04` since 7.10, `mar/11/2025 11:59:04` before."""
    return _format_moment(int(at_s), iso)


@lru_cache(maxsize=8192)
def _format_moment(at_s: int, iso: bool) -> str:
    moment = datetime.fromtimestamp(at_s, UTC)
    if iso:
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    return f"{_MONTHS[moment.month - 1]}{moment.strftime('/%d/%Y %H:%M:%S')}"


def format_log_time(at_s: float, now_s: float, *, iso: bool) -> str:
    """Write when a log entry was made: before 7.10 only the time today, `jul/19 14:27:01` older."""
    if iso:
        return format_moment(at_s, iso=True)
    moment = datetime.fromtimestamp(int(at_s), UTC)
    if moment.date() == datetime.fromtimestamp(int(now_s), UTC).date():
        return moment.strftime("%H:%M:%S")
    return f"{_MONTHS[moment.month - 1]}{moment.strftime('/%d %H:%M:%S')}"
