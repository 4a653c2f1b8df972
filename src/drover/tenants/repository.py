"""The SQL of tenants and jobs."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from drover.platform.db import Row, Transaction
from drover.platform.queries import Queries
from drover.tenants.errors import NoSuchJobError, SlugTakenError

_SQL = Queries.load("drover.tenants")


async def insert_job(
    tx: Transaction, kind: str, *, requires: str, device_id: int | None, args: dict[str, Any]
) -> Row | None:
    """Insert a job; None when this device's snapshot is being taken already."""
    return await tx.find(
        _SQL["insert_job"], {"kind": kind, "device_id": device_id, "args": Jsonb(args), "requires": requires}
    )


async def find_running_snapshot(tx: Transaction, device_id: int | None) -> Row | None:
    return await tx.find(_SQL["find_running_snapshot"], {"device_id": device_id})


async def list_jobs(tx: Transaction, limit: int) -> list[Row]:
    return await tx.rows(_SQL["list_jobs"], {"limit": limit})


async def get_job(tx: Transaction, job_id: int) -> Row:
    row = await tx.find(_SQL["get_job"], {"job_id": job_id})
    if row is None:
        raise NoSuchJobError("no such job")
    return row


async def cancel_job(tx: Transaction, job_id: int) -> bool:
    return await tx.run(_SQL["cancel_job"], {"job_id": job_id}) == 1


async def claim_job(tx: Transaction, job_id: int) -> Row | None:
    return await tx.find(_SQL["claim_job"], {"job_id": job_id})


async def finish_job(
    tx: Transaction,
    job_id: int,
    state: str,
    *,
    error_code: str | None = None,
    error_message: str | None = None,
    result: dict[str, Any] | None = None,
) -> None:
    await tx.run(
        _SQL["finish_job"],
        {
            "job_id": job_id,
            "state": state,
            "error_code": error_code,
            "error_message": error_message,
            "result": None if result is None else Jsonb(result),
        },
    )


async def insert_default_rules(tx: Transaction, rules: list[dict[str, Any]]) -> None:
    await tx.run_many(_SQL["insert_default_rule"], rules)


async def reserve_tenant(tx: Transaction, slug: str, name: str, colour: str, networks: list[str]) -> int:
    """Take an id and a short name for a new tenant, in the platform's context."""
    try:
        row = await tx.get("select tenancy.reserve_tenant(%(slug)s, %(name)s, %(colour)s, %(networks)s::cidr[]) as id",
                           {"slug": slug, "name": name, "colour": colour, "networks": networks})  # fmt: skip
    except psycopg.DatabaseError as error:
        if error.sqlstate == "DR409":
            raise SlugTakenError(
                "another client has this short name: choose another", fields={"slug": "taken"}
            ) from None
        raise
    return int(row["id"])


async def list_tenants(tx: Transaction) -> list[Row]:
    return await tx.rows("select * from tenancy.list_tenants()")


async def change_tenant(
    tx: Transaction, tenant_id: int, name: str | None, networks: list[str] | None
) -> None:
    await tx.run("select tenancy.change_tenant(%(tenant)s, %(name)s, %(networks)s::cidr[])",
                 {"tenant": tenant_id, "name": name, "networks": networks})  # fmt: skip


async def start_entry(tx: Transaction, tenant_id: int, reason: str, minutes: int) -> Row:
    """Enter a tenant; the function writes that tenant's own trail."""
    return await tx.get(
        "select tenancy.start_entry(%(tenant)s, %(reason)s, %(minutes)s, %(source)s::inet, %(request_id)s) as until",
        {
            "tenant": tenant_id,
            "reason": reason,
            "minutes": minutes,
            "source": tx.origin.source_address,
            "request_id": tx.origin.request_id,
        },
    )


async def end_entry(tx: Transaction, tenant_id: int) -> int:
    row = await tx.get("select tenancy.end_entry(%(tenant)s) as ended", {"tenant": tenant_id})
    return int(row["ended"])


async def record_in_tenant(tx: Transaction, tenant_id: int, action: str, details: dict[str, Any]) -> None:
    """A super_admin's act on a tenant, into that tenant's own trail."""
    await tx.run("select audit.record_in_tenant(%(tenant)s, %(action)s, %(details)s, %(source)s::inet, %(request_id)s)",
                 {"tenant": tenant_id, "action": action, "details": Jsonb(details),
                  "source": tx.origin.source_address, "request_id": tx.origin.request_id})  # fmt: skip


async def start_platform_job(tx: Transaction, kind: str, args: dict[str, Any]) -> int:
    row = await tx.get(
        "select tenancy.start_platform_job(%(kind)s, %(args)s) as id", {"kind": kind, "args": Jsonb(args)}
    )
    return int(row["id"])


async def get_platform_job(tx: Transaction, job_id: int) -> Row:
    row = await tx.find(
        "select id, kind, state, progress_done, progress_total, step, error_code, error_message, result, created_at, started_at,"
        " finished_at from tenancy.get_platform_job(%(job_id)s)",
        {"job_id": job_id},
    )
    if row is None:
        raise NoSuchJobError("no such job")
    return row


# ---------------------------------------------------------------- the worker's part: definer functions, without a tenant context

Connection = psycopg.AsyncConnection[DictRow]


async def claim_platform_job(connection: Connection, job_id: int) -> Row | None:
    return await (
        await connection.execute("select * from tenancy.claim_platform_job(%s)", (job_id,))
    ).fetchone()


async def report_platform_job(
    connection: Connection,
    job_id: int,
    state: str,
    *,
    done: int,
    step: str | None = None,
    error_code: str | None = None,
    error_message: str | None = None,
    result: dict[str, Any] | None = None,
) -> None:
    """Write a platform job's progress (of 3 steps) or outcome."""
    await connection.execute(
        "select tenancy.report_platform_job(%s, %s, %s, 3, %s, %s, %s, %s)",
        (job_id, state, done, step, error_code, error_message, None if result is None else Jsonb(result)),
    )


async def list_tenant_states(connection: Connection) -> dict[int, str]:
    """All tenants and whether each is being created or active."""
    rows = await (
        await connection.execute("select tenant_id, state from tenancy.list_tenant_ids()")
    ).fetchall()
    return {row["tenant_id"]: row["state"] for row in rows}


async def build_tenant(connection: Connection, tenant_id: int) -> Transaction:
    """Make a tenant's partitions, audit chain and leases, and enter it as the worker; all in the caller's transaction."""
    await connection.execute("select drover.create_partitions(%s)", (tenant_id,))
    await connection.execute("select audit.open_chain(%s)", (tenant_id,))
    await connection.execute("select tenancy.enter_service(tenancy.activate_tenant(%s))", (tenant_id,))
    return Transaction(connection, tenant_id, None, "drover_worker", "drover_worker")


async def add_first_admin(tx: Transaction, by_person: int, email: str, name: str, link_hash: bytes) -> None:
    await tx.run(
        "select tenancy.add_first_admin(%(tenant_id)s, %(by_person)s, %(email)s, %(name)s, %(link_hash)s)",
        {"by_person": by_person, "email": email, "name": name, "link_hash": link_hash},
    )


async def last_tenant_id(connection: Connection) -> int:
    """The highest id that this database ever gave to a tenant."""
    row = await (await connection.execute("select tenancy.last_tenant_id() as id")).fetchone()
    assert row is not None  # noqa: S101
    return int(row["id"])


async def requeue_platform_jobs(connection: Connection) -> int:
    row = await (await connection.execute("select drover.requeue_platform_jobs() as queued")).fetchone()
    assert row is not None  # noqa: S101
    return int(row["queued"])


async def requeue_jobs(tx: Transaction) -> int:
    return int((await tx.get("select drover.requeue_jobs() as queued"))["queued"])


async def extend_partitions(connection: Connection, tenant_id: int) -> None:
    """Make the partitions that a tenant (0: the platform's trail) will need soon."""
    await connection.execute("select audit.extend_partitions(%s)", (tenant_id,))
    if tenant_id:
        await connection.execute("select drover.extend_partitions(%s)", (tenant_id,))


async def record_platform(connection: Connection, action: str, tenant_id: int) -> None:
    """A service's act without a tenant, into the platform's trail."""
    await connection.execute(
        "select audit.record_platform_service(%s, 'tenant', %s, null, 'success', '{}'::jsonb)",
        (action, str(tenant_id)),
    )
