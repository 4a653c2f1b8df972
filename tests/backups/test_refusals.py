"""What is not captured says why; what goes wrong is told once, and so is its end; what was kept can be read."""

from __future__ import annotations

from typing import Any

import pytest

from drover.backups.errors import DeviceDisabledError, NoHostKeyError
from drover.platform.errors import DroverError
from tests.api_fixture import Api
from tests.backups.conftest import ShelfMaker
from tests.factories.tenants import make_person

REFUSED: list[tuple[dict[str, Any], type[DroverError]]] = [
    ({"disabled": True}, DeviceDisabledError),
    ({"ssh_host_key_sha256": None}, NoHostKeyError),
]


@pytest.mark.parametrize(("columns", "error"), REFUSED)
async def test_what_must_not_or_can_not_be_captured_is_refused_however_it_is_asked_for(
    make_shelf: ShelfMaker, api: Api, columns: dict[str, Any], error: type[DroverError]
) -> None:
    shelf = await make_shelf(**columns)
    admin = await make_person(shelf.engines, {shelf.tenant.id: "admin"})
    async with api.client(admin) as http:
        reply = await http.post(f"/api/tenants/{shelf.tenant.id}/devices/{shelf.device.id}/snapshots")
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, error.code)
    with pytest.raises(error):
        await shelf.capture()
    assert (await shelf.snapshot_state())[0] == "failed"
    assert await shelf.versions() == []


async def test_a_failure_is_told_once_and_so_is_its_end(make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf()
    shelf.router.set_fault("down")
    for _ in range(2):
        with pytest.raises(DroverError):
            await shelf.capture()
    shelf.router.clear_fault("down")
    await shelf.capture()
    await shelf.capture()
    assert [kind for kind, _ in await shelf.events()] == ["snapshot.failed", "snapshot.recovered"]
    assert await shelf.snapshot_state() == ("ok", None)


async def test_each_capture_names_the_device_whose_credentials_were_read(make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf()
    await shelf.capture()
    assert await shelf.rows(
        "select details from audit.entries where tenant_id = %s and action = 'credentials.read'",
        shelf.tenant.id,
    ) == [({"devices": [shelf.device.id], "why": "snapshot"},)]


@pytest.mark.parametrize(("history", "status"), [("keep", 200), ("purge", 404)])
async def test_a_timeline_outlives_its_device_when_history_is_kept(
    make_shelf: ShelfMaker, api: Api, history: str, status: int
) -> None:
    shelf = await make_shelf()
    version = (await shelf.capture())["snapshot_id"]
    device = f"/api/tenants/{shelf.tenant.id}/devices/{shelf.device.id}"
    admin = await make_person(shelf.engines, {shelf.tenant.id: "admin"})
    async with api.client(admin) as http:
        assert (await http.delete(f"{device}?history={history}")).status_code == 204
        assert (await http.get(f"{device}/snapshots")).status_code == status
        assert (await http.get(f"{device}/snapshots/{version}")).status_code == status
        assert (await http.post(f"{device}/snapshots")).status_code == 404
    bodies = await shelf.rows(
        "select count(*) from drover.config_blobs where tenant_id = %s", shelf.tenant.id
    )
    assert bodies == [(1 if history == "keep" else 0,)]


async def test_line_numbers_of_a_difference_are_those_of_the_whole_text(
    make_shelf: ShelfMaker, api: Api
) -> None:
    shelf = await make_shelf()
    old = (await shelf.capture())["snapshot_id"]
    shelf.router.state.tree.update("/system/identity", {"name": "renamed"})
    new = (await shelf.capture())["snapshot_id"]
    root = f"/api/tenants/{shelf.tenant.id}/devices/{shelf.device.id}/snapshots"
    viewer = await make_person(shelf.engines, {shelf.tenant.id: "viewer"})
    async with api.client(viewer) as http:
        diff = (await http.get(f"{root}/diff?from_id={old}&to_id={new}")).json()
        texts = [(await http.get(f"{root}/{each}")).json()["text"].splitlines() for each in (old, new)]
    [hunk] = diff["hunks"]
    assert (diff["added"], diff["removed"], hunk["heading"]) == (1, 1, "/system identity")
    assert {line["kind"] for line in hunk["lines"]} == {"context", "removed", "added"}
    for line in hunk["lines"]:
        for text, number in zip(texts, (line["old_line"], line["new_line"]), strict=True):
            assert number is None or text[number - 1] == line["text"]
