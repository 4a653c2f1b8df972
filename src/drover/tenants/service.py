"""Rules of tenants and jobs: reserve, enter and leave a tenant; start, cancel and run jobs."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import structlog

from drover.platform.db import Row, Transaction
from drover.platform.errors import DroverError, EngineUnavailableError
from drover.tenants import repository
from drover.tenants.contracts import JobContext, JobHandler, Services
from drover.tenants.errors import BadNetworkError, JobOverError, NoSuchTenantError

log = structlog.get_logger(__name__)

# Distinguishable for the colour-blind on both themes; a new client takes the next one.
_COLOURS = (
    "#4c6ef5",
    "#0ca678",
    "#e8590c",
    "#ae3ec9",
    "#1098ad",
    "#d6336c",
    "#74b816",
    "#f59f00",
    "#7048e8",
    "#495057",
)

DEFAULT_RULES: list[dict[str, Any]] = [
    {"key": key, "name": name, "metric": metric, "comparison": comparison, "threshold": threshold, "for_s": for_s,
     "for_polls": for_polls, "severity": severity}
    for key, name, metric, comparison, threshold, for_s, for_polls, severity in (
        ("cpu_high", "CPU above 90 % for 5 minutes", "cpu_percent", "above", 90.0, 300, None, "warning"),
        ("memory_high", "Memory above 90 % for 5 minutes", "memory_percent", "above", 90.0, 300, None, "warning"),
        ("disk_high", "Disk above 85 % for 3 minutes", "disk_percent", "above", 85.0, 180, None, "warning"),
        ("device_offline", "Device offline for 2 missed polls", "poll", "missed", 2.0, 0, 2, "critical"),
        ("signal_weak", "Wireless signal below -75 dBm for 3 polls", "signal_dbm", "below", -75.0, 0, 3, "warning"),
        ("ccq_low", "CCQ below 50 % for 3 polls", "ccq_percent", "below", 50.0, 0, 3, "warning"),
    )
]  # fmt: skip


def parse_networks(values: list[str]) -> list[str]:
    """Canonical CIDRs, or BadNetworkError naming the first wrong one and what to write instead."""
    networks = []
    for value in values:
        try:
            networks.append(str(ipaddress.ip_network(value.strip(), strict=False)))
        except ValueError:
            raise BadNetworkError(
                f"{value!r} is no network: write an address and a prefix length, like 10.20.0.0/16",
                fields={"management_networks": value},
            ) from None
    return networks


async def create_tenant(
    tx: Transaction,
    *,
    slug: str,
    name: str,
    networks: list[str],
    first_admin: dict[str, str] | None,
    link_hash: bytes,
) -> tuple[int, int]:
    """Reserve a tenant and start the worker's job that makes it; the new tenant's id and the job's."""
    known = await repository.list_tenants(tx)
    tenant_id = await repository.reserve_tenant(
        tx, slug, name, _COLOURS[len(known) % len(_COLOURS)], parse_networks(networks)
    )
    job_id = await repository.start_platform_job(
        tx,
        "create_tenant",
        {
            "tenant": tenant_id,
            "slug": slug,
            "name": name,
            "first_admin": first_admin,
            "link_hash": link_hash.hex(),
        },
    )
    await tx.record(
        "tenant.created",
        target=("tenant", tenant_id, name),
        details={"slug": slug, "management_networks": networks},
    )
    return tenant_id, job_id


async def change_tenant(
    tx: Transaction, tenant_id: int, *, name: str | None, networks: list[str] | None
) -> Row:
    """Rename a tenant or change where its devices may be reached; in both trails."""
    before = await get_tenant(tx, tenant_id)
    parsed = None if networks is None else parse_networks(networks)
    await repository.change_tenant(tx, tenant_id, name, parsed)
    after = await get_tenant(tx, tenant_id)
    details = {
        field: {"old": before[field], "new": after[field]}
        for field in ("name", "management_networks")
        if before[field] != after[field]
    }
    await tx.record("tenant.changed", target=("tenant", tenant_id, after["name"]), details=details)
    if after["state"] == "active":
        await repository.record_in_tenant(tx, tenant_id, "tenant.changed", details)
    return after


async def list_tenants(tx: Transaction) -> list[Row]:
    """All tenants with their counters, for a super_admin."""
    return await repository.list_tenants(tx)


async def get_tenant(tx: Transaction, tenant_id: int) -> Row:
    """One tenant, for a super_admin."""
    for row in await repository.list_tenants(tx):
        if row["id"] == tenant_id:
            return row
    raise NoSuchTenantError("no such client")


async def enter_tenant(tx: Transaction, tenant_id: int, *, reason: str, minutes: int) -> None:
    """Let a super_admin into a tenant for a while: reasoned, time-boxed, in both trails."""
    tenant = await get_tenant(tx, tenant_id)
    row = await repository.start_entry(tx, tenant_id, reason, minutes)
    details = {"reason": reason, "until": row["until"].isoformat()}
    await tx.record("tenant.entered", target=("tenant", tenant_id, tenant["name"]), details=details)


async def leave_tenant(tx: Transaction, tenant_id: int) -> None:
    """End a super_admin's entry; fine when it is over already."""
    tenant = await get_tenant(tx, tenant_id)
    ended = await repository.end_entry(tx, tenant_id)
    await tx.record(
        "tenant.left", target=("tenant", tenant_id, tenant["name"]), details={"entries_ended": ended}
    )
    if ended:
        await repository.record_in_tenant(tx, tenant_id, "tenant.left", {})


async def get_platform_job(tx: Transaction, job_id: int) -> Row:
    """A job of the platform, for a super_admin."""
    return await repository.get_platform_job(tx, job_id)


# ---------------------------------------------------------------- jobs of a tenant


async def start_job(
    tx: Transaction,
    kind: str,
    *,
    requires: str,
    device_id: int | None = None,
    args: Mapping[str, Any] | None = None,
) -> Row:
    """Start a job with the transaction: queued when it commits. A device's running snapshot is joined, not doubled.

    `requires` is the role that its grantor must still have when it runs. Arguments are ids and choices, never secrets.
    """
    row = await repository.insert_job(tx, kind, requires=requires, device_id=device_id, args=dict(args or {}))
    if row is None:
        row = await repository.find_running_snapshot(tx, device_id)
    if row is None:  # it ended between the two statements: the next try will start
        raise JobOverError("a snapshot of this device ended just now: try again")
    return row


async def list_jobs(tx: Transaction, limit: int) -> list[Row]:
    """The newest jobs first."""
    return await repository.list_jobs(tx, limit)


async def get_job(tx: Transaction, job_id: int) -> Row:
    """One job, or NoSuchJobError."""
    return await repository.get_job(tx, job_id)


async def cancel_job(tx: Transaction, job_id: int) -> Row:
    """Cancel a queued job or ask a running one to stop; JobOverError when it is over."""
    before = await repository.get_job(tx, job_id)
    if not await repository.cancel_job(tx, job_id):
        raise JobOverError(f"this job is {before['state']} already")
    await tx.record("job.cancelled", target=("job", job_id, before["kind"]))
    return await repository.get_job(tx, job_id)


async def run_job(
    services: Services, handlers: Mapping[str, JobHandler], tenant_id: int, job_id: int
) -> None:
    """Run one job to its outcome. The row tells the truth at every moment: running, then done, failed or cancelled."""
    database = services.database
    try:
        async with database.job(tenant_id, job_id) as tx:
            row = await repository.claim_job(tx, job_id)
    except EngineUnavailableError:
        raise  # it stays queued, and is queued again when the database is back
    except DroverError as error:
        await _finish_as_service(services, tenant_id, job_id, error)
        return
    if row is None:
        return
    context = JobContext(services, tenant_id, job_id, row["device_id"], row["args"], row["created_by"])
    try:
        result = await handlers[row["kind"]](context)
    except DroverError as error:
        await _finish_as_service(services, tenant_id, job_id, error)
        log.info("job failed", tenant=tenant_id, job=job_id, kind=row["kind"], code=error.code)
    except Exception:
        log.exception("job failed", tenant=tenant_id, job=job_id, kind=row["kind"])
        await _finish_as_service(
            services, tenant_id, job_id, DroverError("something went wrong on the server")
        )
        raise
    else:
        await _finish_as_service(services, tenant_id, job_id, None, result)
    await services.bus.publish_live(
        tenant_id, "job.changed", services.clock.now(), device_id=row["device_id"], ref=str(job_id)
    )


async def _finish_as_service(
    services: Services,
    tenant_id: int,
    job_id: int,
    error: DroverError | None,
    result: dict[str, Any] | None = None,
) -> None:
    """Write a job's outcome as the worker itself: its grantor may have lost the right to enter meanwhile."""
    leases = await services.database.list_leases()
    if tenant_id not in leases:
        return
    async with services.database.service(leases[tenant_id]) as tx:
        await repository.finish_job(
            tx,
            job_id,
            "done" if error is None else "failed",
            error_code=error.code if error else None,
            error_message=error.message if error else None,
            result=result,
        )
