"""HTTP ways in to people: sessions, one-time links, and who is in a client."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response

from drover.auth import service
from drover.auth.schemas import (
    LinkInfo,
    LinkUse,
    Person,
    PersonAdd,
    PersonAdded,
    PersonChange,
    SessionInfo,
    SignIn,
)
from drover.platform.access import Permission
from drover.platform.guards import (
    COOKIE,
    InTenant,
    OnPlatform,
    PlatformAccess,
    Public,
    Session,
    SessionAccess,
    TenantAccess,
    origin_of,
)
from drover.tenants import service as tenants
from drover.tenants.schemas import TenantEnter

router = APIRouter()


def _set_cookie(request: Request, response: Response, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=12 * 3600,
        httponly=True,
        samesite="strict",
        secure=urlsplit(request.app.state.settings.public_url).scheme == "https",
        path="/",
    )


@router.post("/api/session", dependencies=[Depends(Public(action="session.started"))])
async def sign_in(request: Request, response: Response, body: SignIn) -> SessionInfo:
    """Sign in with email and password; sets the session cookie."""
    secret = await service.sign_in(
        request.app.state.auth_database,
        email=body.email,
        password=body.password.get_secret_value(),
        user_agent=request.headers.get("user-agent", ""),
        origin=origin_of(request),
    )
    _set_cookie(request, response, secret)
    return SessionInfo.model_validate(await service.describe_session(request.app.state.database, secret))


@router.get("/api/session")
async def get_session(access: Annotated[SessionAccess, Depends(Session())]) -> SessionInfo:
    """Who is signed in, and which clients they may open."""
    return SessionInfo.model_validate(
        service.session_info(access.user, access.tenants, access.expires_at, access.secret)
    )


@router.delete("/api/session", status_code=204)
async def sign_out(
    request: Request,
    response: Response,
    access: Annotated[SessionAccess, Depends(Session(action="session.ended"))],
) -> None:
    """Sign out: the session ends on the server."""
    await service.sign_out(request.app.state.auth_database, access.secret, access.origin)
    response.delete_cookie(COOKIE, path="/")


@router.get("/api/links/{token}", dependencies=[Depends(Public())])
async def get_link(request: Request, token: str) -> LinkInfo:
    """What a one-time link is for."""
    link = await service.get_link(request.app.state.auth_database, token)
    return LinkInfo.model_validate(link)


@router.post("/api/links/{token}", dependencies=[Depends(Public(action="link.used"))])
async def use_link(request: Request, response: Response, token: str, body: LinkUse) -> SessionInfo:
    """Use a one-time link: choose a name and a password, and be signed in."""
    secret = await service.use_link(
        request.app.state.auth_database,
        token,
        email=body.email,
        name=body.name,
        password=body.password.get_secret_value(),
        user_agent=request.headers.get("user-agent", ""),
        origin=origin_of(request),
    )
    _set_cookie(request, response, secret)
    return SessionInfo.model_validate(await service.describe_session(request.app.state.database, secret))


@router.post("/api/platform/tenants/{tenant_id}/entries")
async def enter_tenant(
    request: Request,
    access: Annotated[
        PlatformAccess, Depends(OnPlatform(Permission.PLATFORM_ENTER, action="tenant.entered"))
    ],
    tenant_id: int,
    body: TenantEnter,
) -> SessionInfo:
    """Enter a client as super_admin, with a reason and for a while; recorded in the client's own trail."""
    async with access.unit() as tx:
        await tenants.enter_tenant(tx, tenant_id, reason=body.reason, minutes=body.minutes)
    return SessionInfo.model_validate(
        await service.describe_session(request.app.state.database, access.secret)
    )


@router.get("/api/tenants/{tenant_id}/people")
async def list_people(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.PEOPLE_READ))],
) -> list[Person]:
    """The people of this client with their roles."""
    async with access.unit() as tx:
        return [Person.model_validate(row) for row in await service.list_people(tx)]


@router.post("/api/tenants/{tenant_id}/people", status_code=201)
async def add_person(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.PEOPLE_MANAGE, action="person.added"))],
    body: PersonAdd,
) -> PersonAdded:
    """Add a person; the invitation link is shown this once."""
    async with access.unit() as tx:
        person, link = await service.add_person(tx, email=body.email, name=body.name, role=body.role)
    return PersonAdded(person=Person.model_validate(person), invitation_url=link.path)


@router.patch("/api/tenants/{tenant_id}/people/{user_id}")
async def change_person(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.PEOPLE_MANAGE, action="person.changed"))],
    user_id: int,
    body: PersonChange,
) -> Person:
    """Change a person's role in this client."""
    async with access.unit() as tx:
        return Person.model_validate(await service.change_person(tx, user_id, body.role))


@router.delete("/api/tenants/{tenant_id}/people/{user_id}", status_code=204)
async def remove_person(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.PEOPLE_MANAGE, action="person.removed"))],
    user_id: int,
) -> None:
    """Take a person out of this client."""
    async with access.unit() as tx:
        await service.remove_person(tx, user_id)
