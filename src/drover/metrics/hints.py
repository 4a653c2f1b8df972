"""Hints to open pages that something changed, throttled: ids only, values are fetched again through the API.

`device.polled` is told for each device while there are few; beyond a rate per tenant the hint names no device, which asks
pages to look at their lists again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from drover.metrics.intake import Stored
from drover.platform.clock import Clock

# Subject's tenant, kind, when, device, reference.
Tell = Callable[[int, str, datetime, int | None, str | None], Awaitable[None]]

MOST_POLLED_PER_S = 10


class Hints:
    """Publishes what a stored batch changed. Hints are lost when the bus is away: pages ask again by themselves."""

    def __init__(self, tell: Tell, clock: Clock) -> None:
        self._tell = tell
        self._clock = clock
        self._window: dict[int, tuple[float, int]] = {}

    async def tell(self, tenant_id: int, stored: Stored) -> None:
        """Tell what a batch changed, after its commit."""
        now = self._clock.now()
        for device_id in stored.changed:
            await self._tell(tenant_id, "device.changed", now, device_id, None)
        for event_id, device_id in stored.events:
            await self._tell(tenant_id, "event.added", now, device_id, str(event_id))
        await self._tell_polled(tenant_id, stored.polled, now)

    async def _tell_polled(self, tenant_id: int, device_ids: list[int], now: datetime) -> None:
        now_s = self._clock.monotonic_s()
        began_s, told = self._window.get(tenant_id, (float("-inf"), 0))
        if now_s - began_s >= 1.0:
            began_s, told = now_s, 0
        room = max(0, MOST_POLLED_PER_S - told)
        if device_ids and len(device_ids) > room:
            # One hint without a device for all that have no room, once a window.
            if told <= MOST_POLLED_PER_S:
                await self._tell(tenant_id, "device.polled", now, None, None)
                told = MOST_POLLED_PER_S + 1
        else:
            for device_id in device_ids:
                await self._tell(tenant_id, "device.polled", now, device_id, None)
            told += len(device_ids)
        self._window[tenant_id] = (began_s, told)
