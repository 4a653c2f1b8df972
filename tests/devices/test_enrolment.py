"""A device comes in only confirmed and verified; whatever goes wrong has its own error and saves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from drover.devices.tasks import expire_enrolments
from rossim.fleet import Fleet
from rossim.specs import RouterSpec
from tests.api_fixture import Api
from tests.devices.conftest import Office
from tests.engines_fixture import Engines
from tests.factories.tenants import make_person, make_tenant
from tests.rossim_fixture import FleetFactory

Spec = Callable[..., RouterSpec]


async def rows(engines: Engines, statement: str, *params: Any) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        return await (await owner.execute(statement, params)).fetchall()  # type: ignore[arg-type]


def only(fleet: Fleet) -> Any:
    return next(iter(fleet))


@pytest.mark.parametrize(
    ("model", "version", "profile"),
    [
        ("hap-ax3", "7.18.2", "office"),
        ("rb4011", "6.49.18", "tower"),
        ("ccr2004", "7.16.2", "core"),
        ("rb5009", "7.20.6", "warehouse"),
    ],
)
async def test_a_router_is_added_by_address(
    office: Office,
    engines: Engines,
    fleet_factory: FleetFactory,
    router_spec: Spec,
    model: str,
    version: str,
    profile: str,
) -> None:
    router = only(await fleet_factory(router_spec(model=model, version=version, profile=profile)))
    shown = await office.begin(router, tags=["edge", "new"])
    assert shown["state"] == "awaiting_confirmation"
    assert shown["spki_sha256"] == router.certificate_sha256_spki
    assert shown["ssh_host_key_sha256"] == router.ssh_host_key_sha256
    assert router.spec.password not in str(shown)
    assert not await office.devices()  # nothing is saved before somebody confirms
    done = await office.confirm(shown)
    assert (done["state"], done["serial"], done["identity"]) == (
        "done",
        router.spec.serial,
        router.spec.identity,
    )

    device = (await office.http.get(f"{office.root}/devices/{done['device_id']}")).json()
    assert (device["name"], device["serial"], device["tags"]) == (
        router.spec.identity,
        router.spec.serial,
        ["edge", "new"],
    )
    assert device["version"].startswith(version)
    assert device["spki_sha256"] == router.certificate_sha256_spki
    assert device["capabilities"]["ssh"] == "yes (signed in)"
    assert await rows(engines, "select sealed from drover.enrolments where id = %s", done["id"]) == [(None,)]
    actions = await rows(
        engines,
        "select action, actor_id from audit.entries where tenant_id = %s and actor_kind = 'user' order by seq",
        office.tenant.id,
    )
    assert [a for a, _ in actions][:3] == ["enrolment.started", "enrolment.confirmed", "device.added"]
    assert {actor for _, actor in actions} == {office.admin.user_id}


@pytest.mark.parametrize(
    ("fault", "change", "stage", "code"),
    [
        ("down", {}, "begin", "device.port_closed"),
        ("hang", {}, "begin", "device.timeout"),
        (None, {"password": "not the password"}, "confirm", "device.wrong_password"),
        (None, {"address": "127.0.0.9"}, "begin", "device.port_closed"),
        (None, {"address": "no-such-router.invalid"}, "begin", "device.name_not_resolved"),
        ("wrong-certificate", {}, "confirm", "device.certificate_changed"),
    ],
)
async def test_each_failure_has_its_own_error_and_saves_nothing(
    office: Office,
    engines: Engines,
    fleet_factory: FleetFactory,
    router_spec: Spec,
    fault: str | None,
    change: dict[str, Any],
    stage: str,
    code: str,
) -> None:
    router = only(await fleet_factory(router_spec()))
    if fault and stage == "begin":
        router.set_fault(fault)
    found = await office.begin(router, **change)
    if stage == "confirm":
        assert found["state"] == "awaiting_confirmation"
        if fault:
            router.set_fault(fault)
        found = await office.confirm(found)
    assert (found["state"], found["error_code"]) == ("failed", code)
    assert found["error_message"]
    assert not await office.devices()
    assert await rows(
        engines, "select count(*) from drover.device_credentials where tenant_id = %s", office.tenant.id
    ) == [(0,)]
    assert await rows(engines, "select sealed from drover.enrolments where id = %s", found["id"]) == [(None,)]


async def test_what_is_no_router_is_said_to_be_none(
    office: Office, api: Api, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    router = only(await fleet_factory(router_spec()))
    found = await office.begin(router, address="127.0.0.1", api_port=int(api.url.rsplit(":", 1)[1]))
    assert (found["state"], found["error_code"]) == ("failed", "device.not_routeros")


async def test_a_router_without_a_certificate_is_refused_with_an_explanation(
    office: Office, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    router = only(await fleet_factory(router_spec(has_certificate=False)))
    found = await office.begin(router)
    assert (found["state"], found["error_code"]) == ("failed", "device.no_certificate")


async def test_the_same_router_twice_is_refused_by_serial_and_by_address(
    office: Office, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    first = only(await fleet_factory(router_spec()))
    device_id = await office.add(first, name="The first")
    reply = await office.http.post(
        f"{office.root}/enrolments",
        json={"address": first.address, "api_port": first.api_port, "username": "admin", "password": "x"},
    )
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "device.duplicate_address")
    twin = only(await fleet_factory(router_spec(serial=first.spec.serial)))
    found = await office.confirm(await office.begin(twin))
    assert (found["state"], found["error_code"]) == ("failed", "device.duplicate_serial")
    assert "The first" in found["error_message"]
    assert [d["id"] for d in await office.devices()] == [device_id]


async def test_another_client_may_have_the_same_router(
    office: Office, api: Api, engines: Engines, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    router = only(await fleet_factory(router_spec()))
    await office.add(router)
    tenant = await make_tenant(engines)
    admin = await make_person(engines, {tenant.id: "admin"})
    async with api.client(admin) as http:
        assert await Office(tenant, admin, http).add(router) > 0


async def test_addresses_outside_the_management_networks_are_refused(
    api: Api, engines: Engines, worker: None
) -> None:
    tenant = await make_tenant(engines, networks=("10.0.0.0/8",))
    admin = await make_person(engines, {tenant.id: "admin"})
    async with api.client(admin) as http:
        office = Office(tenant, admin, http)
        for address in ("127.0.0.1", "192.168.1.1", "169.254.1.1", "::1"):
            reply = await http.post(
                f"{office.root}/enrolments", json={"address": address, "username": "a", "password": "b"}
            )
            assert (reply.status_code, reply.json()["error"]["code"]) == (422, "device.outside_networks"), (
                address
            )
        reply = await http.post(
            f"{office.root}/enrolments", json={"address": "not an address", "username": "a", "password": "b"}
        )
        assert (reply.status_code, reply.json()["error"]["code"]) == (422, "device.bad_address")
        # A name is judged by what it resolves to, by the worker.
        reply = await http.post(
            f"{office.root}/enrolments", json={"address": "localhost", "username": "a", "password": "b"}
        )
        found = await office.settled(reply.json()["id"])
        assert found["error_code"] == "device.outside_networks"


async def test_other_fingerprints_than_those_shown_are_not_accepted(
    office: Office, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    shown = await office.begin(only(await fleet_factory(router_spec())))
    reply = await office.http.post(
        f"{office.root}/enrolments/{shown['id']}/confirm",
        json={"spki_sha256": "0" * 64, "ssh_host_key_sha256": shown["ssh_host_key_sha256"]},
    )
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "enrolment.fingerprint_differs")


async def test_nobody_finished_so_the_password_is_dropped(
    office: Office, engines: Engines, fleet_factory: FleetFactory, router_spec: Spec, services: Any
) -> None:
    shown = await office.begin(only(await fleet_factory(router_spec())))
    assert (
        await rows(engines, "select sealed is not null from drover.enrolments where id = %s", shown["id"])
    ) == [(True,)]
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        await owner.execute(
            "update drover.enrolments set expires_at = now() - interval '1 second' where id = %s",
            (shown["id"],),
        )
    assert (await office.settled(shown["id"]))["state"] == "expired"
    reply = await office.http.post(
        f"{office.root}/enrolments/{shown['id']}/confirm",
        json={"spki_sha256": shown["spki_sha256"], "ssh_host_key_sha256": shown["ssh_host_key_sha256"]},
    )
    assert reply.json()["error"]["code"] == "enrolment.over"
    await expire_enrolments(services)
    assert await rows(engines, "select state, sealed from drover.enrolments where id = %s", shown["id"]) == [
        ("expired", None)
    ]


async def test_a_connection_is_changed_only_when_the_new_one_works(
    office: Office, engines: Engines, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    old = only(await fleet_factory(router_spec()))
    device_id = await office.add(old)
    before = await rows(
        engines,
        "select sealed, version from drover.device_credentials where device_id = %s and tenant_id = %s",
        device_id,
        office.tenant.id,
    )
    path = f"{office.root}/devices/{device_id}/connection"
    wrong = await office.confirm(
        await office.settled((await office.http.post(path, json={"password": "wrong"})).json()["id"])
    )
    assert (wrong["state"], wrong["error_code"]) == ("failed", "device.wrong_password")
    assert before == await rows(
        engines,
        "select sealed, version from drover.device_credentials where device_id = %s and tenant_id = %s",
        device_id,
        office.tenant.id,
    )

    moved = only(await fleet_factory(router_spec(serial=old.spec.serial, password=old.spec.password)))
    body = {
        "address": moved.address,
        "api_port": moved.api_port,
        "ssh_port": moved.ssh_port,
        "password": moved.spec.password,
    }
    started = await office.settled((await office.http.post(path, json=body)).json()["id"])
    done = await office.confirm(started)
    assert (done["state"], done["device_id"]) == ("done", device_id)
    device = (await office.http.get(f"{office.root}/devices/{device_id}")).json()
    assert (device["address"], device["spki_sha256"]) == (moved.address, moved.certificate_sha256_spki)
    after = await rows(
        engines,
        "select sealed, version from drover.device_credentials where device_id = %s and tenant_id = %s",
        device_id,
        office.tenant.id,
    )
    assert after[0][1] == before[0][1] + 1
    assert after[0][0] != before[0][0]


async def test_no_password_is_anywhere_in_the_database(
    office: Office, engines: Engines, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    router = only(await fleet_factory(router_spec(password="correct-horse-battery")))
    await office.add(router)
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        tables = await (
            await owner.execute(
                "select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p') and not c.relispartition"
                " and c.relnamespace::regnamespace::text in ('drover', 'audit', 'auth', 'tenancy', 'procrastinate')"
            )
        ).fetchall()
        assert len(tables) > 25
        for (table,) in tables:
            found = await owner.execute(
                f"select count(*) from {table} t where strpos(t::text, %s) > 0 or strpos(t::text, %s) > 0",  # type: ignore[arg-type]
                ("correct-horse-battery", b"correct-horse-battery".hex()),
            )
            assert await found.fetchone() == (0,), table


async def test_many_at_once_come_in_whole(
    office: Office, fleet_factory: FleetFactory, router_spec: Spec
) -> None:
    fleet = await fleet_factory(*(router_spec() for _ in range(8)))
    ids = await asyncio.gather(*(office.add(router) for router in fleet))
    assert len(set(ids)) == 8
    assert len(await office.devices()) == 8
