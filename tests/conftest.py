"""Fixtures for every test."""

from tests.api_fixture import api, services, worker
from tests.engines_fixture import engines
from tests.rossim_fixture import fleet_factory, router_keys_dir, router_spec

__all__ = ["api", "engines", "fleet_factory", "router_keys_dir", "router_spec", "services", "worker"]
