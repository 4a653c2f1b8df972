"""Clients logged in to a router that plays a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from routeros.client import ApiClient, Timeouts, open_client
from routeros.transport import TlsMode

from .conftest import WAIT_S, Peer, Script, serve

PASSWORD = "horse battery=staple"


@asynccontextmanager
async def session(script: Script, **options: object) -> AsyncIterator[tuple[ApiClient, list[Peer]]]:
    """A client logged in to a router that goes on with `script`."""

    async def play(peer: Peer) -> None:
        await peer.login()
        await script(peer)

    async with serve(play) as router:
        client = await open_client(
            router.host,
            router.port,
            username="drover",
            password=PASSWORD,
            tls=TlsMode.PLAIN_TCP,
            timeouts=Timeouts(WAIT_S, WAIT_S, WAIT_S, WAIT_S, WAIT_S),
            **options,  # type: ignore[arg-type]
        )
        try:
            yield client, router.peers
        finally:
            await client.close()


async def open_plain(script: Script, **options: object) -> None:
    async with serve(script) as router:
        client = await open_client(
            router.host,
            router.port,
            username="drover",
            password=PASSWORD,
            tls=TlsMode.PLAIN_TCP,
            **options,  # type: ignore[arg-type]
        )
        await client.close()


@asynccontextmanager
async def serve_logged_in(script: Script) -> AsyncIterator[tuple[str, int]]:
    async def play(peer: Peer) -> None:
        await peer.login()
        await script(peer)

    async with serve(play) as router:
        yield router.host, router.port
