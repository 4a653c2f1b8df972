"""What nobody's message brings about: devices become stale, and the counters that super_admins see are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import structlog

from drover.metrics import repository
from drover.metrics.hints import Hints
from drover.metrics.intake import Stored
from drover.platform.clock import Clock
from drover.platform.db import Database
from drover.platform.errors import DroverError, NotFoundError

log = structlog.get_logger(__name__)

SWEEP_S = 5.0
_SWEEP_PER_TENANT_S = 0.05  # sweeping 500 tenants every 5 s would cost a third of a core
GRACE_S = 10.0  # a poll takes up to 8 s, and its way here some more


class Sweeper:
    """Goes through all tenants again and again. `run` until cancelled.

    While `is_behind` (results wait to be stored) nothing becomes stale: what is known may be on its way.
    """

    def __init__(
        self, database: Database, hints: Hints, clock: Clock, is_behind: Callable[[], bool] = lambda: False
    ) -> None:
        self._database = database
        self._hints = hints
        self._clock = clock
        self._is_behind = is_behind
        self._counters: dict[int, tuple[Any, ...]] = {}
        self._failed = False

    async def run(self) -> None:
        """Sweep for ever, beginning when what waited for our start has had time to come in."""
        await self._clock.sleep(GRACE_S)
        while True:
            tenants = 0
            try:
                tenants = await self.sweep()
                self._failed = False
            except (DroverError, psycopg.Error, OSError) as error:
                if not self._failed:
                    self._failed = True
                    log.warning("tenants can't be swept", problem=repr(error)[:300])
            await self._clock.sleep(max(SWEEP_S, _SWEEP_PER_TENANT_S * tenants))

    async def sweep(self) -> int:
        """Sweep every tenant once; how many there are."""
        leases = await self._database.list_leases()
        for tenant_id, lease_id in leases.items():
            try:
                stored = await self._sweep_tenant(tenant_id, lease_id)
            except NotFoundError:
                continue  # it went meanwhile
            if stored.changed:
                await self._hints.tell(tenant_id, stored)
        for tenant_id in self._counters.keys() - leases.keys():
            del self._counters[tenant_id]
        return len(leases)

    async def _sweep_tenant(self, tenant_id: int, lease_id: UUID) -> Stored:
        now = self._clock.now()
        async with self._database.service(lease_id) as tx:
            late = [] if self._is_behind() else await repository.mark_stale(tx, now, GRACE_S)
            if late:
                await repository.insert_transitions(
                    tx,
                    {
                        "device_id": [row["device_id"] for row in late],
                        "at": [now] * len(late),
                        "from_state": ["online"] * len(late),
                        "to_state": ["stale"] * len(late),
                        "reason": [row["state_reason"] for row in late],
                    },
                )
            counts = await repository.count_states(tx)
            last_event_at: datetime | None = await repository.find_last_event_at(tx)
            seen = (*counts.values(), last_event_at)
            if self._counters.get(tenant_id) != seen:
                await repository.set_counters(tx, counts, last_event_at)
        self._counters[tenant_id] = seen
        return Stored(changed=[row["device_id"] for row in late])
