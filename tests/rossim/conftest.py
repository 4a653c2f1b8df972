"""Routers, and a client of the API that is as plain as can be."""

from __future__ import annotations

from tests.rossim_fixture import fleet_factory, router_keys_dir, router_spec

__all__ = ["fleet_factory", "router_keys_dir", "router_spec"]
