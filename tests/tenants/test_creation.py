"""Making a tenant: keys first, then everything in one transaction; a kill in between; orphan keys; the platform's view."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from drover.tenants import repository, tasks
from drover.tenants.contracts import Services
from tests.api_fixture import Api
from tests.engines_fixture import Engines
from tests.factories.tenants import make_person, make_tenant


async def reserve(engines: Engines, slug: str) -> tuple[int, int]:
    """A reserved tenant and its job, not queued: the test is the worker; (tenant, job)."""
    root = await make_person(engines, super_admin=True)
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        made = await owner.execute(
            "insert into tenancy.tenants (slug, name, colour, management_networks)"
            " values (%s, %s, '#4c6ef5', '{10.0.0.0/8}') returning id",
            (slug, slug.title()),
        )
        tenant = await made.fetchone()
        assert tenant is not None
        args = {
            "tenant": tenant[0],
            "slug": slug,
            "name": slug.title(),
            "first_admin": None,
            "link_hash": "00" * 32,
        }
        queued = await owner.execute(
            "insert into tenancy.platform_jobs (kind, args, created_by) values ('create_tenant', %s, %s) returning id",
            (Jsonb(args), root.user_id),
        )
        job = await queued.fetchone()
        assert job is not None
    return tenant[0], job[0]


async def as_owner(engines: Engines, statement: str, *params: Any) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        return await (await owner.execute(statement, params)).fetchall()  # type: ignore[arg-type]


async def test_a_kill_after_the_keys_is_taken_up_again(
    engines: Engines, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id, job_id = await reserve(engines, "killed-once")

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(tasks, "_build", killed)
        with pytest.raises(asyncio.CancelledError):
            await tasks.create_tenant(services, job_id)
    assert tenant_id in await services.keys.list_tenants()
    assert await as_owner(engines, "select state from tenancy.tenants where id = %s", tenant_id) == [
        ("creating",)
    ]
    assert await as_owner(engines, "select to_regclass('parts.devices_' || %s::text)", tenant_id) == [(None,)]
    before = (services.settings.keyring_dir / f"{tenant_id}.json").read_bytes()

    await tasks.create_tenant(services, job_id)
    assert (services.settings.keyring_dir / f"{tenant_id}.json").read_bytes() == before
    assert await as_owner(engines, "select state from tenancy.tenants where id = %s", tenant_id) == [
        ("active",)
    ]
    assert await as_owner(
        engines, "select count(*) from drover.alert_rules where tenant_id = %s", tenant_id
    ) == [(6,)]
    assert await as_owner(engines, "select action from audit.entries where tenant_id = %s", tenant_id) == [
        ("tenant.created",)
    ]
    assert await as_owner(engines, "select state from tenancy.platform_jobs where id = %s", job_id) == [
        ("done",)
    ]

    await tasks.create_tenant(services, job_id)  # a second delivery changes nothing
    assert await as_owner(engines, "select count(*) from audit.entries where tenant_id = %s", tenant_id) == [
        (1,)
    ]


async def test_a_failure_inside_leaves_nothing_half_made(
    engines: Engines, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id, job_id = await reserve(engines, "half-made")

    async def broken(*_: object) -> None:
        raise psycopg.OperationalError("the connection broke")

    with monkeypatch.context() as patched:
        patched.setattr(repository, "insert_default_rules", broken)
        with pytest.raises(psycopg.OperationalError):
            await tasks.create_tenant(services, job_id)
    assert await as_owner(engines, "select to_regclass('parts.devices_' || %s::text)", tenant_id) == [(None,)]
    assert await as_owner(engines, "select count(*) from tenancy.leases where tenant_id = %s", tenant_id) == [
        (0,)
    ]
    await tasks.create_tenant(services, job_id)
    assert await as_owner(engines, "select state from tenancy.tenants where id = %s", tenant_id) == [
        ("active",)
    ]


async def test_keys_of_a_tenant_that_was_given_up_are_swept_and_others_kept(
    engines: Engines, services: Services
) -> None:
    tenant = await make_tenant(engines)
    given_up, _ = await reserve(engines, "given-up")
    await services.keys.create_tenant(given_up)
    await services.keys.create_tenant(
        987001
    )  # as if this database were an old copy: nobody was given this id yet
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        await owner.execute("delete from tenancy.tenants where id = %s", (given_up,))
    await tasks.sweep_keys(services)
    held = await services.keys.list_tenants()
    assert {tenant.id, 987001} <= held
    assert given_up not in held
    swept = await as_owner(
        engines, "select target_id from audit.entries where tenant_id = 0 and action = 'keys.swept'"
    )
    assert swept == [(str(given_up),)]
    await services.keys.delete_tenant(987001)


async def test_a_job_that_no_worker_has_any_more_is_queued_again(
    api: Api, engines: Engines, services: Services, worker: None
) -> None:
    tenant_id, job_id = await reserve(engines, "stopped-halfway")
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        await owner.execute(
            "update tenancy.platform_jobs set state = 'running', created_at = now() - interval '1 minute' where id = %s",
            (job_id,),
        )
    await tasks.requeue_jobs(services)
    async with asyncio.timeout(20):
        while await as_owner(engines, "select state from tenancy.tenants where id = %s", tenant_id) != [
            ("active",)
        ]:
            await asyncio.sleep(0.05)


async def test_partitions_are_made_ahead_once(engines: Engines, services: Services) -> None:
    tenant = await make_tenant(engines)
    count = "select count(*) from pg_class where relname ~ %s and relkind = 'r'"
    before = await as_owner(engines, count, f"_samples_{tenant.id}_")
    assert before == [(18,)]
    await tasks.extend_partitions(services)
    assert await as_owner(engines, count, f"_samples_{tenant.id}_") == before


async def test_a_super_admin_makes_a_client_with_its_first_admin(
    api: Api, engines: Engines, worker: None
) -> None:
    root = await make_person(engines, super_admin=True)
    body = {
        "name": "Fern & Sons", "slug": "fern-sons", "management_networks": ["10.9.0.0/16"],
        "first_admin": {"email": "fern@example.net", "name": "Fern"},
    }  # fmt: skip
    async with api.client(root) as client, api.client() as fern:
        made = (await client.post("/api/platform/tenants", json=body)).json()
        async with asyncio.timeout(20):
            while (job := (await client.get(f"/api/platform/jobs/{made['job_id']}")).json())["state"] in (
                "queued",
                "running",
            ):
                await asyncio.sleep(0.05)
        assert (job["state"], job["step"], job["progress_done"]) == ("done", "Ready", 3)
        link = "/api/links/" + made["invitation_url"].removeprefix("/link/")
        session = (
            await fern.post(link, json={"name": "Fern", "password": "a long enough passphrase"})
        ).json()
        assert [(t["slug"], t["role"]) for t in session["tenants"]] == [("fern-sons", "admin")]
        taken = await client.post("/api/platform/tenants", json={**body, "first_admin": None})
        assert (taken.status_code, taken.json()["error"]["code"]) == (409, "tenant.slug_taken")
        bad = await client.post(
            "/api/platform/tenants", json={**body, "slug": "other", "management_networks": ["10.9.0.0/99"]}
        )
        assert (bad.status_code, bad.json()["error"]["code"]) == (422, "tenant.bad_network")


async def test_entering_a_client_is_reasoned_boxed_and_in_its_own_trail(api: Api, engines: Engines) -> None:
    root, tenant = await make_person(engines, super_admin=True), await make_tenant(engines)
    path = f"/api/platform/tenants/{tenant.id}/entries"
    async with api.client(root) as client:
        assert (await client.get(f"/api/tenants/{tenant.id}/jobs")).status_code == 404
        assert (await client.post(path, json={"reason": "x"})).status_code == 422
        session = (await client.post(path, json={"reason": "ticket 4711: no internet", "minutes": 30})).json()
        assert [(t["role"], t["entered_until"] is not None) for t in session["tenants"]] == [
            ("super_admin", True)
        ]
        assert (await client.get(f"/api/tenants/{tenant.id}/jobs")).status_code == 200
        entry = (await client.get(f"/api/tenants/{tenant.id}/audit")).json()["entries"][0]
        assert (entry["action"], entry["details"]["reason"]) == ("tenant.entered", "ticket 4711: no internet")
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(f"/api/tenants/{tenant.id}/jobs")).status_code == 404
