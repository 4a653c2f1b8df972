"""The product runs on uvloop, whose TLS and transports are its own: the same dialogue there."""

from __future__ import annotations

import asyncio

import pytest
import uvloop

from routeros.client import open_client
from routeros.errors import ConnectionLost, PinMismatch, TrapError
from routeros.transport import SpkiPin, fetch_certificate

from .conftest import WAIT_S, Identity, Peer, serve, tag_of


async def script(peer: Peer) -> None:
    await peer.login()
    tag = tag_of(await peer.read())
    await peer.say("!re", tag, "=name=ether1")
    await peer.say("!done", tag)
    tag = tag_of(await peer.read())
    await peer.say("!trap", tag, "=message=no such command")
    await peer.say("!done", tag)
    await peer.read()


async def dialogue(identity: Identity, other_identity: Identity) -> None:
    async with serve(script, identity.context) as router:
        certificate = await fetch_certificate(router.host, router.port, timeout_s=WAIT_S)
        assert certificate.spki_sha256 == identity.spki_sha256
        with pytest.raises(PinMismatch):
            await open_client(
                router.host,
                router.port,
                username="a",
                password="b",
                pin=SpkiPin(other_identity.spki_sha256),
            )
        client = await open_client(
            router.host, router.port, username="a", password="b", pin=SpkiPin(identity.spki_sha256)
        )
        assert await client.run("/interface/print") == [{"name": "ether1"}]
        with pytest.raises(TrapError):
            await client.run("/nothing/print")
        with pytest.raises(ConnectionLost):
            await client.run("/the/end")
        assert isinstance(await asyncio.wait_for(client.wait_closed(), WAIT_S), ConnectionLost)
        await client.close()


def test_a_dialogue_on_uvloop(identity: Identity, other_identity: Identity) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(dialogue(identity, other_identity))
