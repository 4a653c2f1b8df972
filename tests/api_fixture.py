"""The HTTP API over real sockets, in this process, with the production roles; and the worker beside it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio
import uvicorn
from fastapi import FastAPI

from drover.entrypoints.api import build_app
from drover.entrypoints.worker import work
from drover.platform.bus import Bus
from drover.platform.clock import SystemClock
from drover.platform.db import Database
from drover.platform.guards import COOKIE, csrf_token
from drover.platform.secrets import Envelopes
from drover.platform.settings import ApiSettings, WorkerSettings
from drover.tenants.contracts import Services
from tests.engines_fixture import Engines
from tests.factories.tenants import MadePerson, keyring


@dataclass(frozen=True)
class Api:
    """A running API."""

    url: str
    app: FastAPI

    def client(self, person: MadePerson | None = None) -> httpx.AsyncClient:
        """A browser's worth of HTTP: signed in as a person (with the CSRF header), or nobody."""
        if person is None:
            return httpx.AsyncClient(base_url=self.url, timeout=30, trust_env=False)
        return httpx.AsyncClient(
            base_url=self.url,
            timeout=30,
            trust_env=False,
            cookies={COOKIE: person.secret},
            headers={"X-CSRF-Token": csrf_token(person.secret)},
        )


def service_environment(engines: Engines, service: str) -> dict[str, Any]:
    """A service's own logins, as settings' fields."""
    login = engines.nats[service]
    return {
        "database_url": engines.dsn(f"drover_{service}"),
        "nats_url": login.url,
        "nats_user": login.user,
        "nats_password": login.password.get_secret_value(),
        "nats_inbox_prefix": login.inbox_prefix,
        "allowed_loopback_networks": "127.0.0.0/8",
    }


def api_settings(engines: Engines) -> ApiSettings:
    state = engines.state
    return ApiSettings(
        **service_environment(engines, "api"),
        auth_database_url=engines.dsn("drover_auth"),
        keyring_dir=state.keyring,
        documents_master_key_file=state.documents_master_key,
        checkpoint_dir=state.checkpoints,
        public_url="http://localhost",
    )


def worker_settings(engines: Engines) -> WorkerSettings:
    state = engines.state
    return WorkerSettings(
        **service_environment(engines, "worker"),
        keyring_dir=state.keyring,
        secrets_master_key_file=state.secrets_master_key,
        documents_master_key_file=state.documents_master_key,
        checkpoint_dir=state.checkpoints,
        checkpoint_key_file=state.checkpoint_key,
        public_url="http://localhost",
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def api(engines: Engines) -> AsyncIterator[Api]:
    app = build_app(api_settings(engines))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1, ws="none")
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(20):
        while not server.started:
            if serving.done():
                serving.result()
            await asyncio.sleep(0.01)
    yield Api(f"http://127.0.0.1:{listener.getsockname()[1]}", app)
    server.should_exit = True
    await serving
    listener.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def services(engines: Engines) -> AsyncIterator[Services]:
    """What the worker's tasks work with, for tests that call one directly."""
    settings = worker_settings(engines)
    database = Database(engines.dsn("drover_worker"), name="test worker", max_size=4)
    await database.open()
    bus = await Bus.connect(settings, name="test worker")
    keys, clock = keyring(engines), SystemClock()
    yield Services(database, bus, keys, Envelopes(keys, clock), clock, settings)
    await bus.close()
    await database.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def worker(engines: Engines) -> AsyncIterator[None]:
    stop = asyncio.Event()
    working = asyncio.create_task(work(worker_settings(engines), stop))
    yield
    stop.set()
    with contextlib.suppress(asyncio.CancelledError):
        await working
