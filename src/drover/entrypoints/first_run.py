"""The first start: a one-time link for the first super_admin, while nobody can sign in."""

from __future__ import annotations

import psycopg

from drover.platform.links import new_link


def setup_link(owner_dsn: str, public_url: str) -> str | None:
    """A fresh link (24 hours, once) when there is no person yet, else None. Links made before are closed."""
    with psycopg.connect(owner_dsn) as connection:
        if connection.execute("select exists (select from auth.users)").fetchone() == (True,):
            return None
        link = new_link()
        connection.execute(
            "update auth.links set used_at = now() where purpose = 'setup' and used_at is null"
        )
        connection.execute(
            "insert into auth.links (token_hash, purpose, expires_at) values (%s, 'setup', now() + interval '24 hours')",
            (link.token_hash,),
        )
    return public_url.rstrip("/") + link.path
