"""Simulated routers for anybody's tests.

    async def test_something(fleet_factory, router_spec):
        fleet = await fleet_factory(router_spec(model="rb4011", version="6.49.18", profile="tower"))
        router = next(iter(fleet))
        ...connect to router.address, router.api_port, router.ssh_port...
        router.set_fault("hang")

`fleet_factory(*specs, clock=...)` starts a fleet in the test's event loop and stops it at the end of the
test; specs with ports of 0, as `router_spec` makes them, get free ones. `router_spec(**changes)` makes a
spec with a password of its own and an address that no other spec of this process has. Certificates and
host keys are kept in one folder for the whole run, so `restart with the same keys` is a second fleet of
the same specs.

A client that blocks (librouteros, netmiko) runs in a thread: `await asyncio.to_thread(...)`.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio

from rossim.clock import Clock
from rossim.fleet import Fleet
from rossim.specs import RouterSpec

_numbers = itertools.count(2)


class FleetFactory(Protocol):
    def __call__(self, *specs: RouterSpec, clock: Clock = time.time) -> Awaitable[Fleet]: ...


def make_router_spec(**changes: Any) -> RouterSpec:
    number = next(_numbers)
    values: dict[str, Any] = {
        "address": f"127.77.{number // 250}.{number % 250 + 1}",
        "model": "hap-ax3",
        "version": "7.18.2",
        "identity": f"router-{number}",
        "serial": f"HTEST{number:05d}",
        "username": "admin",
        "password": secrets.token_urlsafe(12),
        "api_port": 0,
        "ssh_port": 0,
        "site": "Bath",
        "seed": number,
        "subnet": number % 250,
    }
    return RouterSpec(**(values | changes))


@pytest.fixture
def router_spec() -> Callable[..., RouterSpec]:
    return make_router_spec


@pytest.fixture(scope="session")
def router_keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("router-keys")


@pytest_asyncio.fixture
async def fleet_factory(router_keys_dir: Path) -> AsyncIterator[FleetFactory]:
    fleets: list[Fleet] = []

    async def start(*specs: RouterSpec, clock: Clock = time.time) -> Fleet:
        fleet = Fleet(specs, router_keys_dir, clock=clock)
        fleets.append(fleet)
        fleet.start()
        return fleet

    yield start
    for fleet in fleets:
        await fleet.stop()
