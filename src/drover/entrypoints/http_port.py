"""Finds a port for the API, and asks the API whether it is ready."""

import asyncio
import errno
import socket
import ssl
from pathlib import Path

from drover.platform.settings import is_loopback

DEFAULT_PORT = 8080
_NEARBY_PORTS = 20
_PROBE_TIMEOUT_S = 5.0


class PortTakenError(Exception):
    """The port that was asked for is in use, or not ours to use."""


def choose_port(host: str, wanted: int | None) -> int:
    """The wanted port, or the default, or when that is taken the next free one."""
    if wanted is not None:
        if not _is_free(host, wanted):
            raise PortTakenError(f"port {wanted} on {host} is in use: stop what uses it, or leave --port out")
        return wanted
    for port in range(DEFAULT_PORT, DEFAULT_PORT + _NEARBY_PORTS):
        if _is_free(host, port):
            return port
    with socket.socket(_family(host)) as probe:
        probe.bind((host, 0))
        chosen: int = probe.getsockname()[1]
        return chosen


def name_for(host: str) -> str:
    """What to call the address in a URL that people open on this machine."""
    if host in ("0.0.0.0", "::") or is_loopback(host):  # noqa: S104 - compared, not bound
        return "localhost"  # not 127.0.0.1: passkeys refuse an IP address
    return f"[{host}]" if ":" in host else host


def _is_free(host: str, port: int) -> bool:
    # A browser tries ::1 first for `localhost`: somebody else's server there would get our visitors.
    hosts = {host, "127.0.0.1", "::1"} if host in ("127.0.0.1", "::1", "localhost") else {host}
    return all(_can_bind(address, port) for address in hosts)


def _can_bind(host: str, port: int) -> bool:
    try:
        with socket.socket(_family(host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT) and host == "::1":
            return True  # no IPv6 on this machine, so nobody is there
        if error.errno == errno.EACCES:
            raise PortTakenError(
                f"this account may not listen on port {port}: take one of 1024 and above"
                " (or give the service CAP_NET_BIND_SERVICE)"
            ) from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise PortTakenError(f"{host} is not an address of this machine") from None
        if error.errno == errno.EADDRINUSE:
            return False
        raise
    return True


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


async def answers(host: str, port: int, tls_cert: Path | None) -> bool:
    """Whether `GET /healthz` on our own server answers 200.

    With TLS its certificate must be the very one we gave it, whatever name it is made out to.
    """
    context: ssl.SSLContext | None = None
    if tls_cert is not None:
        context = ssl.create_default_context(cafile=str(tls_cert))
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    try:
        async with asyncio.timeout(_PROBE_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(target, port, ssl=context)
            try:
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                await writer.drain()
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ssl.SSLError):
        return False
    return status.split()[1:2] == [b"200"]
