"""/ip/address, /ip/route and /ip/arp: what was set, and what follows from it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from rossim.fields import (
    COMMENT,
    DISABLED,
    Field,
    boolean,
    choice,
    fields,
    integer,
    interface,
    ip_address,
    ip_network,
    ip_prefix,
    mac,
    text,
)
from rossim.lan import leases
from rossim.platforms import Platform
from rossim.randomness import seeded
from rossim.router import Router
from rossim.tree import Menu, Row, Tree, Unique, Values

_DYNAMIC_ROUTES = 0x30000000


def _address(router: Router, row: Row) -> Values:
    address = ipaddress.ip_interface(row.values["address"])
    name = row.values["interface"]
    values = {
        "actual-interface": router.derived("masters", _masters).get(name, name),
        "invalid": "false",
        "dynamic": "false",
    }
    if "network" not in row.values:
        values["network"] = str(address.network.network_address)
    return values


def _masters(tree: Tree) -> dict[str, str]:
    return {
        row.values["interface"]: row.values["bridge"]
        for row in tree.table("/interface/bridge/port").rows.values()
        if row.values.get("disabled") != "true"
    }


def wan_address(router: Router) -> str:
    """The address that the provider has given, on the router's WAN by DHCP."""
    return f"100.{64 + router.spec.seed % 60}.{router.spec.seed // 60 % 250}.{2 + router.spec.subnet % 250}"


def _dhcp_clients(router: Router) -> list[dict[str, str]]:
    table = router.tree.table("/ip/dhcp-client")
    return [dict(row.values) for row in table.rows.values() if row.values.get("disabled") != "true"]


def _dynamic_addresses(router: Router) -> Iterable[Values]:
    for index, client in enumerate(_dhcp_clients(router)):
        address = ipaddress.ip_interface(f"{wan_address(router)}/24")
        yield {
            ".id": f"*{0x8000 + index:X}",
            "address": str(address),
            "network": str(address.network.network_address),
            "interface": client["interface"],
            "actual-interface": client["interface"],
            "invalid": "false",
            "dynamic": "true",
            "disabled": "false",
        }


def _route(router: Router, row: Row) -> Values:
    enabled = row.values.get("disabled") != "true"
    gateway = row.values.get("gateway", "")
    values = {"static": "true", "dynamic": "false", "active": "true" if enabled else "false"}
    if router.platform.v7:
        values |= {"immediate-gw": gateway, "inactive": "false" if enabled else "true", "ecmp": "false"}
    else:
        values |= {"gateway-status": f"{gateway} reachable"}
    return values


def _dynamic_routes(router: Router) -> Iterable[Values]:
    """Connected networks, the provider's default route, and what a core has learned from its peers."""
    number = _DYNAMIC_ROUTES
    flags = {"dynamic": "true", "active": "true", "disabled": "false"}
    for client in _dhcp_clients(router):
        gateway = wan_address(router).rsplit(".", 1)[0] + ".1"
        yield (
            {
                ".id": f"*{number:X}",
                "dst-address": "0.0.0.0/0",
                "gateway": gateway,
                "distance": "1",
                "scope": "30",
                "target-scope": "10",
                "dhcp": "true",
            }
            | flags
            | _gateway_keys(router, f"{gateway}%{client['interface']}")
        )
        number += 1
    for table in (router.tree.table("/ip/address"),):
        for row in table.rows.values():
            if row.values.get("disabled") == "true":
                continue
            network = ipaddress.ip_interface(row.values["address"]).network
            yield (
                {
                    ".id": f"*{number:X}",
                    "dst-address": str(network),
                    "gateway": row.values["interface"],
                    "distance": "0",
                    "scope": "10",
                    "connect": "true",
                }
                | flags
                | _gateway_keys(router, row.values["interface"])
            )
            number += 1
    yield from _learned(router, number, flags)


def _learned(router: Router, number: int, flags: dict[str, str]) -> Iterable[Values]:
    rng = seeded("routes", router.spec.seed)
    for index in range(router.route_count):
        gateway = f"10.255.{rng.randrange(8)}.{rng.randrange(2, 250)}"
        yield (
            {
                ".id": f"*{number + index:X}",
                "dst-address": f"10.{rng.randrange(1, 250)}.{rng.randrange(256)}.0/24",
                "gateway": gateway,
                "distance": "110",
                "scope": "20",
                "target-scope": "10",
                "ospf": "true",
            }
            | flags
            | _gateway_keys(router, gateway)
        )


def _gateway_keys(router: Router, gateway: str) -> dict[str, str]:
    if router.platform.v7:
        return {"immediate-gw": gateway, "routing-table": "main"}
    return {"gateway-status": f"{gateway} reachable"}


def _arp(router: Router) -> Iterable[Values]:
    for lease in leases(router):
        yield {
            ".id": f"*{0x1000 + lease.number:X}",
            "address": lease.address,
            "mac-address": lease.mac,
            "interface": "bridge",
            "published": "false",
            "invalid": "false",
            "DHCP": "true",
            "dynamic": "true",
            "complete": "true",
            "disabled": "false",
        }


def _static_arp(_router: Router, _row: Row) -> Values:
    return {"invalid": "false", "DHCP": "false", "dynamic": "false", "complete": "true"}


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/ip/address",
        fields(
            Field("address", ip_prefix, required=True),
            Field("network", ip_address),
            Field("interface", interface, required=True),
            DISABLED,
            COMMENT,
        ),
        key="address",
        unique=(Unique(("address", "interface"), "already have such address"),),
        computed=_address,
        dynamic=_dynamic_addresses,
    )
    yield Menu(
        "/ip/route",
        fields(
            Field("dst-address", ip_network, "0.0.0.0/0"),
            Field("gateway", required=True),
            Field("distance", integer(1, 255), "1", always_exported=not platform.v7),
            Field("scope", integer(0, 255), "30"),
            Field("target-scope", integer(0, 255), "10"),
            Field("check-gateway", choice("none", "ping", "arp", "bfd")),
            Field("pref-src", text),
            *(
                (Field("routing-table", text, "main"), Field("suppress-hw-offload", boolean, "false"))
                if platform.v7
                else (Field("routing-mark"), Field("type", choice("unicast", "blackhole")))
            ),
            Field("disabled", boolean, "false"),
            COMMENT,
        ),
        computed=_route,
        dynamic=_dynamic_routes,
    )
    yield Menu(
        "/ip/arp",
        fields(
            Field("address", ip_address, required=True),
            Field("interface", interface, required=True),
            Field("mac-address", mac),
            Field("published", boolean, "false"),
            DISABLED,
            COMMENT,
        ),
        computed=_static_arp,
        dynamic=_arp,
    )
    yield Menu(
        "/ip/settings",
        fields(
            Field("ip-forward", boolean, "true"),
            Field("rp-filter", choice("no", "strict", "loose"), "no"),
            Field("tcp-syncookies", boolean, "false"),
            Field("max-neighbor-entries", integer(1, 1 << 30), "16384"),
        ),
        single=True,
    )
    if platform.v7:
        yield Menu(
            "/routing/table",
            fields(Field("name", required=True), Field("fib", boolean, "false"), DISABLED, COMMENT),
            builtin=({"name": "main", "fib": "true", "builtin": "true"},),
        )
