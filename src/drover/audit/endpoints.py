"""HTTP ways in to the audit trail of a tenant and of the platform."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from drover.audit import service
from drover.audit.contracts import CheckpointFolder
from drover.audit.schemas import AuditEntry, AuditPage, ChainReport
from drover.platform.access import Permission
from drover.platform.guards import InTenant, OnPlatform, PlatformAccess, TenantAccess

router = APIRouter()


@router.get("/api/tenants/{tenant_id}/audit")
async def list_audit(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.AUDIT_READ))],
    q: Annotated[str | None, Query(max_length=200)] = None,
    action: Annotated[str | None, Query(max_length=80)] = None,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    target_kind: Annotated[str | None, Query(max_length=40)] = None,
    target_id: Annotated[str | None, Query(max_length=80)] = None,
    outcome: Annotated[str | None, Query(max_length=20)] = None,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditPage:
    """The client's trail, newest first; filters combine."""
    filters = {
        "q": q,
        "action": action,
        "actor": actor,
        "target_kind": target_kind,
        "target_id": target_id,
        "outcome": outcome,
    }
    async with access.unit() as tx:
        rows, next_before = await service.list_entries(tx, filters=filters, before=before, limit=limit)
    return AuditPage(entries=[AuditEntry.model_validate(row) for row in rows], next_before=next_before)


@router.get("/api/tenants/{tenant_id}/audit/verification")
async def verify_audit(
    request: Request, access: Annotated[TenantAccess, Depends(InTenant(Permission.AUDIT_READ))]
) -> ChainReport:
    """Recompute the client's chain now and hold it against the signed checkpoints."""
    folder = CheckpointFolder(request.app.state.settings.checkpoint_dir)
    async with access.unit() as tx:
        return ChainReport.model_validate(await service.verify(tx, folder))


@router.get("/api/platform/audit")
async def list_platform_audit(
    access: Annotated[PlatformAccess, Depends(OnPlatform(Permission.PLATFORM_AUDIT))],
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditPage:
    """The platform's own trail: sign-ins, clients made, refusals."""
    async with access.unit() as tx:
        rows, next_before = await service.list_entries(tx, filters={}, before=before, limit=limit)
    return AuditPage(entries=[AuditEntry.model_validate(row) for row in rows], next_before=next_before)
