"""Saved devices for tests, inserted as the worker does at the end of an enrolment."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import psycopg

from drover.platform.clock import SystemClock
from drover.platform.secrets import Envelopes, Place, Purpose
from rossim.server import RunningRouter
from tests.engines_fixture import Engines
from tests.factories.tenants import MadeTenant, keyring

_numbers = itertools.count(1)


@dataclass(frozen=True)
class MadeDevice:
    """A device in the database."""

    id: int
    tenant: MadeTenant
    name: str


async def make_device(
    engines: Engines,
    tenant: MadeTenant,
    router: RunningRouter | None = None,
    *,
    password: str | None = None,
    **changes: Any,
) -> MadeDevice:
    """A device of a tenant, at a simulated router or at nobody's address; `changes` are columns of `devices`."""
    number = next(_numbers)
    row: dict[str, Any] = {
        "name": f"device-{number}",
        "address": f"127.99.{number // 250}.{number % 250 + 1}",
        "api_port": 8729,
        "ssh_port": 22,
        "username": "admin",
        "spki_sha256": "0" * 64,
        "ssh_host_key_sha256": None,
    }
    if router is not None:
        row |= {
            "address": router.address,
            "api_port": router.api_port,
            "ssh_port": router.ssh_port,
            "username": router.spec.username,
            "spki_sha256": router.certificate_sha256_spki,
            "ssh_host_key_sha256": router.ssh_host_key_sha256,
        }
        password = password or router.spec.password
    row |= changes
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_worker")) as worker:
        await worker.execute("select tenancy.enter_service(%s)", (tenant.leases["drover_worker"],))
        columns = ", ".join(["tenant_id", *row])
        values = ", ".join(["%s"] * (len(row) + 1))
        found = await (
            await worker.execute(
                f"insert into drover.devices ({columns}) values ({values}) returning id",  # type: ignore[arg-type]
                (tenant.id, *row.values()),
            )
        ).fetchone()
        assert found is not None
        device_id: int = found[0]
        await worker.execute(
            "insert into drover.device_status (tenant_id, device_id) values (%s, %s)", (tenant.id, device_id)
        )
        await _store_password(engines, worker, tenant, device_id, 1, password or "secret")
    return MadeDevice(device_id, tenant, row["name"])


async def change_password(engines: Engines, device: MadeDevice, version: int, password: str) -> None:
    """Give a device another password, as a confirmed change of its connection does."""
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_worker")) as worker:
        await worker.execute("select tenancy.enter_service(%s)", (device.tenant.leases["drover_worker"],))
        await _store_password(engines, worker, device.tenant, device.id, version, password)


async def change_device(engines: Engines, device: MadeDevice, **changes: Any) -> None:
    """Change columns of a device."""
    sets = ", ".join(f"{name} = %s" for name in changes)
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_worker")) as worker:
        await worker.execute("select tenancy.enter_service(%s)", (device.tenant.leases["drover_worker"],))
        await worker.execute(
            f"update drover.devices set {sets} where tenant_id = %s and id = %s",  # type: ignore[arg-type]
            (*changes.values(), device.tenant.id, device.id),
        )


async def _store_password(
    engines: Engines,
    worker: psycopg.AsyncConnection[Any],
    tenant: MadeTenant,
    device_id: int,
    version: int,
    password: str,
) -> None:
    place = Place(tenant.id, "device_credentials", str(device_id), "sealed", version)
    sealed = await Envelopes(keyring(engines), SystemClock()).seal(place, Purpose.SECRETS, password.encode())
    await worker.execute(
        "insert into drover.device_credentials (tenant_id, device_id, version, sealed) values (%s, %s, %s, %s)"
        " on conflict (tenant_id, device_id) do update set version = excluded.version, sealed = excluded.sealed",
        (tenant.id, device_id, version, sealed),
    )
