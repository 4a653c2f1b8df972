"""Tenants and people for tests: tenants made by the production functions as the worker, people as the owner."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from drover.platform.keyring import EmbeddedKeyring, read_master_key
from drover.platform.links import new_token, token_hash
from drover.platform.secrets import Purpose
from tests.engines_fixture import Engines

_numbers = itertools.count(1)


@dataclass(frozen=True)
class MadeTenant:
    """A tenant ready for use; `leases` by service login, e.g. `drover_worker`."""

    id: int
    slug: str
    name: str
    leases: dict[str, UUID]


@dataclass(frozen=True)
class MadePerson:
    """A person with a live session; `secret` is what the session cookie holds."""

    user_id: int
    email: str
    secret: str = field(repr=False)


def keyring(engines: Engines) -> EmbeddedKeyring:
    """The session's keyring with both master keys, as the worker has it."""
    state = engines.state
    return EmbeddedKeyring(
        state.keyring,
        {
            Purpose.SECRETS: read_master_key(state.secrets_master_key),
            Purpose.DOCUMENTS: read_master_key(state.documents_master_key),
        },
    )


async def make_tenant(engines: Engines, *, networks: tuple[str, ...] = ("127.0.0.0/8",)) -> MadeTenant:
    """Keys, then partitions, chain and leases in one transaction, as the worker's job does it."""
    number = next(_numbers)
    slug, name = f"tenant-{number}", f"Tenant {number}"
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        row = await (
            await owner.execute(
                "insert into tenancy.tenants (slug, name, colour, management_networks)"
                " values (%s, %s, '#4c6ef5', %s::cidr[]) returning id",
                (slug, name, list(networks)),
            )
        ).fetchone()
    assert row is not None
    tenant_id = row[0]
    await keyring(engines).create_tenant(tenant_id)
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_worker")) as worker:
        await worker.execute("select drover.create_partitions(%s)", (tenant_id,))
        await worker.execute("select audit.open_chain(%s)", (tenant_id,))
        await worker.execute("select tenancy.activate_tenant(%s)", (tenant_id,))
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        leases = await (
            await owner.execute("select service, id from tenancy.leases where tenant_id = %s", (tenant_id,))
        ).fetchall()
    return MadeTenant(tenant_id, slug, name, dict(leases))


async def make_person(
    engines: Engines,
    roles: dict[int, str] | None = None,
    *,
    super_admin: bool = False,
    name: str = "Ada Drover",
) -> MadePerson:
    """A person with a role in each given tenant and a session of one hour; no password."""
    email = f"person-{next(_numbers)}@example.net"
    secret = new_token()
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        row = await (
            await owner.execute(
                "insert into auth.users (email, name, is_super_admin) values (%s, %s, %s) returning id",
                (email, name, super_admin),
            )
        ).fetchone()
        assert row is not None
        await owner.execute(
            "insert into auth.sessions (token_hash, user_id, expires_at) values (%s, %s, now() + interval '1 hour')",
            (token_hash(secret), row[0]),
        )
        for tenant_id, role in (roles or {}).items():
            await owner.execute(
                "insert into auth.memberships (tenant_id, user_id, role) values (%s, %s, %s)",
                (tenant_id, row[0], role),
            )
    return MadePerson(row[0], email, secret)
