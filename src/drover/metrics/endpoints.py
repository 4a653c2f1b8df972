"""HTTP ways to measurements, events, the dashboard and the live stream."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from drover.metrics import live, service
from drover.metrics.schemas import (
    Dashboard,
    Event,
    Interface,
    Overview,
    Series,
    TenantCounts,
    WirelessClient,
)
from drover.metrics.series import RangeName
from drover.platform.access import Permission
from drover.platform.db import Row
from drover.platform.guards import InTenant, Session, SessionAccess, TenantAccess

router = APIRouter()

_TENANT = "/api/tenants/{tenant_id}"
_DEVICE = _TENANT + "/devices/{device_id}"

Reading = Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_READ))]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/api/overview")
async def get_overview(access: Annotated[SessionAccess, Depends(Session())]) -> Overview:
    """Every client of the person, and for a super_admin the counters of all others."""
    counters: list[Row] = []
    if access.user["is_super_admin"]:
        async with access.database.platform(access.secret, access.origin) as tx:
            counters = await service.list_counters(tx)
    tenants = await service.get_overview(access, counters)
    return Overview(tenants=[TenantCounts.model_validate(tenant) for tenant in tenants])


@router.get(_TENANT + "/dashboard")
async def get_dashboard(request: Request, access: Reading) -> Dashboard:
    """The client at one glance: states, traffic, what needs somebody, what happened."""
    async with access.unit() as tx:
        return Dashboard.model_validate(await service.get_dashboard(tx, request.app.state.clock.now()))


@router.get(_TENANT + "/traffic")
async def get_tenant_traffic(request: Request, access: Reading, range: RangeName = "24h") -> Series:  # noqa: A002
    """Traffic of all devices together."""
    async with access.unit() as tx:
        found = await service.get_tenant_traffic(tx, range, request.app.state.clock.now())
    return Series.model_validate(found)


@router.get(_TENANT + "/events")
async def list_events(access: Reading, limit: Limit = 50, before: int | None = None) -> list[Event]:
    """What happened, newest first; `before` is the id of the last event of the page before."""
    async with access.unit() as tx:
        rows = await service.list_events(tx, limit, before)
    return [Event.model_validate(row) for row in rows]


@router.get(_DEVICE + "/samples")
async def get_device_samples(
    request: Request,
    access: Reading,
    device_id: int,
    range: RangeName = "24h",  # noqa: A002
) -> Series:
    """CPU, memory, disk, temperature, round trip, clients and traffic of a device."""
    async with access.unit() as tx:
        found = await service.get_device_samples(tx, device_id, range, request.app.state.clock.now())
    return Series.model_validate(found)


@router.get(_DEVICE + "/events")
async def list_device_events(
    access: Reading, device_id: int, limit: Limit = 50, before: int | None = None
) -> list[Event]:
    """What happened to a device, newest first."""
    async with access.unit() as tx:
        rows = await service.list_device_events(tx, device_id, limit, before)
    return [Event.model_validate(row) for row in rows]


@router.get(_DEVICE + "/interfaces")
async def list_interfaces(request: Request, access: Reading, device_id: int) -> list[Interface]:
    """The interfaces of a device with their rates now."""
    async with access.unit() as tx:
        rows = await service.list_interfaces(tx, device_id, request.app.state.clock.now())
    return [Interface.model_validate(row) for row in rows]


@router.get(_DEVICE + "/interfaces/{interface_id}/samples")
async def get_interface_samples(
    request: Request,
    access: Reading,
    device_id: int,
    interface_id: int,
    range: RangeName = "24h",  # noqa: A002
) -> Series:
    """Traffic, packets, errors and drops of an interface."""
    now = request.app.state.clock.now()
    async with access.unit() as tx:
        found = await service.get_interface_samples(tx, device_id, interface_id, range, now)
    return Series.model_validate(found)


@router.get(_DEVICE + "/wireless")
async def list_wireless_clients(access: Reading, device_id: int) -> list[WirelessClient]:
    """The wireless clients of a device, as it last saw them."""
    async with access.unit() as tx:
        rows = await service.list_wireless_clients(tx, device_id)
    return [WirelessClient.model_validate(row) for row in rows]


@router.get(_DEVICE + "/wireless/samples")
async def get_wireless_samples(
    request: Request,
    access: Reading,
    device_id: int,
    range: RangeName = "24h",  # noqa: A002
) -> Series:
    """How many wireless clients a device had, and their signal."""
    async with access.unit() as tx:
        found = await service.get_wireless_samples(tx, device_id, range, request.app.state.clock.now())
    return Series.model_validate(found)


@router.get(_TENANT + "/live", include_in_schema=False)
async def live_hints(request: Request, access: Reading) -> StreamingResponse:
    """Hints that something of this client changed, as server-sent events, for as long as the person may read it."""
    state = request.app.state
    hub: live.LiveHub | None = getattr(state, "live_hub", None)
    if hub is None:
        hub = state.live_hub = live.LiveHub(state.bus)

    async def still_allowed() -> None:
        async with access.unit():
            pass

    return StreamingResponse(
        live.stream(hub, access.tenant_id, still_allowed, state.clock),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )
