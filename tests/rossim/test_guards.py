"""Safe mode, device mode, who may come in and by which door."""

from __future__ import annotations

import asyncio

import pytest

from rossim.traps import Trap
from tests.rossim.api_client import ApiClient
from tests.rossim.simulated import make_router, make_session, run


async def connect(router):
    client = await ApiClient.connect(router)
    assert await client.login(router.spec.username, router.spec.password) == [["!done"]]
    return client


async def names(client):
    return [row["name"] for row in await client.rows("/ip/pool/print")]


async def test_changes_in_safe_mode_go_back_when_the_connection_is_lost(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec(version="7.18.2"))))
    watcher, holder = await connect(router), await connect(router)
    before = await names(watcher)
    assert await holder.talk("/safe-mode/take") == [["!done"]]
    await holder.talk("/ip/pool/add", "=name=new", "=ranges=192.0.2.1-192.0.2.9")
    await holder.talk("/interface/disable", "=.id=ether2")
    assert await names(watcher) == [*before, "new"]
    refused = await watcher.talk("/safe-mode/take")
    assert "Safe Mode is taken by another user" in refused[0][-1]
    await holder.close()
    async with asyncio.timeout(10):
        while await names(watcher) != before:
            await asyncio.sleep(0.01)
    (row,) = await watcher.rows("/interface/print", "?name=ether2")
    assert row["disabled"] == "false"
    await watcher.close()


def test_released_changes_stay_and_unrolled_ones_go():
    router = make_router("rb5009", "7.20.6", "office")
    session = make_session(router)
    run(router, session, "/safe-mode/take")
    run(router, session, "/system/identity/set", name="kept")
    run(router, session, "/safe-mode/release")
    run(router, session, "/safe-mode/take")
    run(router, session, "/system/identity/set", name="dropped")
    run(router, session, "/safe-mode/unroll")
    assert router.identity == "kept"
    with pytest.raises(Trap, match="not taken"):
        run(router, session, "/safe-mode/release")


def test_safe_mode_has_a_command_since_7_18_only():
    router = make_router("rb5009", "7.16.2", "office")
    with pytest.raises(Trap, match="no such command prefix"):
        run(router, make_session(router), "/safe-mode/print")


def test_device_mode_is_there_since_7_17():
    router = make_router("ccr2004", "7.19.3", "core")
    (row,) = run(router, make_session(router), "/system/device-mode/print").rows
    assert (row["mode"], row["flagged"], row["scheduler"]) == ("advanced", "false", "true")


async def test_a_user_may_come_from_where_its_address_says_only(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    client = await connect(router)
    for name, address in (("near", "127.0.0.0/8"), ("far", "192.0.2.0/24")):
        await client.talk("/user/add", f"=name={name}", "=group=full", "=password=pw", f"=address={address}")
    await client.close()
    client = await ApiClient.connect(router)
    assert (await client.login("far", "pw"))[0][0] == "!trap"
    assert await client.login("near", "pw") == [["!done"]]
    await client.close()


async def test_a_disabled_service_does_not_listen(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    client = await connect(router)
    await client.talk("/ip/service/set", "=.id=ssh", "=disabled=yes")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(router.address, router.ssh_port)
    await client.talk("/ip/service/set", "=.id=ssh", "=disabled=no")
    _, writer = await asyncio.open_connection(router.address, router.ssh_port)
    writer.close()
    await client.close()


async def test_a_certificate_can_be_made_for_a_router_from_the_box(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec(has_certificate=False))))
    first = await ApiClient.connect(router, anonymous=True)
    await first.login(router.spec.username, router.spec.password)
    await first.talk("/certificate/add", "=name=api", "=common-name=router")
    assert [row["progress"] for row in await first.rows("/certificate/sign", "=number=api")] == ["done"]
    assert await first.talk("/ip/service/set", "=.id=api-ssl", "=certificate=api") == [["!done"]]
    second = await connect(router)
    assert await second.rows("/system/identity/print")
    await second.close()
    await first.close()


async def test_a_hanging_router_falls_silent_on_open_connections_too(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    client = await connect(router)
    router.set_fault("hang")
    await client.send("/system/identity/print")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.receive()
    await client.close()
