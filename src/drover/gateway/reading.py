"""Reading a router over an open session: what it is, and one poll's values.

Errors of the session itself (lost, silent, over) end a reading; a menu that the router refuses costs that menu only, and the
reading says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TypeVar

from drover.gateway.collectors import (
    ethernet,
    health,
    identity,
    interface,
    lease,
    licence,
    resource,
    routerboard,
    wifi,
    wireless,
)
from drover.gateway.contracts import (
    Capabilities,
    DeviceReading,
    Due,
    Facts,
    HealthReading,
    InterfaceReading,
    ResourceReading,
    WirelessReading,
)
from drover.gateway.errors import NotRouterOSError
from drover.gateway.together import run_together
from drover.platform.clock import Clock
from routeros.client import ApiClient
from routeros.errors import TrapError

_T = TypeVar("_T")

COMMAND_TIMEOUT_S = 6.0
_NAME_REFRESH_S = 300.0
_NAME_REFRESH_LEAST_S = 60.0


@dataclass
class DeviceSession:
    """What a reader remembers about one router between polls of one connection."""

    client: ApiClient
    capabilities: Capabilities
    clock: Clock
    ssids: dict[str, str] = field(default_factory=dict)
    host_names: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    names_read_s: float = float("-inf")
    running: dict[str, bool | None] = field(default_factory=dict)


async def read_facts(client: ApiClient, *, timeout_s: float = COMMAND_TIMEOUT_S) -> Facts:
    """What a router is. NotRouterOSError when it has no version to tell."""
    problems: list[str] = []
    rows = await client.run(resource.PATH, proplist=resource.PROPLIST, timeout_s=timeout_s)
    resources = resource.collect(rows, problems)
    if resources.version is None or re.match(r"\d+\.\d", resources.version) is None:
        raise NotRouterOSError(
            "it answered the login, but does not tell a RouterOS version: is it a MikroTik router?"
        )
    return await _facts(client, resources, problems, timeout_s)


async def _facts(
    client: ApiClient, resources: ResourceReading, problems: list[str], timeout_s: float
) -> Facts:
    name = await _menu(client, identity.PATH, identity.PROPLIST, identity.collect, problems, timeout_s)
    board = await _menu(
        client, routerboard.PATH, routerboard.PROPLIST, routerboard.collect, problems, timeout_s
    )
    serial = board.serial if board is not None else None
    if serial is None:
        serial = await _menu(client, licence.PATH, licence.PROPLIST, licence.collect, problems, timeout_s)
    return Facts(
        identity=name,
        model=(board.model if board is not None else None) or resources.board_name,
        board_name=resources.board_name,
        serial=serial,
        version=resources.version,
        architecture=resources.architecture,
        firmware=board.firmware if board is not None else None,
        memory_total_bytes=resources.memory_total_bytes,
        disk_total_bytes=resources.disk_total_bytes,
    )


async def read_device(
    session: DeviceSession, due: Due, *, timeout_s: float = COMMAND_TIMEOUT_S
) -> DeviceReading:
    """One poll. Resources first and alone, which measures the round trip; the rest side by side."""
    client, clock = session.client, session.clock
    problems: list[str] = []
    began_s = clock.monotonic_s()
    rows = await client.run(resource.PATH, proplist=resource.PROPLIST, timeout_s=timeout_s)
    reading = DeviceReading(
        rtt_ms=(clock.monotonic_s() - began_s) * 1000,
        resource=resource.collect(rows, problems),
        problems=problems,
    )

    async def read_interfaces() -> None:
        reading.interfaces = await _menu(
            client,
            interface.PATH,
            interface.PROPLIST,
            interface.collect,
            problems,
            timeout_s,
            interface.ATTRIBUTES,
        )
        reading.interfaces_at_s = clock.monotonic_s()
        if reading.interfaces is None:
            return
        changed = _links_changed(session, reading.interfaces)
        if changed or due.rates:
            reading.link_rates_bps = await _read_rates(client, reading.interfaces, problems, timeout_s)

    async def read_health() -> None:
        reading.health = await _read_health(session, problems, timeout_s)

    async def read_wireless() -> None:
        reading.wireless = await _read_wireless(session, problems, timeout_s)

    wanted: list[Coroutine[None, None, None]] = [read_interfaces()]
    if due.health and session.capabilities.health_form != "none":
        wanted.append(read_health())
    if due.wireless and session.capabilities.wireless_stack != "none":
        wanted.append(read_wireless())
    await run_together(wanted)
    if due.facts:
        reading.facts = await _facts(client, reading.resource, problems, timeout_s)
    return reading


async def _menu(
    client: ApiClient,
    path: str,
    proplist: tuple[str, ...],
    collect: Callable[[list[dict[str, str]], list[str]], _T],
    problems: list[str],
    timeout_s: float,
    attributes: dict[str, str] | None = None,
    queries: tuple[str, ...] = (),
) -> _T | None:
    """A menu through its collector; None with a problem when the router refuses it."""
    try:
        rows = await client.run(path, attributes, queries=queries, proplist=proplist, timeout_s=timeout_s)
    except TrapError as error:
        problems.append(f"{path}: {error.message[:200]}")
        return None
    return collect(rows, problems)


def _links_changed(session: DeviceSession, interfaces: list[InterfaceReading]) -> bool:
    running = {one.name: one.running for one in interfaces if one.type == "ether"}
    changed = running != session.running
    session.running = running
    return changed


async def _read_rates(
    client: ApiClient, interfaces: list[InterfaceReading], problems: list[str], timeout_s: float
) -> dict[str, int | None] | None:
    attributes = ethernet.attributes(interfaces)
    if attributes is None:
        return {}
    return await _menu(
        client, ethernet.PATH, ethernet.PROPLIST, ethernet.collect, problems, timeout_s, attributes
    )


async def _read_health(session: DeviceSession, problems: list[str], timeout_s: float) -> HealthReading | None:
    form = session.capabilities.health_form
    proplist = {"flat": health.PROPLIST_FLAT, "rows": health.PROPLIST_ROWS}.get(form or "", health.PROPLIST)
    return await _menu(session.client, health.PATH, proplist, health.collect, problems, timeout_s)


async def _read_wireless(
    session: DeviceSession, problems: list[str], timeout_s: float
) -> list[WirelessReading] | None:
    client, stack = session.client, session.capabilities.wireless_stack
    clients: list[WirelessReading] | None
    if stack == "wireless":
        clients = await _menu(client, wireless.PATH, wireless.PROPLIST, wireless.collect, problems, timeout_s)
    elif stack in ("wifi", "wifiwave2"):
        path = wifi.PATH if stack == "wifi" else wifi.WAVE2_PATH
        clients = await _menu(client, path, wifi.PROPLIST, wifi.collect, problems, timeout_s)
    else:  # what could not be told at connect is told as unknown, not as empty
        return None
    if clients:
        await _refresh_names(session, clients, problems, timeout_s)
        for one in clients:
            one.ssid = one.ssid or session.ssids.get(one.interface)
            one.host_name = session.host_names.get(one.mac_address) or one.host_name
    return clients


async def _refresh_names(
    session: DeviceSession, clients: list[WirelessReading], problems: list[str], timeout_s: float
) -> None:
    """Names of clients and SSIDs change seldom: read every 5 minutes, or when somebody new is there, at most each minute."""
    now_s = session.clock.monotonic_s()
    macs = {one.mac_address for one in clients}
    age_s = now_s - session.names_read_s
    if age_s < (_NAME_REFRESH_S if macs <= session.named else _NAME_REFRESH_LEAST_S):
        return
    session.names_read_s, session.named = now_s, macs
    names = await _menu(
        session.client, lease.PATH, lease.PROPLIST, lease.collect, problems, timeout_s, queries=lease.QUERIES
    )
    if names is not None:
        session.host_names = names
    if session.capabilities.wireless_stack == "wireless":
        ssids = await _menu(
            session.client,
            wireless.SSID_PATH,
            wireless.SSID_PROPLIST,
            wireless.collect_ssids,
            problems,
            timeout_s,
        )
        session.ssids = ssids if ssids is not None else session.ssids
