"""The live stream: hints of one tenant to the pages that have it open.

One subscription per tenant is shared among its streams. A stream that reads slower than hints come loses the oldest: a hint
says only that something is to be fetched again, so nothing is lost but freshness.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import orjson
from nats.aio.msg import Msg
from pydantic import ValidationError

from drover.metrics.schemas import LiveHint
from drover.platform.bus import Bus, live_subject
from drover.platform.clock import Clock
from drover.platform.errors import DroverError

MAX_WAITING = 256
HEARTBEAT_S = 15.0
RECHECK_S = 4.0


class HintQueue:
    """The hints that one stream has still to send, as lines of the event stream."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque(maxlen=MAX_WAITING)
        self._arrived = asyncio.Event()

    def put(self, line: bytes) -> None:
        self._waiting.append(line)
        self._arrived.set()

    def take(self) -> list[bytes]:
        lines = list(self._waiting)
        self._waiting.clear()
        self._arrived.clear()
        return lines

    async def wait(self, timeout_s: float) -> None:
        """Until a hint arrives, or the time is up."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._arrived.wait()
        except TimeoutError:
            return


class LiveHub:
    """The subscriptions of one process, each shared among the streams of its tenant."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._queues: dict[int, set[HintQueue]] = {}
        self._subscriptions: dict[int, AsyncExitStack] = {}
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def listen(self, tenant_id: int) -> AsyncIterator[HintQueue]:
        """A tenant's hints while the block runs."""
        queue = HintQueue()
        async with self._lock:
            if tenant_id not in self._subscriptions:
                stack = AsyncExitStack()
                await stack.enter_async_context(
                    self._bus.subscribe(live_subject(tenant_id), self._handler(tenant_id))
                )
                self._subscriptions[tenant_id] = stack
            # Last: a subscription that failed leaves no queue behind that nobody empties.
            self._queues.setdefault(tenant_id, set()).add(queue)
        try:
            yield queue
        finally:
            async with self._lock:
                queues = self._queues[tenant_id]
                queues.discard(queue)
                if not queues:
                    del self._queues[tenant_id]
                    await self._subscriptions.pop(tenant_id).aclose()

    def subscriptions(self) -> set[int]:
        """The tenants that are subscribed to."""
        return set(self._subscriptions)

    def _handler(self, tenant_id: int) -> Callable[[Msg], Awaitable[None]]:
        async def on_hint(message: Msg) -> None:
            line = as_event(message.data)
            if line is not None:
                for queue in self._queues.get(tenant_id, ()):
                    queue.put(line)

        return on_hint


def as_event(data: bytes) -> bytes | None:
    """A hint off the bus as a server-sent event; None for what is no hint."""
    try:
        hint: dict[str, Any] = LiveHint.model_validate(orjson.loads(data)).model_dump(mode="json")
    except (ValidationError, orjson.JSONDecodeError):
        return None
    return b"data: " + orjson.dumps(hint) + b"\n\n"


async def stream(
    hub: LiveHub, tenant_id: int, still_allowed: Callable[[], Awaitable[object]], clock: Clock
) -> AsyncIterator[bytes]:
    """The body of one stream. `still_allowed` raises when the person may no longer read; the stream then ends."""
    async with hub.listen(tenant_id) as queue:
        yield b"retry: 2000\n: open\n\n"
        heartbeat_s = clock.monotonic_s() + HEARTBEAT_S
        recheck_s = clock.monotonic_s() + RECHECK_S
        while True:
            now_s = clock.monotonic_s()
            await queue.wait(max(0.0, min(heartbeat_s, recheck_s) - now_s))
            now_s = clock.monotonic_s()
            if now_s >= recheck_s:
                try:
                    await still_allowed()
                except DroverError:
                    return
                recheck_s = now_s + RECHECK_S
            if lines := queue.take():
                yield b"".join(lines)
            elif now_s >= heartbeat_s:
                yield b": still here\n\n"
            else:
                continue
            heartbeat_s = now_s + HEARTBEAT_S
