"""/system history: who changed what, newest first."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

_CAPACITY = 100


class Action(NamedTuple):
    """One change that could be undone."""

    number: int
    at_s: float
    action: str
    by: str
    policy: str


class History:
    """The last hundred changes."""

    __slots__ = ("_actions", "_next_number")

    def __init__(self) -> None:
        self._actions: deque[Action] = deque(maxlen=_CAPACITY)
        self._next_number = 1

    def add(self, at_s: float, action: str, by: str, policy: str = "write") -> None:
        self._actions.append(Action(self._next_number, at_s, action, by, policy))
        self._next_number += 1

    def newest_first(self) -> tuple[Action, ...]:
        return tuple(reversed(self._actions))
