"""Ingest from the bus: stored before it is acknowledged, again after a failure, never stuck on one message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from nats.js.client import JetStreamContext

from drover.metrics import consumer as consumer_module
from drover.metrics.consumer import Consumer
from drover.metrics.contracts import PollResult, encode_message, encode_result
from drover.metrics.hints import Hints
from drover.platform.bus import INGEST_CONSUMER, TELEMETRY_STREAM, Bus, telemetry_subject
from drover.platform.clock import SystemClock
from drover.platform.settings import ServiceSettings
from tests.engines_fixture import Engines
from tests.metrics.conftest import Site, answer, interface


@asynccontextmanager
async def bus_of(engines: Engines, service: str) -> AsyncIterator[Bus]:
    login = engines.nats[service]
    settings = ServiceSettings(
        database_url=engines.dsn(f"drover_{service}"),
        nats_url=login.url,
        nats_user=login.user,
        nats_password=login.password,
        nats_inbox_prefix=login.inbox_prefix,
    )
    bus = await Bus.connect(settings, name=f"test {service}")
    yield bus
    await bus.close()


class Ingest:
    """A consumer that is fed message by message, and the poller's way to the bus."""

    def __init__(
        self, consumer: Consumer, subscription: JetStreamContext.PullSubscription, poller: Bus
    ) -> None:
        self.consumer = consumer
        self._subscription = subscription
        self._poller = poller

    async def send(
        self, tenant_id: int, *results: PollResult, body: bytes | None = None, **headers: str
    ) -> None:
        data = body if body is not None else encode_message([encode_result(one) for one in results])
        await self._poller.jetstream.publish(telemetry_subject(tenant_id), data, headers=headers or None)

    async def store(self, count: int = 1) -> None:
        """Fetch and store that many messages."""
        async with asyncio.timeout(20):
            while count > 0:
                messages = await self._subscription.fetch(count, timeout=10)
                count -= len(messages)
                await self.consumer.store(messages)

    async def waiting(self) -> int:
        """How many messages are neither acknowledged nor dropped."""
        await asyncio.sleep(0)
        info = await self._subscription.consumer_info()
        return int(info.num_pending) + int(info.num_ack_pending)

    async def until_empty(self) -> None:
        async with asyncio.timeout(10):
            while await self.waiting():
                await asyncio.sleep(0.02)


@pytest_asyncio.fixture
async def ingest(site: Site) -> AsyncIterator[Ingest]:
    async def tell(*_: object) -> None: ...

    async with bus_of(site.engines, "ingest") as reader, bus_of(site.engines, "poller") as poller:

        async def subscribe() -> Any:
            return await reader.jetstream.pull_subscribe_bind(
                durable=INGEST_CONSUMER, stream=TELEMETRY_STREAM
            )

        consumer = Consumer(site.database, subscribe, Hints(tell, site.clock), SystemClock())
        ingest = Ingest(consumer, await subscribe(), poller)
        yield ingest
        await ingest.until_empty()


async def test_a_message_is_acknowledged_when_its_results_are_stored(site, ingest):
    device = await site.device()
    await ingest.send(site.tenant.id, answer(device, site.now, interfaces=[interface()]))
    await ingest.store()
    assert (await site.status(device))["state"] == "online"
    await ingest.until_empty()


async def test_a_message_sent_twice_under_one_id_arrives_once(site, ingest):
    device = await site.device()
    for _ in range(2):
        await ingest.send(site.tenant.id, answer(device, site.now), **{"Nats-Msg-Id": f"test-{device.id}"})
    await ingest.store()
    await ingest.until_empty()


async def test_what_the_database_did_not_take_comes_again(site, ingest, monkeypatch):
    device = await site.device()
    monkeypatch.setattr(consumer_module, "RETRY_AFTER_S", 0.05)
    await ingest.send(site.tenant.id, answer(device, site.now))
    with monkeypatch.context() as broken:

        async def refuse(*_: object) -> None:
            raise psycopg.OperationalError("the server closed the connection unexpectedly")

        broken.setattr(ingest.consumer._intake, "store", refuse)
        await ingest.store()
    assert await ingest.waiting() == 1
    await ingest.store()
    assert (await site.status(device))["state"] == "online"


async def test_a_result_that_can_never_be_stored_does_not_stop_the_others(site, ingest):
    good, bad = await site.device(), await site.device()
    await ingest.send(
        site.tenant.id,
        answer(good, site.now, interfaces=[interface("ether1")]),
        answer(bad, site.now, interfaces=[interface("nul\0byte")]),
    )
    await ingest.send(site.tenant.id, answer(bad, site.now, uptime_s=2**63))
    await ingest.store(2)
    assert (await site.status(good))["state"] == "online"
    assert (await site.status(bad))["state"] == "unknown"
    assert ingest.consumer.dropped == 2
    await ingest.until_empty()


@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b'{"v":99,"results":[]}'])
async def test_a_message_that_is_none_of_ours_is_dropped(site, ingest, body):
    await ingest.send(site.tenant.id, body=body)
    await ingest.store()
    assert ingest.consumer.dropped == 1
    await ingest.until_empty()


async def test_a_tenant_that_stays_unknown_is_given_up_after_some_tries(site, ingest, monkeypatch):
    monkeypatch.setattr(consumer_module, "RETRY_AFTER_S", 0.02)
    await ingest.send(10**6, answer(1, site.now))
    for _ in range(consumer_module.MOST_DELIVERIES):
        assert ingest.consumer.dropped == 0
        await ingest.store()
    assert ingest.consumer.dropped == 1
    await ingest.until_empty()


async def test_a_bug_met_on_one_message_costs_that_message_only(site, ingest, monkeypatch):
    device = await site.device()
    monkeypatch.setattr(consumer_module, "RETRY_AFTER_S", 0.02)
    with monkeypatch.context() as broken:

        async def stumble(*_: object) -> None:
            raise KeyError("a bug")

        broken.setattr(ingest.consumer._intake, "store", stumble)
        await ingest.send(site.tenant.id, answer(device, site.now))
        for _ in range(consumer_module.MOST_DELIVERIES):
            await ingest.store()
    assert ingest.consumer.dropped == 1
    await ingest.send(site.tenant.id, answer(device, site.now))
    await ingest.store()
    assert (await site.status(device))["state"] == "online"
