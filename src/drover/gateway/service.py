"""Connections to routers: judged addresses, proven keys, errors with our codes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from drover.gateway import probing, reading
from drover.gateway.contracts import (
    Capabilities,
    DeviceReading,
    DeviceTarget,
    Due,
    Egress,
    Export,
    Facts,
    Fingerprints,
)
from drover.gateway.egress import engine_endpoints, parse_networks, resolve
from drover.gateway.errors import DeviceTimeoutError, HostKeyChangedError, Service, translate
from drover.gateway.reading import DeviceSession
from drover.platform.clock import Clock
from drover.platform.errors import DroverError
from drover.platform.settings import IpNetwork, ServiceSettings
from routeros.client import ApiClient, Timeouts, open_client
from routeros.errors import ConnectionRefused, ConnectTimeout, HostUnreachable, RouterOSError
from routeros.export import parse_header
from routeros.ssh import SshSession, export_config, fetch_host_key
from routeros.ssh import open_ssh as connect_ssh
from routeros.transport import PeerCertificate, SpkiPin, fetch_certificate
from routeros.version import RouterOSVersion

__all__ = [
    "DeviceSession",
    "check_certificate",
    "device_errors",
    "egress_maker",
    "export_configuration",
    "fetch_fingerprints",
    "make_egress",
    "open_api",
    "open_session",
    "open_ssh",
    "probe_capabilities",
    "read_device",
    "read_facts",
]

CONNECT_TIMEOUT_S = 8.0
EXPORT_TIMEOUT_S = 60.0

_T = TypeVar("_T")


def egress_maker(settings: ServiceSettings) -> Callable[[Iterable[str | IpNetwork]], Egress]:
    """`make_egress` for many tenants: our own engines' addresses are looked up once."""
    own_endpoints = engine_endpoints(settings)
    allowed = settings.allowed_loopback_networks
    return lambda networks: Egress(parse_networks(networks), allowed, own_endpoints)


def make_egress(settings: ServiceSettings, networks: Iterable[str | IpNetwork]) -> Egress:
    """Where a tenant with these management networks may be reached from this process."""
    return egress_maker(settings)(networks)


async def fetch_fingerprints(
    egress: Egress, address: str, api_port: int, ssh_port: int, *, timeout_s: float = CONNECT_TIMEOUT_S
) -> Fingerprints:
    """What a router shows of itself, without sending it any name or password.

    Raises when the API can't be reached or has no certificate; an SSH that can't be reached is told in the result.
    """

    async def certificate_at(resolved: str) -> PeerCertificate:
        return await fetch_certificate(address, api_port, timeout_s=timeout_s, resolved_address=resolved)

    async def host_key() -> tuple[str | None, str | None]:
        async def at(resolved: str) -> str:
            key = await fetch_host_key(address, ssh_port, timeout_s=timeout_s, resolved_address=resolved)
            return key.sha256

        try:
            return await _first_answer(egress, address, ssh_port, "ssh", timeout_s, at), None
        except DroverError as error:
            return None, error.message

    ssh = asyncio.create_task(host_key())
    try:
        certificate = await _first_answer(egress, address, api_port, "api", timeout_s, certificate_at)
        ssh_host_key_sha256, ssh_error = await ssh
    finally:
        ssh.cancel()
    return Fingerprints(
        certificate.spki_sha256, certificate.subject, certificate.not_after, ssh_host_key_sha256, ssh_error
    )


async def open_api(
    target: DeviceTarget, egress: Egress, *, timeout_s: float = CONNECT_TIMEOUT_S, max_in_flight: int = 4
) -> ApiClient:
    """A logged-in API session. The password is sent only after the router's pinned key was proven."""

    async def at(resolved: str) -> ApiClient:
        return await open_client(
            target.address,
            target.api_port,
            username=target.username,
            password=target.password.reveal(),
            pin=SpkiPin(target.spki_sha256),
            timeouts=Timeouts(connect_s=timeout_s, login_s=timeout_s, close_s=0.5),
            resolved_address=resolved,
            max_in_flight=max_in_flight,
        )

    return await _first_answer(egress, target.address, target.api_port, "api", timeout_s, at)


async def check_certificate(
    target: DeviceTarget, egress: Egress, *, timeout_s: float = CONNECT_TIMEOUT_S
) -> bool:
    """Whether a router shows its pinned key (again); sends no credentials."""

    async def at(resolved: str) -> PeerCertificate:
        return await fetch_certificate(
            target.address, target.api_port, timeout_s=timeout_s, resolved_address=resolved
        )

    certificate = await _first_answer(egress, target.address, target.api_port, "api", timeout_s, at)
    return certificate.spki_sha256 == target.spki_sha256


async def open_ssh(
    target: DeviceTarget, egress: Egress, *, timeout_s: float = CONNECT_TIMEOUT_S
) -> SshSession:
    """A logged-in SSH session. A device without a pinned host key is refused: there is nothing to prove it by."""
    pinned = target.ssh_host_key_sha256
    if pinned is None:
        raise HostKeyChangedError(
            "no SSH host key was confirmed for this device: change its connection once SSH can be reached",
            code="device.no_host_key",
        )

    async def at(resolved: str) -> SshSession:
        return await connect_ssh(
            target.address,
            target.ssh_port,
            username=target.username,
            password=target.password.reveal(),
            host_key_sha256=pinned,
            timeout_s=timeout_s,
            resolved_address=resolved,
        )

    return await _first_answer(egress, target.address, target.ssh_port, "ssh", timeout_s, at)


async def export_configuration(
    session: SshSession, version: str | None, *, timeout_s: float = EXPORT_TIMEOUT_S
) -> Export:
    """A router's whole configuration, with its secrets. `version` is what we believe that the router runs.

    Before 7.0 secrets are shown unless hidden, since then hidden unless shown: one that was upgraded since we last looked
    is asked again in the way of the version that its export names, or its secrets would be missing.
    """
    try:
        believed = RouterOSVersion.parse(version or "")
    except ValueError:  # never told, or in a form of tomorrow's
        believed = RouterOSVersion(7, 0)
    with device_errors("ssh"):
        text = await export_config(session, believed, timeout_s=timeout_s)
        printed_by = parse_header(text).version or believed
        if (printed_by.major < 7) != (believed.major < 7):
            text = await export_config(session, printed_by, timeout_s=timeout_s)
    return Export(text, str(printed_by))


async def open_session(
    target: DeviceTarget, egress: Egress, clock: Clock, *, timeout_s: float = CONNECT_TIMEOUT_S
) -> DeviceSession:
    """Sign in for polling: an API session and what the router can do. Close `.client` at the end."""
    client = await open_api(target, egress, timeout_s=timeout_s)
    try:
        return DeviceSession(client, await probe_capabilities(client), clock)
    except BaseException:
        await client.close()
        raise


async def probe_capabilities(client: ApiClient) -> Capabilities:
    """Find out what a router can do by asking it."""
    with device_errors():
        return await probing.probe_capabilities(client, timeout_s=reading.COMMAND_TIMEOUT_S)


async def read_facts(client: ApiClient) -> Facts:
    """What a router is: identity, model, serial, version and so on. NotRouterOSError when it has no version."""
    with device_errors():
        return await reading.read_facts(client)


async def read_device(session: DeviceSession, due: Due) -> DeviceReading:
    """One poll's values."""
    with device_errors():
        return await reading.read_device(session, due)


@contextmanager
def device_errors(service: Service = "api") -> Iterator[None]:
    """Raise the library's errors of a block (commands on an open session) as ours."""
    try:
        yield
    except RouterOSError as error:
        raise translate(error, service) from error


async def _first_answer(
    egress: Egress,
    address: str,
    port: int,
    service: Service,
    timeout_s: float,
    attempt: Callable[[str], Awaitable[_T]],
) -> _T:
    """Try the allowed addresses in turn until one answers, all of it within `timeout_s`.

    Only what speaks of the road (refused, unreachable, silent) leads to the next address.
    """
    failure: RouterOSError | None = None
    try:
        async with asyncio.timeout(timeout_s):
            for resolved in await resolve(egress, address, port):
                try:
                    return await attempt(resolved)
                except (ConnectionRefused, HostUnreachable, ConnectTimeout) as error:
                    failure = failure or error
    except RouterOSError as error:
        raise translate(error, service) from error
    except TimeoutError:
        failure = failure or ConnectTimeout(address, port)
    if failure is None:
        raise DeviceTimeoutError(f"no answer from {address} port {port}")
    raise translate(failure, service) from failure
