"""The poller and ingest as processes have them, in the test's own loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from psycopg.rows import dict_row

from drover.entrypoints.ingest import ingest
from drover.entrypoints.poller import poll
from drover.platform.bus import Bus, devices_subject
from drover.platform.settings import IngestSettings, PollerSettings
from tests.engines_fixture import Engines
from tests.factories.tenants import MadeTenant
from tests.rossim_fixture import fleet_factory, router_keys_dir, router_spec

__all__ = ["fleet_factory", "router_keys_dir", "router_spec"]


def service_environment(engines: Engines, service: str) -> dict[str, Any]:
    login = engines.nats[service]
    return {
        "database_url": engines.dsn(f"drover_{service}"),
        "nats_url": login.url,
        "nats_user": login.user,
        "nats_password": login.password.get_secret_value(),
        "nats_inbox_prefix": login.inbox_prefix,
        "allowed_loopback_networks": "127.77.0.0/16,127.99.0.0/16",
    }


def poller_settings(engines: Engines) -> PollerSettings:
    return PollerSettings(
        **service_environment(engines, "poller"),
        keyring_dir=engines.state.keyring,
        secrets_master_key_file=engines.state.secrets_master_key,
    )


Announce = Callable[[MadeTenant], Awaitable[None]]


@pytest_asyncio.fixture
async def running(engines: Engines) -> AsyncIterator[Announce]:
    """The poller and ingest run while the test does; what is given tells the poller that a tenant's devices changed."""
    # The routers of earlier tests are gone: polling their devices in vain would only slow this test down.
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        await owner.execute("update drover.devices set disabled = true")
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(poll(poller_settings(engines), stop)),
        asyncio.create_task(ingest(IngestSettings(**service_environment(engines, "ingest")), stop)),
    ]
    bus = await Bus.connect(IngestSettings(**service_environment(engines, "worker")), name="test hints")

    async def announce(tenant: MadeTenant) -> None:
        await bus.publish(devices_subject(tenant.id), {})

    yield announce
    stop.set()
    await bus.close()
    async with asyncio.timeout(20):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


@dataclass(frozen=True)
class Looker:
    """Reads a tenant's rows as the API's role would, entered through ingest's lease."""

    engines: Engines

    async def rows(self, tenant: MadeTenant, statement: str, *params: Any) -> list[dict[str, Any]]:
        dsn = self.engines.dsn("drover_ingest")
        async with await psycopg.AsyncConnection.connect(dsn, row_factory=dict_row) as connection:
            await connection.execute("select tenancy.enter_service(%s)", (tenant.leases["drover_ingest"],))
            return await (await connection.execute(statement, params)).fetchall()  # type: ignore[arg-type]

    async def until(
        self,
        tenant: MadeTenant,
        statement: str,
        *params: Any,
        wanted: Callable[[list[dict[str, Any]]], bool],
        timeout_s: float = 30.0,
    ) -> list[dict[str, Any]]:
        """The rows once they are as wanted."""
        rows: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    rows = await self.rows(tenant, statement, *params)
                    if wanted(rows):
                        return rows
                    await asyncio.sleep(0.1)
        except TimeoutError:
            pytest.fail(f"never as wanted, last: {rows}")


@pytest.fixture
def looker(engines: Engines) -> Looker:
    return Looker(engines)
