"""The database refuses: no context, a forged, a foreign, a replayed one, injected rows, and every direct road."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from tests.engines_fixture import Engines
from tests.factories.tenants import MadePerson, MadeTenant, make_person, make_tenant

SERVICES = ("drover_api", "drover_poller", "drover_ingest", "drover_worker", "drover_auth")
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.DatabaseError)


class World:
    """Two tenants with a device each, and one person in each."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self.tenants: list[MadeTenant] = []
        self.people: list[MadePerson] = []
        self.devices: list[int] = []

    @asynccontextmanager
    async def connect(self, role: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        connection = await psycopg.AsyncConnection.connect(self.engines.dsn(role))
        try:
            yield connection
        finally:
            await connection.rollback()
            await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(engines: Engines) -> World:
    made = World(engines)
    for _ in range(2):
        tenant = await make_tenant(engines)
        made.tenants.append(tenant)
        made.people.append(await make_person(engines, {tenant.id: "admin"}))
        async with await psycopg.AsyncConnection.connect(engines.dsn("drover_worker")) as worker:
            await worker.execute("select tenancy.enter_service(%s)", (tenant.leases["drover_worker"],))
            row = await (
                await worker.execute(
                    "insert into drover.devices (tenant_id, name, address, api_port, ssh_port, username, spki_sha256)"
                    " values (%s, 'canary', '10.9.8.7', 8729, 22, 'drover', repeat('a', 64)) returning id",
                    (tenant.id,),
                )
            ).fetchone()
            assert row is not None
            made.devices.append(row[0])
            await worker.execute(
                "insert into drover.groups (tenant_id, name) values (%s, 'canary group')", (tenant.id,)
            )
    return made


async def tenant_tables(world: World) -> list[str]:
    """Every table (not partition) with a tenant_id outside the queue, from the catalogue."""
    async with world.connect("drover_owner") as owner:
        rows = await (
            await owner.execute(
                "select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
                " where c.relkind in ('r', 'p') and not c.relispartition"
                " and c.relnamespace::regnamespace::text in ('drover', 'audit', 'auth', 'tenancy') order by 1"
            )
        ).fetchall()
    assert len(rows) >= 20
    return [row[0] for row in rows]


async def can_read(connection: psycopg.AsyncConnection[Any], table: str) -> int | None:
    """How many rows a SELECT shows, or None when it is refused."""
    try:
        async with connection.transaction():
            row = await (await connection.execute(f"select count(tenant_id) from {table}")).fetchone()  # type: ignore[arg-type]
    except psycopg.DatabaseError:
        return None
    assert row is not None
    return int(row[0])


async def test_in_the_own_tenant_the_own_rows_are_seen(world: World) -> None:
    async with world.connect("drover_api") as connection:
        await connection.execute(
            "select tenancy.enter(%s, %s)", (world.people[0].secret, world.tenants[0].id)
        )
        assert await can_read(connection, "drover.devices") == 1
        assert await can_read(connection, "drover.groups") == 1


@pytest.mark.parametrize("role", SERVICES)
async def test_without_a_context_every_table_shows_nothing_or_refuses(world: World, role: str) -> None:
    for table in await tenant_tables(world):
        async with world.connect(role) as connection:
            assert await can_read(connection, table) in (None, 0), table


@pytest.mark.parametrize("role", SERVICES)
@pytest.mark.parametrize("mac", ["", "0" * 64, "not a mac"])
async def test_a_forged_context_is_refused_everywhere(world: World, role: str, mac: str) -> None:
    tables = await tenant_tables(world)
    forged = f"{world.tenants[1].id}|user|{world.people[1].user_id}|admin|{mac}"
    async with world.connect(role) as connection:
        await connection.execute("select set_config('drover.context', %s, false)", (forged,))
        for table in tables:
            assert await can_read(connection, table) in (None, 0), table


async def test_a_context_edited_to_name_another_tenant_is_refused(world: World) -> None:
    async with world.connect("drover_api") as connection:
        await connection.execute(
            "select tenancy.enter(%s, %s)", (world.people[0].secret, world.tenants[0].id)
        )
        row = await (await connection.execute("select current_setting('drover.context')")).fetchone()
        assert row is not None
        parts = row[0].split("|")
        parts[0] = str(world.tenants[1].id)
        await connection.execute("select set_config('drover.context', %s, true)", ("|".join(parts),))
        with pytest.raises(psycopg.DatabaseError) as refused:
            await connection.execute("select * from drover.devices")
        assert refused.value.sqlstate == "DR001"


async def test_a_context_replayed_in_another_transaction_or_connection_is_refused(world: World) -> None:
    async with world.connect("drover_api") as first, world.connect("drover_api") as second:
        await first.execute("select tenancy.enter(%s, %s)", (world.people[0].secret, world.tenants[0].id))
        row = await (await first.execute("select current_setting('drover.context')")).fetchone()
        assert row is not None
        await first.execute("select count(*) from drover.devices")
        await second.execute("select set_config('drover.context', %s, false)", (row[0],))
        for table in await tenant_tables(world):
            assert await can_read(second, table) in (None, 0), table
        await first.commit()
        await first.execute("select set_config('drover.context', %s, false)", (row[0],))
        for table in await tenant_tables(world):
            assert await can_read(first, table) in (None, 0), table


async def test_a_person_cannot_enter_a_tenant_they_are_not_in(world: World) -> None:
    async with world.connect("drover_api") as connection:
        with pytest.raises(psycopg.DatabaseError) as refused:
            await connection.execute(
                "select tenancy.enter(%s, %s)", (world.people[0].secret, world.tenants[1].id)
            )
        assert refused.value.sqlstate == "DR404"


async def test_in_one_tenant_no_row_of_another_is_seen_or_changed(world: World) -> None:
    mine, theirs = world.tenants
    tables = await tenant_tables(world)
    async with world.connect("drover_api") as connection:
        for table in tables:
            await connection.execute("select tenancy.enter(%s, %s)", (world.people[0].secret, mine.id))
            for statement in (
                f"select count(tenant_id) from {table} where tenant_id = {theirs.id}",
                f"with gone as (delete from {table} where tenant_id = {theirs.id} returning 1) select count(*) from gone",
                f"with moved as (update {table} set tenant_id = {mine.id} where tenant_id = {theirs.id} returning 1)"
                " select count(*) from moved",
            ):
                try:
                    async with connection.transaction():
                        row = await (await connection.execute(statement)).fetchone()  # type: ignore[arg-type]
                except psycopg.DatabaseError:
                    continue
                assert row == (0,), statement
            await connection.rollback()
    async with world.connect("drover_owner") as owner:
        row = await (
            await owner.execute("select count(*) from drover.devices where tenant_id = %s", (theirs.id,))
        ).fetchone()
        assert row == (1,)


async def test_a_row_for_another_tenant_cannot_be_written(world: World) -> None:
    async with world.connect("drover_api") as connection:
        await connection.execute(
            "select tenancy.enter(%s, %s)", (world.people[0].secret, world.tenants[0].id)
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(
                "insert into drover.groups (tenant_id, name) values (%s, 'planted')", (world.tenants[1].id,)
            )


async def test_a_foreign_row_cannot_be_pointed_at(world: World) -> None:
    async with world.connect("drover_api") as connection:
        await connection.execute(
            "select tenancy.enter(%s, %s)", (world.people[0].secret, world.tenants[0].id)
        )
        await connection.execute(
            "insert into drover.tags (tenant_id, name) values (%s, 'mine')", (world.tenants[0].id,)
        )
        with pytest.raises(psycopg.DatabaseError) as refused:
            await connection.execute(
                "insert into drover.device_tags (tenant_id, device_id, tag_id) select %s, %s, id from drover.tags",
                (world.tenants[0].id, world.devices[1]),
            )
        assert refused.value.sqlstate == "DR404"


@pytest.mark.parametrize(
    "statement",
    [
        "insert into auth.sessions (token_hash, user_id, expires_at) values (sha256('x'), 1, now() + interval '1 day')",
        "insert into auth.memberships (tenant_id, user_id, role) values (1, 1, 'admin')",
        "insert into auth.tenant_entries (tenant_id, user_id, reason, expires_at) values (1, 1, 'because', now() + interval '1 day')",
        "insert into auth.links (token_hash, purpose, expires_at) values (sha256('x'), 'setup', now() + interval '1 day')",
        "update auth.users set is_super_admin = true",
        "insert into tenancy.leases (tenant_id, service) values (1, 'drover_api')",
        "select * from tenancy.signing_keys",
        "select tenancy.set_context(1, 'user', 1, 'admin')",
        "select tenancy.sign('1|user|1|admin')",
        "select * from procrastinate.procrastinate_jobs",
        "set role drover_tables",
        "set role drover_owner",
        "set session authorization drover_owner",
        "select * from pg_stat_get_activity(null)",
        "select pg_terminate_backend(pg_backend_pid())",
        "select lo_create(0)",
        "create temporary table devices (id bigint)",
        "create table public.mine (id bigint)",
        "select pg_advisory_lock(1)",
        "delete from audit.entries",
        "update audit.entries set actor_name = 'nobody'",
        "truncate audit.entries",
        "insert into audit.pending (tenant_id, at, actor_kind, actor_name, via, action, outcome, details)"
        " values (0, now(), 'user', 'x', 'x', 'xxx', 'success', '{}')",
        "alter table drover.devices disable row level security",
        "select sealed from drover.device_credentials",
        "select secrets from drover.config_blobs",
        "update drover.devices set address = '10.66.66.66'",
        "update drover.devices set spki_sha256 = repeat('b', 64)",
        "update drover.enrolments set address = '10.66.66.66'",
        "update drover.jobs set created_by = 1",
        "select tenancy.accept_invitation(sha256('x'))",
        "select * from tenancy.find_invitation(sha256('x'))",
        "select tenancy.add_first_admin(1, 1, 'a@b.c', 'x', sha256('x'))",
        "select tenancy.invite(1, 1, 'a@b.c', 'x', 'admin', sha256('x'))",
        "select * from pg_stat_get_backend_activity(1)",
    ],
)
async def test_the_api_login_is_refused(world: World, statement: str) -> None:
    async with world.connect("drover_api") as connection:
        await connection.execute(
            "select tenancy.enter(%s, %s)", (world.people[0].secret, world.tenants[0].id)
        )
        with pytest.raises(psycopg.DatabaseError):
            await connection.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", SERVICES)
async def test_partitions_cannot_be_reached_directly(world: World, role: str) -> None:
    async with world.connect("drover_owner") as owner:
        partitions = await (
            await owner.execute(
                "select c.oid::regclass::text from pg_class c where c.relispartition and c.relkind in ('r', 'p')"
                " and c.relnamespace::regnamespace::text in ('parts', 'audit')"
            )
        ).fetchall()
    assert len(partitions) > 30
    async with world.connect(role) as connection:
        for (partition,) in partitions:
            assert await can_read(connection, partition) is None, partition


async def test_row_security_cannot_be_switched_off(world: World) -> None:
    async with world.connect("drover_api") as connection:
        await connection.execute("set row_security = off")
        with pytest.raises(psycopg.DatabaseError):
            await connection.execute("select * from drover.devices")


async def test_a_service_enters_only_by_its_own_lease(world: World) -> None:
    async with world.connect("drover_ingest") as connection:
        with pytest.raises(psycopg.DatabaseError) as refused:
            await connection.execute(
                "select tenancy.enter_service(%s)", (world.tenants[0].leases["drover_worker"],)
            )
        assert refused.value.sqlstate == "DR404"


async def test_a_job_runs_for_its_grantor_only_while_they_may(world: World, engines: Engines) -> None:
    tenant = world.tenants[0]
    operator = await make_person(engines, {tenant.id: "operator"})
    async with world.connect("drover_api") as api:
        await api.execute("select tenancy.enter(%s, %s)", (operator.secret, tenant.id))
        row = await (
            await api.execute(
                "insert into drover.jobs (tenant_id, kind, requires, created_by) values (%s, 'nothing', 'operator', 1) returning id, created_by",
                (tenant.id,),
            )
        ).fetchone()
        assert row is not None
        assert row[1] == operator.user_id  # stamped from the signed context, whatever the row claimed
        await api.commit()
    async with world.connect("drover_worker") as worker:
        await worker.execute("select tenancy.enter_job(%s, %s)", (tenant.id, row[0]))
        await worker.rollback()
        async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
            await owner.execute(
                "delete from auth.memberships where tenant_id = %s and user_id = %s",
                (tenant.id, operator.user_id),
            )
        with pytest.raises(psycopg.DatabaseError) as refused:
            await worker.execute("select tenancy.enter_job(%s, %s)", (tenant.id, row[0]))
        assert refused.value.sqlstate == "DR403"


async def test_the_worker_cannot_make_a_job_somebody_elses_or_use_a_finished_one(
    world: World, engines: Engines
) -> None:
    tenant, person = world.tenants[0], world.people[0]
    async with world.connect("drover_api") as api:
        await api.execute("select tenancy.enter(%s, %s)", (person.secret, tenant.id))
        made = await api.execute(
            "insert into drover.jobs (tenant_id, kind, requires) values (%s, 'nothing', 'viewer') returning id",
            (tenant.id,),
        )
        row = await made.fetchone()
        assert row is not None
        await api.commit()
    async with world.connect("drover_worker") as worker:
        await worker.execute("select tenancy.enter_service(%s)", (tenant.leases["drover_worker"],))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await worker.execute("update drover.jobs set created_by = 1 where id = %s", (row[0],))
        await worker.rollback()
        await worker.execute("select tenancy.enter_service(%s)", (tenant.leases["drover_worker"],))
        await worker.execute(
            "update drover.jobs set state = 'done' where tenant_id = %s and id = %s", (tenant.id, row[0])
        )
        await worker.commit()
        with pytest.raises(psycopg.DatabaseError) as refused:
            await worker.execute("select tenancy.enter_job(%s, %s)", (tenant.id, row[0]))
    assert refused.value.sqlstate == "DR404"


async def test_a_super_admin_sees_nothing_before_entering_with_a_reason(
    world: World, engines: Engines
) -> None:
    root = await make_person(engines, super_admin=True)
    tenant = world.tenants[0]
    async with world.connect("drover_api") as connection:
        with pytest.raises(psycopg.DatabaseError) as refused:
            await connection.execute("select tenancy.enter(%s, %s)", (root.secret, tenant.id))
        assert refused.value.sqlstate == "DR404"
        await connection.rollback()
        await connection.execute("select tenancy.enter_platform(%s)", (root.secret,))
        await connection.execute("select tenancy.start_entry(%s, 'helping with a ticket', 30)", (tenant.id,))
        await connection.commit()
        row = await (
            await connection.execute("select role from tenancy.enter(%s, %s)", (root.secret, tenant.id))
        ).fetchone()
        assert row == ("super_admin",)
