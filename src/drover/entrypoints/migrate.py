"""Applies the SQL files of `migrations/` in order, as drover_owner, each in its own transaction."""

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import psycopg
from psycopg import sql
from pydantic import SecretStr

from drover.entrypoints.queue_schema import migrate_queue

_NAME = re.compile(r"^(\d{4})_([a-z0-9_]+)\.sql$")
# One number for all of Drover's migrations: two runs at once would apply a file twice.
_LOCK_KEY = 0x64726F766572  # "drover"
_OLDEST_SERVER = 170000
_WAIT_FOR_OTHER_RUN = "60s"
# A migration that can't get a lock soon must fail rather than queue every query behind it.
_LOCK_TIMEOUT = "5s"

_SET_UP = """
CREATE SCHEMA IF NOT EXISTS drover_meta;
CREATE TABLE IF NOT EXISTS drover_meta.migrations (
    number     integer     PRIMARY KEY,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""


class MigrationError(Exception):
    """The database can't be brought to this version; the message says what to do."""


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def find_migrations_dir() -> Path:
    """The checkout's `migrations/`, else the copy inside the installed package."""
    package = Path(str(resources.files("drover")))
    for folder in (package.parents[1] / "migrations", package / "_migrations"):
        if folder.is_dir():
            return folder
    raise MigrationError("this installation has no migrations folder: install Drover again")


def list_migrations(folder: Path) -> list[Migration]:
    """The migrations of a folder by number; two files of one number are an error."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.match(path.name)
        if match is None:
            raise MigrationError(f"{path.name} is not named like 0001_what_it_does.sql")
        number = int(match[1])
        if number in found:
            raise MigrationError(f"{path.name} and {found[number].name} have the same number")
        found[number] = Migration(number, path.name, path.read_text(encoding="utf-8"))
    return list(found.values())


def migrate(owner_dsn: SecretStr, folder: Path | None = None) -> list[str]:
    """Apply what is missing, in order, and return the names of the files applied.

    A file that has changed since it was applied, or one that comes before the last applied, is refused.
    """
    migrations = list_migrations(folder or find_migrations_dir())
    try:
        return _migrate(owner_dsn, migrations)
    except psycopg.OperationalError as error:
        raise MigrationError(f"the database can't be reached as its owner: {error}") from error


def _migrate(owner_dsn: SecretStr, migrations: list[Migration]) -> list[str]:
    with psycopg.connect(
        owner_dsn.get_secret_value(), autocommit=True, application_name="drover migrate", connect_timeout=10
    ) as conn:
        if conn.info.server_version < _OLDEST_SERVER:
            raise MigrationError("Drover needs PostgreSQL 17 or newer")
        conn.execute(sql.SQL("SET lock_timeout = {}").format(_WAIT_FOR_OTHER_RUN))
        try:
            conn.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
        except psycopg.errors.LockNotAvailable:
            raise MigrationError(
                "another migration is running on this database: wait for it to end"
            ) from None
        conn.execute(sql.SQL("SET lock_timeout = {}").format(_LOCK_TIMEOUT))
        conn.execute(_SET_UP)
        missing = _missing(conn, migrations)
        try:
            queue = migrate_queue(conn)
        except psycopg.Error as error:
            raise MigrationError(f"the job queue's schema: {error.diag.message_primary or error}") from error
        for migration in missing:
            _apply(conn, migration)
    return [*queue, *(migration.name for migration in missing)]


def _missing(conn: psycopg.Connection, migrations: list[Migration]) -> list[Migration]:
    rows = conn.execute("SELECT number, name, sha256 FROM drover_meta.migrations ORDER BY number").fetchall()
    known = {migration.number: migration for migration in migrations}
    for number, name, sha256 in rows:
        if number not in known:
            raise MigrationError(
                f"the database has {name}, which this version doesn't know: it was migrated by a newer Drover"
            )
        if known[number].sha256 != sha256:
            raise MigrationError(
                f"{name} has changed since it was applied to this database: put it back as it was, and make"
                " the change in a new file (a database of no worth can be dropped: make demo-reset)"
            )
    applied = {row[0] for row in rows}
    last = max(applied, default=0)
    missing = [migration for migration in migrations if migration.number not in applied]
    for migration in missing:
        if migration.number < last:
            raise MigrationError(
                f"{migration.name} comes before {last:04}, which is applied already: renumber it"
            )
    return missing


def _apply(conn: psycopg.Connection, migration: Migration) -> None:
    try:
        with conn.transaction():
            # Without parameters psycopg sends the text as it is: a file of many statements.
            conn.execute(migration.text.encode())
            if conn.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
                raise MigrationError(
                    f"{migration.name} ends its transaction: leave BEGIN and COMMIT out of it"
                )
            conn.execute("SET search_path = DEFAULT")
            conn.execute("RESET ROLE")
            conn.execute(
                "INSERT INTO drover_meta.migrations (number, name, sha256) VALUES (%s, %s, %s)",
                [migration.number, migration.name, migration.sha256],
            )
    except psycopg.Error as error:
        where = _line_of(migration.text, error)
        raise MigrationError(f"{migration.name}{where}: {error.diag.message_primary or error}") from error


def _line_of(text: str, error: psycopg.Error) -> str:
    position = error.diag.statement_position
    return f", line {text.count(chr(10), 0, int(position)) + 1}" if position else ""
