"""One device as the poller holds it: its session, its counters, and what to do when it does not answer.

A poll gives a result or, while nothing may be sent to the device, none:
- silent, refusing or broken: tried again with growing pauses, and each turn gives a failure all the same;
- wrong password: nothing more is sent until other credentials are saved;
- changed certificate: looked at every ten minutes, without credentials, until the key is the pinned one again.
"""

from __future__ import annotations

import asyncio
import random
from datetime import datetime

import structlog

from drover.gateway import service as gateway
from drover.gateway.contracts import DeviceReading, Due
from drover.gateway.errors import (
    CertificateChangedError,
    ConnectionLostError,
    DeviceTimeoutError,
    WrongPasswordError,
)
from drover.metrics.contracts import DeviceFacts, DeviceSample, PollFailure, PollResult, WirelessSample
from drover.platform.clock import Clock
from drover.platform.errors import DroverError
from drover.polling.contracts import PolledDevice, Way
from drover.polling.rates import Counted, make_samples, sum_device

log = structlog.get_logger(__name__)

POLL_TIMEOUT_S = 8.0
HEALTH_EVERY_S = 60.0
RATES_EVERY_S = 300.0
FACTS_EVERY_S = 3600.0
CERTIFICATE_CHECK_S = 600.0
_MOST_PAUSE_S = 120.0


class DevicePoller:
    """Polls one device; `poll` is never called again before it has ended. `close` at the end."""

    def __init__(
        self, device: PolledDevice, clock: Clock, connects: asyncio.Semaphore, jitter: random.Random
    ) -> None:
        self.device = device
        self.is_busy = False
        self._clock = clock
        self._connects = connects
        self._jitter = jitter
        self._session: gateway.DeviceSession | None = None
        self._session_way: Way | None = None
        self._capabilities_told = False
        self._counted: Counted | None = None
        self._link_rates_bps: dict[str, int | None] = {}
        self._health: tuple[float, float | None, float | None] | None = None
        self._rates_at_s = float("-inf")
        self._facts_at_s = float("-inf")
        self._failures = 0
        self._retry_at_s = float("-inf")
        self._last_failure: PollFailure | None = None
        self._refused = False
        self._certificate_changed = False

    def change(self, device: PolledDevice) -> None:
        """Take over another address, other credentials or another interval; the next poll goes the new way."""
        before, self.device = self.device, device
        if device.way != before.way:
            self._refused = False
            self._certificate_changed = False
            self._retry_at_s = float("-inf")

    async def close(self) -> None:
        """End the session."""
        session, self._session = self._session, None
        if session is not None:
            await session.client.close()

    async def poll(self, at: datetime) -> PollResult | None:
        """One poll, at most POLL_TIMEOUT_S long. None: nothing may be sent to this device now."""
        if self._refused:
            return None
        now_s = self._clock.monotonic_s()
        if now_s < self._retry_at_s:
            failure = self._last_failure
            return None if self._certificate_changed or failure is None else self._result(at, failure=failure)
        way = self.device.way
        try:
            if self._is_open(way):
                reading = await self._within_deadline()
            else:
                # Waiting for a turn to connect is our own lateness, not the device's.
                async with self._connects:
                    reading = await self._within_deadline()
        except DroverError as error:
            await self.close()
            # What failed on the old way says nothing about the new one.
            return self._result(at, failure=self._failed(error)) if way == self.device.way else None
        self._answered()
        return self._success(at, reading)

    def _is_open(self, way: Way) -> bool:
        return self._session is not None and not self._session.client.is_closed and self._session_way == way

    async def _within_deadline(self) -> DeviceReading:
        try:
            async with asyncio.timeout(POLL_TIMEOUT_S):
                return await self._read()
        except TimeoutError:
            raise DeviceTimeoutError(f"the router did not answer all within {POLL_TIMEOUT_S:g} s") from None

    async def _read(self) -> DeviceReading:
        target, egress, _ = way = self.device.way
        if self._certificate_changed and not await gateway.check_certificate(target, egress):
            raise CertificateChangedError(self._last_failure.message if self._last_failure else "")
        if self._session is not None and self._is_open(way):
            try:
                return await self._read_from(self._session)
            except ConnectionLostError:
                pass  # routers end idle or old sessions; whether this one is away, only a new one tells
        await self.close()
        self._session, self._session_way = await gateway.open_session(target, egress, self._clock), way
        self._facts_at_s = self._rates_at_s = float("-inf")
        self._capabilities_told = False
        return await self._read_from(self._session)

    async def _read_from(self, session: gateway.DeviceSession) -> DeviceReading:
        now_s = self._clock.monotonic_s()
        return await gateway.read_device(
            session,
            Due(
                health=self._health is None or now_s - self._health[0] >= HEALTH_EVERY_S - 1,
                rates=now_s - self._rates_at_s >= RATES_EVERY_S,
                facts=now_s - self._facts_at_s >= FACTS_EVERY_S,
            ),
        )

    def _failed(self, error: DroverError) -> PollFailure:
        failure = PollFailure(error.code, error.message)
        if self._failures == 0 or self._last_failure is None or self._last_failure.code != error.code:
            log.warning("device does not answer", **self._names(), code=error.code)
        self._failures += 1
        self._last_failure = failure
        self._counted = None
        self._certificate_changed = isinstance(error, CertificateChangedError)
        self._refused = isinstance(error, WrongPasswordError)
        pause_s = self.device.interval_s * 2.0 ** min(self._failures - 1, 10)
        pause_s = min(pause_s, max(_MOST_PAUSE_S, self.device.interval_s))
        if self._certificate_changed:
            pause_s = CERTIFICATE_CHECK_S
        # A little less than whole intervals, so that the turn at its end is not missed by a hair.
        self._retry_at_s = self._clock.monotonic_s() + pause_s * self._jitter.uniform(0.75, 0.95)
        return failure

    def _answered(self) -> None:
        if self._failures:
            log.info("device answers again", **self._names(), after_failures=self._failures)
        self._failures = 0
        self._last_failure = None
        self._certificate_changed = False
        self._retry_at_s = float("-inf")

    def _success(self, at: datetime, reading: DeviceReading) -> PollResult:
        now_s = self._clock.monotonic_s()
        resource = reading.resource
        if reading.health is not None:
            self._health = (now_s, reading.health.temperature_c, reading.health.voltage_v)
        if reading.link_rates_bps is not None:
            self._link_rates_bps, self._rates_at_s = reading.link_rates_bps, now_s
        sample = DeviceSample(
            cpu_percent=resource.cpu_percent,
            memory_percent=resource.memory_percent,
            disk_percent=resource.disk_percent,
            uptime_s=resource.uptime_s,
            rtt_ms=round(reading.rtt_ms, 3),
        )
        if self._health is not None and now_s - self._health[0] < 2 * HEALTH_EVERY_S:
            sample.temperature_c, sample.voltage_v = self._health[1], self._health[2]
        result = self._result(at, sample=sample)
        if reading.interfaces is not None:
            counted = Counted(
                reading.interfaces_at_s, resource.uptime_s, {one.name: one for one in reading.interfaces}
            )
            result.interfaces = make_samples(
                self._counted,
                counted,
                interval_s=self.device.interval_s,
                link_rates_bps=self._link_rates_bps,
            )
            result.rates_known = reading.link_rates_bps is not None
            sample.rx_bps, sample.tx_bps = sum_device(result.interfaces)
            self._counted = counted
        if reading.wireless is not None:
            sample.clients = len(reading.wireless)
            result.wireless = [
                WirelessSample(
                    one.interface,
                    one.mac_address,
                    one.ssid,
                    one.signal_dbm,
                    one.snr_db,
                    one.ccq_percent,
                    one.tx_rate_bps,
                    one.rx_rate_bps,
                    one.uptime_s,
                    one.host_name,
                )
                for one in reading.wireless
            ]
        if reading.facts is not None:
            self._facts_at_s = now_s
            facts = reading.facts
            result.facts = DeviceFacts(
                facts.identity,
                facts.model,
                facts.board_name,
                facts.serial,
                facts.version,
                facts.architecture,
                facts.firmware,
                facts.memory_total_bytes,
                facts.disk_total_bytes,
            )
        if not self._capabilities_told and self._session is not None:
            self._capabilities_told = True
            result.capabilities = self._session.capabilities.as_json()
        if reading.problems:
            self._tell_problems(reading.problems)
        return result

    def _tell_problems(self, problems: list[str]) -> None:
        log.debug("a poll was incomplete", **self._names(), problems=problems)

    def _result(
        self, at: datetime, *, sample: DeviceSample | None = None, failure: PollFailure | None = None
    ) -> PollResult:
        return PollResult(self.device.key[1], at, self.device.interval_s, sample, failure)

    def _names(self) -> dict[str, int]:
        tenant_id, device_id = self.device.key
        return {"tenant_id": tenant_id, "device_id": device_id}
