"""NATS as the services see it: subjects that carry the tenant, one connection per process with that process's own user."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

import nats
import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoServersError
from nats.js import JetStreamContext

from drover.platform.errors import EngineUnavailableError
from drover.platform.settings import ServiceSettings

log = structlog.get_logger(__name__)

TELEMETRY_STREAM = "TELEMETRY"
INGEST_CONSUMER = "ingest"


def telemetry_subject(tenant_id: int) -> str:
    """Poll results on their way to ingest (JetStream)."""
    return f"t.{tenant_id}.telemetry"


def live_subject(tenant_id: int) -> str:
    """Hints for browsers: ids, never values."""
    return f"t.{tenant_id}.live"


def devices_subject(tenant_id: int) -> str:
    """Hints for the poller that a tenant's devices changed."""
    return f"t.{tenant_id}.devices"


def tenant_of(subject: str) -> int:
    """The tenant that a subject of ours belongs to; ValueError for any other subject."""
    root, tenant, *_ = subject.split(".")
    if root != "t":
        raise ValueError(f"{subject} is no tenant's subject")
    return int(tenant)


class Bus:
    """One process's connection. Reconnects for ever; publishing while away raises EngineUnavailableError."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._hints_lost = False
        self.jetstream: JetStreamContext = client.jetstream(timeout=5)

    @classmethod
    async def connect(cls, settings: ServiceSettings, *, name: str) -> Self:
        """Connect as the process's own user, or raise EngineUnavailableError."""

        async def on_error(error: Exception) -> None:
            log.warning("bus", problem=str(error))

        try:
            client = await nats.connect(
                settings.nats_url,
                user=settings.nats_user,
                password=settings.nats_password.get_secret_value(),
                inbox_prefix=settings.nats_inbox_prefix.encode(),
                name=name,
                connect_timeout=5,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.5,
                error_cb=on_error,
            )
        except (NatsError, NoServersError, OSError) as error:
            raise EngineUnavailableError(
                "NATS does not answer: check that it runs and that the address is right"
            ) from error
        return cls(client)

    async def close(self) -> None:
        """Flush and close."""
        if not self._client.is_closed:
            await self._client.close()

    async def publish(self, subject: str, message: dict[str, Any]) -> None:
        """Publish a hint, at most once. Lost when nobody listens: readers resync on their own."""
        try:
            await self._client.publish(subject, orjson.dumps(message))
        except NatsError as error:
            raise EngineUnavailableError("NATS is away") from error

    async def hint(self, subject: str, message: dict[str, Any]) -> None:
        """Publish what readers can do without: while NATS is away it is lost and nothing fails for it.

        The log says so once when hints begin to be lost, and once when they go out again.
        """
        try:
            await self.publish(subject, message)
        except EngineUnavailableError as error:
            if not self._hints_lost:
                log.warning("hint not sent", subject=subject, problem=error.message)
            self._hints_lost = True
            return
        if self._hints_lost:
            log.info("hints are sent again")
        self._hints_lost = False

    async def publish_live(
        self, tenant_id: int, kind: str, at: datetime, *, device_id: int | None = None, ref: str | None = None
    ) -> None:
        """Tell a tenant's open pages that something changed; see metrics.schemas.LiveHint."""
        await self.hint(
            live_subject(tenant_id), {"kind": kind, "device_id": device_id, "ref": ref, "at": at.isoformat()}
        )

    async def publish_devices(self, tenant_id: int, device_id: int) -> None:
        """Tell the poller that a device came, went or changed; it looks by itself every few seconds anyway."""
        await self.hint(devices_subject(tenant_id), {"device_id": device_id})

    @asynccontextmanager
    async def subscribe(self, subject: str, handler: Callable[[Msg], Awaitable[None]]) -> AsyncIterator[None]:
        """Deliver a subject's messages to a handler while the block runs: all that are published after it began."""
        subscription = await self._client.subscribe(subject, cb=handler)
        try:
            try:
                await self._client.flush(timeout=5)
            except (NatsError, OSError) as error:
                raise EngineUnavailableError("NATS is away") from error
            yield
        finally:
            if not self._client.is_closed:
                await subscription.unsubscribe()
