"""The embedded PostgreSQL: passwords for everyone, nothing on the network, nobody can do more than needed."""

import asyncio
import os
import re
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from psycopg.conninfo import make_conninfo

from drover.platform.engines.errors import EngineError
from drover.platform.engines.postgres import EmbeddedPostgres
from drover.platform.engines.state import DATABASE_ROLES, SUPERUSER, StateFolder
from tests.engines_fixture import Engines
from tests.platform.engines.running import state_folder, until

SERVICES = ("drover_auth", "drover_api", "drover_poller", "drover_ingest", "drover_worker")


def _embedded(state: StateFolder) -> EmbeddedPostgres:
    state.initialise()
    return EmbeddedPostgres(
        state.data, state.account(), state.credentials().postgres, state.log / "postgres.log", durable=False
    )


@pytest_asyncio.fixture
async def postgres() -> AsyncIterator[EmbeddedPostgres]:
    """A server of the test's own, which it may stop and start."""
    with state_folder() as state:
        server = _embedded(state)
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


def _ask(dsn: str, query: str) -> list[object]:
    with psycopg.connect(dsn) as conn:
        return [row[0] for row in conn.execute(query).fetchall()]


def _refusal(dsn: str) -> str:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(dsn, passfile=os.devnull).close()
    return str(caught.value)


# ------------------------------------------------------------------ who may sign in


@pytest.mark.parametrize("role", [*DATABASE_ROLES, SUPERUSER])
@pytest.mark.parametrize("password", [None, "", "wrong", "another role's"])
def test_no_role_signs_in_without_its_own_password(engines: Engines, role: str, password: str | None) -> None:
    if password == "another role's":
        other = "drover_api" if role != "drover_api" else "drover_owner"
        password = engines.state.credentials().postgres[other].get_secret_value()
    dsn = make_conninfo(
        host=str(engines.postgres.socket), port=5432, dbname="drover", user=role, password=password
    )
    assert re.search("no password supplied|password authentication failed", _refusal(dsn))


@pytest.mark.parametrize(
    "role", ["drover_tables", "drover_tenancy", "drover_audit", "postgres", "root", "nobody"]
)
def test_owners_without_login_and_system_accounts_do_not_sign_in(engines: Engines, role: str) -> None:
    dsn = make_conninfo(
        host=str(engines.postgres.socket), port=5432, dbname="drover", user=role, password="x"
    )
    assert "password authentication failed" in _refusal(dsn)


def test_the_only_way_in_is_the_socket_with_scram(engines: Engines) -> None:
    with psycopg.connect(engines.postgres.dsn(SUPERUSER).get_secret_value()) as conn:
        rules = conn.execute(
            "SELECT type, database, user_name, auth_method FROM pg_hba_file_rules"
        ).fetchall()
        hashed = conn.execute(
            "SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$%'"
        ).fetchall()
        others = conn.execute(
            "SELECT rolname FROM pg_authid WHERE rolpassword NOT LIKE 'SCRAM-SHA-256$%'"
        ).fetchall()
    assert rules == [("local", ["all"], ["all"], "scram-sha-256")]
    assert {row[0] for row in hashed} == {*DATABASE_ROLES, SUPERUSER}
    assert others == []


def test_nothing_listens_on_the_network(engines: Engines) -> None:
    assert engines.postgres.child is not None
    sockets = set()
    for handle in Path(f"/proc/{engines.postgres.child.pid}/fd").iterdir():
        target = os.readlink(handle)
        if match := re.match(r"socket:\[(\d+)\]", target):
            sockets.add(match[1])
    listening = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            listening.add(line.split()[9])
    assert sockets  # it has its Unix socket
    assert not sockets & listening


def test_the_socket_folder_is_closed_to_others(engines: Engines) -> None:
    status = engines.postgres.socket.stat()
    assert stat.S_IMODE(status.st_mode) == 0o700
    assert status.st_uid == engines.state.account().uid


def test_no_password_is_in_the_log_or_in_the_database_folder(engines: Engines) -> None:
    log = (engines.state.log / "postgres.log").read_text()
    configuration = "".join(path.read_text() for path in (engines.state.data / "pg").glob("*.conf"))
    for password in engines.state.credentials().postgres.values():
        assert password.get_secret_value() not in log + configuration
        assert password.get_secret_value() not in repr(engines)


# ------------------------------------------------------------------ what roles may do


@pytest.mark.parametrize("role", [*DATABASE_ROLES, "drover_tables", "drover_tenancy", "drover_audit"])
def test_only_the_owner_bypasses_row_security_and_nobody_is_more(engines: Engines, role: str) -> None:
    with psycopg.connect(engines.dsn("drover_owner")) as conn:
        row = conn.execute(
            "SELECT rolbypassrls, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolcanlogin"
            " FROM pg_roles WHERE rolname = %s",
            [role],
        ).fetchone()
    assert row == (role == "drover_owner", False, False, False, False, role in DATABASE_ROLES)


@pytest.mark.parametrize("role", SERVICES)
@pytest.mark.parametrize(
    "attempt",
    [
        "SET ROLE drover_owner",
        "SET ROLE drover_tables",
        "SET ROLE drover_tenancy",
        "SET ROLE drover_audit",
        "CREATE TEMPORARY TABLE t (x int)",
        "CREATE TABLE public.t (x int)",
        "CREATE SCHEMA s",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT * FROM pg_stat_activity",
        "SELECT pg_terminate_backend(1)",
        "SELECT pg_cancel_backend(1)",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_read_file('pg_hba.conf')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT * FROM drover_meta.migrations",
    ],
)
def test_services_are_refused_what_reaches_beyond_their_rows(
    engines: Engines, role: str, attempt: str
) -> None:
    with psycopg.connect(engines.dsn(role)) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(attempt)


@pytest.mark.parametrize("role", SERVICES)
def test_only_the_worker_takes_advisory_locks(engines: Engines, role: str) -> None:
    with psycopg.connect(engines.dsn(role)) as conn:
        if role == "drover_worker":
            assert conn.execute("SELECT pg_try_advisory_xact_lock(7)").fetchone() == (True,)
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute("SELECT pg_try_advisory_xact_lock(7)")


@pytest.mark.parametrize("dbname", ["postgres", "template1"])
@pytest.mark.parametrize("role", DATABASE_ROLES)
def test_roles_enter_no_database_but_ours(engines: Engines, role: str, dbname: str) -> None:
    assert "permission denied for database" in _refusal(engines.postgres.dsn(role, dbname).get_secret_value())


@pytest.mark.parametrize("role", SERVICES)
def test_services_sessions_have_their_limits(engines: Engines, role: str) -> None:
    expected = {
        "plan_cache_mode": "force_custom_plan",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "1min",
        "statement_timeout": "30s" if role in ("drover_auth", "drover_api") else "0",
        "jit": "off",
        "log_statement": "none",
        "log_parameter_max_length_on_error": "0",
        "max_locks_per_transaction": "1024",
        "listen_addresses": "",
    }
    for name, value in expected.items():
        assert _ask(engines.dsn(role), f"SHOW {name}") == [value], name


# ------------------------------------------------------------------ start, stop, recover


async def test_data_and_passwords_survive_a_stop(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.dsn("drover_owner").get_secret_value()) as conn:
        conn.execute("CREATE TABLE public.kept AS SELECT 1 AS x")
    await postgres.stop()
    await postgres.start()
    assert _ask(postgres.dsn("drover_owner").get_secret_value(), "SELECT x FROM public.kept") == [1]


async def test_an_orphan_of_a_killed_supervisor_is_stopped_before_the_start(
    postgres: EmbeddedPostgres,
) -> None:
    orphan = postgres.child
    assert orphan is not None
    await postgres.start()
    await until(lambda: orphan.returncode is not None)
    assert orphan.returncode == 0
    assert postgres.child is not None
    assert postgres.child.pid != orphan.pid


async def test_a_pid_file_that_names_somebody_elses_process_does_no_harm() -> None:
    with state_folder() as state:
        server = _embedded(state)
        await server.start()
        await server.stop()
        account = state.account()
        as_account = {"user": account.uid, "group": account.gid} if account.drops else {}
        stranger = await asyncio.create_subprocess_exec("/bin/sleep", "300", cwd="/", **as_account)
        try:
            pid_file = state.data / "pg" / "postmaster.pid"
            pid_file.write_text(f"{stranger.pid}\n{state.data / 'pg'}\n")
            os.chown(pid_file, account.uid, account.gid)
            await server.start()
            assert stranger.returncode is None
            await server.stop()
        finally:
            stranger.kill()
            await stranger.wait()


async def test_an_initialisation_that_was_killed_is_begun_again() -> None:
    with state_folder() as state:
        server = _embedded(state)
        half = state.data / "pg.new"
        state.account().own_folder(half)
        (half / "PG_VERSION").write_text("18\n")
        await server.start()
        try:
            assert _ask(server.dsn("drover_api").get_secret_value(), "SELECT 1") == [1]
            assert not half.exists()
        finally:
            await server.stop()


async def test_a_path_too_long_for_a_socket_address_gets_a_closed_folder_elsewhere() -> None:
    with state_folder() as short:
        short.root.mkdir(mode=0o711)
        state = StateFolder(short.root / ("deep-" * 20))
        server = _embedded(state)
        await server.start()
        try:
            assert not server.socket.is_relative_to(state.root)
            assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
            assert _ask(server.dsn("drover_api").get_secret_value(), "SELECT 1") == [1]
        finally:
            await server.stop()
            server.socket.rmdir()
            state.erase()


async def test_a_server_that_cannot_start_says_why() -> None:
    with state_folder() as state:
        server = _embedded(state)
        await server.start()
        await server.stop()
        (state.data / "pg" / "global" / "pg_control").unlink()
        with pytest.raises(EngineError, match="pg_control"):
            await server.start()
