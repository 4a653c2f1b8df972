"""Streams of rows, and all the ways in which they end."""

from __future__ import annotations

import asyncio

import pytest

from routeros.errors import (
    CommandTimeout,
    ConnectionLost,
    StreamOverflow,
    TrapError,
)

from .conftest import WAIT_S, Peer, tag_of, wire
from .sessions import session


async def test_a_stream_gives_rows_until_it_is_left() -> None:
    ended = asyncio.Event()

    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!re", tag, "=.id=*A", "=address=1.1.1.1/32")
        await peer.say("!re", tag, "=.id=*A", "=.dead=true")
        cancel = await peer.read()
        assert cancel[0] == "/cancel"
        await peer.say("!trap", tag, "=category=2", "=message=interrupted")
        await peer.say("!done", tag_of(cancel))
        await peer.say("!done", tag)
        ended.set()
        await peer.say("!done", tag_of(await peer.read()))
        await peer.read()

    async with session(script) as (client, _):
        rows = []
        async with client.stream("/ip/address/listen") as stream:
            async for row in stream:
                rows.append(row)
                if ".dead" in row:
                    break
        await asyncio.wait_for(ended.wait(), WAIT_S)
        assert rows == [{".id": "*A", "address": "1.1.1.1/32"}, {".id": "*A", ".dead": "true"}]
        assert await client.run("/a/print") == []


async def test_a_stream_ends_when_the_router_ends_it() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!re", tag, "=status=connecting", "=.section=0")
        await peer.say("!re", tag, "=status=finished", "=.section=1")
        await peer.say("!done", tag)
        await peer.read()

    async with session(script) as (client, _), client.stream("/tool/fetch") as stream:
        assert [row["status"] async for row in stream] == ["connecting", "finished"]


async def test_a_stream_raises_the_routers_refusal_after_its_rows() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!re", tag, "=n=1")
        await peer.say("!trap", tag, "=message=not enough permissions (9)")
        await peer.say("!done", tag)
        await peer.read()

    async with session(script) as (client, _):
        stream = client.stream("/log/listen")
        assert await anext(stream) == {"n": "1"}
        with pytest.raises(TrapError) as caught:
            await anext(stream)
        assert caught.value.is_permission
        with pytest.raises(StopAsyncIteration):
            await anext(stream)


async def test_a_stream_that_is_not_read_overflows_alone() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        for number in range(5):
            await peer.say("!re", tag, f"=n={number}")
        cancel = await peer.read()
        await peer.say("!done", tag)
        await peer.say("!done", tag_of(cancel))
        await peer.say("!done", tag_of(await peer.read()))
        await peer.read()

    async with session(script) as (client, _):
        stream = client.stream("/log/listen", max_rows=3)
        assert await client.run("/a/print") == []
        assert [await anext(stream) for _ in range(3)] == [{"n": "0"}, {"n": "1"}, {"n": "2"}]
        with pytest.raises(StreamOverflow):
            await anext(stream)
        with pytest.raises(StopAsyncIteration):
            await anext(stream)


async def test_an_overflow_and_the_end_in_the_same_bytes_send_no_cancel() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        peer.writer.write(wire("!re", tag, "=n=1") * 5 + wire("!done", tag))
        await peer.say("!done", tag_of(await peer.read()))
        await peer.read()

    async with session(script) as (client, [peer]):
        stream = client.stream("/log/listen", max_rows=3)
        assert await client.run("/a/print") == []
        assert [await anext(stream) for _ in range(3)] == [{"n": "1"}] * 3
        with pytest.raises(StreamOverflow):
            await anext(stream)
        assert [words[0] for words in peer.heard] == ["/login", "/log/listen", "/a/print"]


async def test_a_silent_stream_times_out_when_asked_to() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        cancel = await peer.read()
        await peer.say("!done", tag)
        await peer.say("!done", tag_of(cancel))
        await peer.read()

    async with session(script) as (client, _):
        stream = client.stream("/log/listen", idle_timeout_s=0.05)
        with pytest.raises(CommandTimeout):
            await anext(stream)


async def test_a_stream_ends_with_the_connection() -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!re", tag, "=n=1")

    async with session(script) as (client, _):
        stream = client.stream("/log/listen")
        assert await anext(stream) == {"n": "1"}
        with pytest.raises(ConnectionLost):
            await anext(stream)
