"""Devices at simulated routers whose snapshots are taken: through HTTP and the worker, or by a task called directly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import psycopg
import pytest

from drover.backups import service
from drover.backups.tasks import take_snapshot
from drover.tenants.contracts import JobContext, Services
from rossim.clock import ManualClock
from rossim.export import ExportOptions, export_text
from rossim.server import RunningRouter
from rossim.specs import RouterSpec
from tests.engines_fixture import Engines
from tests.factories.devices import MadeDevice, make_device
from tests.factories.tenants import MadePerson, MadeTenant, make_tenant
from tests.office_fixture import Office, office
from tests.rossim_fixture import FleetFactory

__all__ = ["office"]

NOON_S = 1_790_000_000.0
NEVER = (
    "2126-01-01T00:00:00Z"  # a snapshot that is not due on its own: whatever is captured, a test asked for it
)


@dataclass
class Shelf:
    """One device, the router behind it, and the ways to its snapshots."""

    engines: Engines
    services: Services
    tenant: MadeTenant
    device: MadeDevice
    router: RunningRouter
    clock: ManualClock

    async def rows(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows as the worker reads them in this tenant."""
        async with await psycopg.AsyncConnection.connect(self.engines.dsn("drover_worker")) as worker:
            await worker.execute("select tenancy.enter_service(%s)", (self.tenant.leases["drover_worker"],))
            return await (await worker.execute(statement, params)).fetchall()  # type: ignore[arg-type]

    @asynccontextmanager
    async def job(self, person: MadePerson | None = None) -> AsyncIterator[int]:
        """A running job that no worker takes, for a task called directly: granted by a person or by the service."""
        role = "drover_api" if person else "drover_worker"
        async with await psycopg.AsyncConnection.connect(self.engines.dsn(role)) as connection:
            if person:
                await connection.execute("select tenancy.enter(%s, %s)", (person.secret, self.tenant.id))
            else:
                await connection.execute("select tenancy.enter_service(%s)", (self.tenant.leases[role],))
            found = await (
                await connection.execute(
                    "insert into drover.jobs (tenant_id, kind, device_id, requires, state)"
                    " values (%s, 'take_snapshot', %s, 'operator', 'done') returning id",
                    (self.tenant.id, self.device.id),
                )
            ).fetchone()
        assert found is not None
        job_id = int(found[0])
        await self._take_from_queue(job_id)
        await self._set_state(job_id, "running")
        try:
            yield job_id
        finally:
            await self._set_state(job_id, "done")

    async def _take_from_queue(self, job_id: int) -> None:
        """A worker that looks at the job meanwhile finds it done, and leaves it."""
        async with (
            asyncio.timeout(10),
            await psycopg.AsyncConnection.connect(
                self.engines.dsn("drover_worker"),
                autocommit=True,
                options="-c search_path=procrastinate,pg_catalog",
            ) as worker,
        ):
            here = "(args ->> 'job_id')::bigint = %s and (args ->> 'tenant_id')::integer = %s"
            which = (job_id, self.tenant.id)
            await worker.execute(
                f"delete from procrastinate_jobs where status = 'todo' and {here}",  # type: ignore[arg-type]
                which,
            )
            while (
                await (
                    await worker.execute(f"select from procrastinate_jobs where {here}", which)  # type: ignore[arg-type]
                ).fetchone()
                is not None
            ):
                await asyncio.sleep(0.02)

    async def _set_state(self, job_id: int, state: str) -> None:
        await self.rows(
            "update drover.jobs set state = %s where tenant_id = %s and id = %s returning 1",
            state,
            self.tenant.id,
            job_id,
        )

    async def capture(
        self,
        *,
        person: MadePerson | None = None,
        services: Services | None = None,
        trigger: str = "schedule",
    ) -> dict[str, Any]:
        """Run the task here and now; its result, or its error."""
        async with self.job(person) as job_id:
            return await self.run(job_id, person=person, services=services, trigger=trigger)

    async def run(
        self,
        job_id: int,
        *,
        person: MadePerson | None = None,
        services: Services | None = None,
        trigger: str = "schedule",
    ) -> dict[str, Any]:
        """Run the task for a job."""
        context = JobContext(
            services or self.services,
            self.tenant.id,
            job_id,
            self.device.id,
            {"trigger": trigger},
            person.user_id if person else None,
        )
        result = await take_snapshot(context)
        assert result is not None
        return result

    async def versions(self) -> list[tuple[Any, ...]]:
        """`(id, trigger, version, lines_added, lines_removed)`, oldest first."""
        return await self.rows(
            "select id, trigger, version, lines_added, lines_removed from drover.config_versions"
            " where tenant_id = %s and device_id = %s order by id",
            self.tenant.id,
            self.device.id,
        )

    async def whole(self, version_id: int) -> tuple[str, str]:
        """A version's masked text, and the captured text again."""
        [row] = await self.rows(
            "select b.digest, b.documents, b.secrets from drover.config_versions v"
            " join drover.config_blobs b on b.tenant_id = v.tenant_id and b.id = v.blob_id where v.tenant_id = %s and v.id = %s",
            self.tenant.id,
            version_id,
        )
        digest, documents, secrets = row
        envelopes = self.services.envelopes
        return (
            await service.open_masked(envelopes, self.tenant.id, digest, documents),
            await service.open_whole(envelopes, self.tenant.id, digest, documents, secrets),
        )

    async def snapshot_state(self) -> tuple[str, str | None]:
        [found] = await self.rows(
            "select snapshot_state, snapshot_error from drover.devices where tenant_id = %s and id = %s",
            self.tenant.id,
            self.device.id,
        )
        return found

    async def events(self) -> list[tuple[str, str]]:
        """Kinds and messages, oldest first."""
        return await self.rows(
            "select kind, message from drover.events where tenant_id = %s and device_id = %s order by id",
            self.tenant.id,
            self.device.id,
        )

    async def audit(self, action: str = "snapshot.taken") -> list[tuple[str, dict[str, Any], str]]:
        """Outcome, details and kind of actor of each entry, oldest first."""
        async with await psycopg.AsyncConnection.connect(self.engines.dsn("drover_owner")) as owner:
            return await (
                await owner.execute(
                    "select outcome, details, actor_kind from audit.entries"
                    " where tenant_id = %s and action = %s and target_id = %s order by seq",
                    (self.tenant.id, action, str(self.device.id)),
                )
            ).fetchall()

    def printed(self) -> str:
        """What the router exports now, secrets and all."""
        return export_text(self.router.state, ExportOptions(terse=True, shows_secrets=True))

    def change(self, path: str, row: int = -1, **values: str) -> None:
        """Change a row on the router itself."""
        found = list(self.router.state.tree.table(path).rows.values())[row]
        found.values = {**found.values, **values}
        self.router.state.tree.changed(path)

    def add(self, path: str, **values: str) -> None:
        """Add a row on the router itself."""
        self.router.state.tree.insert(path, values)
        self.router.state.tree.changed(path)


class ShelfMaker(Protocol):
    def __call__(
        self, spec: RouterSpec | None = None, *, tenant: MadeTenant | None = None, **changes: Any
    ) -> Awaitable[Shelf]: ...


@pytest.fixture
def make_shelf(
    engines: Engines,
    services: Services,
    fleet_factory: FleetFactory,
    router_spec: Callable[..., RouterSpec],
) -> ShelfMaker:
    async def make(
        spec: RouterSpec | None = None, *, tenant: MadeTenant | None = None, **changes: Any
    ) -> Shelf:
        clock = ManualClock(NOON_S)
        [router] = await fleet_factory(spec or router_spec(), clock=clock)
        tenant = tenant or await make_tenant(engines)
        known = {"next_snapshot_at": NEVER, "version": router.spec.version}
        device = await make_device(engines, tenant, router, **{**known, **changes})
        return Shelf(engines, services, tenant, device, router, clock)

    return make


async def finished(http: httpx.AsyncClient, root: str, job: dict[str, Any]) -> dict[str, Any]:
    """A job when it is over."""
    async with asyncio.timeout(30):
        while job["state"] in ("queued", "running"):
            await asyncio.sleep(0.05)
            job = (await http.get(f"{root}/jobs/{job['id']}")).json()
    return job


async def take(office: Office, device_id: int) -> dict[str, Any]:
    """Ask for a snapshot over HTTP and wait for the worker; the job when it is over."""
    reply = await office.http.post(f"{office.root}/devices/{device_id}/snapshots")
    assert reply.status_code == 202, reply.text
    return await finished(office.http, office.root, reply.json())
