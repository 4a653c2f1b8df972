"""HTTP ways in to tenants (for super_admins) and to the jobs of a tenant."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from drover.platform.access import Permission
from drover.platform.db import Row
from drover.platform.guards import InTenant, OnPlatform, PlatformAccess, TenantAccess
from drover.platform.links import new_link
from drover.tenants import service
from drover.tenants.schemas import Job, Tenant, TenantChange, TenantCreate, TenantCreating

router = APIRouter()

_TENANT_FIELDS = frozenset(Tenant.model_fields)


def _shape(row: Row) -> Tenant:
    return Tenant.model_validate({key: value for key, value in row.items() if key in _TENANT_FIELDS})


@router.get("/api/platform/tenants")
async def list_tenants(
    access: Annotated[PlatformAccess, Depends(OnPlatform(Permission.PLATFORM_TENANTS))],
) -> list[Tenant]:
    """All clients of this installation."""
    async with access.unit() as tx:
        return [_shape(row) for row in await service.list_tenants(tx)]


@router.post("/api/platform/tenants", status_code=202)
async def create_tenant(
    access: Annotated[
        PlatformAccess, Depends(OnPlatform(Permission.PLATFORM_TENANTS, action="tenant.created"))
    ],
    body: TenantCreate,
) -> TenantCreating:
    """Create a client; a job makes its keys and partitions. The invitation link is shown this once."""
    link = new_link()
    async with access.unit() as tx:
        tenant_id, job_id = await service.create_tenant(
            tx,
            slug=body.slug,
            name=body.name,
            networks=body.management_networks,
            first_admin=body.first_admin.model_dump() if body.first_admin else None,
            link_hash=link.token_hash,
        )
    return TenantCreating(
        tenant_id=tenant_id, job_id=job_id, invitation_url=link.path if body.first_admin else None
    )


@router.patch("/api/platform/tenants/{tenant_id}")
async def change_tenant(
    access: Annotated[
        PlatformAccess, Depends(OnPlatform(Permission.PLATFORM_TENANTS, action="tenant.changed"))
    ],
    tenant_id: int,
    body: TenantChange,
) -> Tenant:
    """Rename a client or change the networks in which its devices may be reached."""
    async with access.unit() as tx:
        return _shape(
            await service.change_tenant(tx, tenant_id, name=body.name, networks=body.management_networks)
        )


@router.get("/api/platform/jobs/{job_id}")
async def get_platform_job(
    access: Annotated[PlatformAccess, Depends(OnPlatform(Permission.PLATFORM_TENANTS))], job_id: int
) -> Job:
    """Progress of making a client."""
    async with access.unit() as tx:
        return Job.model_validate(await service.get_platform_job(tx, job_id))


@router.delete("/api/platform/tenants/{tenant_id}/entries", status_code=204)
async def leave_tenant(
    access: Annotated[PlatformAccess, Depends(OnPlatform(Permission.PLATFORM_ENTER, action="tenant.left"))],
    tenant_id: int,
) -> None:
    """Leave a client that was entered with a reason."""
    async with access.unit() as tx:
        await service.leave_tenant(tx, tenant_id)


@router.get("/api/tenants/{tenant_id}/jobs")
async def list_jobs(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.JOBS_READ))],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Job]:
    """The client's newest jobs."""
    async with access.unit() as tx:
        return [Job.model_validate(row) for row in await service.list_jobs(tx, limit)]


@router.get("/api/tenants/{tenant_id}/jobs/{job_id}")
async def get_job(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.JOBS_READ))], job_id: int
) -> Job:
    """One job with its progress and outcome."""
    async with access.unit() as tx:
        return Job.model_validate(await service.get_job(tx, job_id))


@router.post("/api/tenants/{tenant_id}/jobs/{job_id}/cancel")
async def cancel_job(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.JOBS_CANCEL, action="job.cancelled"))],
    job_id: int,
) -> Job:
    """Cancel a queued job, or ask a running one to stop."""
    async with access.unit() as tx:
        row: dict[str, Any] = await service.cancel_job(tx, job_id)
    return Job.model_validate(row)
