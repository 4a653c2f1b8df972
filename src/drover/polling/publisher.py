"""Results on their way to JetStream: batched by tenant, sent until accepted, dropped by count when there are too many.

A batch keeps its message id until it is accepted, so that one that was stored but whose answer was lost is not stored twice.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import deque
from collections.abc import Awaitable, Callable

import structlog
from nats.errors import Error as NatsError

from drover.metrics.contracts import MAX_RESULTS, PollResult, encode_message, encode_result
from drover.platform.bus import telemetry_subject
from drover.platform.clock import Clock

log = structlog.get_logger(__name__)

MAX_WAITING = 20_000
MAX_MESSAGE_BYTES = 512 * 1024
LINGER_S = 0.25  # how long a tenant's first result waits for others: a message costs more than a result
_LEAST_PAUSE_S = 0.5
_MOST_PAUSE_S = 10.0

Send = Callable[[str, bytes, str], Awaitable[None]]
"""Subject, body, message id; raises a NatsError unless the stream has it."""


class Publisher:
    """`offer` never waits; `run` (several at once, if you like) sends, each tenant's results in order."""

    def __init__(
        self, send: Send, clock: Clock, jitter: random.Random, *, run_id: str, max_waiting: int = MAX_WAITING
    ) -> None:
        self._send = send
        self._clock = clock
        self._jitter = jitter
        self._run_id = run_id
        self._max_waiting = max_waiting
        self._numbers = itertools.count(1)
        self._waiting: dict[int, deque[bytes]] = {}
        self._ready: deque[tuple[float, int]] = deque()
        self._has_ready = asyncio.Event()
        self._away = False
        self.waiting = 0
        self.sent = 0
        self.dropped = 0

    def offer(self, tenant_id: int, result: PollResult) -> None:
        """Queue a result. When the queue is full, the tenant's oldest one makes room, or this one is dropped."""
        queue = self._waiting.get(tenant_id)
        if self.waiting >= self._max_waiting:
            self.dropped += 1
            if not queue:
                return
            queue.popleft()
            self.waiting -= 1
        if queue is None:
            # Being in the dict means: in `_ready` or in the hands of a sender.
            queue = self._waiting[tenant_id] = deque()
            self._make_ready(tenant_id)
        queue.append(encode_result(result))
        self.waiting += 1

    async def run(self) -> None:
        """Send for ever."""
        while True:
            while not self._ready:
                self._has_ready.clear()
                await self._has_ready.wait()
            due_s, tenant_id = self._ready.popleft()
            linger_s = due_s - self._clock.monotonic_s()
            if linger_s > 0 and len(self._waiting[tenant_id]) < MAX_RESULTS:
                await self._clock.sleep(linger_s)
            queue = self._waiting[tenant_id]
            batch = self._take(queue)
            if batch:
                await self._deliver(tenant_id, batch)
            if queue:
                self._make_ready(tenant_id)
            else:
                del self._waiting[tenant_id]

    def _make_ready(self, tenant_id: int) -> None:
        self._ready.append((self._clock.monotonic_s() + LINGER_S, tenant_id))
        self._has_ready.set()

    async def drain(self, timeout_s: float) -> None:
        """Wait until all is sent, but no longer than this."""
        try:
            async with asyncio.timeout(timeout_s):
                while self._waiting:
                    await self._clock.sleep(0.05)
        except TimeoutError:
            log.warning("results not sent", waiting=self.waiting)

    def _take(self, queue: deque[bytes]) -> list[bytes]:
        batch: list[bytes] = []
        size = 0
        while queue and len(batch) < MAX_RESULTS and (not batch or size + len(queue[0]) < MAX_MESSAGE_BYTES):
            size += len(queue[0])
            batch.append(queue.popleft())
        self.waiting -= len(batch)
        return batch

    async def _deliver(self, tenant_id: int, batch: list[bytes]) -> None:
        message_id = f"{self._run_id}-{next(self._numbers)}"
        body = encode_message(batch)
        pause_s = _LEAST_PAUSE_S
        while True:
            try:
                await self._send(telemetry_subject(tenant_id), body, message_id)
            except (NatsError, OSError) as error:  # TimeoutError is an OSError
                if not self._away:
                    self._away = True
                    log.warning("the message bus does not take results; they wait", problem=repr(error)[:200])
                await self._clock.sleep(pause_s * self._jitter.uniform(0.8, 1.2))
                pause_s = min(pause_s * 2, _MOST_PAUSE_S)
                continue
            if self._away:
                self._away = False
                log.info("the message bus takes results again", waiting=self.waiting, dropped=self.dropped)
            self.sent += len(batch)
            return
