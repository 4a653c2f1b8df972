"""Simulated routers for the gateway's tests."""

from tests.rossim_fixture import fleet_factory, router_keys_dir, router_spec

__all__ = ["fleet_factory", "router_keys_dir", "router_spec"]
