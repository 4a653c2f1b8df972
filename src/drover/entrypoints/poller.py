"""The poller process: reads routers and hands their telemetry to the message bus."""

from __future__ import annotations

import asyncio
import random
import resource
import secrets
import signal
import sys
from contextlib import AsyncExitStack

import structlog
import uvloop
from nats.aio.msg import Msg

from drover.gateway.service import egress_maker
from drover.platform.bus import Bus, tenant_of
from drover.platform.clock import SystemClock
from drover.platform.db import Database
from drover.platform.engines.readiness import tell_ready
from drover.platform.errors import DroverError
from drover.platform.keyring import EmbeddedKeyring, read_master_key
from drover.platform.log import configure_logging
from drover.platform.secrets import Envelopes, Purpose
from drover.platform.settings import PollerSettings, SettingsError, load_settings
from drover.polling.contracts import ALL_DEVICES_SUBJECT
from drover.polling.publisher import Publisher
from drover.polling.roster import Roster
from drover.polling.service import Poller

log = structlog.get_logger(__name__)

_DRAIN_S = 2.0


async def poll(settings: PollerSettings, stop: asyncio.Event) -> None:
    """Poll until `stop` is set; results that wait get 2 s to leave."""
    clock = SystemClock()
    jitter = random.Random()  # noqa: S311  spreads load, guards nothing
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url.get_secret_value(), name="drover poller", max_size=3)
        await database.open()
        stack.push_async_callback(database.close)
        bus = await Bus.connect(settings, name="drover poller")
        stack.push_async_callback(bus.close)

        async def send(subject: str, body: bytes, message_id: str) -> None:
            await bus.jetstream.publish(subject, body, headers={"Nats-Msg-Id": message_id}, timeout=5)

        publisher = Publisher(send, clock, jitter, run_id=secrets.token_hex(6))
        # Made here and not in `wiring`, which would bring the whole API into this process.
        keys = EmbeddedKeyring(
            settings.keyring_dir, {Purpose.SECRETS: read_master_key(settings.secrets_master_key_file)}
        )
        roster = Roster(database, Envelopes(keys, clock), egress_maker(settings))
        poller = Poller(roster, publisher, clock, jitter)

        async def on_hint(message: Msg) -> None:
            poller.hint(tenant_of(message.subject))

        await stack.enter_async_context(bus.subscribe(ALL_DEVICES_SUBJECT, on_hint))
        running = asyncio.create_task(poller.run())
        stopping = asyncio.create_task(stop.wait())
        tell_ready()
        log.info("poller ready")
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await publisher.drain(_DRAIN_S)
        finally:
            running.cancel()
            stopping.cancel()
            results = await asyncio.gather(running, stopping, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


def run() -> None:
    """Poll until told to stop."""
    try:
        settings = load_settings(PollerSettings)
        configure_logging(settings.log_format, "poller")
        _raise_file_limit()
        uvloop.run(_main(settings))
    except (SettingsError, DroverError) as error:
        sys.exit(f"drover poller: {error}")


def _raise_file_limit() -> None:
    """A session per device needs more descriptors than a shell gives by default."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _main(settings: PollerSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await poll(settings, stop)
