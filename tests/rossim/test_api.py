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


async def signed_in(fleet_factory, spec):
    router = (await fleet_factory(spec)).router(spec.address)
    client = await ApiClient.connect(router)
    await client.login(spec.username, spec.password)
    return client


async def test_an_empty_print_says_so_since_7_18_only(fleet_factory, router_spec):
    client = await signed_in(fleet_factory, router_spec(version="7.18.2"))
    assert await client.talk("/interface/eoip/print") == [["!empty"], ["!done"]]
    await client.close()
    client = await signed_in(fleet_factory, router_spec(version="7.16.2"))
    assert await client.talk("/interface/eoip/print") == [["!done"]]
    await client.close()


async def test_a_refusal_has_a_category_and_is_followed_by_done(fleet_factory, router_spec):
    client = await signed_in(fleet_factory, router_spec())
    assert await client.talk("/ip/nonsense/print", ".tag=7") == [
        ["!trap", ".tag=7", "=category=0", "=message=no such command prefix"],
        ["!done", ".tag=7"],
    ]
    await client.close()


async def test_a_tag_may_stand_before_the_attributes(fleet_factory, router_spec):
    client = await signed_in(fleet_factory, router_spec())
    replies = await client.talk("/ip/pool/add", ".tag=x", "=name=p", "=ranges=192.0.2.1-192.0.2.5")
    assert replies[0][:2] == ["!done", ".tag=x"]
    assert replies[0][2].startswith("=ret=*")
    await client.close()


async def test_listen_tells_of_changes_until_it_is_cancelled(fleet_factory, router_spec):
    client = await signed_in(fleet_factory, router_spec())
    await client.send("/interface/listen", ".tag=10")
    await client.talk("/interface/set", "=.id=ether3", "=comment=changed")
    words = await client.receive()
    assert words[:2] == ["!re", ".tag=10"]
    assert "=comment=changed" in words
    await client.send("/cancel", "=tag=10", ".tag=20")
    assert [await client.receive() for _ in range(3)] == [
        ["!trap", ".tag=10", "=category=2", "=message=interrupted"],
        ["!done", ".tag=20"],
        ["!done", ".tag=10"],
    ]
    await client.close()


async def test_ping_streams_its_rows_and_ends(fleet_factory, router_spec):
    client = await signed_in(fleet_factory, router_spec())
    rows = await client.rows("/ping", "=address=192.0.2.1", "=count=3", "=interval=10ms")
    assert [row["seq"] for row in rows] == ["0", "1", "2"]
    assert rows[-1]["received"] == "3"
    await client.close()


async def test_sign_ins_are_listed_while_they_last(fleet_factory, router_spec):
    spec = router_spec()
    router = (await fleet_factory(spec)).router(spec.address)
    first = await ApiClient.connect(router)
    await first.login(spec.username, spec.password)
    second = await ApiClient.connect(router)
    await second.login(spec.username, spec.password)
    assert [row["via"] for row in await first.rows("/user/active/print")] == ["api", "api"]
    assert await second.talk("/quit") == [["!fatal", "session terminated on request"]]
    await second.close()
    async with asyncio.timeout(10):
        while len(await first.rows("/user/active/print")) > 1:
            await asyncio.sleep(0.01)
    await first.close()


async def test_bytes_that_are_no_utf8_are_kept(fleet_factory, router_spec):
    client = await signed_in(fleet_factory, router_spec())
    client._writer.write(b"\x0e/interface/set\x0b=.id=ether3\x0c=comment=\xc7\xe0\xef\x00")
    assert await client.receive() == ["!done"]
    (row,) = await client.rows("/interface/print", "?name=ether3")
    assert row["comment"].encode("utf-8", "surrogateescape") == b"\xc7\xe0\xef"
    await client.close()


async def test_a_peer_that_breaks_the_protocol_is_let_go(fleet_factory, router_spec):
    spec = router_spec()
    router = (await fleet_factory(spec)).router(spec.address)
    client = await ApiClient.connect(router)
    client._writer.write(b"\xff\xff\xff")
    assert (await client.receive())[0] == "!fatal"
    await client.close()
