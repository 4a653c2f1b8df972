"""The worker's part in tenants: making one, keeping its partitions ahead of time, sweeping keys without a tenant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from drover.platform.errors import DroverError
from drover.tenants import repository
from drover.tenants.contracts import Services
from drover.tenants.service import DEFAULT_RULES

log = structlog.get_logger(__name__)


async def create_tenant(services: Services, job_id: int) -> None:
    """Make a reserved tenant: its keys first (idempotent, under its id), then everything else in one transaction.

    Killed between the two, the next run finds the keys and goes on; keys without a reservation are found by `sweep_keys`.
    """
    async with services.database.connection() as connection:
        job = await repository.claim_platform_job(connection, job_id)
    if job is None:
        return
    tenant_id: int = job["args"]["tenant"]
    try:
        await _report(services, job_id, 1, "Making keys")
        await services.keys.create_tenant(tenant_id)
        await _report(services, job_id, 2, "Making partitions")
        await _build(services, job_id, tenant_id, job["args"], job["created_by"])
    except DroverError as error:
        async with services.database.connection() as connection:
            await repository.report_platform_job(
                connection, job_id, "failed", done=0, error_code=error.code, error_message=error.message
            )
        log.exception("tenant not made", tenant=tenant_id, code=error.code)


async def _report(services: Services, job_id: int, done: int, step: str) -> None:
    async with services.database.connection() as connection:
        await repository.report_platform_job(connection, job_id, "running", done=done, step=step)


async def _build(
    services: Services, job_id: int, tenant_id: int, args: dict[str, Any], created_by: int
) -> None:
    """Partitions, audit chain, leases, default rules, first admin and the job's outcome: all or nothing."""
    async with services.database.connection() as connection:
        states = await repository.list_tenant_states(connection)
        if states.get(tenant_id) == "creating":
            tx = await repository.build_tenant(connection, tenant_id)
            await repository.insert_default_rules(tx, DEFAULT_RULES)
            details: dict[str, Any] = {"slug": args["slug"]}
            if args["first_admin"] is not None:
                email, name = args["first_admin"]["email"], args["first_admin"]["name"]
                await repository.add_first_admin(
                    tx, created_by, email, name, bytes.fromhex(args["link_hash"])
                )
                details["first_admin"] = email
            await tx.record("tenant.created", target=("tenant", tenant_id, args["name"]), details=details)
        await repository.report_platform_job(
            connection, job_id, "done", done=3, step="Ready", result={"tenant_id": tenant_id}
        )


async def extend_partitions(services: Services) -> None:
    """Make next weeks' and months' partitions of every tenant; one short transaction each."""
    async with services.database.connection() as connection:
        states = await repository.list_tenant_states(connection)
    for tenant_id in [0, *(tenant for tenant, state in states.items() if state == "active")]:
        async with services.database.connection() as connection:
            await repository.extend_partitions(connection, tenant_id)


async def sweep_keys(services: Services) -> None:
    """Destroy keys whose tenant was given up: this database gave out the id, and the tenant is gone.

    A reservation comes before its keys, so such keys can't be young. Keys above the highest id ever given belong to a newer
    copy of this database (an old backup was restored): they are left alone, and said.
    """
    held = await services.keys.list_tenants()
    async with services.database.connection() as connection:
        known = await repository.list_tenant_states(connection)
        last_id = await repository.last_tenant_id(connection)
    for tenant_id in sorted(held - known.keys()):
        if tenant_id > last_id:
            log.error("the keyring is newer than the database: was an old backup restored?", tenant=tenant_id)
            continue
        await services.keys.delete_tenant(tenant_id)
        async with services.database.connection() as connection:
            await repository.record_platform(connection, "keys.swept", tenant_id)
        log.warning("keys without a tenant destroyed", tenant=tenant_id)


async def requeue_jobs(services: Services) -> None:
    """Queue again what no worker has any more: one died, or was stopped while it ran. Handlers find what was done already."""
    async with services.database.connection() as connection:
        queued = await repository.requeue_platform_jobs(connection)
    for lease in (await services.database.list_leases()).values():
        async with services.database.service(lease) as tx:
            queued += await repository.requeue_jobs(tx)
    if queued:
        log.info("jobs queued again", jobs=queued)


PLATFORM_HANDLERS: dict[str, Callable[[Services, int], Awaitable[None]]] = {"create_tenant": create_tenant}
PERIODIC: list[tuple[float, Callable[[Services], Awaitable[None]]]] = [
    (3600.0, extend_partitions),
    (3600.0, sweep_keys),
    (15.0, requeue_jobs),
]
