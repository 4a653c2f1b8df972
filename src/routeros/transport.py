"""TCP and TLS connections to a router whose identity is settled before a single application byte.

How TLS meets routers (api-ssl, port 8729). With a certificate set it is an ordinary server, mostly with a
self-signed certificate that names nothing useful, so its public key is pinned, or a CA is named. Without one
(the default) only anonymous Diffie-Hellman works, which encrypts but proves nothing: that, like plain TCP,
is used only when the caller says so by name, never as a fallback.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar, cast

from routeros.certificate import PeerCertificate, Pin, SpkiPin, read_certificate
from routeros.errors import (
    ConnectError,
    ConnectionLost,
    ConnectionRefused,
    ConnectTimeout,
    HostUnreachable,
    NameNotResolved,
    NoCertificate,
    NotRouterOS,
    PinMismatch,
    TlsError,
    UntrustedCertificate,
)
from routeros.tls import anonymous_context, ca_context, unverified_context

__all__ = [
    "PeerCertificate",
    "Pin",
    "SpkiPin",
    "TlsMode",
    "TlsPolicy",
    "TrustedCa",
    "connect",
    "fetch_certificate",
    "map_connect_error",
]

ProtocolT = TypeVar("ProtocolT", bound=asyncio.Protocol)

_NOT_TLS = frozenset(
    {
        "WRONG_VERSION_NUMBER",
        "UNKNOWN_PROTOCOL",
        "HTTP_REQUEST",
        "HTTPS_PROXY_REQUEST",
        "RECORD_LAYER_FAILURE",
        "PACKET_LENGTH_TOO_LONG",
        "UNEXPECTED_MESSAGE",
        "BAD_RECORD_TYPE",
    }
)

# A router that reboots sends nothing more; without these its connection looks alive for hours.
_KEEPALIVE = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3))


class TlsMode(Enum):
    """Connections that prove nothing about the router; each has to be asked for by name."""

    ANONYMOUS = "anonymous"  # encrypted, not authenticated: anyone in between can read the password
    PLAIN_TCP = "plain-tcp"  # neither


@dataclass(frozen=True, slots=True)
class TrustedCa:
    """Trust what this CA has signed; `server_name` None leaves the name in the certificate unchecked."""

    ca_pem: str
    server_name: str | None = None


TlsPolicy = SpkiPin | TrustedCa | TlsMode


async def fetch_certificate(
    host: str, port: int, *, timeout_s: float, resolved_address: str | None = None
) -> PeerCertificate:
    """Make a TLS handshake, send nothing else, and return the certificate for a person to confirm."""
    context = unverified_context()
    transport, _gate = await _open(
        host, port, context, server_name="", timeout_s=timeout_s, resolved_address=resolved_address
    )
    try:
        return _peer_certificate(transport, host, port)
    finally:
        transport.abort()


async def connect(
    host: str,
    port: int,
    protocol_factory: Callable[[], ProtocolT],
    *,
    tls: TlsPolicy,
    timeout_s: float,
    resolved_address: str | None = None,
) -> tuple[asyncio.Transport, ProtocolT, PeerCertificate | None]:
    """Open a connection and check the peer's identity; `protocol_factory`'s product sees it only after that.

    `resolved_address` is where to connect when the caller has resolved `host` and judged the address itself.
    """
    server_name = ""
    context: ssl.SSLContext | None
    if isinstance(tls, SpkiPin):
        context = unverified_context()
    elif isinstance(tls, TrustedCa):
        context = ca_context(tls.ca_pem, tls.server_name is not None)
        server_name = tls.server_name or ""
    elif tls is TlsMode.ANONYMOUS:
        context = anonymous_context()
    else:
        context = None

    transport, gate = await _open(
        host, port, context, server_name=server_name, timeout_s=timeout_s, resolved_address=resolved_address
    )
    try:
        certificate = None
        if isinstance(tls, SpkiPin | TrustedCa):
            certificate = _peer_certificate(transport, host, port)
        if isinstance(tls, SpkiPin) and certificate is not None and certificate.spki_sha256 != tls.sha256_hex:
            raise PinMismatch(host, port, expected=tls.sha256_hex, actual=certificate.spki_sha256)
        protocol = protocol_factory()
        gate.hand_over(transport, protocol)
    except BaseException:
        transport.abort()
        raise
    return transport, protocol, certificate


class _Gate(asyncio.Protocol):
    """Keeps what a peer says before it is known to be the right one."""

    def __init__(self) -> None:
        self._early: list[bytes] = []
        self._lost: tuple[Exception | None] | None = None

    def data_received(self, data: bytes) -> None:
        self._early.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = (exc,)

    def hand_over(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        for data in self._early:
            protocol.data_received(data)
        if self._lost is not None:
            protocol.connection_lost(*self._lost)


async def _open(
    host: str,
    port: int,
    context: ssl.SSLContext | None,
    *,
    server_name: str,
    timeout_s: float,
    resolved_address: str | None,
) -> tuple[asyncio.Transport, _Gate]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            addresses = [resolved_address] if resolved_address else await _resolve(host, port)
            first_error: OSError | None = None
            for address in addresses:
                try:
                    transport, gate = await loop.create_connection(
                        _Gate,
                        address,
                        port,
                        ssl=context,
                        server_hostname=server_name if context is not None else None,
                        # ours fires first, and says so in our terms
                        ssl_handshake_timeout=timeout_s + 5 if context is not None else None,
                    )
                except OSError as error:
                    first_error = first_error or error
                else:
                    _keep_alive(transport)
                    return transport, gate
            raise first_error or OSError("the name has no address")
    except (OSError, EOFError) as error:  # TimeoutError and ssl.SSLError are OSErrors
        anonymous = context is not None and context is anonymous_context()
        raise map_connect_error(host, port, error, anonymous=anonymous) from error


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def map_connect_error(
    host: str, port: int, error: OSError | EOFError, *, anonymous: bool = False
) -> ConnectError:
    """Say in our own terms why a connection couldn't be made."""
    if isinstance(error, ssl.SSLError):
        return _map_ssl_error(host, port, error, anonymous=anonymous)
    if isinstance(error, socket.gaierror):
        return NameNotResolved(host, port, error.strerror or "")
    if isinstance(error, ConnectionRefusedError):
        return ConnectionRefused(host, port)
    if isinstance(error, TimeoutError) or _errno(error) == errno.ETIMEDOUT:
        return ConnectTimeout(host, port)
    if _errno(error) in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EADDRNOTAVAIL):
        return HostUnreachable(host, port)
    if isinstance(error, ConnectionError | EOFError):
        return ConnectionLost(host, port, "closed before it was established")
    return ConnectError(host, port, str(error))


def _errno(error: OSError | EOFError) -> int | None:
    return error.errno if isinstance(error, OSError) else None


def _map_ssl_error(host: str, port: int, error: ssl.SSLError, *, anonymous: bool) -> ConnectError:
    reason = error.reason or str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return UntrustedCertificate(host, port, error.verify_message)
    if "HANDSHAKE_FAILURE" in reason:
        # Alert 40: no cipher suite in common. A router with a certificate refuses anonymous suites,
        # a router without one has nothing else.
        if anonymous:
            return TlsError(host, port, "the router refuses anonymous TLS: it has a certificate")
        return NoCertificate(host, port)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError) or "UNEXPECTED_EOF" in reason:
        return ConnectionLost(host, port, "closed during the TLS handshake")
    if reason in _NOT_TLS:
        return NotRouterOS(host, port, "it doesn't speak TLS")
    return TlsError(host, port, reason)


def _peer_certificate(transport: asyncio.Transport, host: str, port: int) -> PeerCertificate:
    ssl_object = cast(ssl.SSLObject, transport.get_extra_info("ssl_object"))
    der = ssl_object.getpeercert(binary_form=True)
    if der is None:
        raise NoCertificate(host, port)
    try:
        return read_certificate(der)
    except ValueError as error:
        raise TlsError(host, port, f"its certificate can't be read: {error}") from None


def _keep_alive(transport: asyncio.Transport) -> None:
    sock = cast(socket.socket | None, transport.get_extra_info("socket"))
    if sock is None:
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE:
        option = getattr(socket, name, None)  # not every platform has them
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
