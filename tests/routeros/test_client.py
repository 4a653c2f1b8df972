"""One session, many commands: login, answers, refusals, deadlines, cancellation, and every way to end."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from routeros.client import ApiClient, Timeouts, open_client
from routeros.errors import (
    CommandTimeout,
    ConnectionLost,
    ConnectTimeout,
    FatalError,
    LocalProtocolError,
    LoginError,
    NotRouterOS,
    RemoteProtocolError,
    ReplyTooLarge,
    StreamOverflow,
    TrapError,
)
from routeros.transport import SpkiPin, TlsMode

from .conftest import WAIT_S, Identity, Peer, Script, serve, tag_of, wire

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


# --- login --------------------------------------------------------------------------------------


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

    with pytest.raises((NotRouterOS, ConnectionLost)) as caught:
        await open_plain(script)
    if answer[0] not in b"HS":  # a letter announces a word of its code's length, which never gets whole
        assert caught.type is NotRouterOS


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
    waiting = asyncio.Event()

    async def script(peer: Peer) -> None:
        first, second = await peer.read(), await peer.read()
        waiting.set()
        for words in (first, second):
            await peer.say("!done", tag_of(words))
        third = await peer.read()
        await peer.say("!done", tag_of(third))
        await peer.read()

    async with session(script, max_in_flight=2) as (client, [peer]):
        runs = [asyncio.create_task(client.run(f"/{name}/print")) for name in "abc"]
        await asyncio.wait_for(waiting.wait(), WAIT_S)
        assert len(peer.heard) == 3  # the login and two commands
        await asyncio.gather(*runs)


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


@asynccontextmanager
async def serve_logged_in(script: Script) -> AsyncIterator[tuple[str, int]]:
    async def play(peer: Peer) -> None:
        await peer.login()
        await script(peer)

    async with serve(play) as router:
        yield router.host, router.port


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


# --- streams ------------------------------------------------------------------------------------


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


# --- the end ------------------------------------------------------------------------------------


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
