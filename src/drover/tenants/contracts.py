"""What other slices use of tenants: the context of a job that the worker runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from drover.platform.bus import Bus
from drover.platform.clock import Clock
from drover.platform.db import Database, Transaction
from drover.platform.secrets import Envelopes, KeyService
from drover.platform.settings import WorkerSettings


@dataclass(frozen=True)
class Services:
    """What the worker's tasks work with; made once by the entry point."""

    database: Database
    bus: Bus
    keys: KeyService
    envelopes: Envelopes
    clock: Clock
    settings: WorkerSettings


@dataclass(frozen=True)
class JobContext:
    """One running job of one tenant. Every `unit()` checks again that its grantor still may."""

    services: Services
    tenant_id: int
    job_id: int
    device_id: int | None
    args: dict[str, Any]
    trigger_user_id: int | None

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Transaction]:
        """One unit of work in the job's tenant; never held across device I/O."""
        async with self.services.database.job(self.tenant_id, self.job_id) as transaction:
            yield transaction


# A handler returns what the job's `result` shall be (ids and counts, never a secret), or raises a DroverError.
JobHandler = Callable[[JobContext], Awaitable[dict[str, Any] | None]]
