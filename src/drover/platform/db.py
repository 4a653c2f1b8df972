"""The database as its services see it: pools, and transactions that carry a signed tenant context.

There is no transaction without a context: a caller enters as a person (`tenant`), as a super_admin on the platform
(`platform`), as a service with a lease (`service`) or on behalf of a job (`job`). The tenant is verified and signed by the
database itself (`tenancy.enter...`), so that a wrong tenant_id here opens nothing.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb, set_json_dumps
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from drover.platform import errors

Row = dict[str, Any]
Params = Mapping[str, Any]

# SQLSTATEs of our own class, raised by the functions in migrations/.
_BY_STATE: dict[str, type[errors.DroverError]] = {
    "DR001": errors.ContextRefusedError,
    "DR401": errors.SessionOverError,
    "DR403": errors.ForbiddenError,
    "DR404": errors.NotFoundError,
    "DR409": errors.ConflictError,
    "DR422": errors.InvalidInputError,
}


def _translate(error: psycopg.Error) -> errors.DroverError | None:
    kind = _BY_STATE.get(error.sqlstate or "")
    if kind is None and isinstance(error, psycopg.DataError):
        return errors.InvalidInputError("a value is out of range, or holds a character that can't be stored")
    if kind is None:
        return None
    message = error.diag.message_primary or "the database refused this"
    if kind is errors.InvalidInputError and error.diag.message_detail:
        return kind(message, fields={error.diag.message_detail: message})
    return kind(message)


@dataclass(frozen=True)
class Origin:
    """Where an act came from; goes into every audit entry."""

    source_address: str | None = None
    request_id: str | None = None


@dataclass
class Transaction:
    """One unit of work in one tenant (0 is the platform). Commits when its block ends, rolls back on any error."""

    connection: psycopg.AsyncConnection[DictRow]
    tenant_id: int
    user_id: int | None
    actor_name: str
    role: str
    origin: Origin = field(default_factory=Origin)
    recorded: list[str] = field(default_factory=list)

    async def rows(self, statement: LiteralString, params: Params | None = None) -> list[Row]:
        """All rows of a statement; `tenant_id` is always bound."""
        cursor = await self.connection.execute(statement, {"tenant_id": self.tenant_id, **(params or {})})
        return await cursor.fetchall()

    async def find(self, statement: LiteralString, params: Params | None = None) -> Row | None:
        """The first row, or None."""
        cursor = await self.connection.execute(statement, {"tenant_id": self.tenant_id, **(params or {})})
        return await cursor.fetchone()

    async def get(
        self, statement: LiteralString, params: Params | None = None, *, missing: str = "not found"
    ) -> Row:
        """The first row, or NotFoundError with the given message."""
        row = await self.find(statement, params)
        if row is None:
            raise errors.NotFoundError(missing)
        return row

    async def run(self, statement: LiteralString, params: Params | None = None) -> int:
        """Run a statement without result; the number of rows it touched."""
        cursor = await self.connection.execute(statement, {"tenant_id": self.tenant_id, **(params or {})})
        return cursor.rowcount

    async def run_many(self, statement: LiteralString, params: Sequence[Params]) -> None:
        """Run a statement for each set of parameters, pipelined."""
        async with self.connection.cursor() as cursor:
            await cursor.executemany(statement, [{"tenant_id": self.tenant_id, **p} for p in params])

    async def record(
        self,
        action: str,
        *,
        target: tuple[str, str | int, str | None] | None = None,
        outcome: str = "success",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one audit entry, in this transaction: no entry, no action. `target` is (kind, id, its name now)."""
        kind, ident, name = target if target is not None else (None, None, None)
        await self.connection.execute(
            "select audit.record(%s, %s, %s, %s, %s, %s, %s::inet, %s)",
            (
                action,
                kind,
                None if ident is None else str(ident),
                name,
                outcome,
                Jsonb(dict(details or {})),
                self.origin.source_address,
                self.origin.request_id,
            ),
        )
        self.recorded.append(action)


async def _reset(connection: psycopg.AsyncConnection[Any]) -> None:
    """Nothing survives into the next use of a pooled connection: settings, cursors, listens."""
    await connection.set_autocommit(True)
    await connection.execute("close all; unlisten *; reset all")
    await connection.set_autocommit(False)


set_json_dumps(lambda value: json.dumps(value, default=str, ensure_ascii=False))


class Database:
    """A pool of one login role. `open` before use, `close` at the end."""

    def __init__(
        self, conninfo: str, *, name: str, max_size: int = 8, connect_timeout_s: float = 10.0
    ) -> None:
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[DictRow]] = AsyncConnectionPool(
            conninfo,
            connection_class=psycopg.AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row, "application_name": name},
            min_size=1,
            max_size=max_size,
            max_lifetime=1800,  # a backend keeps 0.2 MB per tenant touched until it ends
            timeout=connect_timeout_s,
            reset=_reset,
            open=False,
            name=name,
        )
        self._timeout_s = connect_timeout_s

    async def open(self) -> None:
        """Connect, or raise EngineUnavailableError."""
        try:
            await self._pool.open(wait=True, timeout=self._timeout_s)
        except PoolTimeout as error:
            await self._pool.close()
            raise errors.EngineUnavailableError(
                "PostgreSQL does not answer: check that it runs and that the address is right"
            ) from error

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[psycopg.AsyncConnection[DictRow]]:
        """A connection in a transaction without any context: RLS shows nothing in it. For definer functions only."""
        try:
            async with self._pool.connection() as connection:
                yield connection
        except psycopg.Error as error:
            translated = _translate(error)
            if translated is None:
                raise
            raise translated from error
        except PoolTimeout as error:
            raise errors.EngineUnavailableError(
                "the database is busy or away: try again in a moment"
            ) from error

    @asynccontextmanager
    async def tenant(
        self, secret: str, tenant_id: int, origin: Origin | None = None
    ) -> AsyncIterator[Transaction]:
        """Enter a tenant as the person behind a session; NotFoundError when they are no member of it."""
        async with self.connection() as connection:
            row = await (
                await connection.execute("select * from tenancy.enter(%s, %s)", (secret, tenant_id))
            ).fetchone()
            assert row is not None  # noqa: S101  the function raises rather than return nothing
            yield Transaction(
                connection, tenant_id, row["user_id"], row["user_name"], row["role"], origin or Origin()
            )

    @asynccontextmanager
    async def platform(self, secret: str, origin: Origin | None = None) -> AsyncIterator[Transaction]:
        """Enter the platform (tenant 0) as a super_admin; ForbiddenError for anybody else."""
        async with self.connection() as connection:
            row = await (
                await connection.execute("select * from tenancy.enter_platform(%s)", (secret,))
            ).fetchone()
            assert row is not None  # noqa: S101
            yield Transaction(
                connection, 0, row["user_id"], row["user_name"], "super_admin", origin or Origin()
            )

    @asynccontextmanager
    async def service(self, lease_id: UUID) -> AsyncIterator[Transaction]:
        """Enter a tenant as a service holding a lease on it."""
        async with self.connection() as connection:
            row = await (
                await connection.execute("select tenancy.enter_service(%s) as tenant_id", (lease_id,))
            ).fetchone()
            assert row is not None  # noqa: S101
            yield Transaction(connection, row["tenant_id"], None, "service", "service")

    @asynccontextmanager
    async def job(self, tenant_id: int, job_id: int) -> AsyncIterator[Transaction]:
        """Enter a job's tenant on behalf of whoever asked for it; ForbiddenError when they may no longer."""
        async with self.connection() as connection:
            row = await (
                await connection.execute("select tenancy.enter_job(%s, %s) as role", (tenant_id, job_id))
            ).fetchone()
            assert row is not None  # noqa: S101
            yield Transaction(connection, tenant_id, None, "job", row["role"])

    @asynccontextmanager
    async def platform_service(self) -> AsyncIterator[Transaction]:
        """Enter the platform (tenant 0) as the worker, to read its trail."""
        async with self.connection() as connection:
            await connection.execute("select tenancy.enter_platform_service()")
            yield Transaction(connection, 0, None, "service", "service")

    async def list_leases(self) -> dict[int, UUID]:
        """The tenants that this service has work for, by id."""
        async with self.connection() as connection:
            rows = await (
                await connection.execute("select lease_id, tenant_id from tenancy.list_leases()")
            ).fetchall()
        return {row["tenant_id"]: row["lease_id"] for row in rows}
