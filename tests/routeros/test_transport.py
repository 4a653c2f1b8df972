"""Whose key it is gets settled before anything is sent, and every way to fail has its own name."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from routeros.certificate import read_certificate
from routeros.errors import (
    ConnectionLost,
    ConnectionRefused,
    ConnectTimeout,
    Fault,
    HostUnreachable,
    NameNotResolved,
    NoCertificate,
    NotRouterOS,
    PinMismatch,
    TlsError,
    UntrustedCertificate,
)
from routeros.transport import (
    SpkiPin,
    TlsMode,
    TlsPolicy,
    TrustedCa,
    connect,
    fetch_certificate,
    map_connect_error,
)

from .conftest import WAIT_S, Identity, Peer, make_identity, serve, serve_blocking


class Recorder(asyncio.Protocol):
    def __init__(self) -> None:
        self.received = b""
        self.got_some = asyncio.Event()
        self.lost = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.received += data
        self.got_some.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()


async def greet(peer: Peer) -> None:
    peer.writer.write(b"early")
    await peer.reader.read(100)


async def open_recorder(host: str, port: int, tls: TlsPolicy) -> tuple[asyncio.Transport, Recorder]:
    transport, recorder, _ = await connect(host, port, Recorder, tls=tls, timeout_s=WAIT_S)
    return transport, recorder


async def test_fetching_a_certificate_gives_the_key_to_pin(identity: Identity) -> None:
    async with serve(greet, identity.context) as router:
        certificate = await fetch_certificate(router.host, router.port, timeout_s=WAIT_S)
    assert certificate.spki_sha256 == identity.spki_sha256
    assert certificate.subject == "CN=router"
    assert certificate.not_after.tzinfo is not None
    assert certificate.der[:1] == b"\x30"


async def test_fetching_a_certificate_sends_no_application_byte(identity: Identity) -> None:
    async with serve_blocking(identity.context, connections=1) as router:
        await fetch_certificate(router.host, router.port, timeout_s=WAIT_S)
    assert router.application_bytes == b""


async def test_the_pinned_key_is_accepted(identity: Identity) -> None:
    async with serve(greet, identity.context) as router:
        transport, recorder = await open_recorder(router.host, router.port, SpkiPin(identity.spki_sha256))
        await asyncio.wait_for(recorder.got_some.wait(), WAIT_S)
        assert recorder.received == b"early"
        transport.abort()


async def test_another_key_is_refused_before_anything_is_sent(
    identity: Identity, other_identity: Identity
) -> None:
    made: list[Recorder] = []

    def make() -> Recorder:
        made.append(Recorder())
        return made[-1]

    async with serve_blocking(other_identity.context, connections=1) as router:
        with pytest.raises(PinMismatch) as caught:
            await connect(router.host, router.port, make, tls=SpkiPin(identity.spki_sha256), timeout_s=WAIT_S)
    assert router.application_bytes == b""
    assert caught.value.expected == identity.spki_sha256
    assert caught.value.actual == other_identity.spki_sha256
    assert made == []


async def test_a_ca_is_accepted_and_a_name_checked_when_given(identity: Identity) -> None:
    async with serve(greet, identity.context) as router:
        for name in (None, "router.test"):
            transport, _ = await open_recorder(
                router.host, router.port, TrustedCa(identity.certificate_pem, name)
            )
            transport.abort()
        with pytest.raises(UntrustedCertificate):
            await open_recorder(router.host, router.port, TrustedCa(identity.certificate_pem, "another.test"))


async def test_a_certificate_of_another_ca_is_refused(identity: Identity, other_identity: Identity) -> None:
    async with serve(greet, identity.context) as router:
        with pytest.raises(UntrustedCertificate):
            await open_recorder(router.host, router.port, TrustedCa(other_identity.certificate_pem))


async def test_an_expired_certificate_is_refused_by_ca_and_accepted_by_pin(tmp_path: Path) -> None:
    expired = make_identity(tmp_path, "expired", days=-1)
    async with serve(greet, expired.context) as router:
        with pytest.raises(UntrustedCertificate):
            await open_recorder(router.host, router.port, TrustedCa(expired.certificate_pem))
        transport, _ = await open_recorder(router.host, router.port, SpkiPin(expired.spki_sha256))
        transport.abort()


async def test_a_router_without_a_certificate_says_so(
    identity: Identity, anonymous_context: ssl.SSLContext
) -> None:
    async with serve_blocking(anonymous_context, connections=2) as router:
        with pytest.raises(NoCertificate):
            await fetch_certificate(router.host, router.port, timeout_s=WAIT_S)
        with pytest.raises(NoCertificate):
            await open_recorder(router.host, router.port, SpkiPin(identity.spki_sha256))


async def test_anonymous_tls_works_when_asked_for_by_name(anonymous_context: ssl.SSLContext) -> None:
    async with serve(greet, anonymous_context) as router:
        transport, recorder = await open_recorder(router.host, router.port, TlsMode.ANONYMOUS)
        await asyncio.wait_for(recorder.got_some.wait(), WAIT_S)
        cipher = transport.get_extra_info("cipher")
        assert cipher[0].startswith("ADH-")
        transport.abort()


async def test_anonymous_tls_is_refused_by_a_router_with_a_certificate(identity: Identity) -> None:
    async with serve_blocking(identity.context, connections=1) as router:
        with pytest.raises(TlsError, match="refuses anonymous TLS"):
            await open_recorder(router.host, router.port, TlsMode.ANONYMOUS)


async def test_plain_tcp_works_when_asked_for_by_name() -> None:
    async with serve(greet) as router:
        transport, recorder = await open_recorder(router.host, router.port, TlsMode.PLAIN_TCP)
        await asyncio.wait_for(recorder.got_some.wait(), WAIT_S)
        transport.abort()


@pytest.mark.parametrize("banner", [b"SSH-2.0-ROSSSH\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 64])
async def test_a_service_that_is_not_tls_is_told_apart(banner: bytes) -> None:
    async def speak(peer: Peer) -> None:
        peer.writer.write(banner)
        await peer.reader.read(1)

    async with serve(speak) as router:
        with pytest.raises(NotRouterOS):
            await fetch_certificate(router.host, router.port, timeout_s=WAIT_S)


async def test_a_service_that_hangs_up_in_the_handshake_is_a_lost_connection() -> None:
    async def hang_up(peer: Peer) -> None:
        await peer.reader.read(1)

    async with serve(hang_up) as router:
        with pytest.raises(ConnectionLost):
            await fetch_certificate(router.host, router.port, timeout_s=WAIT_S)


async def test_a_service_that_stays_silent_is_a_timeout() -> None:
    async def silent(peer: Peer) -> None:
        await peer.reader.read(-1)

    async with serve(silent) as router:
        with pytest.raises(ConnectTimeout) as caught:
            await fetch_certificate(router.host, router.port, timeout_s=0.2)
    assert caught.value.fault is Fault.NETWORK


async def test_a_closed_port_is_refused() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        with pytest.raises(ConnectionRefused) as caught:
            await fetch_certificate("127.0.0.1", port, timeout_s=WAIT_S)
    assert str(caught.value) == f"127.0.0.1 port {port}: the connection was refused"


async def test_the_resolved_address_is_used_and_the_name_is_not_resolved(identity: Identity) -> None:
    async with serve(greet, identity.context) as router:
        certificate = await fetch_certificate(
            "router.invalid", router.port, timeout_s=WAIT_S, resolved_address=router.host
        )
    assert certificate.spki_sha256 == identity.spki_sha256


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), NameNotResolved),
        (OSError(113, "No route to host"), HostUnreachable),
        (OSError(101, "Network is unreachable"), HostUnreachable),
        (OSError(110, "Connection timed out"), ConnectTimeout),
        (ConnectionResetError(104, "Connection reset by peer"), ConnectionLost),
        (ConnectionRefusedError(111, "Connection refused"), ConnectionRefused),
        (TimeoutError(), ConnectTimeout),
    ],
)
def test_an_error_of_the_system_gets_its_own_kind(error: OSError, expected: type[Exception]) -> None:
    assert type(map_connect_error("10.0.0.1", 8729, error)) is expected


@pytest.mark.parametrize("text", ["", "ab", "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_a_pin_that_is_not_a_sha256_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case hex digits"):
        SpkiPin(text)


@pytest.mark.parametrize("der", [b"", b"\x30\x03\x02\x01\x00", b"not a certificate"])
def test_an_unreadable_certificate_is_an_error(der: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the text is the certificate library's
        read_certificate(der)
