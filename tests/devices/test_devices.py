"""The device table, changes, groups, tags and deletion: over HTTP, with what the trail says of them."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from rossim.specs import RouterSpec
from tests.api_fixture import Api
from tests.devices.conftest import Office
from tests.engines_fixture import Engines
from tests.factories.tenants import make_person, make_tenant
from tests.rossim_fixture import FleetFactory


async def plant(engines: Engines, tenant_id: int, count: int) -> list[int]:
    """Devices as rows, when no router is needed: router 0 has the highest CPU, the last one was never polled."""
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        ids = []
        for number in range(count):
            row = await (
                await owner.execute(
                    "insert into drover.devices (tenant_id, name, address, api_port, ssh_port, username, spki_sha256, model, serial)"
                    " values (%s, %s, %s, 8729, 22, 'drover', repeat('a', 64), %s, %s) returning id",
                    (
                        tenant_id,
                        f"Router {number:03d}",
                        f"10.1.0.{number + 1}",
                        "RB5009" if number % 2 else "hAP ax3",
                        f"S{number:05d}",
                    ),
                )
            ).fetchone()
            assert row is not None
            ids.append(row[0])
            if number < count - 1:
                await owner.execute(
                    "insert into drover.device_status (tenant_id, device_id, state, cpu_percent) values (%s, %s, 'online', %s)",
                    (tenant_id, row[0], 100 - number),
                )
    return ids


async def test_the_table_is_searched_filtered_sorted_and_paged(office: Office, engines: Engines) -> None:
    ids = await plant(engines, office.tenant.id, 30)
    page = (await office.http.get(f"{office.root}/devices?limit=10&offset=20")).json()
    assert (page["total"], page["devices"][0]["name"], len(page["devices"])) == (
        30,
        "Router 020",
        10,
    )
    assert (await office.http.get(f"{office.root}/devices?limit=10&offset=90")).json()["total"] == 30
    assert [d["serial"] for d in await office.devices("q=s00007")] == ["S00007"]
    assert len(await office.devices("q=rb5009")) == 15
    assert [d["id"] for d in await office.devices("state=unknown")] == [ids[-1]]
    by_cpu = await office.devices("sort=cpu_percent&order=desc")
    assert [by_cpu[0]["cpu_percent"], by_cpu[-1]["cpu_percent"]] == [
        100,
        None,
    ]  # unknown last, and null, not 0
    assert (await office.devices("sort=cpu_percent&order=asc"))[-1]["cpu_percent"] is None
    assert (await office.devices("sort=name&order=desc"))[0]["name"] == "Router 029"
    assert (await office.http.get(f"{office.root}/devices?sort=password")).status_code == 422


async def test_a_change_says_what_was_and_what_is(office: Office, engines: Engines) -> None:
    (device_id,) = await plant(engines, office.tenant.id, 1)
    group = (await office.http.post(f"{office.root}/groups", json={"name": "North"})).json()
    body = {
        "name": "New name",
        "group_id": group["id"],
        "tags": ["Edge", "core"],
        "poll_interval_s": 30,
        "disabled": True,
    }
    changed = (await office.http.patch(f"{office.root}/devices/{device_id}", json=body)).json()
    assert (changed["name"], changed["group_name"], changed["tags"], changed["state"]) == (
        "New name",
        "North",
        ["core", "Edge"],
        "disabled",
    )
    entry = (await office.http.get(f"{office.root}/audit?action=device.changed")).json()["entries"][0]
    assert entry["details"]["name"] == {"old": "Router 000", "new": "New name"}
    assert entry["details"]["poll_interval_s"] == {"old": 60, "new": 30}
    cleared = (
        await office.http.patch(f"{office.root}/devices/{device_id}", json={"clear_group": True, "tags": []})
    ).json()
    assert (cleared["group_id"], cleared["tags"]) == (None, [])
    for wrong in ({"poll_interval_s": 5}, {"name": ""}, {"group_id": 99999999}, {"password": "x"}):
        assert (await office.http.patch(f"{office.root}/devices/{device_id}", json=wrong)).status_code in (
            404,
            422,
        )


async def test_groups_and_tags_count_their_devices(office: Office, engines: Engines) -> None:
    ids = await plant(engines, office.tenant.id, 3)
    north = (await office.http.post(f"{office.root}/groups", json={"name": "North"})).json()
    taken = await office.http.post(f"{office.root}/groups", json={"name": "NORTH"})
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "group.name_taken")
    for device_id in ids[:2]:
        await office.http.patch(
            f"{office.root}/devices/{device_id}", json={"group_id": north["id"], "tags": ["edge"]}
        )
    assert [(g["name"], g["devices"]) for g in (await office.http.get(f"{office.root}/groups")).json()] == [
        ("North", 2)
    ]
    assert (await office.http.get(f"{office.root}/tags")).json() == [{"name": "edge", "devices": 2}]
    assert len(await office.devices(f"group_id={north['id']}")) == len(await office.devices("tag=EDGE")) == 2
    renamed = (await office.http.patch(f"{office.root}/groups/{north['id']}", json={"name": "South"})).json()
    assert (renamed["name"], renamed["devices"]) == ("South", 2)
    assert (await office.http.delete(f"{office.root}/groups/{north['id']}")).status_code == 204
    assert {d["group_id"] for d in await office.devices()} == {None}


@pytest.mark.parametrize("history", ["keep", "purge"])
async def test_a_deleted_device_has_no_credentials_and_its_history_is_kept_or_purged(
    office: Office,
    engines: Engines,
    fleet_factory: FleetFactory,
    router_spec: Callable[..., RouterSpec],
    history: str,
) -> None:
    router = next(iter(await fleet_factory(router_spec())))
    device_id = await office.add(router, tags=["edge"])
    assert (
        await office.http.delete(f"{office.root}/devices/{device_id}")
    ).status_code == 422  # the choice is the person's
    assert (
        await office.http.delete(f"{office.root}/devices/{device_id}?history={history}")
    ).status_code == 204
    assert (await office.http.get(f"{office.root}/devices/{device_id}")).status_code == 404
    assert not await office.devices()
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:

        async def count(table: str) -> int:
            row = await (
                await owner.execute(
                    f"select count(*) from {table} where tenant_id = %s and device_id = %s",
                    (office.tenant.id, device_id),
                )
            ).fetchone()  # type: ignore[arg-type]
            assert row is not None
            return int(row[0])

        assert await count("drover.device_credentials") == 0
        assert (await count("drover.events") > 0) == (history == "keep")
        assert (await count("drover.device_tags") > 0) == (history == "keep")
    entry = (await office.http.get(f"{office.root}/audit?action=device.deleted")).json()["entries"][0]
    assert (entry["target_id"], entry["details"]["history"]) == (
        str(device_id),
        "kept" if history == "keep" else "purged",
    )
    assert await office.add(router) != device_id  # the same router may come back


async def test_another_clients_device_is_not_found_by_any_road(
    office: Office, api: Api, engines: Engines
) -> None:
    other = await make_tenant(engines)
    (foreign,) = await plant(engines, other.id, 1)
    (own,) = await plant(engines, office.tenant.id, 1)
    stranger = await make_person(engines, {other.id: "admin"})
    async with api.client(stranger) as http:
        group = (await http.post(f"/api/tenants/{other.id}/groups", json={"name": "Theirs"})).json()["id"]
    for method, path, body in (
        ("GET", f"devices/{foreign}", None), ("PATCH", f"devices/{foreign}", {"name": "x"}), ("DELETE", f"devices/{foreign}?history=purge", None),
        ("POST", f"devices/{foreign}/connection", {"password": "x"}), ("PATCH", f"devices/{own}", {"group_id": group}),
        ("PATCH", f"groups/{group}", {"name": "x"}), ("DELETE", f"groups/{group}", None),
        ("POST", "enrolments", {"address": "127.77.0.1", "username": "a", "password": "b", "group_id": group}),
    ):  # fmt: skip
        reply = await office.http.request(method, f"{office.root}/{path}", json=body)
        assert reply.status_code == 404, (method, path, reply.text)
    assert not await office.devices(f"group_id={group}")
