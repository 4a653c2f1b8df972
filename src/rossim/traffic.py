"""Traffic as a pure function of seed and time.

A `Curve` is one week of load at a sample a minute, linear between samples, repeated for ever, its mean 1.
Its running sums are kept beside it, so the integral between any two moments is exact and costs two
look-ups: a counter never has to be ticked, and thousands of idle routers cost nothing. Curves are made
once per kind and shared by all routers; a router differs by its seed's choice of variant, by a shift in
time and by its own scale.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from functools import cache

from rossim.randomness import seeded

_MINUTE_S = 60.0
_SAMPLES = 7 * 24 * 60
_WEEK_S = _SAMPLES * _MINUTE_S
# 1970-01-01 was a Thursday; weeks here begin on Monday.
_MONDAY_S = 4 * 86400.0

_VARIANTS = 4

# Load by hour of the day, on working days and at the weekend.
_WORKDAY = {
    "office": (2, 2, 2, 2, 2, 3, 5, 18, 62, 88, 95, 90, 60, 82, 96, 92, 80, 52, 20, 9, 6, 4, 3, 2),
    "home": (30, 16, 9, 6, 5, 6, 14, 28, 30, 28, 30, 34, 38, 38, 40, 48, 60, 74, 86, 95, 100, 96, 80, 52),
    "hotel": (28, 16, 10, 8, 8, 14, 42, 66, 60, 40, 34, 34, 36, 34, 36, 44, 56, 70, 84, 96, 100, 94, 74, 46),
    "warehouse": (
        14,
        12,
        12,
        14,
        26,
        48,
        72,
        84,
        88,
        90,
        84,
        70,
        78,
        86,
        88,
        84,
        76,
        66,
        52,
        40,
        30,
        24,
        20,
        16,
    ),
    "core": (40, 27, 20, 16, 15, 17, 24, 36, 46, 52, 55, 57, 60, 60, 62, 66, 74, 84, 92, 98, 100, 96, 82, 60),
}
_WEEKEND = {
    "office": (2, 2, 2, 2, 2, 2, 3, 4, 5, 7, 8, 8, 7, 7, 6, 6, 5, 4, 4, 3, 3, 3, 2, 2),
    "home": (42, 28, 16, 9, 7, 7, 10, 18, 32, 46, 56, 62, 64, 66, 68, 72, 78, 84, 92, 98, 100, 97, 84, 62),
    "hotel": (40, 26, 16, 10, 9, 12, 30, 58, 72, 60, 46, 44, 46, 46, 50, 58, 66, 78, 90, 98, 100, 96, 82, 60),
    "warehouse": (8, 7, 7, 7, 9, 14, 22, 26, 28, 28, 26, 22, 20, 20, 18, 16, 14, 12, 10, 10, 9, 9, 8, 8),
    "core": (48, 33, 24, 18, 16, 16, 20, 30, 44, 54, 62, 66, 68, 70, 72, 76, 82, 88, 94, 99, 100, 97, 85, 66),
}
KINDS = tuple(_WORKDAY)


class Curve:
    """A week of load with mean 1."""

    __slots__ = ("_samples", "_sums")

    def __init__(self, samples: array[float]) -> None:
        self._samples = samples
        sums = array("d", [0.0])
        total = 0.0
        for index in range(_SAMPLES):
            total += (samples[index] + samples[(index + 1) % _SAMPLES]) / 2 * _MINUTE_S
            sums.append(total)
        self._sums = sums

    def level(self, at_s: float) -> float:
        """The load at a moment."""
        position = ((at_s - _MONDAY_S) % _WEEK_S) / _MINUTE_S
        index = int(position)
        here = self._samples[index % _SAMPLES]
        return here + (self._samples[(index + 1) % _SAMPLES] - here) * (position - index)

    def integral(self, at_s: float) -> float:
        """Load times seconds since a fixed moment long ago: only differences mean anything."""
        weeks, rest_s = divmod(at_s - _MONDAY_S, _WEEK_S)
        position = rest_s / _MINUTE_S
        index = int(position)
        part = position - index
        here = self._samples[index % _SAMPLES]
        slope = self._samples[(index + 1) % _SAMPLES] - here
        return (
            weeks * self._sums[_SAMPLES]
            + self._sums[index % _SAMPLES]
            + (here * part + slope * part * part / 2) * _MINUTE_S
        )


@cache
def curve(kind: str, variant: int) -> Curve:
    """One of the shared curves of a kind."""
    rng = seeded("curve", kind, variant)
    slow = quick = burst = 0.0
    values: list[float] = []
    for index in range(_SAMPLES):
        day, minute = divmod(index, 24 * 60)
        hours = (_WEEKEND if day >= 5 else _WORKDAY)[kind]
        hour, within = divmod(minute, 60)
        blend = (1 - math.cos(math.pi * within / 60)) / 2
        level = hours[hour] + (hours[(hour + 1) % 24] - hours[hour]) * blend
        slow = 0.995 * slow + rng.gauss(0, 0.012)
        quick = 0.72 * quick + rng.gauss(0, 0.085)
        burst = 0.86 * burst + (rng.uniform(0.3, 1.1) if rng.random() < 0.006 else 0.0)
        values.append(level * max(0.12, 1 + slow + quick) * (1 + burst))
    mean = sum(values) / _SAMPLES
    return Curve(array("d", (value / mean for value in values)))


def any_curve(kind: str, seed: int) -> tuple[Curve, float]:
    """A curve of the kind and a shift in time, both of the seed's choice."""
    rng = seeded("shift", kind, seed)
    return curve(kind, rng.randrange(_VARIANTS)), rng.uniform(-2400.0, 2400.0)


@dataclass(frozen=True, slots=True)
class Load:
    """What flows through one interface: a shape in time, and the mean rates at which it does."""

    shape: Curve
    shift_s: float
    mean_rx_bps: float
    mean_tx_bps: float
    rx_packet_bytes: float = 880.0
    tx_packet_bytes: float = 410.0

    def integral(self, at_s: float) -> float:
        return self.shape.integral(at_s + self.shift_s)

    def level(self, at_s: float) -> float:
        return self.shape.level(at_s + self.shift_s)
