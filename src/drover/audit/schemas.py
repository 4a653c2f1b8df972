"""HTTP shapes of the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from drover.platform.schemas import Shape


class AuditEntry(Shape):
    seq: int
    at: datetime
    actor_kind: Literal["user", "token", "service", "anonymous"]
    actor_id: int | None
    actor_name: str
    role: str | None
    via: str = Field(description="The database login it came through: the API, the worker, the poller.")
    source_address: str | None
    action: str
    target_kind: str | None
    target_id: str | None
    target_name: str | None
    outcome: Literal["intent", "success", "refused", "failure"]
    details: dict[str, Any]
    request_id: str | None
    hash: str


class AuditPage(Shape):
    entries: list[AuditEntry]
    next_before: int | None


class ChainReport(Shape):
    """Result of verifying one chain: what is proven, up to where, and what is wrong."""

    ok: bool
    entries: int
    verified_to_seq: int
    checkpoint_seq: int | None
    uncovered: int
    problems: list[str]
