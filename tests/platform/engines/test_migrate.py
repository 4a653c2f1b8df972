"""`drover migrate`: in order, once, whole, and never twice at the same time."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from drover.entrypoints.migrate import MigrationError, find_migrations_dir, list_migrations, migrate
from drover.platform.engines.state import SUPERUSER
from tests.engines_fixture import Engines

Write = Callable[..., None]


@pytest.fixture
def empty_database(engines: Engines) -> Iterator[SecretStr]:
    """A database of the test's own, prepared like ours; gives the owner's connection string."""
    with psycopg.connect(
        engines.postgres.dsn(SUPERUSER, "postgres").get_secret_value(), autocommit=True
    ) as conn:
        conn.execute("CREATE DATABASE drover_migrate_test")
        conn.execute("GRANT CONNECT, CREATE ON DATABASE drover_migrate_test TO drover_owner")
    try:
        yield engines.postgres.dsn("drover_owner", "drover_migrate_test")
    finally:
        with psycopg.connect(
            engines.postgres.dsn(SUPERUSER, "postgres").get_secret_value(), autocommit=True
        ) as conn:
            conn.execute("DROP DATABASE drover_migrate_test WITH (FORCE)")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes migrations into `tmp_path`: write(name="0001_first", text=...)."""

    def write_one(name: str, text: str) -> None:
        (tmp_path / f"{name}.sql").write_text(text)

    return write_one


def _rows(dsn: SecretStr, query: sql.SQL) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn.get_secret_value()) as conn:
        return conn.execute(query).fetchall()


def test_applies_in_order_and_only_once(empty_database: SecretStr, tmp_path: Path, write: Write) -> None:
    write("0002_second", "INSERT INTO app.t VALUES (2);")
    write("0001_first", "CREATE SCHEMA app; CREATE TABLE app.t (x int); INSERT INTO app.t VALUES (1);")
    assert migrate(empty_database, tmp_path)[-2:] == ["0001_first.sql", "0002_second.sql"]
    assert migrate(empty_database, tmp_path) == []
    write("0003_third", "INSERT INTO app.t VALUES (3);")
    assert migrate(empty_database, tmp_path) == ["0003_third.sql"]
    assert _rows(empty_database, sql.SQL("SELECT x FROM app.t ORDER BY x")) == [(1,), (2,), (3,)]


def test_a_file_that_changed_since_is_refused(
    empty_database: SecretStr, tmp_path: Path, write: Write
) -> None:
    write("0001_first", "CREATE SCHEMA app;")
    migrate(empty_database, tmp_path)
    write("0001_first", "CREATE SCHEMA app; CREATE SCHEMA more;")
    with pytest.raises(MigrationError, match=r"0001_first\.sql has changed"):
        migrate(empty_database, tmp_path)


def test_a_file_that_fails_leaves_nothing_of_itself_and_names_the_line(
    empty_database: SecretStr, tmp_path: Path, write: Write
) -> None:
    write("0001_first", "CREATE SCHEMA app;")
    write("0002_second", "CREATE TABLE app.kept (x int);\n\nSELECT nonsense();")
    with pytest.raises(
        MigrationError, match=r"0002_second\.sql, line 3: function nonsense\(\) does not exist"
    ):
        migrate(empty_database, tmp_path)
    assert _rows(empty_database, sql.SQL("SELECT to_regclass('app.kept')")) == [(None,)]
    write("0002_second", "CREATE TABLE app.kept (x int);")
    assert migrate(empty_database, tmp_path) == ["0002_second.sql"]


def test_a_database_of_a_newer_version_is_refused(
    empty_database: SecretStr, tmp_path: Path, write: Write
) -> None:
    write("0001_first", "CREATE SCHEMA app;")
    write("0002_second", "CREATE SCHEMA more;")
    migrate(empty_database, tmp_path)
    (tmp_path / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match="newer Drover"):
        migrate(empty_database, tmp_path)


def test_a_file_that_comes_too_late_is_refused(
    empty_database: SecretStr, tmp_path: Path, write: Write
) -> None:
    write("0002_second", "CREATE SCHEMA app;")
    migrate(empty_database, tmp_path)
    write("0001_first", "CREATE SCHEMA more;")
    with pytest.raises(MigrationError, match="renumber"):
        migrate(empty_database, tmp_path)


def test_a_file_that_ends_its_own_transaction_is_refused(
    empty_database: SecretStr, tmp_path: Path, write: Write
) -> None:
    write("0001_first", "CREATE SCHEMA app; COMMIT;")
    with pytest.raises(MigrationError, match="leave BEGIN and COMMIT out"):
        migrate(empty_database, tmp_path)


@pytest.mark.parametrize("names", [["first"], ["1_first"], ["0001_first", "0001_other"]])
def test_names_that_give_no_order_are_refused(tmp_path: Path, write: Write, names: list[str]) -> None:
    for name in names:
        write(name, "SELECT 1;")
    with pytest.raises(MigrationError):
        list_migrations(tmp_path)


def test_two_at_once_apply_everything_once(empty_database: SecretStr, tmp_path: Path, write: Write) -> None:
    write("0001_first", "CREATE SCHEMA app; CREATE TABLE app.t (x int); SELECT pg_sleep(0.3);")
    write("0002_second", "INSERT INTO app.t VALUES (1);")
    applied: list[list[str]] = []
    both = [
        threading.Thread(target=lambda: applied.append(migrate(empty_database, tmp_path))) for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=60)
    assert sorted(len(names) for names in applied)[0] == 0
    assert _rows(empty_database, sql.SQL("SELECT count(*) FROM app.t")) == [(1,)]


def test_our_own_migrations_are_applied_by_the_owner_alone(engines: Engines) -> None:
    files = {migration.name for migration in list_migrations(find_migrations_dir())}
    dsn = SecretStr(engines.dsn("drover_owner"))
    assert {row[0] for row in _rows(dsn, sql.SQL("SELECT name FROM drover_meta.migrations"))} == files
    owners = _rows(
        dsn,
        sql.SQL(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace::regnamespace::text"
            " NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
        ),
    )
    assert {row[0] for row in owners} <= {"drover_owner", "drover_tables", "drover_tenancy", "drover_audit"}


def test_an_unreachable_database_is_named_without_its_password(tmp_path: Path) -> None:
    dsn = SecretStr("host=/nowhere dbname=drover user=drover_owner password=hunter2")
    with pytest.raises(MigrationError) as caught:
        migrate(dsn, tmp_path)
    assert "hunter2" not in str(caught.value)
