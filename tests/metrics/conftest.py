"""A tenant with devices, ways to store results, and the metrics slice over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from drover.metrics.contracts import (
    DeviceFacts,
    DeviceSample,
    InterfaceSample,
    PollFailure,
    PollResult,
    WirelessSample,
)
from drover.metrics.intake import Intake, Stored
from drover.platform.clock import Clock
from drover.platform.db import Database
from tests.engines_fixture import Engines
from tests.factories.devices import MadeDevice, make_device
from tests.factories.tenants import MadeTenant, make_tenant


class SetClock:
    """A clock that says what it is set to."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    async def sleep(self, delay_s: float) -> None:
        self.at += timedelta(seconds=delay_s)


def interface(name: str = "ether1", **changes: Any) -> InterfaceSample:
    values: dict[str, Any] = dict.fromkeys(InterfaceSample.__dataclass_fields__)
    values |= {"name": name, "type": "ether", "running": True, "disabled": False, "link_downs": 0}
    values |= {"rx_bps": 1000.0, "tx_bps": 500.0, "rx_errors": 0, "tx_errors": 0}
    return InterfaceSample(**(values | changes))


def client(mac: str, **changes: Any) -> WirelessSample:
    values: dict[str, Any] = dict.fromkeys(WirelessSample.__dataclass_fields__)
    values |= {"interface": "wifi1", "mac_address": mac, "ssid": "office", "signal_dbm": -60}
    return WirelessSample(**(values | changes))


def answer(device: MadeDevice | int, at: datetime, *, interval_s: int = 60, **parts: Any) -> PollResult:
    """A result of a device that answered; values of the sample and parts of the result by name."""
    names = DeviceSample.__dataclass_fields__
    values = {"cpu_percent": 10, "uptime_s": 10_000, "rx_bps": 2e6, "tx_bps": 1e6, "memory_percent": 40.5}
    sample = DeviceSample(**(values | {name: parts.pop(name) for name in list(parts) if name in names}))
    ident = device if isinstance(device, int) else device.id
    return PollResult(ident, at, interval_s, sample=sample, **parts)


def failure(device: MadeDevice, at: datetime, code: str = "device.timeout") -> PollResult:
    return PollResult(device.id, at, 60, failure=PollFailure(code, "no answer"))


def facts(**changes: Any) -> DeviceFacts:
    values: dict[str, Any] = {"identity": "r1", "model": "RB5009", "serial": None, "version": "7.18.2"}
    return DeviceFacts(**(values | changes))


@dataclass
class Site:
    """One tenant, its database access as ingest has it, and a clock."""

    engines: Engines
    tenant: MadeTenant
    database: Database
    clock: SetClock
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.intake = Intake(self.clock)

    @property
    def lease(self) -> UUID:
        return self.tenant.leases["drover_ingest"]

    @property
    def now(self) -> datetime:
        return self.clock.at

    async def device(self, **changes: Any) -> MadeDevice:
        return await make_device(self.engines, self.tenant, **changes)

    async def store(self, *results: PollResult) -> Stored:
        async with self.database.service(self.lease) as tx:
            return await self.intake.store(tx, results)

    async def rows(self, statement: str, **params: Any) -> list[dict[str, Any]]:
        async with self.database.service(self.lease) as tx:
            return await tx.rows(statement, params)  # type: ignore[arg-type]

    async def status(self, device: MadeDevice) -> dict[str, Any]:
        [row] = await self.rows(
            "select * from drover.device_status where tenant_id = %(tenant_id)s and device_id = %(device)s",
            device=device.id,
        )
        return row

    async def events(self, device: MadeDevice) -> list[dict[str, Any]]:
        return await self.rows(
            "select kind, severity, message, at from drover.events"
            " where tenant_id = %(tenant_id)s and device_id = %(device)s order by id",
            device=device.id,
        )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ingest_database(engines: Engines) -> AsyncIterator[Database]:
    database = Database(engines.dsn("drover_ingest"), name="test ingest", max_size=4)
    await database.open()
    yield database
    await database.close()


@pytest_asyncio.fixture
async def site(engines: Engines, ingest_database: Database) -> Site:
    return Site(engines, await make_tenant(engines), ingest_database, SetClock())


@pytest.fixture
def set_clock() -> Clock:
    return SetClock()
