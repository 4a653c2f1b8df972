"""HTTP ways in to devices, groups and tags."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request

from drover.devices import enrolments, service
from drover.devices.enrolment_endpoints import router as enrolment_router
from drover.devices.schemas import (
    ConnectionChange,
    Device,
    DeviceChange,
    DevicePage,
    DeviceRow,
    DeviceState,
    Enrolment,
    Group,
    GroupWrite,
    TagCount,
)
from drover.platform.access import Permission
from drover.platform.guards import InTenant, TenantAccess
from drover.platform.secrets import SecretText

router = APIRouter(prefix="/api/tenants/{tenant_id}")

Reading = Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_READ))]
Sort = Literal[
    "name", "address", "model", "version", "state", "cpu_percent", "memory_percent", "uptime_s", "clients", "rx_bps", "tx_bps",
    "last_snapshot_at",
]  # fmt: skip


@router.get("/devices")
async def list_devices(
    access: Reading,
    q: Annotated[str | None, Query(max_length=200)] = None,
    state: DeviceState | None = None,
    group_id: int | None = None,
    tag: Annotated[str | None, Query(max_length=40)] = None,
    sort: Sort = "name",
    order: Literal["asc", "desc"] = "asc",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> DevicePage:
    """The device table: filtered, sorted (unknown values last), a page at a time."""
    filters = {
        "q": q, "state": state, "group_id": group_id, "tag": tag, "sort": sort, "order": order, "limit": limit, "offset": offset,
    }  # fmt: skip
    async with access.unit() as tx:
        rows, total = await service.list_devices(tx, filters)
    return DevicePage(devices=[DeviceRow.model_validate(row) for row in rows], total=total, offset=offset)


@router.get("/devices/{device_id}")
async def get_device(access: Reading, device_id: int) -> Device:
    """One device."""
    async with access.unit() as tx:
        return Device.model_validate(await service.get_device(tx, device_id))


async def _tell(request: Request, access: TenantAccess, device_id: int) -> None:
    """Hint to the poller and to open pages that a device changed."""
    await request.app.state.bus.publish_devices(access.tenant_id, device_id)


@router.patch("/devices/{device_id}")
async def change_device(
    request: Request,
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="device.changed"))],
    device_id: int,
    body: DeviceChange,
) -> Device:
    """Rename, regroup, tag, disable, or change how often a device is polled and backed up."""
    changes: dict[str, Any] = body.model_dump(exclude_none=True, exclude={"tags", "clear_group"})
    if body.clear_group:
        changes["group_id"] = None
    async with access.unit() as tx:
        device = await service.change_device(tx, device_id, changes, body.tags)
    await _tell(request, access, device_id)
    return Device.model_validate(device)


@router.delete("/devices/{device_id}", status_code=204)
async def delete_device(
    request: Request,
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_DELETE, action="device.deleted"))],
    device_id: int,
    history: Annotated[
        Literal["keep", "purge"], Query(description="What becomes of its samples, events and snapshots.")
    ],
) -> None:
    """Take a device out. Its credentials are destroyed either way."""
    async with access.unit() as tx:
        await service.delete_device(tx, device_id, purge=history == "purge")
    await _tell(request, access, device_id)


@router.post("/devices/{device_id}/connection", status_code=202)
async def change_connection(
    request: Request,
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="enrolment.started"))],
    device_id: int,
    body: ConnectionChange,
) -> Enrolment:
    """Change a device's address or credentials: verified like a new one before anything is saved."""
    changes = body.model_dump(exclude_none=True, exclude={"password"})
    async with access.unit() as tx:
        row = await enrolments.start_change(
            tx, request.app.state.envelopes, device_id, changes, SecretText(body.password.get_secret_value())
        )
    return Enrolment.model_validate(row)


@router.get("/groups")
async def list_groups(access: Reading) -> list[Group]:
    """Groups with how many devices each has."""
    async with access.unit() as tx:
        return [Group.model_validate(row) for row in await service.list_groups(tx)]


@router.post("/groups", status_code=201)
async def create_group(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_ORGANISE, action="group.created"))],
    body: GroupWrite,
) -> Group:
    """A new group."""
    async with access.unit() as tx:
        return Group.model_validate(await service.create_group(tx, body.name))


@router.patch("/groups/{group_id}")
async def rename_group(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_ORGANISE, action="group.renamed"))],
    group_id: int,
    body: GroupWrite,
) -> Group:
    """Give a group another name."""
    async with access.unit() as tx:
        return Group.model_validate(await service.rename_group(tx, group_id, body.name))


@router.delete("/groups/{group_id}", status_code=204)
async def delete_group(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_ORGANISE, action="group.deleted"))],
    group_id: int,
) -> None:
    """Delete a group; its devices stay, without one."""
    async with access.unit() as tx:
        await service.delete_group(tx, group_id)


@router.get("/tags")
async def list_tags(access: Reading) -> list[TagCount]:
    """Tags in use."""
    async with access.unit() as tx:
        return [TagCount.model_validate(row) for row in await service.list_tags(tx)]


router.include_router(enrolment_router)
