"""Keeps procrastinate's own tables, in the schema `procrastinate`, at the installed version."""

from importlib import resources

import psycopg

_RECORD = """
CREATE TABLE IF NOT EXISTS drover_meta.queue_migrations (
    name       text        PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""


def migrate_queue(conn: psycopg.Connection) -> list[str]:
    """Make the queue's schema, or apply the package's migrations that came since; returns their names.

    The connection is the owner's, in autocommit, with the migrations' lock held.
    """
    package = resources.files("procrastinate") / "sql"
    shipped = sorted(item.name for item in (package / "migrations").iterdir() if item.name.endswith(".sql"))
    conn.execute(_RECORD)
    done = {row[0] for row in conn.execute("SELECT name FROM drover_meta.queue_migrations").fetchall()}
    missing = [name for name in shipped if name not in done]
    if not done:
        # schema.sql is the sum of all the migrations that are shipped beside it.
        _apply(conn, (package / "schema.sql").read_text(encoding="utf-8"), shipped)
        return ["procrastinate"]
    for name in missing:
        _apply(conn, (package / "migrations" / name).read_text(encoding="utf-8"), [name])
    return missing


def _apply(conn: psycopg.Connection, text: str, names: list[str]) -> None:
    with conn.transaction():
        # Owned like our own tables, so that our definer functions may defer jobs.
        conn.execute("CREATE SCHEMA IF NOT EXISTS procrastinate AUTHORIZATION drover_tables")
        conn.execute("SET LOCAL ROLE drover_tables")
        # The package's SQL names nothing by schema.
        conn.execute("SET LOCAL search_path = procrastinate")
        conn.execute(text.encode())
        conn.execute("RESET ROLE")
        conn.cursor().executemany(
            "INSERT INTO drover_meta.queue_migrations (name) VALUES (%s)", [(name,) for name in names]
        )
