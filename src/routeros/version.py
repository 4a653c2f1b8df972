"""RouterOS version numbers and their order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Self

_VERSION = re.compile(
    r"(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>\d+))?"
    r"(?:(?P<stage>alpha|beta|rc)(?P<stage_number>\d+))?"
    r"(?:_(?P<build>[A-Za-z0-9]+))?"
    r"(?: \((?P<channel>[^()]+)\))?"
    r"(?: (?P<built>\S.*))?\Z",  # neighbours add the build date
    re.ASCII,
)

_STAGES = {"alpha": 0, "beta": 1, "rc": 2, None: 3}


@total_ordering
@dataclass(frozen=True, slots=True)
class RouterOSVersion:
    """A version: 7.23 > 7.23rc2 > 7.23beta4 > 7.22.1 > 7.22; the channel takes no part in comparing."""

    major: int
    minor: int
    patch: int = 0
    stage: str | None = None  # alpha, beta, rc; None is a release
    stage_number: int = 0
    build: str = field(default="", compare=False)
    channel: str | None = field(default=None, compare=False)

    @classmethod
    def parse(cls, value: str, field: str = "version") -> Self:
        """Read `7.16.2 (stable)`, `7.23rc2` or what a neighbour announces; raises ValueError."""
        match = _VERSION.match(value)
        if match is None:
            raise ValueError(f"{field}: not a RouterOS version: {value[:60]!r}")
        return cls(
            major=int(match["major"]),
            minor=int(match["minor"]),
            patch=int(match["patch"] or 0),
            stage=match["stage"],
            stage_number=int(match["stage_number"] or 0),
            build=match["build"] or "",
            channel=match["channel"],
        )

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}"
        if self.patch:
            text += f".{self.patch}"
        if self.stage is not None:
            text += f"{self.stage}{self.stage_number}"
        return text + (f"_{self.build}" if self.build else "")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, RouterOSVersion):
            return NotImplemented
        return self._order() < other._order()

    def _order(self) -> tuple[int, int, int, int, int]:
        return (self.major, self.minor, self.patch, _STAGES[self.stage], self.stage_number)
