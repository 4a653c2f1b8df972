"""/interface: all interfaces in one list, with their counters; and the lists of interfaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from rossim import editing, traps
from rossim.clock import format_moment
from rossim.fields import COMMENT, DISABLED, NAME, Field, fields, integer, interface, reference, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Answer, Menu, Row, Stream, Tree, Unique, Values
from routeros.sentences import Command

# What /interface calls the interfaces of each menu.
TYPES = {
    "/interface/ethernet": "ether",
    "/interface/bridge": "bridge",
    "/interface/vlan": "vlan",
    "/interface/wireless": "wlan",
    "/interface/wifi": "wifi",
    "/interface/wireguard": "wg",
    "/interface/pppoe-client": "pppoe-out",
    "/interface/eoip": "eoip",
    "/interface/gre": "gre-tunnel",
    "/interface/bonding": "bond",
    "/interface/l2tp-client": "l2tp-out",
}
_L2MTU = {
    "/interface/ethernet": "1598",
    "/interface/bridge": "1598",
    "/interface/vlan": "1594",
    "/interface/wireless": "1600",
    "/interface/wifi": "1560",
}
_PORTS = "/interface/bridge/port"


def paths_by_number(tree: Tree) -> dict[int, str]:
    return {row.number: table.menu.path for table, row in tree.interfaces()}


def _slaves(tree: Tree) -> frozenset[str]:
    return frozenset(
        row.values["interface"]
        for row in tree.table(_PORTS).rows.values()
        if row.values.get("disabled") != "true"
    )


def slaves(router: Router) -> frozenset[str]:
    """The names of interfaces that are ports of a bridge."""
    return router.derived("slaves", _slaves)


def _parents(tree: Tree) -> dict[str, Row]:
    return {row.values["name"]: row for _, row in tree.interfaces()}


def is_running(router: Router, row: Row) -> bool:
    """Whether the link is up, that of the interface below a VLAN included."""
    if not router.meter(row).is_running(router.now_s()):
        return False
    name = row.values.get("name", "")
    population = router.populations.get(name)
    if population is not None:
        return bool(population.visits(router.now_s()))
    below = row.values.get("interface")
    if below is not None and "vlan-id" in row.values:
        parent = router.derived("parents", _parents).get(below)
        return parent is not None and is_running(router, parent)
    return True


def counters(router: Router, row: Row) -> dict[str, str]:
    """The properties that count."""
    now_s = router.now_s()
    meter = router.meter(row)
    rx_bytes, tx_bytes, rx_packets, tx_packets = meter.counters(now_s)
    drops = meter.total_link_downs(now_s)
    up_s, down_s = meter.last_change_s(now_s)
    iso = router.platform.iso_dates
    values = {}
    if down_s is not None:
        values["last-link-down-time"] = format_moment(down_s, iso=iso)
    if up_s is not None:
        values["last-link-up-time"] = format_moment(up_s, iso=iso)
    return values | {
        "link-downs": str(drops),
        "rx-byte": str(rx_bytes),
        "tx-byte": str(tx_bytes),
        "rx-packet": str(rx_packets),
        "tx-packet": str(tx_packets),
        "rx-drop": "0",
        "tx-drop": "0",
        "tx-queue-drop": str(tx_packets // 400_000),
        "rx-error": str(drops * 3),
        "tx-error": "0",
        "fp-rx-byte": str(rx_bytes * 97 // 100),
        "fp-tx-byte": str(tx_bytes * 9 // 10),
        "fp-rx-packet": str(rx_packets * 97 // 100),
        "fp-tx-packet": str(tx_packets * 9 // 10),
    }


def _computed(router: Router, row: Row) -> Values:
    path = router.derived("interface-paths", paths_by_number)[row.number]
    own = row.values
    mtu = own.get("mtu", "1420" if path == "/interface/wireguard" else "1500")
    values = {"type": TYPES[path], "mtu": mtu, "actual-mtu": "1500" if mtu == "auto" else mtu}
    if "default-name" in own:
        values["default-name"] = own["default-name"]
    if path in _L2MTU:
        values["l2mtu"] = own.get("l2mtu", _L2MTU[path])
    if path == "/interface/ethernet":
        values["max-l2mtu"] = "9578"
    if "mac-address" in own:
        values["mac-address"] = own["mac-address"]
    values.update(counters(router, row))
    values["running"] = "true" if is_running(router, row) else "false"
    if own.get("name") in slaves(router):
        values["slave"] = "true"
    return values


def _rate_row(router: Router, row: Row) -> dict[str, str]:
    meter = router.meter(row)
    rx_bps, tx_bps = meter.rates_bps(router.now_s()) if is_running(router, row) else (0.0, 0.0)
    jitter = 0.85 + 0.3 * router.noise(100 + row.number, 1)
    rx_bps, tx_bps = rx_bps * jitter, tx_bps * jitter
    load = meter.load
    rx_pps, tx_pps = rx_bps / 8 / load.rx_packet_bytes, tx_bps / 8 / load.tx_packet_bytes
    return {
        "name": row.values["name"],
        "rx-packets-per-second": str(int(rx_pps)),
        "rx-bits-per-second": str(int(rx_bps)),
        "fp-rx-packets-per-second": str(int(rx_pps * 0.97)),
        "fp-rx-bits-per-second": str(int(rx_bps * 0.97)),
        "rx-drops-per-second": "0",
        "tx-packets-per-second": str(int(tx_pps)),
        "tx-bits-per-second": str(int(tx_bps)),
        "fp-tx-packets-per-second": str(int(tx_pps * 0.9)),
        "fp-tx-bits-per-second": str(int(tx_bps * 0.9)),
        "tx-drops-per-second": "0",
        "tx-queue-drops-per-second": "0",
    }


def _monitor_traffic(router: Router, session: Session, command: Command) -> Answer | Stream:
    session.require("read")
    written = command.attributes.get("interface") or command.attributes.get("numbers")
    if not written:
        raise traps.missing("interface")
    rows = []
    for name in written.split(","):
        found = router.tree.interface_name(name)
        pair = router.tree.find_interface(found) if found is not None else None
        if pair is None:
            raise traps.no_match("interface")
        rows.append(pair[1])
    if "once" in command.attributes:
        return Answer([_rate_row(router, row) for row in rows])
    return _watch_traffic(router, rows)


async def _watch_traffic(router: Router, rows: list[Row]) -> AsyncIterator[Values]:
    section = 0
    while True:
        for row in rows:
            yield _rate_row(router, row) | {".section": str(section)}
        section += 1
        await asyncio.sleep(1)


def _reset_counters(router: Router, session: Session, command: Command) -> Answer:
    session.require("write")
    menu = router.tree.menus["/interface"]
    written = command.attributes.get("numbers") or command.attributes.get(".id")
    if not written:
        raise traps.missing("numbers")
    for _, row in editing.find(router.tree, menu, written):
        router.meter(row).reset_counters(router.now_s())
    return Answer()


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/interface",
        fields(NAME, DISABLED, COMMENT, Field("mtu")),
        view=Tree.interfaces,
        fixed=True,
        exported=False,
        computed=_computed,
        actions={"monitor-traffic": _monitor_traffic, "reset-counters": _reset_counters},
    )
    yield Menu(
        "/interface/list",
        fields(NAME, Field("include"), Field("exclude"), COMMENT),
        builtin=(
            {"name": "all", "comment": "contains all interfaces", "builtin": "true"},
            {"name": "none", "comment": "contains no interfaces", "builtin": "true"},
            {"name": "dynamic", "comment": "contains dynamic interfaces", "builtin": "true"},
            *(
                ({"name": "static", "comment": "contains static interfaces", "builtin": "true"},)
                if platform.v7
                else ()
            ),
        ),
        unique=(Unique(("name",), "already have such list"),),
    )
    yield Menu(
        "/interface/list/member",
        fields(
            Field("list", reference("/interface/list"), required=True),
            Field("interface", interface, required=True),
            DISABLED,
            COMMENT,
        ),
        key="interface",
        unique=(Unique(("list", "interface"), "already have such interface list member"),),
    )
    yield Menu(
        "/interface/detect-internet",
        fields(
            *(
                Field(name, text, "none")
                for name in (
                    "detect-interface-list",
                    "internet-interface-list",
                    "lan-interface-list",
                    "wan-interface-list",
                )
            )
        ),
        single=True,
    )
    if platform.v7:
        yield Menu(
            "/interface/bonding",
            fields(
                NAME, Field("slaves", required=True), Field("mode", text, "balance-rr"), DISABLED, COMMENT
            ),
            id_space="interface",
        )
    yield Menu(
        "/interface/eoip",
        fields(
            NAME,
            Field("remote-address", required=True),
            Field("tunnel-id", integer(0, 65535), required=True),
            Field("mtu", text, "auto"),
            DISABLED,
            COMMENT,
        ),
        id_space="interface",
    )
