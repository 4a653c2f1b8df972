"""Logging in: new and old form, refusals, and peers that aren't routers."""

from __future__ import annotations

import hashlib

import pytest

from routeros.client import Timeouts, open_client
from routeros.errors import (
    ConnectTimeout,
    FatalError,
    LocalProtocolError,
    LoginError,
    NotRouterOS,
)
from routeros.transport import SpkiPin, TlsMode

from .conftest import Identity, Peer, serve, tag_of, wire
from .sessions import PASSWORD, open_plain


async def test_login_sends_name_and_password_over_pinned_tls(identity: Identity) -> None:
    async def script(peer: Peer) -> None:
        await peer.login()
        await peer.read()

    async with serve(script, identity.context) as router:
        client = await open_client(
            router.host,
            router.port,
            username="drover",
            password=PASSWORD,
            pin=SpkiPin(identity.spki_sha256),
        )
        assert client.certificate is not None
        assert client.certificate.spki_sha256 == identity.spki_sha256
        await client.close()
        [peer] = router.peers
        assert peer.heard[0] == ["/login", ".tag=1", "=name=drover", f"=password={PASSWORD}"]


async def test_login_answers_the_challenge_of_an_old_router() -> None:
    challenge = "ebddd18303a54111e2dea05a92ab46b4"
    heard = []

    async def script(peer: Peer) -> None:
        await peer.say("!done", tag_of(await peer.read()), f"=ret={challenge}")
        words = await peer.read()
        heard.append(words)
        await peer.say("!done", tag_of(words))
        await peer.read()

    await open_plain(script)
    digest = hashlib.md5(b"\0" + PASSWORD.encode() + bytes.fromhex(challenge)).hexdigest()
    assert heard[0][0] == "/login"
    assert set(heard[0][2:]) == {"=name=drover", f"=response=00{digest}"}


@pytest.mark.parametrize("text", ["cannot log in", "invalid user name or password (6)", f"no {PASSWORD}"])
async def test_a_refused_login_names_the_user_and_never_the_password(text: str) -> None:
    async def script(peer: Peer) -> None:
        tag = tag_of(await peer.read())
        await peer.say("!trap", tag, f"=message={text}")
        await peer.say("!done", tag)
        await peer.read()

    with pytest.raises(LoginError) as caught:
        await open_plain(script)
    assert "drover" in str(caught.value)
    assert PASSWORD not in repr(caught.value) + str(caught.value)


async def test_a_fatal_at_login_gives_the_routers_reason() -> None:
    async def script(peer: Peer) -> None:
        await peer.read()
        await peer.say("!fatal", "too many commands before login")

    with pytest.raises(FatalError, match="too many commands before login"):
        await open_plain(script)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-ROSSSH\r\n" * 9, b"\xff\xff", wire("+OK", "hi")]
)
async def test_a_peer_that_does_not_speak_the_protocol_is_not_routeros(answer: bytes) -> None:
    async def script(peer: Peer) -> None:
        await peer.read()
        peer.writer.write(answer)
        peer.writer.write_eof()
        await peer.reader.read(1)

    with pytest.raises(NotRouterOS):
        await open_plain(script)


async def test_a_login_without_an_answer_is_a_timeout() -> None:
    async def script(peer: Peer) -> None:
        await peer.reader.read(-1)

    with pytest.raises(ConnectTimeout, match="no answer to the login"):
        await open_plain(script, timeouts=Timeouts(login_s=0.1))


async def test_exactly_one_way_to_verify_must_be_named(identity: Identity) -> None:
    with pytest.raises(LocalProtocolError):
        await open_client("127.0.0.1", 1, username="a", password="b")
    with pytest.raises(LocalProtocolError):
        await open_client(
            "127.0.0.1",
            1,
            username="a",
            password="b",
            pin=SpkiPin(identity.spki_sha256),
            tls=TlsMode.ANONYMOUS,
        )
