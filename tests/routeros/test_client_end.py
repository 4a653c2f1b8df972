"""How a session ends: by us, by the router, by the network at any byte."""

from __future__ import annotations

import asyncio

import pytest

from routeros.errors import (
    ConnectionLost,
    FatalError,
    RemoteProtocolError,
)

from .conftest import WAIT_S, Peer, wire
from .sessions import PASSWORD, open_plain, session


async def test_a_fatal_ends_every_command_with_its_reason() -> None:
    async def script(peer: Peer) -> None:
        await peer.read()
        await peer.read()
        await peer.say("!fatal", "session terminated on request")

    async with session(script) as (client, _):
        results = await asyncio.gather(client.run("/a/print"), client.run("/quit"), return_exceptions=True)
        assert all(isinstance(result, FatalError) for result in results)
        assert results[0] is not results[1]
        reason = await asyncio.wait_for(client.wait_closed(), WAIT_S)
        assert isinstance(reason, FatalError)
        assert reason.reason == "session terminated on request"
        with pytest.raises(FatalError):
            await client.run("/a/print")


async def test_bytes_that_are_not_the_protocol_end_the_session() -> None:
    async def script(peer: Peer) -> None:
        await peer.read()
        peer.writer.write(b"\xf8")
        await peer.reader.read(1)

    async with session(script) as (client, _):
        with pytest.raises(RemoteProtocolError, match="0xF8"):
            await client.run("/a/print")
        assert client.is_closed


async def test_closing_ends_commands_under_way_and_can_be_repeated() -> None:
    started = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.read()
        started.set()
        await peer.reader.read(-1)

    async with session(script) as (client, _):
        run = asyncio.create_task(client.run("/a/print"))
        await asyncio.wait_for(started.wait(), WAIT_S)
        await client.close()
        with pytest.raises(ConnectionLost, match="closed by us"):
            await run
        assert client.closed.result() is None
        await client.close()


REPLIES = (
    wire("!re", ".tag=2", "=.id=*1", "=name=ether1"),
    wire("!re", ".tag=2", "=.id=*2", "=name=\u017elu\u0165"),
    wire("!done", ".tag=2"),
)


@pytest.mark.parametrize("cut", range(len(b"".join(REPLIES))))
async def test_a_connection_cut_at_any_byte_is_lost_and_never_a_short_answer(cut: int) -> None:
    async def script(peer: Peer) -> None:
        await peer.read()
        peer.writer.write(b"".join(REPLIES)[:cut])
        peer.writer.write_eof()
        await peer.reader.read(-1)

    async with session(script) as (client, _):
        with pytest.raises(ConnectionLost):
            await client.run("/interface/print")
        assert await asyncio.wait_for(client.wait_closed(), WAIT_S) is not None


@pytest.mark.parametrize("cut", range(1, len(wire("!done", ".tag=1"))))
async def test_a_login_cut_at_any_byte_is_a_lost_connection(cut: int) -> None:
    async def script(peer: Peer) -> None:
        await peer.read()
        peer.writer.write(wire("!done", ".tag=1")[:cut])
        peer.writer.write_eof()
        await peer.reader.read(-1)

    with pytest.raises(ConnectionLost):
        await open_plain(script)


async def test_no_repr_shows_the_password() -> None:
    async def script(peer: Peer) -> None:
        await peer.read()

    async with session(script) as (client, _):
        assert PASSWORD not in repr(client) + repr(vars(client)) + repr(client.__dict__)
