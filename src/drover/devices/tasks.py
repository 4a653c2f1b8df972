"""The worker's part in devices: passwords of enrolments that nobody finished are dropped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from drover.devices import enrolment_rows
from drover.tenants.contracts import Services


async def expire_enrolments(services: Services) -> None:
    """End what is over, tenant by tenant."""
    for lease in (await services.database.list_leases()).values():
        async with services.database.service(lease) as tx:
            await enrolment_rows.expire(tx)


PERIODIC: list[tuple[float, Callable[[Services], Awaitable[None]]]] = [(60.0, expire_enrolments)]
