"""What the catalogue says: RLS forced everywhere, keys that begin with the tenant, no grant on a partition, no road around."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.engines_fixture import Engines
from tests.factories.tenants import make_tenant

# The families that have a partition per tenant (docs/adr/0004).
PARTITIONED = {
    "drover.devices", "drover.device_credentials", "drover.device_status", "drover.device_transitions", "drover.interfaces",
    "drover.events", "drover.device_samples", "drover.interface_samples", "drover.wireless_samples",
    "drover.config_blobs", "drover.config_versions", "audit.entries",
}  # fmt: skip
OURS = "('drover', 'audit', 'auth', 'tenancy', 'parts')"
SERVICES = ("drover_auth", "drover_api", "drover_poller", "drover_ingest", "drover_worker")


async def rows(engines: Engines, statement: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        return await (await owner.execute(statement)).fetchall()  # type: ignore[arg-type]


@pytest.fixture(autouse=True, scope="module")
async def two_tenants(engines: Engines) -> None:
    for _ in range(2):
        await make_tenant(engines)


async def test_every_table_with_a_tenant_has_row_security_on_and_forced(engines: Engines) -> None:
    found = await rows(
        engines,
        "select c.oid::regclass::text, c.relrowsecurity and c.relforcerowsecurity from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
        f" where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {OURS}",
    )
    assert len(found) > 100
    assert [table for table, forced in found if not forced] == []


async def test_every_unique_key_of_such_a_table_begins_with_the_tenant(engines: Engines) -> None:
    found = await rows(
        engines,
        "select i.indexrelid::regclass::text, (select attname from pg_attribute where attrelid = c.oid and attnum = i.indkey[0])"
        " from pg_index i join pg_class c on c.oid = i.indrelid"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
        f" where i.indisunique and c.relnamespace::regnamespace::text in {OURS}",
    )
    assert found
    assert [index for index, first in found if first != "tenant_id"] == []


async def test_every_foreign_key_between_tenant_tables_begins_with_the_tenant(engines: Engines) -> None:
    found = await rows(
        engines,
        "select k.conrelid::regclass::text || '.' || k.conname,"
        " (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]),"
        " (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1])"
        " from pg_constraint k"
        " join pg_attribute a on a.attrelid = k.confrelid and a.attname = 'tenant_id'"
        f" where k.contype = 'f' and k.connamespace::regnamespace::text in {OURS}",
    )
    assert found
    assert [key for key, mine, other in found if (mine, other) != ("tenant_id", "tenant_id")] == []


async def test_no_foreign_key_touches_a_partitioned_parent(engines: Engines) -> None:
    found = await rows(
        engines,
        "select k.conname from pg_constraint k where k.contype = 'f' and (k.conrelid in (select oid from pg_class where relkind = 'p')"
        f" or k.confrelid in (select oid from pg_class where relkind = 'p')) and k.connamespace::regnamespace::text in {OURS}",
    )
    assert found == []


async def test_the_promised_families_have_a_partition_per_tenant(engines: Engines) -> None:
    tenants = {row[0] for row in await rows(engines, "select id from tenancy.tenants where state = 'active'")}
    found = await rows(
        engines,
        "select p.oid::regclass::text, pg_get_expr(c.relpartbound, c.oid) from pg_class p"
        " join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid"
        f" where p.relkind = 'p' and not p.relispartition and p.relnamespace::regnamespace::text in {OURS}",
    )
    held: dict[str, set[int]] = {}
    for parent, bound in found:
        held.setdefault(parent, set()).add(
            int(bound.split("'")[1] if "'" in bound else bound.split("(")[1].rstrip(")"))
        )
    assert set(held) == PARTITIONED
    for parent, ids in held.items():
        assert ids - {0} == tenants, parent


async def test_partitions_have_no_policy_and_no_grant(engines: Engines) -> None:
    policies = await rows(
        engines,
        "select polrelid::regclass::text from pg_policy where polrelid in (select oid from pg_class where relispartition)",
    )
    grants = await rows(
        engines,
        "select c.oid::regclass::text, a.grantee::regrole::text from pg_class c, aclexplode(c.relacl) a"
        " where c.relispartition and a.grantee <> c.relowner",
    )
    assert (policies, grants) == ([], [])


async def test_service_logins_own_nothing_and_bypass_nothing(engines: Engines) -> None:
    names = ", ".join(f"'{name}'" for name in SERVICES)
    roles = await rows(
        engines,
        "select rolname from pg_roles where (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)"
        f" and rolname in ({names}, 'drover_tables', 'drover_tenancy', 'drover_audit')",
    )
    owned = await rows(
        engines, f"select oid::regclass::text from pg_class where relowner::regrole::text in ({names})"
    )
    members = await rows(
        engines, f"select roleid::regrole::text from pg_auth_members where member::regrole::text in ({names})"
    )
    assert (roles, owned, members) == ([], [], [])


async def test_nothing_of_ours_is_executable_or_readable_by_everybody(engines: Engines) -> None:
    functions = await rows(
        engines,
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace::regnamespace::text in"
        " ('drover', 'audit', 'auth', 'tenancy', 'procrastinate') and has_function_privilege('public', p.oid, 'execute')",
    )
    tables = await rows(
        engines,
        "select c.oid::regclass::text from pg_class c, aclexplode(c.relacl) a where a.grantee = 0"
        " and c.relnamespace::regnamespace::text in ('drover', 'audit', 'auth', 'tenancy', 'parts', 'procrastinate')",
    )
    assert (functions, tables) == ([], [])


async def test_definer_functions_have_a_fixed_search_path_and_a_known_owner(engines: Engines) -> None:
    found = await rows(
        engines,
        "select p.oid::regprocedure::text, p.proowner::regrole::text, coalesce(array_to_string(p.proconfig, ';'), '')"
        " from pg_proc p where p.prosecdef and p.pronamespace::regnamespace::text in"
        " ('drover', 'audit', 'auth', 'tenancy', 'parts', 'public')",
    )
    assert len(found) > 20
    for function, owner, config in found:
        assert owner in ("drover_tables", "drover_tenancy", "drover_audit"), function
        path = config.partition("search_path=")[2].split(";")[0]
        assert path.rstrip('"').endswith("pg_temp"), function


async def test_there_is_no_materialized_view_and_no_view_that_runs_as_its_owner(engines: Engines) -> None:
    found = await rows(
        engines,
        "select oid::regclass::text from pg_class where relnamespace::regnamespace::text in "
        f"{OURS} and (relkind = 'm' or (relkind = 'v' and not coalesce(reloptions @> array['security_invoker=true'], false)))",
    )
    leakproof = await rows(
        engines,
        f"select proname from pg_proc where proleakproof and pronamespace::regnamespace::text in {OURS}",
    )
    assert (found, leakproof) == ([], [])


async def test_the_api_login_has_no_rights_on_credentials_of_people_or_the_queue(engines: Engines) -> None:
    found = await rows(
        engines,
        "select c.oid::regclass::text, a.privilege_type from pg_class c, aclexplode(c.relacl) a where a.grantee::regrole::text = 'drover_api'"
        " and c.relnamespace::regnamespace::text in ('auth', 'tenancy', 'procrastinate')",
    )
    assert found == []
