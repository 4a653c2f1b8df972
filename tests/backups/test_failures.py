"""A capture that fails says why, saves nothing, is tried again in a while, and is nobody else's trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import MagicMock
from uuid import UUID, uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from drover.backups import tasks
from drover.gateway import service as gateway
from drover.platform.bus import Bus
from drover.platform.db import Transaction
from drover.platform.errors import DroverError, EngineUnavailableError, ForbiddenError
from drover.tenants.contracts import Services
from tests.backups.conftest import Shelf, ShelfMaker, finished, take
from tests.engines_fixture import Engines
from tests.factories.devices import change_device, change_password
from tests.factories.tenants import make_person
from tests.office_fixture import Office


async def lose_password(shelf: Shelf, _: pytest.MonkeyPatch) -> None:
    await change_password(shelf.engines, shelf.device, 2, "not the password")


async def change_host_key(shelf: Shelf, _: pytest.MonkeyPatch) -> None:
    await change_device(shelf.engines, shelf.device, ssh_host_key_sha256="SHA256:" + "A" * 43)


async def lose_host_key(shelf: Shelf, _: pytest.MonkeyPatch) -> None:
    await change_device(shelf.engines, shelf.device, ssh_host_key_sha256=None)


async def close_port(shelf: Shelf, _: pytest.MonkeyPatch) -> None:
    shelf.router.set_fault("down")


async def move_credentials(shelf: Shelf, _: pytest.MonkeyPatch) -> None:
    await shelf.rows(
        "update drover.device_credentials set version = 7 where tenant_id = %s and device_id = %s returning 1",
        shelf.tenant.id,
        shelf.device.id,
    )


async def cut_short(_: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    print_as(monkeypatch, lambda text: text[: len(text) // 2].removesuffix("\r\n"))


async def leave_a_menu_out(_: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    print_as(monkeypatch, lambda text: text + "#error exporting /ip firewall calea\r\n")


async def say_something_else(_: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    print_as(
        monkeypatch, lambda _: "# 2026-01-01 00:00:00 by RouterOS seven\r\n/ip dns set servers=1.1.1.1\r\n"
    )


def print_as(monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    from rossim.export import export

    monkeypatch.setattr("rossim.console.export", lambda *args: change(export(*args)))


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (lose_password, "device.wrong_password", "the router refused the login"),
        (change_host_key, "device.host_key_changed", "is not the one that was confirmed"),
        (lose_host_key, "device.no_host_key", "no SSH host key was confirmed"),
        (close_port, "device.port_closed", "check that ssh is enabled"),
        (move_credentials, "keys.unavailable", "does not open here"),
        (cut_short, "device.export_incomplete", "the export's last line has no end"),
        (leave_a_menu_out, "device.export_incomplete", "couldn't export /ip firewall calea"),
        (say_something_else, "device.export_incomplete", "the export has no header"),
    ],
)
async def test_what_is_wrong_is_said_on_the_device_and_nothing_is_saved(
    make_shelf: ShelfMaker,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Shelf, pytest.MonkeyPatch], Awaitable[None]],
    code: str,
    words: str,
) -> None:
    shelf = await make_shelf()
    await shelf.capture()
    shelf.add("/ip/firewall/address-list", address="192.0.2.1", list="never-seen")
    await spoil(shelf, monkeypatch)
    for _ in range(2):
        with pytest.raises(DroverError, match=words) as caught:
            await shelf.capture()
        assert caught.value.code == code
    assert len(await shelf.versions()) == 1
    state, error = await shelf.snapshot_state()
    assert (state, error) == ("failed", caught.value.message)
    [(kind, message)] = await shelf.events()  # once, not at every try
    assert (kind, message) == ("snapshot.failed", f"Backup of {shelf.device.name} failed: {error}")
    entries = [(outcome, details.get("code")) for outcome, details, _ in await shelf.audit()]
    assert entries[2:] == [("intent", None), ("failure", code)] * 2
    assert shelf.router.spec.password not in str(error)


async def test_a_device_that_works_again_says_so(make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf()
    shelf.router.set_fault("down")
    with pytest.raises(DroverError):
        await shelf.capture()
    shelf.router.clear_fault("down")
    assert (await shelf.capture())["changed"]
    assert await shelf.snapshot_state() == ("ok", None)


async def next_try_s(shelf: Shelf) -> float:
    [(after_s,)] = await shelf.rows(
        "select extract(epoch from next_snapshot_at - now())::float from drover.devices where tenant_id = %s and id = %s",
        shelf.tenant.id,
        shelf.device.id,
    )
    return float(after_s)


@pytest.mark.parametrize(
    ("interval_s", "failing_for", "expected_s"),
    [
        (21_600, None, 900),  # the first failure
        (600, None, 600),  # never later than the device's own interval
        (21_600, timedelta(minutes=16), 960),
        (21_600, timedelta(hours=1), 3600),
        (21_600, timedelta(days=9), 21_600),
    ],
)
async def test_the_next_try_comes_after_a_quarter_of_an_hour_then_ever_later(
    make_shelf: ShelfMaker, interval_s: int, failing_for: timedelta | None, expected_s: int
) -> None:
    shelf = await make_shelf(snapshot_interval_s=interval_s, next_snapshot_at=datetime.now(UTC))
    if failing_for is not None:
        await change_device(shelf.engines, shelf.device, snapshot_state="failed")
        await shelf.rows(
            "insert into drover.events (tenant_id, at, kind, severity, device_id, message)"
            " values (%s, now() - %s, 'snapshot.failed', 'warning', %s, 'x') returning 1",
            shelf.tenant.id,
            failing_for,
            shelf.device.id,
        )
    shelf.router.set_fault("down")
    with pytest.raises(DroverError):
        await shelf.capture()
    assert expected_s * 0.88 <= await next_try_s(shelf) <= expected_s * 1.12
    shelf.router.clear_fault("down")
    await shelf.capture()
    assert interval_s * 0.88 <= await next_try_s(shelf) <= interval_s * 1.12


async def test_a_try_that_ends_without_a_word_is_not_due_again_at_once(
    make_shelf: ShelfMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = await make_shelf(next_snapshot_at=datetime.now(UTC))

    async def fall_over(*_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(gateway, "open_ssh", fall_over)
    with pytest.raises(RuntimeError):
        await shelf.capture()
    assert 800 < await next_try_s(shelf) <= 900


class DeadBus(Bus):
    """A connection over which nothing goes out."""

    async def publish(self, *_: Any, **__: Any) -> None:
        raise EngineUnavailableError("NATS is away")


async def test_a_hint_that_can_not_be_sent_undoes_nothing(make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf()
    deaf = replace(shelf.services, bus=DeadBus(MagicMock()))
    with capture_logs() as logs:
        assert (await shelf.capture(services=deaf))["changed"]
    assert [entry["event"] for entry in logs] == ["hint not sent"]
    assert await shelf.snapshot_state() == ("ok", None)
    assert await shelf.events() == []
    assert [outcome for outcome, _, _ in await shelf.audit()] == ["intent", "success"]
    shelf.router.set_fault("down")
    with pytest.raises(DroverError, match="nothing listens"):
        await shelf.capture(services=deaf)


def losing_the_role(shelf: Shelf, user_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a person's role while their capture is on its way to the router."""
    open_ssh = gateway.open_ssh

    async def open_and_lose(*args: Any) -> Any:
        async with await psycopg.AsyncConnection.connect(shelf.engines.dsn("drover_owner")) as owner:
            await owner.execute("delete from auth.memberships where user_id = %s", (user_id,))
        return await open_ssh(*args)

    monkeypatch.setattr(gateway, "open_ssh", open_and_lose)


async def test_a_failure_is_noted_though_its_grantor_may_no_longer_enter(
    make_shelf: ShelfMaker, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = await make_shelf()
    person = await make_person(engines, {shelf.tenant.id: "operator"})
    losing_the_role(shelf, person.user_id, monkeypatch)
    shelf.router.set_fault("down")
    with pytest.raises(DroverError) as caught:
        await shelf.capture(person=person)
    assert caught.value.code == "device.port_closed"
    assert await shelf.snapshot_state() == ("failed", caught.value.message)
    entries = [(outcome, kind) for outcome, _, kind in await shelf.audit()]
    assert entries == [("intent", "user"), ("failure", "service")]


async def test_a_capture_whose_grantor_lost_the_role_saves_nothing_and_blames_no_device(
    make_shelf: ShelfMaker, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = await make_shelf()
    person = await make_person(engines, {shelf.tenant.id: "operator"})
    losing_the_role(shelf, person.user_id, monkeypatch)
    with pytest.raises(ForbiddenError):
        await shelf.capture(person=person)
    assert await shelf.versions() == []
    assert await shelf.snapshot_state() == ("never", None)
    assert await shelf.events() == []
    assert [(outcome, details.get("code")) for outcome, details, _ in await shelf.audit()] == [
        ("intent", None),
        ("failure", "forbidden"),
    ]


async def test_a_device_deleted_meanwhile_gets_no_version(
    make_shelf: ShelfMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = await make_shelf()
    open_ssh = gateway.open_ssh

    async def open_and_delete(*args: Any) -> Any:
        await change_device(shelf.engines, shelf.device, deleted_at=datetime.now(UTC))
        return await open_ssh(*args)

    monkeypatch.setattr(gateway, "open_ssh", open_and_delete)
    with pytest.raises(DroverError, match="the device is gone"):
        await shelf.capture()
    assert await shelf.versions() == []
    assert await shelf.events() == []


async def jobs_of(shelf: Shelf) -> int:
    [(found,)] = await shelf.rows(
        "select count(*) from drover.jobs where tenant_id = %s and device_id = %s and kind = 'take_snapshot'",
        shelf.tenant.id,
        shelf.device.id,
    )
    return int(found)


class TroubledDatabase:
    """The services' database in which some tenants can't be entered."""

    def __init__(self, services: Services, troubled: list[int]) -> None:
        self._database = services.database
        self._troubled = troubled

    async def list_leases(self) -> dict[int, UUID]:
        leases = await self._database.list_leases()
        first = {tenant_id: uuid4() for tenant_id in self._troubled}
        return first | {tenant_id: lease for tenant_id, lease in leases.items() if tenant_id not in first}

    @asynccontextmanager
    async def service(self, lease: UUID) -> AsyncIterator[Transaction]:
        async with self._database.service(lease) as transaction:
            yield transaction


async def test_one_tenants_trouble_does_not_end_the_round_of_the_others(make_shelf: ShelfMaker) -> None:
    due = {"next_snapshot_at": datetime.now(UTC), "ssh_host_key_sha256": "SHA256:" + "A" * 43}
    shelf = await make_shelf(**due)
    other = await make_shelf()
    troubled = TroubledDatabase(shelf.services, [other.tenant.id])
    with capture_logs() as logs:
        await tasks.start_due_snapshots(replace(shelf.services, database=troubled))  # type: ignore[arg-type]
    assert await jobs_of(shelf) == 1
    assert [entry["tenant"] for entry in logs if entry["event"] == "due snapshots not started"] == [
        other.tenant.id
    ]


@pytest.mark.parametrize(
    ("state", "starts"),
    [
        ("online", 1),
        ("unknown", 1),
        ("stale", 1),
        ("offline", 0),
        ("needs_credentials", 0),
        ("certificate_changed", 0),
    ],
)
async def test_a_device_that_can_not_be_reached_waits_and_is_tried_as_soon_as_it_is_back(
    make_shelf: ShelfMaker, state: str, starts: int
) -> None:
    shelf = await make_shelf()
    await set_state(shelf, state)
    await change_device(shelf.engines, shelf.device, next_snapshot_at=datetime.now(UTC))
    await tasks.start_due_snapshots(shelf.services)
    assert await jobs_of(shelf) == starts
    await set_state(shelf, "online")
    await tasks.start_due_snapshots(shelf.services)
    assert await jobs_of(shelf) == 1


async def set_state(shelf: Shelf, state: str) -> None:
    await shelf.rows(
        "update drover.device_status set state = %s where tenant_id = %s and device_id = %s returning 1",
        state,
        shelf.tenant.id,
        shelf.device.id,
    )


async def test_the_job_tells_the_code_and_the_words(office: Office, make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    assert (await take(office, shelf.device.id))["state"] == "done"
    await change_password(shelf.engines, shelf.device, 2, "not the password")
    job = await take(office, shelf.device.id)
    assert (job["state"], job["error_code"]) == ("failed", "device.wrong_password")
    device = (await office.http.get(f"{office.root}/devices/{shelf.device.id}")).json()
    assert (device["snapshot_state"], device["snapshot_error"]) == ("failed", job["error_message"])
    timeline = (await office.http.get(f"{office.root}/devices/{shelf.device.id}/snapshots")).json()
    assert timeline["total"] == 1


async def test_a_second_request_joins_the_running_job(office: Office, make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf(tenant=office.tenant)
    shelf.router.set_fault("slow:1")
    path = f"{office.root}/devices/{shelf.device.id}/snapshots"
    first, second = [(await office.http.post(path)).json() for _ in range(2)]
    assert first["id"] == second["id"]
    assert (await finished(office.http, office.root, second))["state"] == "done"
    assert len(await shelf.versions()) == 1
    assert len(await shelf.audit("snapshot.requested")) == 2


async def test_a_device_without_a_confirmed_host_key_is_refused_at_once(
    office: Office, make_shelf: ShelfMaker
) -> None:
    shelf = await make_shelf(tenant=office.tenant, ssh_host_key_sha256=None)
    reply = await office.http.post(f"{office.root}/devices/{shelf.device.id}/snapshots")
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "backups.no_host_key")
    assert await jobs_of(shelf) == 0
