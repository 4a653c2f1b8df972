"""The poller: keeps the roster fresh, turns the wheel, polls, and hands results to the publisher."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
import structlog

from drover.metrics.contracts import PollFailure, PollResult
from drover.platform.clock import Clock
from drover.platform.errors import DroverError, NotFoundError
from drover.polling.contracts import DeviceKey, PolledDevice
from drover.polling.device import DevicePoller
from drover.polling.publisher import Publisher
from drover.polling.roster import Roster
from drover.polling.wheel import Wheel

log = structlog.get_logger(__name__)

RESYNC_S = 15.0
_RESYNC_PER_TENANT_S = 0.1  # entering 500 tenants every 15 s would cost a fifth of a core
CONNECTS_AT_ONCE = 512  # a site that went silent holds its places for 8 s each, and others must still get in
SENDERS = 4
REPORT_S = 60.0
_FRESH_INTERVALS = 2


@dataclass
class Counts:
    """What the poller did since the last report."""

    polls: int = 0
    failures: int = 0
    coalesced: int = 0


class Poller:
    """Polls every device of every tenant that this process has a lease on. `run` until cancelled."""

    def __init__(
        self, roster: Roster, publisher: Publisher, clock: Clock, jitter: random.Random, *, seed: int = 0
    ) -> None:
        self._roster = roster
        self._publisher = publisher
        self._clock = clock
        self._jitter = jitter
        self._wheel = Wheel(clock, self._start, seed=seed)
        self._devices: dict[DeviceKey, DevicePoller] = {}
        self._leases: dict[int, UUID] = {}
        self._connects = asyncio.Semaphore(CONNECTS_AT_ONCE)
        self._polls: asyncio.TaskGroup | None = None
        self._hinted: set[int] = set()
        self._woken = asyncio.Event()
        self._sync_failed = False
        self.counts = Counts()

    async def run(self) -> None:
        """Poll for ever; on cancellation all sessions are closed."""
        try:
            async with asyncio.TaskGroup() as group:
                self._polls = group
                for _ in range(SENDERS):
                    group.create_task(self._publisher.run())
                group.create_task(self._wheel.run())
                group.create_task(self._keep_in_step())
                group.create_task(self._report())
        finally:
            self._polls = None
            await asyncio.gather(*(poller.close() for poller in self._devices.values()))

    def hint(self, tenant_id: int) -> None:
        """A tenant's devices changed: look at once."""
        self._hinted.add(tenant_id)
        self._woken.set()

    async def sync(self) -> None:
        """Take over what changed in every tenant, and the coming and going of tenants."""
        leases = await self._roster.list_leases()
        for tenant_id in self._leases.keys() - leases.keys():
            self._roster.forget_tenant(tenant_id)
            await self._take_over(tenant_id, [])
        self._leases = leases
        for tenant_id in leases:
            try:
                await self.sync_tenant(tenant_id)
            except NotFoundError:
                log.info("a tenant went while its devices were read", tenant_id=tenant_id)

    async def sync_tenant(self, tenant_id: int) -> None:
        """Take over what changed in one tenant."""
        lease_id = self._leases.get(tenant_id)
        if lease_id is not None:
            await self._take_over(tenant_id, await self._roster.load(tenant_id, lease_id))

    async def _take_over(self, tenant_id: int, devices: list[PolledDevice]) -> None:
        wanted = {device.key: device for device in devices}
        for key in [key for key in self._devices if key[0] == tenant_id and key not in wanted]:
            self._wheel.remove(key)
            await self._devices.pop(key).close()
        for key, device in wanted.items():
            poller = self._devices.get(key)
            if poller is None:
                self._devices[key] = DevicePoller(device, self._clock, self._connects, self._jitter)
                self._wheel.add(key, device.interval_s, at_once=not self._was_polled_lately(device))
            elif poller.device != device:
                before = poller.device
                poller.change(device)
                self._wheel.add(key, device.interval_s, at_once=device.way != before.way)

    def _was_polled_lately(self, device: PolledDevice) -> bool:
        """After a restart devices wait for their moment, so that not all are connected to at once."""
        if device.last_poll_at is None:
            return False
        age_s = (self._clock.now() - device.last_poll_at).total_seconds()
        return age_s < _FRESH_INTERVALS * device.interval_s

    async def _keep_in_step(self) -> None:
        synced_at_s = float("-inf")
        while True:
            every_s = max(RESYNC_S, _RESYNC_PER_TENANT_S * len(self._leases))
            try:
                if self._hinted - self._leases.keys():
                    self._leases = await self._roster.list_leases()
                while self._hinted:
                    await self.sync_tenant(self._hinted.pop())
                if self._clock.monotonic_s() - synced_at_s >= every_s:
                    synced_at_s = self._clock.monotonic_s()
                    await self.sync()
                if self._sync_failed:
                    self._sync_failed = False
                    log.info("the list of devices is read again")
            except (DroverError, psycopg.Error, OSError) as error:
                if not self._sync_failed:
                    self._sync_failed = True
                    log.warning(
                        "the list of devices can't be read; polling goes on", problem=repr(error)[:300]
                    )
            await self._wait_for_hint(max(0.1, synced_at_s + every_s - self._clock.monotonic_s()))

    async def _wait_for_hint(self, timeout_s: float) -> None:
        sleeping = asyncio.ensure_future(self._clock.sleep(timeout_s))
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait({sleeping, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            woken.cancel()
        self._woken.clear()

    def _start(self, key: DeviceKey, at: datetime) -> None:
        """The wheel's turn for a device."""
        poller = self._devices.get(key)
        if poller is None or self._polls is None:
            return
        if poller.is_busy:
            self.counts.coalesced += 1
            return
        poller.is_busy = True
        self._polls.create_task(self._poll(poller, at))

    async def _poll(self, poller: DevicePoller, at: datetime) -> None:
        tenant_id, device_id = poller.device.key
        try:
            result = await poller.poll(at)
        except Exception:  # a task's edge: a bug met on one device must not stop the others
            log.exception(
                "polling a device failed on our side",
                tenant_id=tenant_id,
                device_id=device_id,
            )
            failure = PollFailure("internal", "something went wrong on the server; its log has the reason")
            result = PollResult(device_id, at, poller.device.interval_s, failure=failure)
            await poller.close()
        finally:
            poller.is_busy = False
        if self._devices.get(poller.device.key) is not poller:
            await poller.close()  # removed meanwhile: nobody else would close what this poll opened
        elif result is not None:
            self.counts.polls += 1
            self.counts.failures += result.failure is not None
            self._publisher.offer(tenant_id, result)

    async def _report(self) -> None:
        """Once a minute, how the poller itself does."""
        while True:
            await self._clock.sleep(REPORT_S)
            counts, self.counts = self.counts, Counts()
            lateness, self._wheel.lateness_s = sorted(self._wheel.lateness_s), []
            log.info(
                "polled",
                devices=len(self._devices),
                polls=counts.polls,
                failures=counts.failures,
                coalesced=counts.coalesced,
                late_p99_ms=round(lateness[int(len(lateness) * 0.99)] * 1000) if lateness else None,
                waiting=self._publisher.waiting,
                dropped=self._publisher.dropped,
            )
