"""Where a router may be: names are resolved and every address is judged, at every connect.

Otherwise "add device" would be a port scanner, and a DNS name that changes its mind a road into another client. The caller
connects to the judged address itself, never to the name again.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from drover.gateway.contracts import Egress, Endpoint
from drover.gateway.errors import NameNotResolvedError, OutsideNetworksError
from drover.platform.settings import IpNetwork, ServiceSettings

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

RESOLVE_TIMEOUT_S = 4.0

# A name server that does not answer holds a thread for many seconds: its own pool, so that nobody else waits for one.
_resolvers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="resolve")

# IPv6 forms that carry an IPv4 address and could lead past the check of that one.
_EMBEDDING = tuple(
    ipaddress.IPv6Network(text)
    for text in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


async def resolve(
    egress: Egress, address: str, port: int, *, timeout_s: float = RESOLVE_TIMEOUT_S
) -> list[str]:
    """The addresses of an IPv4, IPv6 or DNS name at which this tenant may be reached, in the resolver's order.

    Raises NameNotResolvedError, or OutsideNetworksError when none of them may be used.
    """
    candidates = _literal(address)
    if candidates is None:
        candidates = await _look_up(address, port, timeout_s)
    allowed = [str(candidate) for candidate in candidates if refusal(egress, candidate, port) is None]
    if not allowed:
        reason = refusal(egress, candidates[0], port) or "is refused"
        shown = address if str(candidates[0]) == address else f"{address} ({candidates[0]})"
        raise OutsideNetworksError(f"{shown} {reason}", fields={"address": reason})
    return allowed


def refusal(egress: Egress, address: IpAddress, port: int) -> str | None:
    """Why an address may not be connected to, in words; None when it may."""
    if (str(address), port) in egress.own_endpoints:
        return "is one of this server's own services"
    if address.is_unspecified or address.is_multicast or address == ipaddress.IPv4Address("255.255.255.255"):
        return "is no router's address"
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return "names a zone of this server (the part after %): give the address without it"
    if address.is_link_local:
        return "is a link-local address, which can't be told apart between clients"
    if address.is_loopback:
        if not _inside(address, egress.allowed_loopback_networks):
            return "is this server itself"
    elif isinstance(address, ipaddress.IPv6Address) and any(address in network for network in _EMBEDDING):
        return "hides an IPv4 address: give that one"
    elif is_own_address(address):
        return "is this server itself"
    if not _inside(address, egress.networks):
        return "is outside the management networks of this client: a super_admin can add its network"
    return None


def is_own_address(address: IpAddress) -> bool:
    """Whether an address belongs to this machine: the kernel then answers from that very address. Sends nothing."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), 9))
            return bool(probe.getsockname()[0] == str(address))
    except OSError:  # no route, or no IPv6 here: then it is no address of ours either
        return False


def parse_networks(networks: Iterable[str | IpNetwork]) -> tuple[IpNetwork, ...]:
    """Networks as the database gives them."""
    return tuple(ipaddress.ip_network(str(network), strict=False) for network in networks)


def engine_endpoints(settings: ServiceSettings) -> frozenset[Endpoint]:
    """Addresses and ports of the database and the bus of a process, as far as they are reached by TCP."""
    endpoints: set[Endpoint] = set()
    parts = conninfo_to_dict(settings.database_url.get_secret_value())
    hosts = str(parts.get("hostaddr") or parts.get("host") or "").split(",")
    ports = str(parts.get("port") or "5432").split(",")
    for index, host in enumerate(hosts):
        if host and not host.startswith(("/", "@")):
            endpoints |= _resolved(host, int(ports[index if index < len(ports) else 0]))
    nats = urlsplit(settings.nats_url)
    if nats.hostname:
        endpoints |= _resolved(nats.hostname, nats.port or 4222)
    return frozenset(endpoints)


def _resolved(host: str, port: int) -> set[Endpoint]:
    try:
        return {(str(found[4][0]), port) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except socket.gaierror:
        return set()


def _inside(address: IpAddress, networks: tuple[IpNetwork, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _literal(address: str) -> list[IpAddress] | None:
    try:
        return [ipaddress.ip_address(address.strip("[]"))]
    except ValueError:
        return None


async def _look_up(name: str, port: int, timeout_s: float) -> list[IpAddress]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            found = await loop.run_in_executor(
                _resolvers, lambda: socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
            )
    except (OSError, UnicodeError) as error:  # TimeoutError and gaierror are OSErrors
        why = (
            f"no answer from the name server within {timeout_s:g} s"
            if isinstance(error, TimeoutError)
            else "has no address"
        )
        raise NameNotResolvedError(
            f"the name {name} can't be resolved ({why}): check its spelling and this server's DNS",
            fields={"address": why},
        ) from None
    # A scope (%eth0) marks a link-local address, which is refused with or without it.
    unique = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    if not unique:
        raise NameNotResolvedError(
            f"the name {name} has no address: check its spelling", fields={"address": "has no address"}
        )
    return [ipaddress.ip_address(text) for text in unique]
