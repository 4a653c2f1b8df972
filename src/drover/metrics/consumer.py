"""Ingest: poll results off JetStream into the database, one transaction per tenant, acknowledged after commit.

A message that can't be stored now (the database is away, the tenant's lease not known yet) comes again; one that can never be
(malformed, a tenant that stays unknown, values that the database refuses) is dropped and logged, so that it stops nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import psycopg
import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from drover.metrics.contracts import PollResult, decode_message
from drover.metrics.errors import MalformedTelemetryError
from drover.metrics.hints import Hints
from drover.metrics.intake import Intake, Stored
from drover.platform.bus import tenant_of
from drover.platform.clock import Clock
from drover.platform.db import Database
from drover.platform.errors import DroverError, InvalidInputError

log = structlog.get_logger(__name__)

FETCH_MESSAGES = 64
FETCH_TIMEOUT_S = 1.0  # also the longest that a few results wait for more to be stored with
PACE_S = (
    0.4  # unless more waits than a fetch takes: many results in one transaction cost little more than one
)
RETRY_AFTER_S = 5.0
LEASES_EVERY_S = 15.0
MOST_DELIVERIES = 5
_TENANTS_AT_ONCE = 3

# What will be refused again however often it is tried.
_REFUSED = (InvalidInputError, psycopg.DataError, psycopg.IntegrityError)


class Subscription(Protocol):
    """The durable pull consumer, as `JetStreamContext.pull_subscribe_bind` gives it."""

    async def fetch(self, batch: int, timeout: float) -> list[Msg]: ...


@dataclass
class _Item:
    message: Msg
    results: list[PollResult]


class Consumer:
    """Takes messages from the subscription and stores them. `run` until cancelled."""

    def __init__(
        self,
        database: Database,
        subscribe: Callable[[], Awaitable[Subscription]],
        hints: Hints,
        clock: Clock,
    ) -> None:
        self._database = database
        self._subscribe = subscribe
        self._hints = hints
        self._clock = clock
        self._intake = Intake(clock)
        self._leases: dict[int, UUID] = {}
        self._leases_at_s = float("-inf")
        self._away = False
        self._slots = asyncio.Semaphore(_TENANTS_AT_ONCE)
        self.is_behind = False
        self.stored = 0
        self.dropped = 0

    async def run(self) -> None:
        """Store for ever."""
        subscription: Subscription | None = None
        while True:
            try:
                if subscription is None:
                    subscription = await self._subscribe()
                messages = await subscription.fetch(FETCH_MESSAGES, timeout=FETCH_TIMEOUT_S)
            except TimeoutError:  # nothing came
                self.is_behind = False
                continue
            except (NatsError, OSError) as error:
                self._went_away("the message bus", error)
                subscription = None
                self.is_behind = False  # nothing is known to wait, so devices may become stale
                await self._clock.sleep(1.0)
                continue
            self.is_behind = len(messages) >= FETCH_MESSAGES
            await self.store(messages)
            if not self.is_behind:
                await self._clock.sleep(PACE_S)

    async def store(self, messages: list[Msg]) -> None:
        """Store a handful of messages and acknowledge what is stored."""
        by_tenant: dict[int, list[_Item]] = {}
        for message in messages:
            try:
                item = _Item(message, decode_message(message.data))
                by_tenant.setdefault(tenant_of(message.subject), []).append(item)
            except (MalformedTelemetryError, ValueError) as error:
                await self._drop(message, str(error))
        try:
            await self._refresh_leases(by_tenant.keys() - self._leases.keys())
        except (DroverError, psycopg.Error, OSError) as error:
            await self._put_back(by_tenant, error)
            return
        async with asyncio.TaskGroup() as group:
            for tenant_id, items in by_tenant.items():
                group.create_task(self._store_tenant(tenant_id, items))

    async def _refresh_leases(self, unknown: set[int]) -> None:
        age_s = self._clock.monotonic_s() - self._leases_at_s
        if age_s >= LEASES_EVERY_S or (unknown and age_s >= 1.0):
            self._leases = await self._database.list_leases()
            self._leases_at_s = self._clock.monotonic_s()

    async def _store_tenant(self, tenant_id: int, items: list[_Item]) -> None:
        lease_id = self._leases.get(tenant_id)
        if lease_id is None:
            await self._try_again_or_drop(items, f"tenant {tenant_id} is unknown")
            return
        async with self._slots:
            try:
                stored = await self._in_one(lease_id, [one for item in items for one in item.results])
            except _REFUSED:
                await self._one_by_one(tenant_id, lease_id, items)
                return
            except (DroverError, psycopg.Error, OSError) as error:
                await self._put_back({tenant_id: items}, error)
                return
            except Exception:  # a task's edge: a bug met on one tenant's results must not stop the others'
                log.exception("results can't be stored", tenant_id=tenant_id)
                await self._try_again_or_drop(items, "a fault of ours")
                return
        for item in items:
            await _answer(item.message.ack())
        await self._done(tenant_id, stored)

    async def _in_one(self, lease_id: UUID, results: list[PollResult]) -> Stored:
        async with self._database.service(lease_id) as tx:
            return await self._intake.store(tx, results)

    async def _one_by_one(self, tenant_id: int, lease_id: UUID, items: list[_Item]) -> None:
        """The database refused something in a batch: store the rest, drop that."""
        for item in items:
            try:
                for result in item.results:
                    try:
                        await self._done(tenant_id, await self._in_one(lease_id, [result]))
                    except _REFUSED as error:
                        self.dropped += 1
                        log.error(  # noqa: TRY400  the reason says all; a traceback per bad result would flood
                            "a result can't be stored and is dropped",
                            tenant_id=tenant_id,
                            device_id=result.device_id,
                            problem=str(error).splitlines()[0],
                        )
            except (DroverError, psycopg.Error, OSError) as error:
                await self._put_back({tenant_id: [item]}, error)
                continue
            await _answer(item.message.ack())

    async def _done(self, tenant_id: int, stored: Stored) -> None:
        self.stored += len(stored.polled)
        if self._away:
            self._away = False
            log.info("results are stored again")
        await self._hints.tell(tenant_id, stored)

    async def _try_again_or_drop(self, items: list[_Item], reason: str) -> None:
        for item in items:
            if item.message.metadata.num_delivered >= MOST_DELIVERIES:
                await self._drop(item.message, reason)
            else:
                await _answer(item.message.nak(delay=RETRY_AFTER_S))

    async def _put_back(self, by_tenant: dict[int, list[_Item]], error: Exception) -> None:
        self._went_away("the database", error)
        for items in by_tenant.values():
            for item in items:
                await _answer(item.message.nak(delay=RETRY_AFTER_S))

    async def _drop(self, message: Msg, reason: str) -> None:
        self.dropped += 1
        log.error("a telemetry message is dropped", subject=message.subject, reason=reason[:300])
        await _answer(message.term())

    def _went_away(self, what: str, error: Exception) -> None:
        if not self._away:
            self._away = True
            log.warning(f"{what} does not take part; results wait on the bus", problem=repr(error)[:300])


async def _answer(sending: Awaitable[None]) -> None:
    """Tell the bus what became of a message; one that it does not hear of comes again, which does no harm."""
    try:
        await sending
    except (NatsError, OSError) as error:
        log.warning("the message bus was not told what became of a message", problem=repr(error)[:200])
