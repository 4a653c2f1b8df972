"""The worker process: jobs from the queue, and what is done again and again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import procrastinate
import psycopg
import structlog

from drover.entrypoints.wiring import JOB_HANDLERS, PLATFORM_HANDLERS, periodic_tasks, worker_keys
from drover.platform.bus import Bus
from drover.platform.clock import SystemClock
from drover.platform.db import Database
from drover.platform.engines.readiness import tell_ready
from drover.platform.errors import DroverError
from drover.platform.log import configure_logging
from drover.platform.secrets import Envelopes
from drover.platform.settings import SettingsError, WorkerSettings, load_settings
from drover.tenants.contracts import Services
from drover.tenants.service import run_job

log = structlog.get_logger(__name__)

_AT_ONCE = 12
_STALLED_AFTER_S = 30


def build_queue(conninfo: str, services: Services) -> procrastinate.App:
    """The queue's application: one task per job kind; its arguments are ids only."""
    queue = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=conninfo,
            kwargs={"options": "-c search_path=procrastinate,pg_catalog", "application_name": "drover queue"},
            min_size=1,
            max_size=6,
        )
    )

    def register(kind: str) -> None:
        @queue.task(name=kind, queue="tenants")
        async def run(tenant_id: int, job_id: int) -> None:
            await run_job(services, JOB_HANDLERS, tenant_id, job_id)

    def register_platform(kind: str) -> None:
        @queue.task(name=kind, queue="platform")
        async def run(job_id: int) -> None:
            await PLATFORM_HANDLERS[kind](services, job_id)

    for kind in JOB_HANDLERS:
        register(kind)
    for kind in PLATFORM_HANDLERS:
        register_platform(kind)
    return queue


async def _again_and_again(
    interval_s: float, task: Callable[[Services], Awaitable[None]], services: Services
) -> None:
    """Run a periodic task for ever; one that fails is logged and tried again at its next time."""
    while True:
        try:
            await task(services)
        except (DroverError, psycopg.Error, OSError) as error:
            log.warning("periodic task failed", task=task.__qualname__, problem=str(error))
        except Exception:
            log.exception("periodic task failed", task=task.__qualname__)
        await services.clock.sleep(interval_s)


async def _retry_stalled(queue: procrastinate.App, services: Services) -> None:
    """Give jobs of a worker that died to a living one; our handlers find what was done already."""
    while True:
        await services.clock.sleep(10.0)
        try:
            for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_AFTER_S):
                await queue.job_manager.retry_job(job)
                log.info("job of a dead worker taken over", task=job.task_name)
        except (procrastinate.exceptions.ProcrastinateException, psycopg.Error) as error:
            log.warning("stalled jobs not looked up", problem=str(error))


async def work(settings: WorkerSettings, stop: asyncio.Event) -> None:
    """Run jobs and periodic tasks until `stop` is set; running jobs get 5 s to end."""
    clock = SystemClock()
    keys = worker_keys(settings)
    conninfo = settings.database_url.get_secret_value()
    async with AsyncExitStack() as stack:
        database = Database(conninfo, name="drover worker", max_size=14)
        await database.open()
        stack.push_async_callback(database.close)
        bus = await Bus.connect(settings, name="drover worker")
        stack.push_async_callback(bus.close)
        services = Services(database, bus, keys, Envelopes(keys, clock), clock, settings)
        queue = build_queue(conninfo, services)
        await stack.enter_async_context(queue.open_async())
        chores = [
            asyncio.create_task(_again_and_again(interval_s, task, services))
            for interval_s, task in periodic_tasks(services)
        ]
        chores.append(asyncio.create_task(_retry_stalled(queue, services)))
        running = asyncio.create_task(
            queue.run_worker_async(
                concurrency=_AT_ONCE,
                install_signal_handlers=False,
                shutdown_graceful_timeout=5,
                fetch_job_polling_interval=2.0,
                delete_jobs="always",
            )
        )
        stopping = asyncio.create_task(stop.wait())
        tell_ready()
        log.info("worker ready")
        try:
            await asyncio.wait({running, stopping, *chores}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for chore in (*chores, stopping, running):
                chore.cancel()
            results = await asyncio.gather(*chores, stopping, running, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


def run() -> None:
    """Work until told to stop."""
    try:
        settings = load_settings(WorkerSettings)
        configure_logging(settings.log_format, "worker")
        asyncio.run(_main(settings))
    except (SettingsError, DroverError) as error:
        sys.exit(f"drover worker: {error}")


async def _main(settings: WorkerSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await work(settings, stop)
