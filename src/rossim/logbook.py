"""A router's memory log: the last entries, oldest first."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from rossim.clock import Clock

_CAPACITY = 1000


class Entry(NamedTuple):
    """One line of the log."""

    number: int
    at_s: float
    topics: str
    message: str


class Logbook:
    """The last thousand entries, as RouterOS keeps them in memory by default."""

    __slots__ = ("_clock", "_entries", "_next_number")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=_CAPACITY)
        self._next_number = 1

    def add(self, topics: str, message: str, at_s: float | None = None) -> None:
        self._entries.append(
            Entry(self._next_number, self._clock() if at_s is None else at_s, topics, message)
        )
        self._next_number += 1

    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

    def clear(self) -> None:
        """A reboot empties the memory log."""
        self._entries.clear()
