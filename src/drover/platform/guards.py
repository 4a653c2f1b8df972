"""Who may call a route: every route has exactly one guard, and a test (and the start-up check) fails for one without.

A guard runs before the body is validated, and a change that comes without a session cookie is refused before its body is
read. A guard proves the session and the role against the database, checks the CSRF token
of requests that change something, records refusals, and hands the handler an access object whose `unit()` is the only way
to the tenant's rows. A guard of a mutating route names its audit action; a unit that ends without having recorded it fails.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from psycopg.types.json import Jsonb

from drover.platform import errors
from drover.platform.access import PLATFORM_PERMISSIONS, Permission, grants
from drover.platform.db import Database, Origin, Transaction

COOKIE = "drover_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def csrf_token(secret: str) -> str:
    """The token that proves a request came from our own page: derived from the session, unknown to other sites."""
    return hashlib.sha256(b"drover-csrf|" + secret.encode()).hexdigest()


def origin_of(request: Request) -> Origin:
    """Source address and request id of a request, for the audit trail."""
    return Origin(request.client.host if request.client else None, request.state.request_id)


def _secret_of(request: Request) -> str:
    secret = request.cookies.get(COOKIE)
    if not secret:
        raise errors.SessionOverError("sign in first")
    if request.method not in _SAFE and not hmac.compare_digest(
        request.headers.get("x-csrf-token", "").encode(), csrf_token(secret).encode()
    ):
        raise errors.ForbiddenError(
            "the request did not come from Drover's own page: reload and try again", code="csrf.missing"
        )
    return secret


def require_same_origin(request: Request) -> None:
    """Refuse a cross-site request to a public route that changes something (sign-in, links)."""
    if request.method in _SAFE:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise errors.ForbiddenError("cross-site requests are refused", code="csrf.cross_site")
    sent = request.headers.get("origin")
    if sent is not None and urlsplit(sent).netloc != request.headers.get("host"):
        raise errors.ForbiddenError("cross-site requests are refused", code="csrf.cross_site")


def _check_recorded(transaction: Transaction, action: str | None) -> None:
    if action is not None and action not in transaction.recorded:
        raise RuntimeError(f"a unit of work ended without its audit entry {action!r}: nothing was saved")


@dataclass(frozen=True)
class SessionAccess:
    """A signed-in person, in no tenant yet."""

    database: Database
    secret: str
    user: dict[str, Any]
    tenants: list[dict[str, Any]]
    expires_at: str
    origin: Origin

    @asynccontextmanager
    async def tenant(self, tenant_id: int) -> AsyncIterator[Transaction]:
        """Enter one of the person's tenants for reading (cross-client views fan out over these)."""
        async with self.database.tenant(self.secret, tenant_id, self.origin) as transaction:
            yield transaction


@dataclass(frozen=True)
class TenantAccess:
    """A person whose permission in one tenant was just proven."""

    database: Database
    secret: str
    tenant_id: int
    user_id: int
    user_name: str
    role: str
    permission: Permission
    action: str | None
    origin: Origin

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Transaction]:
        """One unit of work: entered, permission checked again inside, committed when the block ends."""
        async with self.database.tenant(self.secret, self.tenant_id, self.origin) as transaction:
            if not grants(transaction.role, self.permission):
                raise errors.ForbiddenError(
                    f"your role ({transaction.role}) does not include {self.permission}"
                )
            yield transaction
            _check_recorded(transaction, self.action)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A transaction of a mutating route that changes nothing itself, so it owes no audit entry."""
        async with self.database.tenant(self.secret, self.tenant_id, self.origin) as transaction:
            if not grants(transaction.role, self.permission):
                raise errors.ForbiddenError(
                    f"your role ({transaction.role}) does not include {self.permission}"
                )
            await transaction.connection.execute("set transaction read only")
            yield transaction


@dataclass(frozen=True)
class PlatformAccess:
    """A super_admin, acting on the platform (tenant 0)."""

    database: Database
    secret: str
    user_id: int
    action: str | None
    origin: Origin

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Transaction]:
        """One unit of work in the platform's context."""
        async with self.database.platform(self.secret, self.origin) as transaction:
            yield transaction
            _check_recorded(transaction, self.action)


class Guard:
    """Base of all guards: what the route × role test and the start-up check look for."""

    permission: Permission | None = None
    action: str | None = None


class Public(Guard):
    """A route for people who are not signed in. Mutating ones name the action that they record themselves."""

    def __init__(self, *, action: str | None = None) -> None:
        self.action = action

    async def __call__(self, request: Request) -> None:
        require_same_origin(request)


class Session(Guard):
    """A route for whoever is signed in."""

    def __init__(self, *, action: str | None = None) -> None:
        self.action = action

    async def __call__(self, request: Request) -> SessionAccess:
        secret = _secret_of(request)
        database: Database = request.app.state.database
        async with database.connection() as connection:
            row = await (
                await connection.execute("select tenancy.describe_session(%s) as session", (secret,))
            ).fetchone()
        assert row is not None  # noqa: S101  the function raises rather than return nothing
        session = row["session"]
        return SessionAccess(
            database, secret, session["user"], session["tenants"], session["expires_at"], origin_of(request)
        )


class InTenant(Guard):
    """A route under `/api/tenants/{tenant_id}/`: membership and permission are proven by the database, refusals recorded."""

    def __init__(self, permission: Permission, *, action: str | None = None) -> None:
        self.permission = permission
        self.action = action

    async def __call__(self, request: Request, tenant_id: int) -> TenantAccess:
        secret = _secret_of(request)
        database: Database = request.app.state.database
        origin = origin_of(request)
        assert self.permission is not None  # noqa: S101
        if not 0 < tenant_id < 2**31:
            raise errors.NotFoundError("no such client, or you are not in it")
        try:
            async with database.tenant(secret, tenant_id, origin) as transaction:
                if not grants(transaction.role, self.permission):
                    await transaction.record(
                        "access.refused",
                        outcome="refused",
                        details={
                            "permission": self.permission,
                            "method": request.method,
                            "path": request.url.path,
                        },
                    )
                user_id, user_name, role = transaction.user_id, transaction.actor_name, transaction.role
        except errors.NotFoundError:
            await self._record_elsewhere(database, secret, origin, request)
            raise errors.NotFoundError("no such client, or you are not in it") from None
        if not grants(role, self.permission):
            raise errors.ForbiddenError(
                f"your role ({role}) does not include {self.permission}; an admin of this client can change it"
            )
        assert user_id is not None  # noqa: S101
        return TenantAccess(
            database, secret, tenant_id, user_id, user_name, role, self.permission, self.action, origin
        )

    async def _record_elsewhere(
        self, database: Database, secret: str, origin: Origin, request: Request
    ) -> None:
        """A knock on a tenant that is not theirs goes to the platform's trail, never to the target's."""
        async with database.connection() as connection:
            await connection.execute(
                "select audit.record_as_session(%s, 'access.refused', null, null, null, 'refused', %s, %s::inet, %s)",
                (
                    secret,
                    Jsonb({"method": request.method, "path": request.url.path}),
                    origin.source_address,
                    origin.request_id,
                ),
            )


class OnPlatform(Guard):
    """A route of the platform: super_admins only, refusals recorded in the platform's trail."""

    def __init__(self, permission: Permission, *, action: str | None = None) -> None:
        if permission not in PLATFORM_PERMISSIONS:
            raise ValueError(f"{permission} is no platform permission")
        self.permission = permission
        self.action = action

    async def __call__(self, request: Request) -> PlatformAccess:
        secret = _secret_of(request)
        database: Database = request.app.state.database
        origin = origin_of(request)
        try:
            async with database.platform(secret, origin) as transaction:
                user_id = transaction.user_id
        except errors.ForbiddenError:
            async with database.connection() as connection:
                await connection.execute(
                    "select audit.record_as_session(%s, 'access.refused', null, null, null, 'refused', %s, %s::inet, %s)",
                    (
                        secret,
                        Jsonb(
                            {
                                "permission": self.permission,
                                "method": request.method,
                                "path": request.url.path,
                            }
                        ),
                        origin.source_address,
                        origin.request_id,
                    ),
                )
            raise
        assert user_id is not None  # noqa: S101
        return PlatformAccess(database, secret, user_id, self.action, origin)
