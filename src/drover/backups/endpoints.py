"""HTTP ways in to configuration snapshots: masked texts only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from drover.backups import service
from drover.backups.schemas import Snapshot, SnapshotDiff, SnapshotPage, SnapshotText
from drover.platform.access import Permission
from drover.platform.guards import InTenant, TenantAccess
from drover.tenants.schemas import Job

router = APIRouter(prefix="/api/tenants/{tenant_id}/devices/{device_id}/snapshots")

Reading = Annotated[TenantAccess, Depends(InTenant(Permission.BACKUPS_READ))]


@router.get("")
async def list_snapshots(
    access: Reading,
    device_id: int,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> SnapshotPage:
    """A device's timeline, newest first."""
    async with access.unit() as tx:
        rows, total = await service.list_snapshots(tx, device_id, limit, offset)
    return SnapshotPage(snapshots=[Snapshot.model_validate(row) for row in rows], total=total)


@router.post("", status_code=202)
async def take_snapshot(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.BACKUPS_TAKE, action="snapshot.requested"))],
    device_id: int,
) -> Job:
    """Take a snapshot now; one that is being taken already is joined."""
    async with access.unit() as tx:
        return Job.model_validate(await service.request(tx, device_id))


@router.get("/diff")
async def diff_snapshots(
    request: Request, access: Reading, device_id: int, from_id: int, to_id: int
) -> SnapshotDiff:
    """What changed from one version to another."""
    async with access.unit() as tx:
        before, after = await service.get_versions(tx, device_id, from_id, to_id)
    return SnapshotDiff.model_validate(await service.diff(request.app.state.envelopes, before, after))


@router.get("/{snapshot_id}")
async def get_snapshot(request: Request, access: Reading, device_id: int, snapshot_id: int) -> SnapshotText:
    """One version with its masked text."""
    async with access.unit() as tx:
        [stored] = await service.get_versions(tx, device_id, snapshot_id)
    return SnapshotText.model_validate(await service.read_text(request.app.state.envelopes, stored))
