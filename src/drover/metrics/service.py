"""What people read of measurements. Every function takes the caller's unit of work and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from drover.metrics import repository
from drover.metrics.errors import NoSuchDeviceError, NoSuchInterfaceError
from drover.metrics.series import RangeName, to_columns, window_of
from drover.platform.db import Row, Transaction
from drover.platform.errors import NotFoundError

WEAK_DBM = -75
_BUSIEST = 5
_ATTENTION = 50
_EVENTS = 20
_TENANTS_AT_ONCE = 4
_LONGEST_STEP_S = 600
_SETTLE_S = 15

_TRAFFIC = ("rx_bps", "rx_bps_max", "tx_bps", "tx_bps_max")
_DEVICE = (
    *(
        "cpu_percent",
        "cpu_percent_max",
        "memory_percent",
        "memory_percent_max",
        "disk_percent",
        "disk_percent_max",
    ),
    *(
        "temperature_c",
        "temperature_c_max",
        "voltage_v",
        "voltage_v_min",
        "rtt_ms",
        "rtt_ms_max",
        "clients",
        "clients_max",
    ),
    *_TRAFFIC,
)
_INTERFACE = (
    *_TRAFFIC,
    *("rx_pps", "rx_pps_max", "tx_pps", "tx_pps_max", "rx_errors", "tx_errors", "rx_drops", "tx_drops"),
)
_WIRELESS = ("clients", "clients_max", "signal_dbm", "signal_dbm_min")


class Entering(Protocol):
    """A signed-in person who can enter their tenants (platform.guards.SessionAccess)."""

    @property
    def tenants(self) -> list[dict[str, Any]]: ...

    def tenant(self, tenant_id: int) -> AbstractAsyncContextManager[Transaction]: ...


async def get_dashboard(tx: Transaction, now: datetime) -> dict[str, Any]:
    """A tenant at one glance, in the shape of Dashboard."""
    snapshots = await repository.get_snapshot_summary(tx)
    return {
        "as_of": now,
        "states": await repository.count_states(tx),
        **await repository.sum_now(tx),
        "wireless_weak": await repository.count_weak(tx, WEAK_DBM),
        "busiest": await repository.list_busiest(tx, _BUSIEST),
        "attention": [_without_rank(row) for row in await repository.list_attention(tx, _ATTENTION)],
        "events": await repository.list_events(tx, _EVENTS, None),
        "last_snapshot_at": snapshots["last_snapshot_at"],
        "snapshots_failed": snapshots["snapshots_failed"],
    }


async def list_events(tx: Transaction, limit: int, before: int | None) -> list[Row]:
    """A tenant's events, newest first."""
    return await repository.list_events(tx, limit, before)


async def list_device_events(tx: Transaction, device_id: int, limit: int, before: int | None) -> list[Row]:
    """A device's events, newest first."""
    await _get_device(tx, device_id)
    return await repository.list_events(tx, limit, before, device_id)


async def get_tenant_traffic(tx: Transaction, name: RangeName, now: datetime) -> dict[str, Any]:
    """A tenant's traffic: the sum over its devices. Devices polled less often than a step is wide leave it a little low."""
    longest_s = await repository.find_longest_interval_s(tx) or 60
    window = window_of(name, now, interval_s=min(longest_s, _LONGEST_STEP_S), settle_s=_SETTLE_S)
    rows = await repository.list_steps(tx, "tenant", window.step, window.since, window.until)
    return to_columns(window, _TRAFFIC, rows)


async def get_device_samples(
    tx: Transaction, device_id: int, name: RangeName, now: datetime
) -> dict[str, Any]:
    """A device's own values over time."""
    return await _device_series(tx, device_id, "device", _DEVICE, name, now)


async def get_wireless_samples(
    tx: Transaction, device_id: int, name: RangeName, now: datetime
) -> dict[str, Any]:
    """A device's wireless clients over time."""
    return await _device_series(tx, device_id, "wireless", _WIRELESS, name, now)


async def get_interface_samples(
    tx: Transaction, device_id: int, interface_id: int, name: RangeName, now: datetime
) -> dict[str, Any]:
    """An interface's traffic over time."""
    device = await _get_device(tx, device_id)
    if await repository.find_interface(tx, device_id, interface_id) is None:
        raise NoSuchInterfaceError("no such interface on this device")
    window = window_of(name, now, interval_s=device["poll_interval_s"])
    rows = await repository.list_steps(
        tx, "interface", window.step, window.since, window.until, interface_id=interface_id
    )
    return to_columns(window, _INTERFACE, rows)


async def list_interfaces(tx: Transaction, device_id: int, now: datetime) -> list[Row]:
    """A device's interfaces; what was not heard of for three intervals has no rate and no link state."""
    device = await _get_device(tx, device_id)
    recent = now - timedelta(seconds=3 * device["poll_interval_s"])
    return await repository.list_interfaces(tx, device_id, recent, now - timedelta(days=1))


async def list_wireless_clients(tx: Transaction, device_id: int) -> list[Row]:
    """The clients that a device saw when it was last asked; `last_seen_at` tells when that was."""
    device = await _get_device(tx, device_id)
    if device["wireless_at"] is None:
        return []
    return await repository.list_wireless_clients(tx, device_id, device["wireless_at"])


async def get_overview(access: Entering, counters: Sequence[Row]) -> list[dict[str, Any]]:
    """Every tenant that a person may see: their own, entered one by one; of the others, `counters` only."""
    slots = asyncio.Semaphore(_TENANTS_AT_ONCE)
    tasks: list[asyncio.Task[dict[str, Any] | None]] = []

    async def one(tenant: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            async with slots, access.tenant(tenant["tenant_id"]) as tx:
                return await _count_tenant(tx, tenant)
        except NotFoundError:
            return None  # the membership ended meanwhile

    async with asyncio.TaskGroup() as group:
        tasks.extend(group.create_task(one(tenant)) for tenant in access.tenants)
    own = [counted for task in tasks if (counted := task.result()) is not None]
    seen = {tenant["tenant_id"] for tenant in own}
    others = [{**row, "can_open": False, "worst": None} for row in counters if row["tenant_id"] not in seen]
    return sorted(own + others, key=lambda tenant: str(tenant["name"]).lower())


async def list_counters(tx: Transaction) -> list[Row]:
    """The counters of all tenants; the transaction is the platform's."""
    return await repository.list_tenant_counters(tx)


async def _count_tenant(tx: Transaction, tenant: Mapping[str, Any]) -> dict[str, Any]:
    counts = await repository.count_states(tx)
    worst = await repository.list_attention(tx, 1)
    return {
        **{name: tenant[name] for name in ("tenant_id", "slug", "name", "colour")},
        "state": "active",
        "can_open": True,
        "devices": counts["total"],
        **{name: counts[name] for name in ("online", "offline", "stale", "unknown", "disabled")},
        "last_event_at": await repository.find_last_event_at(tx),
        "worst": f"{worst[0]['device_name']}: {_within_a_line(worst[0]['reason'])}" if worst else None,
    }


async def _device_series(
    tx: Transaction, device_id: int, kind: str, names: Sequence[str], name: RangeName, now: datetime
) -> dict[str, Any]:
    device = await _get_device(tx, device_id)
    window = window_of(name, now, interval_s=device["poll_interval_s"])
    rows = await repository.list_steps(tx, kind, window.step, window.since, window.until, device_id=device_id)
    return to_columns(window, names, rows)


async def _get_device(tx: Transaction, device_id: int) -> Row:
    device = await repository.find_device(tx, device_id)
    if device is None:
        raise NoSuchDeviceError("no such device")
    return device


def _within_a_line(reason: str) -> str:
    """`Offline: no answer` as it reads after a name and a colon: `offline, no answer`; `CPU is at 99 %` stays."""
    start = reason[:1].lower() + reason[1:] if reason[1:2].islower() else reason
    return start.replace(": ", ", ", 1)


def _without_rank(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "rank"}
