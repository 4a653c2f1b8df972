"""What is not captured says why; what goes wrong is told once, and so is its end."""

from __future__ import annotations

from typing import Any

import pytest

from drover.platform.errors import DroverError
from tests.api_fixture import Api
from tests.backups.conftest import ShelfMaker
from tests.factories.tenants import make_person


@pytest.mark.parametrize(
    ("columns", "code", "in_the_worker"),
    [
        ({"disabled": True}, "backups.device_disabled", "backups.device_disabled"),
        ({"ssh_host_key_sha256": None}, "backups.no_host_key", "device.no_host_key"),
    ],
)
async def test_what_must_not_or_can_not_be_captured_is_refused_however_it_is_asked_for(
    make_shelf: ShelfMaker, api: Api, columns: dict[str, Any], code: str, in_the_worker: str
) -> None:
    shelf = await make_shelf(**columns)
    admin = await make_person(shelf.engines, {shelf.tenant.id: "admin"})
    async with api.client(admin) as http:
        reply = await http.post(f"/api/tenants/{shelf.tenant.id}/devices/{shelf.device.id}/snapshots")
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, code)
    with pytest.raises(DroverError) as caught:
        await shelf.capture()
    assert caught.value.code == in_the_worker
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
