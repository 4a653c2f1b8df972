"""Interfaces made by configuration: VLAN, PPPoE client, L2TP client, GRE, WireGuard and its peers."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from hashlib import sha256

from rossim import traps
from rossim.clock import format_uptime
from rossim.fields import (
    COMMENT,
    DISABLED,
    NAME,
    Field,
    boolean,
    duration,
    fields,
    integer,
    interface,
    mac,
    reference,
    text,
)
from rossim.menus.interface import is_running
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import INTERFACES, Menu, Row, Tree, Values


def _running(router: Router, row: Row) -> Values:
    return {"running": "true" if is_running(router, row) else "false"}


def _vlan_is_new(tree: Tree, values: Values, row: Row | None) -> None:
    for other in tree.table("/interface/vlan").rows.values():
        if other is not row and all(
            other.values.get(name) == values.get(name) for name in ("vlan-id", "interface")
        ):
            raise traps.failure("vlan with the same id already exists on this interface")


def _wireguard(router: Router, row: Row) -> Values:
    private = row.values.get("private-key", "")
    # no curve arithmetic here: any 32 bytes that belong to the private key will do
    public = base64.b64encode(sha256(private.encode()).digest()).decode()
    return {"public-key": public, "running": "true" if is_running(router, row) else "false"}


def _peer(router: Router, row: Row) -> Values:
    age_s = router.now_s() % 118
    received = int(router.uptime_s() * 9_000) + row.number * 4096
    return {
        "rx": str(received),
        "tx": str(received // 3),
        "last-handshake": format_uptime(age_s),
        "dynamic": "false",
    }


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/interface/vlan",
        fields(
            NAME,
            Field("vlan-id", integer(1, 4095), required=True),
            Field("interface", interface, required=True),
            Field("mtu", integer(68, 65535), "1500"),
            Field("arp", text, "enabled"),
            Field("use-service-tag", boolean, "false"),
            Field("mac-address", mac, exported=False),
            DISABLED,
            COMMENT,
        ),
        id_space=INTERFACES,
        computed=_running,
        check=_vlan_is_new,
    )
    yield Menu(
        "/interface/pppoe-client",
        fields(
            NAME,
            Field("interface", interface, required=True),
            Field("user", text, ""),
            Field("password", text, "", secret=True),
            Field("add-default-route", boolean, "false"),
            Field("use-peer-dns", boolean, "false"),
            Field("profile", text, "default"),
            Field("service-name", text, ""),
            Field("max-mtu", text, "auto"),
            DISABLED,
            COMMENT,
        ),
        id_space=INTERFACES,
        computed=_running,
    )
    yield Menu(
        "/interface/l2tp-client",
        fields(
            NAME,
            Field("connect-to", required=True),
            Field("user", text, ""),
            Field("password", text, "", secret=True),
            Field("use-ipsec", boolean, "false"),
            Field("ipsec-secret", text, "", secret=True),
            Field("profile", text, "default-encryption"),
            DISABLED,
            COMMENT,
        ),
        id_space=INTERFACES,
        computed=_running,
    )
    yield Menu(
        "/interface/gre",
        fields(
            NAME,
            Field("remote-address", required=True),
            Field("local-address"),
            Field("ipsec-secret", secret=True),
            DISABLED,
            COMMENT,
        ),
        id_space=INTERFACES,
        computed=_running,
    )
    if not platform.v7:
        return
    yield Menu(
        "/interface/wireguard",
        fields(
            NAME,
            Field("listen-port", integer(0, 65535), "0"),
            Field("mtu", integer(68, 65535), "1420"),
            Field("private-key", secret=True),
            DISABLED,
            COMMENT,
        ),
        id_space=INTERFACES,
        computed=_wireguard,
    )
    yield Menu(
        "/interface/wireguard/peers",
        fields(
            Field("interface", reference("/interface/wireguard"), required=True),
            Field("name"),
            Field("public-key", required=True),
            Field("preshared-key", secret=True),
            Field("allowed-address", text, ""),
            Field("endpoint-address", text, ""),
            Field("endpoint-port", integer(0, 65535), "0"),
            Field("persistent-keepalive", duration),
            DISABLED,
            COMMENT,
        ),
        computed=_peer,
    )
