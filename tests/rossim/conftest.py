"""Routers of both major versions."""

from __future__ import annotations

import gc

import pytest

from tests.rossim_fixture import fleet_factory, router_keys_dir, router_spec

__all__ = ["fleet_factory", "router_keys_dir", "router_spec"]


@pytest.fixture
def leftovers_collected():
    """Collect what a foreign client leaves open while the test that asked for it still forgives that."""
    yield
    gc.collect()


@pytest.fixture(params=["6.49.18", "7.16.2", "7.20.6"])
def any_spec(request, router_spec):
    """A tower on v6, an office on v7."""
    if request.param.startswith("6"):
        return router_spec(model="rb4011", version=request.param, profile="tower")
    return router_spec(model="hap-ax3", version=request.param, profile="office")
