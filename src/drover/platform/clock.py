"""Time as a dependency: services take a Clock, so that tests decide when it is."""

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits.

    `now` is an aware UTC datetime for what is stored and shown; `monotonic_s` is for measuring
    durations and deadlines, and never goes back.
    """

    def now(self) -> datetime: ...

    def monotonic_s(self) -> float: ...

    async def sleep(self, delay_s: float) -> None: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)


class ManualClock:
    """A clock that stands still until `advance` moves it, waking the sleepers it passes."""

    def __init__(self, start_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        if start_at.tzinfo is None:
            raise ValueError("start_at must be an aware datetime")
        self._start_at = start_at
        self._elapsed_s = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._start_at + timedelta(seconds=self._elapsed_s)

    def monotonic_s(self) -> float:
        return self._elapsed_s

    async def sleep(self, delay_s: float) -> None:
        if delay_s <= 0:
            await asyncio.sleep(0)
            return
        wakened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed_s + delay_s, next(self._order), wakened))
        await wakened

    async def advance(self, delay_s: float) -> None:
        """Move the time forward, waking each sleeper at its own moment, in order."""
        target_s = self._elapsed_s + delay_s
        while self._sleepers and self._sleepers[0][0] <= target_s:
            due_s, _, wakened = heapq.heappop(self._sleepers)
            self._elapsed_s = due_s
            if not wakened.done():
                wakened.set_result(None)
            # Two turns of the loop: the sleeper runs, and what it starts may go to sleep again.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        self._elapsed_s = target_s
        await asyncio.sleep(0)
