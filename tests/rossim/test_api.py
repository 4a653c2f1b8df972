"""The API as a client sees it on the wire."""

from __future__ import annotations

import asyncio

from tests.rossim.api_client import ApiClient


async def test_login_then_print(fleet_factory, router_spec):
    spec = router_spec()
    fleet = await fleet_factory(spec)
    client = await ApiClient.connect(fleet.router(spec.address))
    assert await client.login(spec.username, spec.password) == [["!done"]]
    rows = await client.rows("/system/identity/print")
    assert rows == [{"name": spec.identity}]
    await client.close()


async def test_a_command_before_login_ends_the_connection(fleet_factory, router_spec):
    spec = router_spec()
    fleet = await fleet_factory(spec)
    client = await ApiClient.connect(fleet.router(spec.address))
    await client.send("/system/resource/print")
    assert await client.receive() == ["!fatal", "not logged in"]
    assert await client.receive() is None
    await client.close()


async def test_a_wrong_password_is_refused_in_the_words_of_the_version(fleet_factory, router_spec):
    new = router_spec()
    old = router_spec(model="rb4011", version="6.42.12", profile="tower")
    fleet = await fleet_factory(new, old)
    client = await ApiClient.connect(fleet.router(new.address))
    assert await client.login("admin", "wrong") == [
        ["!trap", "=message=invalid user name or password (6)"],
        ["!done"],
    ]
    assert "login failure for user admin" in fleet.router(new.address).state.log.entries()[-1].message
    await client.close()
    client = await ApiClient.connect(fleet.router(old.address))
    assert await client.login_by_challenge("admin", "wrong") == [
        ["!trap", "=message=cannot log in"],
        ["!done"],
    ]
    assert await client.login_by_challenge("admin", old.password) == [["!done"]]
    await client.close()


async def test_commands_in_flight_are_told_apart_by_their_tags(fleet_factory, router_spec):
    spec = router_spec()
    fleet = await fleet_factory(spec)
    client = await ApiClient.connect(fleet.router(spec.address))
    await client.login(spec.username, spec.password)
    await asyncio.gather(
        client.send("/system/identity/print", ".tag=a"), client.send("/system/resource/print", ".tag=b")
    )
    sentences = [await client.receive() for _ in range(4)]
    assert [(words[0], words[1]) for words in sentences] == [
        ("!re", ".tag=a"),
        ("!done", ".tag=a"),
        ("!re", ".tag=b"),
        ("!done", ".tag=b"),
    ]
    await client.close()
