"""The ingest process: telemetry from the message bus into the database."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from datetime import datetime

import structlog
import uvloop
from nats.js.client import JetStreamContext

from drover.metrics.consumer import Consumer
from drover.metrics.hints import Hints
from drover.metrics.sweeper import Sweeper
from drover.platform.bus import INGEST_CONSUMER, TELEMETRY_STREAM, Bus
from drover.platform.clock import SystemClock
from drover.platform.db import Database
from drover.platform.engines.readiness import tell_ready
from drover.platform.errors import DroverError
from drover.platform.log import configure_logging
from drover.platform.settings import IngestSettings, SettingsError, load_settings

log = structlog.get_logger(__name__)


async def ingest(settings: IngestSettings, stop: asyncio.Event) -> None:
    """Store telemetry until `stop` is set; what was fetched and not stored comes again at the next start."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url.get_secret_value(), name="drover ingest", max_size=5)
        await database.open()
        stack.push_async_callback(database.close)
        bus = await Bus.connect(settings, name="drover ingest")
        stack.push_async_callback(bus.close)

        async def tell(
            tenant_id: int, kind: str, at: datetime, device_id: int | None, ref: str | None
        ) -> None:
            await bus.publish_live(tenant_id, kind, at, device_id=device_id, ref=ref)

        async def subscribe() -> JetStreamContext.PullSubscription:
            return await bus.jetstream.pull_subscribe_bind(durable=INGEST_CONSUMER, stream=TELEMETRY_STREAM)

        hints = Hints(tell, clock)
        consumer = Consumer(database, subscribe, hints, clock)
        sweeper = Sweeper(database, hints, clock, is_behind=lambda: consumer.is_behind)
        tasks = [
            asyncio.create_task(consumer.run()),
            asyncio.create_task(sweeper.run()),
            asyncio.create_task(stop.wait()),
        ]
        tell_ready()
        log.info("ingest ready")
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


def run() -> None:
    """Ingest until told to stop."""
    try:
        settings = load_settings(IngestSettings)
        configure_logging(settings.log_format, "ingest")
        uvloop.run(_main(settings))
    except (SettingsError, DroverError) as error:
        sys.exit(f"drover ingest: {error}")


async def _main(settings: IngestSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await ingest(settings, stop)
