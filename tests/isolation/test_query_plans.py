"""Every named query of every slice stays in its tenant's partitions, with three tenants there."""

from __future__ import annotations

import pytest

from tests.engines_fixture import Engines
from tests.factories.tenants import make_person, make_tenant
from tests.query_plans import assert_one_tenant


@pytest.mark.parametrize("slice_", ["tenants", "audit", "auth", "devices", "metrics", "polling", "backups"])
async def test_every_query_stays_in_its_tenants_partitions(engines: Engines, slice_: str) -> None:
    tenants = [await make_tenant(engines) for _ in range(3)]
    person = await make_person(engines, {tenants[1].id: "admin"})
    assert await assert_one_tenant(engines, f"drover.{slice_}", tenants[1], person) > 0
