"""Results on their way to the bus: in order, batched, sent until accepted, bounded while it is away."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from nats.js.errors import NoStreamResponseError

from drover.metrics.contracts import DeviceSample, PollResult, decode_message
from drover.platform.clock import ManualClock
from drover.polling.publisher import LINGER_S, Publisher

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def result(device_id: int) -> PollResult:
    return PollResult(device_id, AT, 60, sample=DeviceSample(cpu_percent=3))


class Stream:
    """A stream that can be away; keeps what it accepts once per message id, as JetStream does."""

    def __init__(self) -> None:
        self.away = False
        self.attempts: list[tuple[str, str]] = []
        self.bodies: dict[str, tuple[str, bytes]] = {}
        self.loses_answers = 0

    async def send(self, subject: str, body: bytes, message_id: str) -> None:
        self.attempts.append((subject, message_id))
        if self.away:
            raise NoStreamResponseError
        self.bodies.setdefault(message_id, (subject, body))
        if self.loses_answers:
            self.loses_answers -= 1
            raise TimeoutError

    def devices(self, tenant_id: int) -> list[int]:
        return [
            one.device_id
            for subject, body in self.bodies.values()
            if subject == f"t.{tenant_id}.telemetry"
            for one in decode_message(body)
        ]


@asynccontextmanager
async def publishing(stream: Stream, clock: ManualClock, **arguments: int) -> AsyncIterator[Publisher]:
    publisher = Publisher(stream.send, clock, random.Random(1), run_id="run", **arguments)
    running = [asyncio.create_task(publisher.run()) for _ in range(2)]
    try:
        yield publisher
    finally:
        for task in running:
            task.cancel()
        for task in running:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def settle(clock: ManualClock) -> None:
    """Let what lingers go."""
    for _ in range(6):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await clock.advance(LINGER_S / 2)


async def test_results_go_to_their_tenants_subject_in_order():
    stream, clock = Stream(), ManualClock()
    async with publishing(stream, clock) as publisher:
        for device_id in range(300):
            publisher.offer(1 + device_id % 2, result(device_id))
        await settle(clock)
        assert stream.devices(1) == list(range(0, 300, 2))
        assert stream.devices(2) == list(range(1, 300, 2))
        assert len(stream.bodies) < 10, "not batched"
        assert (publisher.waiting, publisher.sent, publisher.dropped) == (0, 300, 0)


async def test_results_wait_while_the_bus_is_away_and_go_out_when_it_is_back():
    stream, clock = Stream(), ManualClock()
    stream.away = True
    async with publishing(stream, clock) as publisher:
        publisher.offer(1, result(1))
        await settle(clock)
        publisher.offer(1, result(2))
        await clock.advance(30)
        assert stream.devices(1) == []
        stream.away = False
        await clock.advance(30)
        await settle(clock)
        assert stream.devices(1) == [1, 2]


async def test_a_message_whose_answer_was_lost_is_sent_again_under_the_same_id():
    stream, clock = Stream(), ManualClock()
    stream.loses_answers = 1
    async with publishing(stream, clock) as publisher:
        publisher.offer(1, result(1))
        await settle(clock)
        await clock.advance(30)
        await settle(clock)
        assert len(stream.attempts) == 2
        assert len({message_id for _, message_id in stream.attempts}) == 1
        assert stream.devices(1) == [1]


async def test_the_queue_is_bounded_and_drops_the_oldest_by_count():
    stream, clock = Stream(), ManualClock()
    stream.away = True
    async with publishing(stream, clock, max_waiting=10) as publisher:
        publisher.offer(1, result(0))
        await settle(clock)  # this one is in a sender's hands
        for device_id in range(1, 31):
            publisher.offer(1, result(device_id))
        assert publisher.waiting == 10
        assert publisher.dropped == 20
        stream.away = False
        await clock.advance(60)
        await settle(clock)
        assert stream.devices(1) == [0, *range(21, 31)]
