"""HTTP shapes of tenants, jobs and the platform's view of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from drover.platform.schemas import Name, Shape, Slug

JobState = Literal["queued", "running", "done", "failed", "cancelled"]


class Tenant(Shape):
    id: int
    slug: Slug
    name: str
    colour: str
    state: Literal["creating", "active"]
    management_networks: list[str] = Field(description="CIDRs in which this tenant's devices may be reached.")
    created_at: datetime


class FirstAdmin(Shape):
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
    name: Name


class TenantCreate(Shape):
    name: Name
    slug: Slug
    management_networks: list[str] = Field(min_length=1, max_length=64, examples=[["10.20.0.0/16"]])
    first_admin: FirstAdmin | None = None


class TenantChange(Shape):
    name: Name | None = None
    management_networks: list[str] | None = Field(default=None, min_length=1, max_length=64)


class TenantCreating(Shape):
    tenant_id: int
    job_id: int
    invitation_url: str | None = None


class TenantEnter(Shape):
    reason: str = Field(min_length=5, max_length=500)
    minutes: int = Field(default=60, ge=5, le=480)


class Job(Shape):
    id: int
    kind: str
    state: JobState
    progress_done: int
    progress_total: int | None
    step: str | None
    error_code: str | None
    error_message: str | None
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
