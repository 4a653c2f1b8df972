"""/ip/pool, /ip/dhcp-client and /ip/dhcp-server with networks and leases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_uptime
from rossim.fields import (
    COMMENT,
    DISABLED,
    NAME,
    Field,
    boolean,
    choice,
    duration,
    fields,
    integer,
    interface,
    ip_list,
    ip_network,
    ip_ranges,
    mac,
    reference,
    text,
)
from rossim.lan import leases
from rossim.menus.addresses import wan_address
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import Menu, Row, Unique, Values

_CLIENT_LEASE_S = 86400


def _client(router: Router, row: Row) -> Values:
    if row.values.get("disabled") == "true":
        return {"status": "stopped", "invalid": "false", "dynamic": "false"}
    address = wan_address(router)
    return {
        "status": "bound",
        "address": f"{address}/24",
        "gateway": address.rsplit(".", 1)[0] + ".1",
        "dhcp-server": address.rsplit(".", 1)[0] + ".1",
        "primary-dns": "9.9.9.9",
        "expires-after": format_uptime(_CLIENT_LEASE_S - router.uptime_s() % (_CLIENT_LEASE_S / 2)),
        "invalid": "false",
        "dynamic": "false",
    }


def _server_flags(_router: Router, _row: Row) -> Values:
    return {"dynamic": "false", "invalid": "false"}


def _static_lease(router: Router, row: Row) -> Values:
    values = {"radius": "false", "dynamic": "false", "blocked": "false"}
    bound = row.number % 4 != 0 and row.values.get("disabled") != "true"
    if not bound:
        return values | {"status": "waiting", "last-seen": "never"}
    seen_s = (router.now_s() + row.number * 61) % 900
    return values | {
        "status": "bound",
        "active-address": row.values["address"],
        "active-mac-address": row.values.get("mac-address", ""),
        "active-server": row.values.get("server", "defconf"),
        "expires-after": format_uptime(1800 - seen_s),
        "last-seen": format_uptime(seen_s),
    }


def _leases(router: Router) -> Iterable[Values]:
    server = next((row.values["name"] for row in router.tree.table("/ip/dhcp-server").rows.values()), None)
    if server is None:
        return
    for lease in leases(router):
        values = {
            ".id": f"*{lease.number:X}",
            "address": lease.address,
            "mac-address": lease.mac,
            "client-id": "1:" + lease.mac.lower(),
            "address-lists": "",
            "server": server,
            "dhcp-option": "",
            "status": "bound",
            "expires-after": format_uptime(lease.expires_s),
            "last-seen": format_uptime(lease.seen_s),
            "active-address": lease.address,
            "active-mac-address": lease.mac,
            "active-client-id": "1:" + lease.mac.lower(),
            "active-server": server,
            "radius": "false",
            "dynamic": "true",
            "blocked": "false",
            "disabled": "false",
        }
        if lease.host_name:
            values["host-name"] = lease.host_name
        yield values


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/ip/pool",
        fields(NAME, Field("ranges", ip_ranges, required=True), Field("next-pool"), COMMENT),
        unique=(Unique(("name",), "pool with such name exists"),),
    )
    yield Menu(
        "/ip/dhcp-client",
        fields(
            Field("interface", interface, required=True),
            Field("add-default-route", choice("yes", "no", "special-classless"), "yes"),
            Field("default-route-distance", integer(1, 255), "1"),
            Field("use-peer-dns", choice("yes", "no", "exclusively"), "yes"),
            Field("use-peer-ntp", boolean, "true"),
            Field("dhcp-options", text, "hostname,clientid"),
            Field("disabled", boolean, "false" if platform.v7 else "true"),
            COMMENT,
        ),
        key="interface",
        unique=(Unique(("interface",), "dhcp-client on that interface already exists"),),
        computed=_client,
    )
    yield Menu(
        "/ip/dhcp-server",
        fields(
            NAME,
            Field("interface", interface, required=True),
            Field("address-pool", reference("/ip/pool", "name", "static-only"), "static-only"),
            Field("lease-time", duration, "30m" if platform.v7 else "10m"),
            Field("authoritative", choice("yes", "no", "after-2sec-delay", "after-10sec-delay"), "yes"),
            Field("bootp-support", text, "static"),
            Field("lease-script", text, ""),
            Field("disabled", boolean, "false" if platform.v7 else "true"),
            COMMENT,
        ),
        computed=_server_flags,
        unique=(Unique(("interface",), "dhcp server already running on that interface"),),
    )
    yield Menu(
        "/ip/dhcp-server/network",
        fields(
            Field("address", ip_network, required=True),
            Field("gateway", ip_list),
            Field("netmask", integer(0, 32)),
            Field("dns-server", ip_list),
            Field("domain"),
            Field("ntp-server", ip_list),
            COMMENT,
        ),
        key="address",
        unique=(Unique(("address",), "network already exists"),),
    )
    yield Menu(
        "/ip/dhcp-server/lease",
        fields(
            Field("address", required=True),
            Field("mac-address", mac),
            Field("client-id"),
            Field("address-lists", text, ""),
            Field("server"),
            Field("lease-time", duration),
            Field("dhcp-option", text, ""),
            Field("block-access", boolean, "false"),
            Field("disabled", boolean, "false"),
            COMMENT,
        ),
        key="address",
        unique=(Unique(("address", "server"), "already have static lease with this IP address"),),
        computed=_static_lease,
        dynamic=_leases,
    )
    yield Menu(
        "/ip/dhcp-server/config",
        fields(Field("store-leases-disk", text, "5m"), DISABLED),
        single=True,
        exported=False,
    )
