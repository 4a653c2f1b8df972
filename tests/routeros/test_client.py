"""Commands side by side on one session: rows, refusals, deadlines and cancellation."""

from __future__ import annotations

import asyncio

import pytest

from routeros.client import Timeouts, open_client
from routeros.errors import (
    CommandTimeout,
    ConnectionLost,
    ReplyTooLarge,
    TrapError,
)
from routeros.transport import TlsMode

from .conftest import WAIT_S, Peer, tag_of
from .sessions import PASSWORD, serve_logged_in, session

# --- commands -----------------------------------------------------------------------------------


async def test_run_returns_the_rows_as_the_router_wrote_them() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!re", tag, "=.id=*1", "=name=ether1", "=comment=a=b", "=mtu=1500", "=disabled=false")
        await peer.say("!re", "=.id=*2", "=comment=", "=name=\u017elu\u0165", tag)
        await peer.say("!re", tag, b"=comment=\xc7\xe0\xef")
        await peer.say("!done", tag)
        await peer.read()

    async with session(script) as (client, [peer]):
        rows = await client.run(
            "/interface/print", {"stats": ""}, proplist=("name", "mtu"), queries=("?type=ether", "?#!")
        )
        assert peer.heard[1][0] == "/interface/print"
        assert peer.heard[1][2:] == ["=stats=", "=.proplist=name,mtu", "?type=ether", "?#!"]
    assert rows[0] == {".id": "*1", "name": "ether1", "comment": "a=b", "mtu": "1500", "disabled": "false"}
    assert rows[1] == {".id": "*2", "comment": "", "name": "\u017elu\u0165"}
    assert rows[2]["comment"].encode("utf-8", "surrogateescape") == b"\xc7\xe0\xef"


async def test_an_empty_print_of_7_18_is_no_rows() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!empty", tag)
        await peer.say("!done", tag)
        await peer.read()

    async with session(script) as (client, _):
        assert await client.run("/interface/pptp-server/print") == []


async def test_the_return_value_is_the_last_row() -> None:
    async def script(peer: Peer) -> None:
        await peer.say("!done", tag_of(await peer.read()), "=ret=*3")
        await peer.read()

    async with session(script) as (client, _):
        assert await client.run("/ip/address/add", {"address": "192.168.1.1/24"}) == [{"ret": "*3"}]


async def test_a_trap_is_raised_and_the_session_goes_on() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!trap", tag, "=category=0", "=message=no such command prefix")
        await peer.say("!done", tag)
        await peer.say("!done", tag_of(await peer.read()))
        await peer.read()

    async with session(script) as (client, _):
        with pytest.raises(TrapError) as caught:
            await client.run("/system/health/print")
        assert caught.value.is_missing_command
        assert caught.value.category == 0
        assert caught.value.command_path == "/system/health/print"
        assert await client.run("/system/identity/print") == []


async def test_commands_run_side_by_side_and_end_in_any_order() -> None:
    async def script(peer: Peer) -> None:
        first, second = tag_of(await peer.read()), tag_of(await peer.read())
        await peer.say("!re", first, "=n=1a")
        await peer.say("!re", second, "=n=2a")
        await peer.say("!done", second)
        await peer.say("!re", first, "=n=1b")
        await peer.say("!re", second, "=n=late")
        await peer.say("!done", first)
        await peer.read()

    async with session(script) as (client, _):
        first, second = await asyncio.gather(client.run("/a/print"), client.run("/b/print"))
        assert first == [{"n": "1a"}, {"n": "1b"}]
        assert second == [{"n": "2a"}]
        assert client.dropped_replies == 1


async def test_no_more_commands_are_in_flight_than_allowed() -> None:
    full = asyncio.Event()
    answer = asyncio.Event()
    early: list[bool] = []

    async def script(peer: Peer) -> None:
        first, second = await peer.read(), await peer.read()
        third = asyncio.create_task(peer.read())
        full.set()
        await asyncio.wait_for(answer.wait(), WAIT_S)
        early.append(third.done())
        for words in (first, second):
            await peer.say("!done", tag_of(words))
        await peer.say("!done", tag_of(await third))
        await peer.read()

    async with session(script, max_in_flight=2) as (client, _):
        runs = [asyncio.create_task(client.run(f"/{name}/print")) for name in "abc"]
        await asyncio.wait_for(full.wait(), WAIT_S)
        answer.set()
        await asyncio.gather(*runs)
        assert early == [False]


# --- deadlines and cancellation -----------------------------------------------------------------


async def test_a_late_command_is_cancelled_and_the_session_goes_on() -> None:
    async def script(peer: Peer) -> None:
        slow = tag_of(await peer.read())
        cancel = await peer.read()
        await peer.say("!trap", slow, "=category=2", "=message=interrupted")
        await peer.say("!done", tag_of(cancel))
        await peer.say("!done", slow)
        await peer.say("!done", tag_of(await peer.read()), "=ret=5")
        await peer.read()

    async with session(script, max_in_flight=1) as (client, [peer]):
        with pytest.raises(CommandTimeout) as caught:
            await client.run("/ping", {"address": "10.0.0.1"}, timeout_s=0.05)
        assert caught.value.command_path == "/ping"
        # waits for the slot until the router has ended the first
        assert await client.run("/a/print", {"count-only": ""}) == [{"ret": "5"}]
        assert peer.heard[2][0] == "/cancel"
        assert peer.heard[2][2:] == ["=tag=2"]


async def test_a_connection_that_does_not_answer_a_cancel_is_cut() -> None:
    async def script(peer: Peer) -> None:
        await peer.reader.read(-1)

    async with serve_logged_in(script) as (host, port):
        client = await open_client(
            host,
            port,
            username="a",
            password=PASSWORD,
            tls=TlsMode.PLAIN_TCP,
            timeouts=Timeouts(cancel_s=0.05),
        )
        other = asyncio.create_task(client.run("/b/print"))
        with pytest.raises(CommandTimeout):
            await client.run("/a/print", timeout_s=0.05)
        with pytest.raises(ConnectionLost, match="/a/print and its cancel were not answered"):
            await asyncio.wait_for(other, WAIT_S)
        reason = await asyncio.wait_for(client.wait_closed(), WAIT_S)
        assert isinstance(reason, ConnectionLost)
        with pytest.raises(ConnectionLost):
            await client.run("/a/print")


async def test_a_cancelled_waiter_cancels_the_command_on_the_router() -> None:
    started = asyncio.Event()
    cancelled: list[list[str]] = []

    async def script(peer: Peer) -> None:
        slow = tag_of(await peer.read())
        started.set()
        words = await peer.read()
        cancelled.append(words)
        await peer.say("!trap", slow, "=category=2", "=message=interrupted")
        await peer.say("!done", slow)
        await peer.say("!done", tag_of(words))
        await peer.say("!done", tag_of(await peer.read()))
        await peer.read()

    async with session(script) as (client, _):
        run = asyncio.create_task(client.run("/tool/traceroute"))
        await asyncio.wait_for(started.wait(), WAIT_S)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert await client.run("/a/print") == []
        assert cancelled[0][0] == "/cancel"


async def test_an_endless_reply_is_refused_and_cancelled() -> None:
    async def script(peer: Peer) -> None:
        flood = tag_of(await peer.read())
        for _ in range(100):
            await peer.say("!re", flood, "=data=" + "x" * 100)
        cancel = await peer.read()
        await peer.say("!done", flood)
        await peer.say("!done", tag_of(cancel))
        await peer.say("!done", tag_of(await peer.read()))
        await peer.read()

    async with session(script, max_reply_bytes=4096) as (client, _):
        with pytest.raises(ReplyTooLarge):
            await client.run("/log/print")
        assert await client.run("/a/print") == []
