"""Every route × role: default deny, the table of permissions is what the server does, refusals are recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from fastapi import APIRouter

from drover.platform.access import PLATFORM_PERMISSIONS, TENANT_PERMISSIONS, Permission, Role
from drover.platform.guards import InTenant, OnPlatform, Public, Session
from drover.platform.http import ApiRoute, api_routes, check_guards, create_app
from tests.api_fixture import Api
from tests.engines_fixture import Engines
from tests.factories.tenants import MadePerson, MadeTenant, make_person, make_tenant

CHANGES = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class People:
    tenant: MadeTenant
    by_role: dict[str, MadePerson]
    outsider: MadePerson
    root: MadePerson


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def people(engines: Engines) -> People:
    tenant, other = await make_tenant(engines), await make_tenant(engines)
    by_role = {role: await make_person(engines, {tenant.id: role}) for role in ("viewer", "operator")}
    by_role["admin"] = await make_person(engines, {tenant.id: "admin"})
    entered = by_role["super_admin"] = await make_person(engines, super_admin=True)
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_api")) as connection:
        await connection.execute("select tenancy.enter_platform(%s)", (entered.secret,))
        await connection.execute("select tenancy.start_entry(%s, 'a test of roles', 60)", (tenant.id,))
    outsider = await make_person(engines, {other.id: "admin"})
    return People(tenant, by_role, outsider, await make_person(engines, super_admin=True))


def path_of(route: ApiRoute, tenant_id: int) -> str:
    """The route's path with the tenant filled in and ids that exist nowhere."""
    path = route.path.replace("{tenant_id}", str(tenant_id))
    path = re.sub(r"\{(?:enrolment_id|import_id)\}", "00000000-0000-4000-8000-000000000000", path)
    return re.sub(r"\{\w+\}", "999999999", path)


async def ask(api: Api, person: MadePerson | None, method: str, path: str) -> tuple[int, str, str]:
    """Status, error code and message of a request with an empty body; a stream is opened and left."""
    async with (
        api.client(person) as client,
        client.stream(method, path, json={} if method in CHANGES else None) as reply,
    ):
        if not reply.is_error:
            return reply.status_code, "", ""
        await reply.aread()
        error = reply.json()["error"]
        return reply.status_code, error["code"], error["message"]


def routes_of(api: Api) -> list[tuple[ApiRoute, str]]:
    return [
        (route, method)
        for route in api_routes(api.app)
        if route.path.startswith("/api/")
        for method in sorted(route.methods or ())
    ]


def test_an_unguarded_route_stops_the_start() -> None:
    app, router, inner = create_app(), APIRouter(prefix="/api"), APIRouter()
    with pytest.raises(RuntimeError, match="would be empty"):
        check_guards(app)

    @inner.get("/open")
    async def open_to_all() -> None: ...

    router.include_router(inner)
    app.include_router(router)
    with pytest.raises(RuntimeError, match="has no guard"):
        check_guards(app)


async def test_every_route_has_one_guard_and_every_change_an_audit_action(api: Api) -> None:
    routes = routes_of(api)
    assert len(routes) > 45
    for route, method in routes:
        guard = route.guards[0]
        assert len(route.guards) == 1, route.path
        assert method not in CHANGES or guard.action, route.path
        assert ("{tenant_id}" in route.path and "/platform/" not in route.path) == isinstance(
            guard, InTenant
        ), route.path


async def test_nobody_gets_in_without_a_session(api: Api, people: People) -> None:
    for route, method in routes_of(api):
        if isinstance(route.guards[0], Public):
            continue
        status, code, _ = await ask(api, None, method, path_of(route, people.tenant.id))
        assert (status, code) == (401, "session.over"), (method, route.path)


async def test_tenant_routes_by_role(api: Api, people: People) -> None:
    checked = 0
    for route, method in routes_of(api):
        guard = route.guards[0]
        if not isinstance(guard, InTenant):
            continue
        assert guard.permission is not None
        for role, person in people.by_role.items():
            status, code, message = await ask(api, person, method, path_of(route, people.tenant.id))
            if guard.permission in TENANT_PERMISSIONS[Role(role)]:
                assert status not in (401, 403, 500), (method, route.path, role, status, code)
                assert "no such client" not in message
            else:
                assert (status, code) == (403, "forbidden"), (method, route.path, role)
            checked += 1
    assert checked > 120


async def test_a_stranger_cannot_tell_a_foreign_tenant_from_none(api: Api, people: People) -> None:
    for route, method in routes_of(api):
        if not isinstance(route.guards[0], InTenant):
            continue
        for person in (people.outsider, people.root):
            foreign = await ask(api, person, method, path_of(route, people.tenant.id))
            absent = await ask(api, person, method, path_of(route, 987654))
            assert foreign == absent == (404, "not_found", "no such client, or you are not in it"), (
                method,
                route.path,
            )


async def test_platform_routes_are_for_super_admins(api: Api, people: People) -> None:
    for route, method in routes_of(api):
        guard = route.guards[0]
        if not isinstance(guard, OnPlatform):
            continue
        assert guard.permission in PLATFORM_PERMISSIONS
        for person in (people.by_role["admin"], people.outsider):
            status, code, _ = await ask(api, person, method, path_of(route, people.tenant.id))
            assert (status, code) == (403, "forbidden"), (method, route.path)
        status, code, _ = await ask(api, people.root, method, path_of(route, 987654))
        assert status not in (401, 403, 500), (method, route.path, code)


async def test_a_change_without_the_csrf_token_is_refused(api: Api, people: People) -> None:
    for route, method in routes_of(api):
        if method not in CHANGES or isinstance(route.guards[0], Public):
            continue
        async with api.client(people.by_role["admin"]) as client:
            del client.headers["X-CSRF-Token"]
            reply = await client.request(method, path_of(route, people.tenant.id), json={})
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "csrf.missing"), (
            method,
            route.path,
        )


async def test_too_much_is_refused_and_odd_values_are_the_askers_fault(api: Api, people: People) -> None:
    tenant_id = people.tenant.id
    async with api.client(people.by_role["admin"]) as client:
        large = await client.post(f"/api/tenants/{tenant_id}/device-imports", content=b"x" * 9_000_000)
        assert (large.status_code, large.json()["error"]["code"]) == (413, "request.too_large")
        for path in (
            f"/api/tenants/{tenant_id}/devices?q=%00",
            f"/api/tenants/{tenant_id}/audit?before=99999999999999999999",
            f"/api/tenants/{tenant_id}/devices/99999999999999999999",
        ):
            assert (await client.get(path)).status_code in (404, 422), path
        assert (await client.get("/api/tenants/3000000000/devices")).status_code == 404
        odd = await client.delete("/api/session", headers=[(b"X-CSRF-Token", b"\xe9")])
        assert odd.json()["error"]["code"] == "csrf.missing"


async def test_nobodys_body_is_not_read(api: Api) -> None:
    async with api.client() as client:
        reply = await client.post("/api/tenants/1/enrolments", content=b"{not json")
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "session.over")


async def test_a_cross_site_sign_in_is_refused(api: Api) -> None:
    async with api.client() as client:
        reply = await client.post(
            "/api/session",
            json={"email": "a@b.c", "password": "x"},
            headers={"Origin": "https://evil.example"},
        )
    assert reply.json()["error"]["code"] == "csrf.cross_site"


async def test_refusals_are_recorded_where_they_belong(api: Api, people: People, engines: Engines) -> None:
    tenant_id = people.tenant.id
    await ask(api, people.by_role["viewer"], "GET", f"/api/tenants/{tenant_id}/people")
    await ask(api, people.outsider, "GET", f"/api/tenants/{tenant_id}/devices")
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        own = await last_refusal(owner, tenant_id, people.by_role["viewer"].user_id)
        strangers = await last_refusal(owner, tenant_id, people.outsider.user_id)
        platform = await last_refusal(owner, 0, people.outsider.user_id)
    assert own is not None
    assert own["permission"] == Permission.PEOPLE_READ
    assert strangers is None  # a knock never writes into the target's trail
    assert platform is not None
    assert platform["path"] == f"/api/tenants/{tenant_id}/devices"


async def last_refusal(
    owner: psycopg.AsyncConnection[Any], tenant_id: int, user_id: int
) -> dict[str, Any] | None:
    row = await (
        await owner.execute(
            "select details from audit.entries where tenant_id = %s and actor_id = %s and action = 'access.refused' order by seq desc limit 1",
            (tenant_id, user_id),
        )
    ).fetchone()
    return None if row is None else row[0]


async def test_every_session_route_answers_a_session(api: Api, people: People) -> None:
    for route, method in routes_of(api):
        if isinstance(route.guards[0], Session) and method == "GET":
            status, code, _ = await ask(api, people.by_role["viewer"], method, route.path)
            assert status == 200, (route.path, code)
