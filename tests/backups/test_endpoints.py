"""Timelines, texts and differences over HTTP: who sees what, and that nobody sees a secret."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from drover.backups.contracts import SECRETS_COLUMN, TABLE
from drover.platform.errors import KeysUnavailableError
from drover.platform.secrets import Place, Purpose
from rossim.specs import RouterSpec
from routeros.export import parse_export, secret_spans
from tests.api_fixture import Api
from tests.backups.conftest import Shelf, ShelfMaker, take
from tests.engines_fixture import Engines
from tests.factories.devices import change_device, make_device
from tests.factories.tenants import make_person, make_tenant
from tests.office_fixture import Office
from tests.rossim_fixture import FleetFactory


async def test_a_router_that_was_added_is_backed_up_by_itself(
    office: Office, fleet_factory: FleetFactory, router_spec: Callable[..., RouterSpec]
) -> None:
    [router] = await fleet_factory(router_spec())
    path = f"{office.root}/devices/{await office.add(router)}/snapshots"
    async with asyncio.timeout(30):
        while not (found := (await office.http.get(path)).json())["total"]:
            await asyncio.sleep(0.05)
    [snapshot] = found["snapshots"]
    # By the job that came with the device, or, seen rarely under load, by the schedule a round later (docs/subsystems/backups.md).
    assert snapshot["trigger"] in ("enrolment", "schedule")
    assert (snapshot["version"], snapshot["lines_added"]) == ("7.18.2", None)


async def test_a_timeline_has_its_versions_newest_first_in_pages(
    office: Office, make_shelf: ShelfMaker
) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    path = f"{office.root}/devices/{shelf.device.id}/snapshots"
    assert (await office.http.get(path)).json() == {"snapshots": [], "total": 0}
    ids = []
    for number in range(3):
        shelf.router.state.tree.update("/system/identity", {"name": f"name-{number}"})
        job = await take(office, shelf.device.id)
        assert job["state"] == "done"
        ids.append(job["result"]["snapshot_id"])
    page = (await office.http.get(path)).json()
    assert [snapshot["id"] for snapshot in page["snapshots"]] == ids[::-1]
    assert page["total"] == 3
    assert [(each["lines_added"], each["lines_removed"]) for each in page["snapshots"]] == [
        (1, 1),
        (1, 1),
        (None, None),
    ]
    assert {each["trigger"] for each in page["snapshots"]} == {"manual"}
    second = (await office.http.get(path, params={"limit": 1, "offset": 1})).json()
    assert [snapshot["id"] for snapshot in second["snapshots"]] == [ids[1]]
    text = (await office.http.get(f"{path}/{ids[0]}")).json()
    assert 'name="name-0"' in text["text"] or "name=name-0" in text["text"]
    assert text["size_bytes"] == len(text["text"].encode())


async def two_versions(shelf: Shelf) -> tuple[int, int]:
    """Two versions between which one secret changed."""
    shelf.add("/ppp/secret", name="branch", password="the-first-value", service="l2tp")
    first = await shelf.capture()
    shelf.change("/ppp/secret", password="the-second-value")
    second = await shelf.capture()
    return first["snapshot_id"], second["snapshot_id"]


async def test_a_secret_that_changed_shows_as_a_changed_token_and_never_as_itself(
    office: Office, make_shelf: ShelfMaker
) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    first, second = await two_versions(shelf)
    path = f"{office.root}/devices/{shelf.device.id}/snapshots"
    reply = await office.http.get(f"{path}/diff", params={"from_id": first, "to_id": second})
    diff = reply.json()
    assert (diff["from_id"], diff["to_id"], diff["added"], diff["removed"]) == (first, second, 1, 1)
    [hunk] = diff["hunks"]
    assert hunk["heading"] == "/ppp secret"
    lines = {line["kind"]: line["text"] for line in hunk["lines"] if line["kind"] != "context"}
    assert lines["removed"] != lines["added"]
    assert all("password=<secret:" in text and "name=branch" in text for text in lines.values())
    texts = [(await office.http.get(f"{path}/{each}")).text for each in (first, second)]
    for value in {span.value for span in secret_spans(parse_export(shelf.printed()))} | {"the-first-value"}:
        if len(value) >= 6:
            assert value not in "".join(texts) + reply.text
    backwards = (await office.http.get(f"{path}/diff", params={"from_id": second, "to_id": first})).json()
    assert (backwards["added"], backwards["removed"]) == (1, 1)
    same = (await office.http.get(f"{path}/diff", params={"from_id": first, "to_id": first})).json()
    assert (same["added"], same["removed"], same["hunks"]) == (0, 0, [])


async def test_a_viewer_reads_and_may_not_start(
    office: Office, api: Api, engines: Engines, make_shelf: ShelfMaker
) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    first, second = await two_versions(shelf)
    viewer = await make_person(engines, {office.tenant.id: "viewer"})
    path = f"{office.root}/devices/{shelf.device.id}/snapshots"
    async with api.client(viewer) as http:
        assert (await http.get(path)).json()["total"] == 2
        text = (await http.get(f"{path}/{second}")).json()["text"]
        assert "<secret:" in text
        assert "the-second-value" not in text
        assert (await http.get(f"{path}/diff", params={"from_id": first, "to_id": second})).status_code == 200
        assert (await http.post(path)).status_code == 403
    assert await shelf.audit("snapshot.requested") == []


async def test_another_tenants_snapshots_do_not_exist(
    office: Office, api: Api, engines: Engines, make_shelf: ShelfMaker
) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    first, second = await two_versions(shelf)
    foreign = await make_shelf(tenant=await make_tenant(engines))
    theirs = await foreign.capture()
    stranger = await make_person(engines, {foreign.tenant.id: "admin"})
    ids = {"from_id": first, "to_id": second}
    async with api.client(stranger) as http:
        for root in (office.root, f"/api/tenants/{foreign.tenant.id}"):
            path = f"{root}/devices/{shelf.device.id}/snapshots"
            replies = [
                await http.get(path),
                await http.post(path),
                await http.get(f"{path}/{first}"),
                await http.get(f"{path}/diff", params=ids),
            ]
            assert [reply.status_code for reply in replies] == [404] * 4
        own = f"/api/tenants/{foreign.tenant.id}/devices/{foreign.device.id}/snapshots"
        snapshot_id = theirs["snapshot_id"]
        assert (await http.get(f"{own}/{snapshot_id}")).status_code == 200
        for pair in ((first, snapshot_id), (snapshot_id, second), (first, second)):
            reply = await http.get(f"{own}/diff", params=dict(zip(("from_id", "to_id"), pair, strict=True)))
            assert (reply.status_code, reply.json()["error"]["code"]) == (404, "snapshot.not_found")
        assert (await http.get(f"{own}/{first}")).status_code == 404


async def test_a_snapshot_is_read_under_its_own_device_only(office: Office, make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    first, second = await two_versions(shelf)
    neighbour = await make_device(shelf.engines, office.tenant)
    path = f"{office.root}/devices/{neighbour.id}/snapshots"
    assert (await office.http.get(f"{path}/{first}")).status_code == 404
    reply = await office.http.get(f"{path}/diff", params={"from_id": first, "to_id": second})
    assert reply.status_code == 404


async def test_the_kept_history_of_a_deleted_device_is_not_read_through_the_api(
    office: Office, make_shelf: ShelfMaker
) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    first, second = await two_versions(shelf)
    await change_device(shelf.engines, shelf.device, deleted_at=datetime.now(UTC))
    path = f"{office.root}/devices/{shelf.device.id}/snapshots"
    for each in ("", f"/{first}", f"/diff?from_id={first}&to_id={second}"):
        assert (await office.http.get(path + each)).status_code == 404
    assert len(await shelf.versions()) == 2


async def test_the_api_can_neither_read_nor_open_secret_values(
    office: Office, api: Api, engines: Engines, make_shelf: ShelfMaker
) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    await shelf.capture()
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_api")) as connection:
        await connection.execute("select tenancy.enter(%s, %s)", (office.admin.secret, office.tenant.id))
        seen = await (
            await connection.execute(
                "select count(documents) from drover.config_blobs where tenant_id = %s", (office.tenant.id,)
            )
        ).fetchone()
        assert seen == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(
                "select secrets from drover.config_blobs where tenant_id = %s", (office.tenant.id,)
            )
    [(digest, sealed)] = await shelf.rows(
        "select digest, secrets from drover.config_blobs where tenant_id = %s", office.tenant.id
    )
    place = Place(office.tenant.id, TABLE, digest.hex(), SECRETS_COLUMN)
    assert await shelf.services.envelopes.unseal(place, Purpose.SECRETS, sealed)
    with pytest.raises(KeysUnavailableError, match="may not open secrets"):
        await api.app.state.envelopes.unseal(place, Purpose.SECRETS, sealed)
