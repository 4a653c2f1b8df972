"""The SQL of people. Credentials go through `drover_auth`; a tenant's people through definer functions in its context."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from drover.platform.db import Origin, Row, Transaction
from drover.platform.queries import Queries

_SQL = Queries.load("drover.auth")
Connection = psycopg.AsyncConnection[DictRow]


async def run(connection: Connection, name: str, /, **params: Any) -> int:
    """Run a named statement; the rows it touched."""
    return (await connection.execute(_SQL[name], params)).rowcount


async def find(connection: Connection, name: str, /, **params: Any) -> Row | None:
    """The first row of a named statement."""
    return await (await connection.execute(_SQL[name], params)).fetchone()


async def get(connection: Connection, name: str, /, **params: Any) -> Row:
    """The first row of a named statement that always has one."""
    row = await find(connection, name, **params)
    assert row is not None  # noqa: S101
    return row


async def record_anonymous(
    connection: Connection,
    action: str,
    actor_name: str,
    outcome: str,
    details: dict[str, Any],
    origin: Origin,
) -> None:
    await connection.execute(
        "select audit.record_anonymous(%s, %s, %s, %s, %s::inet, %s)",
        (action, actor_name, outcome, Jsonb(details), origin.source_address, origin.request_id),
    )


async def record_as_session(
    connection: Connection, secret: str, action: str, details: dict[str, Any], origin: Origin
) -> None:
    await connection.execute(
        "select audit.record_as_session(%s, %s, null, null, null, 'success', %s, %s::inet, %s)",
        (secret, action, Jsonb(details), origin.source_address, origin.request_id),
    )


async def describe_session(connection: Connection, secret: str) -> dict[str, Any]:
    """Who a session is and which tenants it may open; SessionOverError by the caller's translation when it is over."""
    row = await (
        await connection.execute("select tenancy.describe_session(%s) as session", (secret,))
    ).fetchone()
    assert row is not None  # noqa: S101  the function raises rather than return nothing
    session: dict[str, Any] = row["session"]
    return session


async def list_people(tx: Transaction) -> list[Row]:
    return await tx.rows("select * from tenancy.list_people()")


async def add_person(tx: Transaction, email: str, name: str, role: str, link_hash: bytes) -> int:
    row = await tx.get(
        "select tenancy.add_person(%(email)s, %(name)s, %(role)s, %(link_hash)s) as user_id",
        {"email": email, "name": name, "role": role, "link_hash": link_hash},
    )
    return int(row["user_id"])


async def change_person(tx: Transaction, user_id: int, role: str) -> str:
    row = await tx.get(
        "select tenancy.change_person(%(person)s, %(role)s) as old_role", {"person": user_id, "role": role}
    )
    return str(row["old_role"])


async def remove_person(tx: Transaction, user_id: int) -> str:
    row = await tx.get("select tenancy.remove_person(%(person)s) as old_role", {"person": user_id})
    return str(row["old_role"])
