"""What became of a device's links: pure comparison of an interface before and now, and patience with flapping ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

LinkEvent = Literal["interface.went_down", "interface.went_up", "interface.flapped", "interface.flapping"]

# Links whose coming and going means something. A wireless interface runs only while it has a client, a VLAN as its parent does.
_TOLD_TYPES = frozenset({"ether", "sfp", "sfp-sfpplus", "lte", "pppoe-out", "l2tp-out", "bond"})

MOST_DOWNS = 3
WINDOW = timedelta(hours=1)


class Link(Protocol):
    """An interface as far as its link goes."""

    @property
    def type(self) -> str | None: ...
    @property
    def running(self) -> bool | None: ...
    @property
    def disabled(self) -> bool | None: ...
    @property
    def link_downs(self) -> int | None: ...


@dataclass
class _Memory:
    downs: deque[datetime] = field(default_factory=deque)
    is_flapping: bool = False


class FlapGuard:
    """Remembers how often each link went down of late: after three times in an hour it says so once and is quiet until the
    link has been for an hour. Kept in the process: after a restart it counts anew."""

    def __init__(self) -> None:
        self._memory: dict[Hashable, _Memory] = {}

    def judge(self, key: Hashable, before: Link, now: Link, at: datetime) -> tuple[LinkEvent, int] | None:
        """What to tell of a link, and how often it went down; None when there is nothing to tell."""
        if now.type not in _TOLD_TYPES or now.disabled or before.disabled:
            return None
        downs = _downs(before, now)
        memory = self._memory.get(key)
        if downs == 0 and before.running == now.running and memory is None:
            return None
        memory = self._memory.setdefault(key, _Memory())
        while memory.downs and at - memory.downs[0] > WINDOW:
            memory.downs.popleft()
        if not memory.downs and downs == 0:
            del self._memory[key]
        memory.downs.extend([at] * min(downs, 100))
        while len(memory.downs) > 200:
            memory.downs.popleft()
        memory.is_flapping = memory.is_flapping and bool(memory.downs)
        if memory.is_flapping:
            return None
        if len(memory.downs) > MOST_DOWNS:
            memory.is_flapping = True
            return "interface.flapping", len(memory.downs)
        if before.running and now.running is False:
            return "interface.went_down", downs
        if before.running is False and now.running:
            return "interface.went_up", downs
        return ("interface.flapped", downs) if downs and now.running else None


def _downs(before: Link, now: Link) -> int:
    """How often the link went down in between; the router's own count sees what polls don't."""
    if before.link_downs is not None and now.link_downs is not None and now.link_downs >= before.link_downs:
        counted = now.link_downs - before.link_downs
    else:
        counted = 0
    return max(counted, 1 if before.running and now.running is False else 0)
