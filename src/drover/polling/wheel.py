"""When each device is due: a fixed moment in every interval, spread by a seed over all devices.

The moments are on a grid of the wall clock (`k * interval + phase`), so a restart keeps them and every step of a chart gets
its sample; the waiting is on the monotonic clock. A device that is still being polled when it is due again is not polled
twice: the late tick is coalesced and counted.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from drover.platform.clock import Clock
from drover.polling.contracts import DeviceKey

# Rates need two polls: a device that was just added shows its traffic after this time, not an interval later.
SECOND_POLL_AFTER_S = 5.0

# Devices due within this time of each other are started together: a wake-up costs as much as a tenth of a poll.
SLACK_S = 0.05


def phase_s(seed: int, key: DeviceKey, interval_s: int) -> float:
    """Where in its interval a device is due: the same at every start, spread evenly."""
    spread = zlib.crc32(b"%d|%d|%d" % (seed, key[0], key[1])) / 2**32
    return spread * interval_s


def next_due_s(now_s: float, interval_s: int, phase: float) -> float:
    """The first moment of the grid after `now_s` (seconds since 1970)."""
    turns = (now_s - phase) // interval_s + 1
    return turns * interval_s + phase


class Wheel:
    """Calls `start(key, at)` for each device at its moments; `at` is the moment itself, not when it was come to."""

    def __init__(self, clock: Clock, start: Callable[[DeviceKey, datetime], None], *, seed: int = 0) -> None:
        self._clock = clock
        self._start = start
        self._seed = seed
        self._order = itertools.count()
        self._heap: list[tuple[float, int, DeviceKey, float]] = []
        self._turn: dict[DeviceKey, tuple[int, int]] = {}
        self._fresh: set[DeviceKey] = set()
        self._changed = asyncio.Event()
        self.lateness_s: list[float] = []

    def __len__(self) -> int:
        return len(self._turn)

    def add(self, key: DeviceKey, interval_s: int, *, at_once: bool) -> None:
        """Have a device's turns come, the first one at once or at its next moment; again for another interval."""
        now_s = self._clock.now().timestamp()
        if at_once:
            self._fresh.add(key)
        self._push(key, interval_s, now_s if at_once else self._next(key, interval_s, now_s), now_s)
        self._changed.set()

    def remove(self, key: DeviceKey) -> None:
        """No more turns for a device."""
        self._turn.pop(key, None)
        self._fresh.discard(key)

    async def run(self) -> None:
        """Turn for ever."""
        while True:
            self._changed.clear()
            self._start_due()
            if self._heap:
                delay_s = max(0.0, self._heap[0][0] - self._clock.monotonic_s())
                await self._wait(delay_s)
            else:
                await self._changed.wait()

    def _start_due(self) -> None:
        now_s = self._clock.monotonic_s()
        while self._heap and self._heap[0][0] <= now_s + SLACK_S:
            due_s, order, key, at_s = heapq.heappop(self._heap)
            turn = self._turn.get(key)
            if turn is None or turn[0] != order:
                continue  # removed, or set to another interval since
            self.lateness_s.append(max(0.0, now_s - due_s))
            wall_s = self._clock.now().timestamp()
            self._push(key, turn[1], self._after(key, turn[1], at_s, wall_s), wall_s)
            self._start(key, datetime.fromtimestamp(at_s, UTC))

    def _after(self, key: DeviceKey, interval_s: int, at_s: float, wall_s: float) -> float:
        """The moment after `at_s`. What a pause missed is gone, not made up for; a clock that was set begins anew."""
        was_set = abs(wall_s - at_s) > interval_s
        due_s = self._next(key, interval_s, wall_s if was_set else max(wall_s, at_s))
        if key in self._fresh:
            self._fresh.discard(key)
            due_s = min(due_s, wall_s + SECOND_POLL_AFTER_S)
        return due_s

    def _next(self, key: DeviceKey, interval_s: int, after_s: float) -> float:
        return next_due_s(after_s, interval_s, phase_s(self._seed, key, interval_s))

    def _push(self, key: DeviceKey, interval_s: int, at_s: float, now_s: float) -> None:
        order = next(self._order)
        self._turn[key] = (order, interval_s)
        heapq.heappush(self._heap, (self._clock.monotonic_s() + at_s - now_s, order, key, at_s))

    async def _wait(self, delay_s: float) -> None:
        """Until the next device is due, or somebody was added who may be due before."""
        sleeping = asyncio.ensure_future(self._clock.sleep(delay_s))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait({sleeping, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            changed.cancel()
