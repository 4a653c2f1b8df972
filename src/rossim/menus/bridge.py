"""/interface/bridge with its ports, VLANs and hosts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.fields import (
    COMMENT,
    DISABLED,
    NAME,
    Field,
    boolean,
    choice,
    fields,
    integer,
    interface_or,
    interfaces,
    mac,
    reference,
    text,
)
from rossim.lan import leases
from rossim.menus.interface import is_running
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import INTERFACES, Menu, Row, Unique, Values


def _bridge(router: Router, row: Row) -> Values:
    return {"running": "true" if is_running(router, row) else "false", "l2mtu": "1598"}


def _port(router: Router, row: Row) -> Values:
    pair = router.tree.find_interface(row.values.get("interface", ""))
    up = pair is not None and is_running(router, pair[1])
    return {
        "inactive": "false" if up else "true",
        "dynamic": "false",
        "hw-offload": "true" if pair is not None and pair[0].menu.path == "/interface/ethernet" else "false",
        "status": "in-bridge" if up else "inactive",
        "port-number": str(row.number),
        "role": "designated-port" if up else "disabled-port",
        "forwarding": "true" if up else "false",
    }


def _hosts(router: Router) -> Iterable[Values]:
    """The MAC addresses that the bridge has learned."""
    ports = [
        row.values["interface"]
        for row in router.tree.table("/interface/bridge/port").rows.values()
        if row.values.get("disabled") != "true"
    ]
    for index, lease in enumerate(leases(router)):
        on = lease.interface if lease.interface in ports else (ports[index % len(ports)] if ports else "")
        yield {
            ".id": f"*{0x100 + index:X}",
            "mac-address": lease.mac,
            "on-interface": on,
            "bridge": "bridge",
            "dynamic": "true",
            "local": "false",
            "external": "false",
            "invalid": "false",
            "disabled": "false",
        }


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/interface/bridge",
        fields(
            NAME,
            Field("mtu", text, "auto"),
            Field("arp", choice("enabled", "disabled", "proxy-arp", "reply-only"), "enabled"),
            Field("admin-mac", mac),
            Field("auto-mac", boolean, "true"),
            Field("mac-address", mac, exported=False),
            Field("ageing-time", text, "5m"),
            Field("protocol-mode", choice("none", "rstp", "stp", "mstp"), "rstp"),
            Field("priority", text, "0x8000"),
            Field("fast-forward", boolean, "true"),
            Field("igmp-snooping", boolean, "false"),
            Field("vlan-filtering", boolean, "false"),
            Field("dhcp-snooping", boolean, "false"),
            Field("frame-types", text),
            Field("pvid", integer(1, 4094)),
            DISABLED,
            COMMENT,
        ),
        id_space=INTERFACES,
        computed=_bridge,
    )
    yield Menu(
        "/interface/bridge/port",
        fields(
            Field("interface", interface_or("all", "WAN", "LAN"), required=True),
            Field("bridge", reference("/interface/bridge"), required=True),
            Field("pvid", integer(1, 4094), "1"),
            Field("priority", text, "0x80"),
            Field("path-cost", text, "10"),
            Field("horizon", text, "none"),
            Field("edge", choice("auto", "yes", "no", "yes-discover", "no-discover"), "auto"),
            Field("point-to-point", choice("auto", "yes", "no"), "auto"),
            Field("hw", boolean, "true"),
            Field("ingress-filtering", boolean, "true" if platform.v7 else "false"),
            Field(
                "frame-types",
                choice("admit-all", "admit-only-vlan-tagged", "admit-only-untagged-and-priority-tagged"),
                "admit-all",
            ),
            Field("bpdu-guard", boolean, "false"),
            DISABLED,
            COMMENT,
        ),
        key="interface",
        unique=(Unique(("interface",), "device already added as bridge port"),),
        computed=_port,
    )
    yield Menu(
        "/interface/bridge/vlan",
        fields(
            Field("bridge", reference("/interface/bridge"), required=True),
            Field("vlan-ids", required=True),
            Field("tagged", interfaces),
            Field("untagged", interfaces),
            DISABLED,
            COMMENT,
        ),
        ordered=False,
    )
    yield Menu(
        "/interface/bridge/settings",
        fields(
            Field("use-ip-firewall", boolean, "false"),
            Field("use-ip-firewall-for-vlan", boolean, "false"),
            Field("allow-fast-path", boolean, "true"),
        ),
        single=True,
    )
    yield Menu("/interface/bridge/host", readable_only=True, dynamic=_hosts)
