"""Explains every named query of a slice as the login that may run it: one tenant's partitions, few locks.

When `tenant_id` is forgotten nothing leaks, but every tenant's partition is planned and locked: with 500 tenants a page takes
34 ms and ten thousand locks. So a query that does is a bug.
"""

from __future__ import annotations

import re
from typing import Any

import psycopg
from psycopg import sql

from drover.platform.queries import Queries
from tests.engines_fixture import Engines
from tests.factories.tenants import MadePerson, MadeTenant

MAX_LOCKS = 100
_PARAMETER = re.compile(r"%\((\w+)\)s")
_VALUES = {
    "integer": "1", "bigint": "1", "smallint": "1", "double precision": "1", "real": "1", "numeric": "1", "text": "'x'", "boolean": "true",
    "uuid": "'00000000-0000-4000-8000-000000000000'", "timestamp with time zone": "now()", "jsonb": "'{}'", "bytea": "'\\x00'",
    "inet": "'127.0.0.1'", "interval": "'1 minute'", "date": "current_date",
}  # fmt: skip


def _value(kind: str, name: str, tenant_id: int) -> str:
    if name == "tenant_id":
        return str(tenant_id)
    if kind.endswith("[]"):
        return f"array[{_VALUES[kind[:-2]]}]::{kind}"
    return f"{_VALUES[kind]}::{kind}"


def _partitions(plan: Any, found: set[str]) -> set[str]:
    """All relations with a tenant's number in their name that a plan touches."""
    if isinstance(plan, dict):
        relation = plan.get("Relation Name", "")
        numbered = re.search(r"_(\d+)(?:_\d{4}w?\d{2})?$", relation)
        if numbered:
            found.add(numbered.group(1))
        for value in plan.values():
            _partitions(value, found)
    elif isinstance(plan, list):
        for item in plan:
            _partitions(item, found)
    return found


async def _explain(
    connection: psycopg.AsyncConnection[Any], statement: str, tenant_id: int
) -> tuple[set[str], int]:
    names: list[str] = []
    for name in _PARAMETER.findall(statement):
        if name not in names:
            names.append(name)
    prepared = _PARAMETER.sub(lambda match: f"${names.index(match.group(1)) + 1}", statement).replace(
        "%%", "%"
    )
    await connection.execute("set local plan_cache_mode = force_custom_plan")
    await connection.execute(sql.SQL("prepare q as " + prepared))  # type: ignore[arg-type]
    row = await (
        await connection.execute(
            "select parameter_types::text[] from pg_prepared_statements where name = 'q'"
        )
    ).fetchone()
    assert row is not None
    values = ", ".join(_value(kind, name, tenant_id) for kind, name in zip(row[0], names, strict=True))
    call = f"execute q({values})" if values else "execute q"
    plan = await (await connection.execute(sql.SQL("explain (format json) " + call))).fetchone()  # type: ignore[arg-type]
    locks = await (
        await connection.execute("select count(*) from pg_locks where pid = pg_backend_pid()")
    ).fetchone()
    assert plan is not None
    assert locks is not None
    return _partitions(plan[0], set()), locks[0]


async def assert_one_tenant(engines: Engines, package: str, tenant: MadeTenant, person: MadePerson) -> int:
    """Explain all named queries of a slice in one tenant's context; how many there were."""
    queries = Queries.load(package)
    for name in queries.names():
        refused: list[str] = []
        for role in ("drover_api", "drover_worker", "drover_ingest", "drover_poller", "drover_auth"):
            async with await psycopg.AsyncConnection.connect(engines.dsn(role)) as connection:
                if role == "drover_api":
                    await connection.execute("select tenancy.enter(%s, %s)", (person.secret, tenant.id))
                elif role != "drover_auth":
                    await connection.execute("select tenancy.enter_service(%s)", (tenant.leases[role],))
                try:
                    touched, locks = await _explain(connection, queries[name], tenant.id)
                except psycopg.errors.InsufficientPrivilege as error:
                    refused.append(f"{role}: {error}")
                    continue
                finally:
                    await connection.rollback()
            assert touched <= {str(tenant.id)}, f"{package}: {name} plans the partitions of tenants {touched}"
            assert locks <= MAX_LOCKS, f"{package}: {name} takes {locks} locks"
            break
        else:
            raise AssertionError(f"{package}: no service may run {name}: {refused}")
    return len(queries.names())
