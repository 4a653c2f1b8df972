"""The menus of RouterOS, one module for each part of the tree.

A module has a function `menus(platform)` that yields its menus for a platform; here they are gathered,
once for each platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from rossim.menus import (
    addresses,
    bridge,
    certificates,
    dhcp,
    dns,
    ethernet,
    files,
    firewall,
    guards,
    health,
    interface,
    ipv6,
    log,
    logical,
    neighbors,
    ppp,
    queues,
    resource,
    scripts,
    services,
    snmp,
    system,
    tools,
    users,
    wifi,
    wireless,
)
from rossim.platforms import Platform
from rossim.tree import Menu

_MODULES = (
    addresses,
    bridge,
    certificates,
    dhcp,
    dns,
    ethernet,
    files,
    firewall,
    guards,
    health,
    interface,
    ipv6,
    log,
    logical,
    neighbors,
    ppp,
    queues,
    resource,
    scripts,
    services,
    snmp,
    system,
    tools,
    users,
    wifi,
    wireless,
)


@cache
def menus_for(platform: Platform) -> Mapping[str, Menu]:
    """All menus that a platform has, by path."""
    menus: dict[str, Menu] = {}
    for module in _MODULES:
        for menu in module.menus(platform):
            if menu.path in menus:
                raise AssertionError(f"two menus are called {menu.path}")
            menus[menu.path] = menu
    return MappingProxyType(menus)
