"""Signing in and out, one-time links, throttling, and who is in a client: over HTTP, as a browser does it."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from drover.auth.passwords import hash_password
from drover.entrypoints.first_run import setup_link
from drover.platform.links import new_link
from tests.api_fixture import Api
from tests.engines_fixture import Engines
from tests.factories.tenants import MadePerson, MadeTenant, make_person, make_tenant

PASSWORD = "a long enough passphrase"


async def make_login(engines: Engines, tenant: MadeTenant, role: str = "viewer") -> MadePerson:
    """A person who can sign in with PASSWORD."""
    person = await make_person(engines, {tenant.id: role})
    stored = await hash_password(PASSWORD, email=person.email)
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        await owner.execute(
            "update auth.users set password_hash = %s where id = %s", (stored, person.user_id)
        )
    return person


async def trail_actions(engines: Engines, who: str) -> list[tuple[str, str]]:
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        return await (
            await owner.execute(
                "select action, outcome from audit.entries where tenant_id = 0 and strpos(actor_name, %s) > 0 order by seq",
                (who,),
            )
        ).fetchall()


@pytest.fixture(scope="module")
async def tenant(engines: Engines) -> MadeTenant:
    return await make_tenant(engines)


async def test_a_session_starts_works_and_ends(api: Api, engines: Engines, tenant: MadeTenant) -> None:
    person = await make_login(engines, tenant)
    async with api.client() as client:
        reply = await client.post("/api/session", json={"email": person.email.upper(), "password": PASSWORD})
        assert reply.status_code == 200
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        session = reply.json()
        assert session["user"]["email"] == person.email
        assert [(t["tenant_id"], t["role"]) for t in session["tenants"]] == [(tenant.id, "viewer")]
        assert "devices.write" not in session["tenants"][0]["permissions"]
        kept = client.cookies["drover_session"]
        gone = await client.delete("/api/session", headers={"X-CSRF-Token": session["csrf_token"]})
        assert gone.status_code == 204
        client.cookies.set("drover_session", kept)  # a thief keeps the cookie: it opens nothing any more
        again = await client.get("/api/session")
        assert again.json()["error"]["code"] == "session.over"
    assert await trail_actions(engines, person.email) == [
        ("session.started", "success"),
        ("session.ended", "success"),
    ]


async def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(
    api: Api, engines: Engines, tenant: MadeTenant
) -> None:
    person = await make_login(engines, tenant)
    async with api.client() as client:
        wrong = await client.post(
            "/api/session", json={"email": person.email, "password": "not the passphrase"}
        )
        unknown = await client.post(
            "/api/session", json={"email": "nobody@example.net", "password": "not the passphrase"}
        )
    assert wrong.status_code == unknown.status_code == 401
    answers = [{**reply.json()["error"], "request_id": ""} for reply in (wrong, unknown)]
    assert answers[0] == answers[1]
    assert await trail_actions(engines, person.email) == [("session.refused", "refused")]


async def test_guessing_is_throttled_and_the_right_password_waits_too(
    api: Api, engines: Engines, tenant: MadeTenant
) -> None:
    person = await make_login(engines, tenant)
    async with api.client() as client:
        for _ in range(5):
            guess = await client.post("/api/session", json={"email": person.email, "password": "wrong"})
            assert guess.status_code == 401
        reply = await client.post("/api/session", json={"email": person.email, "password": PASSWORD})
    assert reply.status_code == 429
    assert reply.json()["error"]["code"] == "session.throttled"
    assert reply.headers["retry-after"] == "900"


async def test_guesses_sent_at_once_do_not_slip_past_the_limit(
    api: Api, engines: Engines, tenant: MadeTenant
) -> None:
    person = await make_login(engines, tenant)
    async with api.client() as client:
        body = {"email": person.email, "password": "wrong"}
        replies = await asyncio.gather(*(client.post("/api/session", json=body) for _ in range(30)))
    assert sum(reply.status_code == 401 for reply in replies) <= 5
    assert {reply.status_code for reply in replies} <= {401, 429}


async def test_guesses_from_elsewhere_do_not_lock_a_person_out_of_their_own_place(
    api: Api, engines: Engines, tenant: MadeTenant
) -> None:
    person = await make_login(engines, tenant)
    async with api.client() as client:
        body = {"email": person.email, "password": PASSWORD}
        assert (await client.post("/api/session", json=body)).status_code == 200
        async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
            await owner.execute(
                "insert into auth.sign_in_attempts (email, source_address, succeeded)"
                " select %s, ('192.0.2.' || n)::inet, false from generate_series(1, 60) n",
                (person.email,),
            )
        assert (await client.post("/api/session", json=body)).status_code == 200


async def test_what_was_typed_never_comes_back_or_into_the_trail(api: Api, engines: Engines) -> None:
    async with api.client() as client:
        reply = await client.post("/api/session", json={"email": "my secret passphrase", "password": "x"})
        assert reply.status_code == 422
        assert "secret" not in reply.text
        await client.post("/api/session", json={"email": "secret@passphrase.example", "password": "x"})
    assert await trail_actions(engines, "secret@passphrase.example") == []


async def test_an_admin_invites_changes_and_removes_a_person(
    api: Api, engines: Engines, tenant: MadeTenant
) -> None:
    admin = await make_person(engines, {tenant.id: "admin"})
    root = f"/api/tenants/{tenant.id}/people"
    async with api.client(admin) as client, api.client() as browser:
        added = await client.post(
            root, json={"email": "New@Example.NET", "name": "New Person", "role": "operator"}
        )
        assert added.status_code == 201
        person, path = added.json()["person"], added.json()["invitation_url"]
        assert (person["email"], person["invited"]) == ("new@example.net", True)
        token = path.removeprefix("/link/")
        info = await browser.get(f"/api/links/{token}")
        assert (info.json()["purpose"], info.json()["email"]) == ("invitation", "new@example.net")
        weak = await browser.post(f"/api/links/{token}", json={"name": "New", "password": "aaaaaaaaaaaa"})
        assert weak.json()["error"]["code"] == "person.weak_password"
        assert info.json()["has_login"] is False
        used = await browser.post(f"/api/links/{token}", json={"name": "New Name", "password": PASSWORD})
        assert used.json()["tenants"][0]["role"] == "operator"
        again = await browser.post(f"/api/links/{token}", json={"name": "Thief", "password": PASSWORD})
        assert again.json()["error"]["code"] == "link.over"
        changed = await client.patch(f"{root}/{person['user_id']}", json={"role": "viewer"})
        assert (changed.json()["role"], changed.json()["name"]) == ("viewer", "New Name")
        assert (await client.delete(f"{root}/{person['user_id']}")).status_code == 204
        assert person["user_id"] not in [p["user_id"] for p in (await client.get(root)).json()]
        assert (await browser.get(f"/api/tenants/{tenant.id}/devices")).status_code == 404


async def test_an_invitation_opens_nothing_that_the_person_has_elsewhere(api: Api, engines: Engines) -> None:
    ours, theirs = await make_tenant(engines), await make_tenant(engines)
    our_admin = await make_person(engines, {ours.id: "admin"})
    their_admin = await make_person(engines, {theirs.id: "admin"})
    body = {"email": f"carol-{ours.id}@example.net", "name": "Carol", "role": "admin"}
    async with api.client(our_admin) as us, api.client(their_admin) as them, api.client() as carol:
        to_theirs = (await them.post(f"/api/tenants/{theirs.id}/people", json=body)).json()["invitation_url"]
        to_ours = (await us.post(f"/api/tenants/{ours.id}/people", json={**body, "role": "viewer"})).json()[
            "invitation_url"
        ]
        # Whoever holds our link, our own admin included, becomes nobody elsewhere: there is no membership before its link.
        thief = (
            await us.post(
                f"/api{to_ours.replace('/link/', '/links/')}", json={"name": "C", "password": PASSWORD}
            )
        ).json()
        assert [t["tenant_id"] for t in thief["tenants"]] == [ours.id]
        # Their link now asks for the password of that login, which the holder of their link does not know.
        path = f"/api{to_theirs.replace('/link/', '/links/')}"
        assert (await carol.get(path)).json()["has_login"] is True
        wrong = await carol.post(path, json={"name": "Carol", "password": "another long passphrase"})
        assert wrong.json()["error"]["code"] == "session.wrong_password"
        people = (await them.get(f"/api/tenants/{theirs.id}/people")).json()
        assert [
            (p["role"], p["invited"], p["last_sign_in_at"]) for p in people if p["email"] == body["email"]
        ] == [("admin", True, None)]


async def test_a_person_with_a_login_joins_another_client_with_their_own_password(
    api: Api, engines: Engines
) -> None:
    first, second = await make_tenant(engines), await make_tenant(engines)
    person = await make_login(engines, first)
    admin = await make_person(engines, {second.id: "admin"})
    async with api.client(admin) as client, api.client() as browser:
        body = {"email": person.email, "name": "As we call them", "role": "operator"}
        added = (await client.post(f"/api/tenants/{second.id}/people", json=body)).json()
        assert added["person"]["name"] == "As we call them"  # not what they are called elsewhere
        path = "/api/links/" + added["invitation_url"].removeprefix("/link/")
        session = (await browser.post(path, json={"name": "x", "password": PASSWORD})).json()
        assert {t["tenant_id"]: t["role"] for t in session["tenants"]} == {
            first.id: "viewer",
            second.id: "operator",
        }
        entry = (await client.get(f"/api/tenants/{second.id}/audit?action=person.joined")).json()["entries"][
            0
        ]
        assert (entry["actor_id"], entry["via"]) == (person.user_id, "drover_auth")


async def test_a_super_admin_inside_a_client_does_not_make_themselves_a_member(
    api: Api, engines: Engines
) -> None:
    root, tenant = await make_person(engines, super_admin=True), await make_tenant(engines)
    async with api.client(root) as client:
        await client.post(f"/api/platform/tenants/{tenant.id}/entries", json={"reason": "ticket 4711"})
        body = {"email": root.email, "name": "Me", "role": "admin"}
        reply = await client.post(f"/api/tenants/{tenant.id}/people", json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "forbidden")


async def test_nobody_grants_above_their_role_and_an_admin_stays(api: Api, engines: Engines) -> None:
    tenant = await make_tenant(engines)
    admin = await make_person(engines, {tenant.id: "admin"})
    operator = await make_person(engines, {tenant.id: "operator"})
    root = f"/api/tenants/{tenant.id}/people"
    async with api.client(admin) as client:
        last = await client.patch(f"{root}/{admin.user_id}", json={"role": "viewer"})
        assert (last.status_code, last.json()["error"]["code"]) == (409, "conflict")
        invalid = await client.post(root, json={"email": "a@b.c", "name": "A", "role": "super_admin"})
        assert invalid.status_code == 422
    async with api.client(operator) as client:
        assert (
            await client.post(root, json={"email": "a@b.c", "name": "A", "role": "viewer"})
        ).status_code == 403
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_api")) as connection:
        await connection.execute("select tenancy.enter(%s, %s)", (operator.secret, tenant.id))
        with pytest.raises(psycopg.DatabaseError) as refused:  # the database says no, whatever the API does
            await connection.execute("select tenancy.change_person(%s, 'admin')", (operator.user_id,))
    assert refused.value.sqlstate == "DR403"


async def test_the_first_super_admin_comes_by_a_link_that_works_once(api: Api, engines: Engines) -> None:
    link = new_link()
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        await owner.execute(
            "insert into auth.links (token_hash, purpose, expires_at) values (%s, 'setup', now() + interval '1 hour')",
            (link.token_hash,),
        )
    token = link.path.removeprefix("/link/")
    async with api.client() as browser:
        missing = await browser.post(f"/api/links/{token}", json={"name": "Root", "password": PASSWORD})
        assert missing.json()["error"]["code"] == "input.invalid"
        made = await browser.post(
            f"/api/links/{token}", json={"email": "root@example.net", "name": "Root", "password": PASSWORD}
        )
        assert made.json()["user"]["is_super_admin"] is True
        assert (await browser.get(f"/api/links/{token}")).json()["error"]["code"] == "link.over"


async def test_there_is_no_setup_link_once_somebody_can_sign_in(engines: Engines, tenant: MadeTenant) -> None:
    await make_person(engines, {tenant.id: "viewer"})
    assert setup_link(engines.dsn("drover_owner"), "http://localhost:8080") is None


async def test_a_revoked_or_expired_session_ends_at_once(
    api: Api, engines: Engines, tenant: MadeTenant
) -> None:
    person = await make_person(engines, {tenant.id: "viewer"})
    async with (
        api.client(person) as client,
        await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner,
    ):
        assert (await client.get(f"/api/tenants/{tenant.id}/jobs")).status_code == 200
        await owner.execute(
            "update auth.sessions set revoked_at = now() where user_id = %s", (person.user_id,)
        )
        await owner.commit()
        assert (await client.get(f"/api/tenants/{tenant.id}/jobs")).status_code == 401
