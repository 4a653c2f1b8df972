"""/interface/ethernet: the wired ports, which are there and can't be added."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from rossim import editing, traps
from rossim.fields import COMMENT, NAME, Field, boolean, choice, fields, integer, mac, text
from rossim.hardware import Port
from rossim.menus.interface import is_running, slaves
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import INTERFACES, Answer, Menu, Row, Stream, Values
from routeros.sentences import Command


def _port(router: Router, row: Row) -> Port:
    wanted = row.values.get("default-name")
    return next(port for port in router.platform.hardware.ports if port.name == wanted)


def _computed(router: Router, row: Row) -> Values:
    """Port and driver counters (`print stats` shows only these, the API sends all)."""
    rx_bytes, tx_bytes, rx_packets, tx_packets = router.meter(row).counters(router.now_s())
    drops = router.meter(row).total_link_downs(router.now_s())
    values = {
        "running": "true" if is_running(router, row) else "false",
        "rx-bytes": str(rx_bytes + rx_packets * 4),
        "tx-bytes": str(tx_bytes + tx_packets * 4),
        "driver-rx-byte": str(rx_bytes),
        "driver-tx-byte": str(tx_bytes),
        "driver-rx-packet": str(rx_packets),
        "driver-tx-packet": str(tx_packets),
        "rx-fcs-error": str(drops * 3),
        "rx-overflow": "0",
        "rx-too-short": "0",
        "rx-too-long": "0",
        "rx-broadcast": str(rx_packets // 900),
        "rx-multicast": str(rx_packets // 640),
        "rx-pause": "0",
        "tx-broadcast": str(tx_packets // 1100),
        "tx-multicast": str(tx_packets // 700),
        "tx-pause": "0",
        "tx-collision": "0",
    }
    if row.values.get("name") in slaves(router):
        values["slave"] = "true"
    return values


def _monitor_row(router: Router, row: Row) -> dict[str, str]:
    port = _port(router, row)
    up = is_running(router, row)
    values = {"name": row.values["name"], "status": "link-ok" if up else "no-link"}
    if row.values.get("auto-negotiation") != "false":
        values["auto-negotiation"] = "done" if up else "incomplete"
    if up:
        values |= {
            "rate": port.rate,
            "full-duplex": "true",
            "tx-flow-control": "false",
            "rx-flow-control": "false",
            "advertising": f"10M-baseT-half,10M-baseT-full,100M-baseT-full,1G-baseT-full,{port.rate}",
            "link-partner-advertising": "100M-baseT-full,1G-baseT-full",
        }
    if port.is_sfp:
        present = row.number not in router.unplugged
        values |= {
            "sfp-module-present": "true" if present else "false",
            "sfp-rx-loss": "false" if up else "true",
        }
        if present:
            jitter = router.noise(200 + row.number, 20)
            values |= {
                "sfp-type": "SFP-or-SFP+",
                "sfp-connector-type": "LC",
                "sfp-vendor-name": "Mikrotik",
                "sfp-vendor-part-number": "S+85DLC03D",
                "sfp-wavelength": "850nm",
                "sfp-temperature": str(round(38 + 6 * jitter)),
                "sfp-supply-voltage": f"{3.28 + 0.03 * jitter:.3f}V",
                "sfp-tx-bias-current": "6mA",
                "sfp-tx-power": f"{-2.4 + 0.2 * jitter:.3f}dBm",
                "sfp-rx-power": f"{-4.9 + 0.5 * jitter:.3f}dBm",
            }
    return values


def _monitor(router: Router, session: Session, command: Command) -> Answer | Stream:
    session.require("read")
    written = command.attributes.get("numbers") or command.attributes.get(".id")
    if not written:
        raise traps.missing("numbers")
    menu = router.tree.menus["/interface/ethernet"]
    rows = [row for _, row in editing.find(router.tree, menu, written)]
    if "once" in command.attributes:
        return Answer([_monitor_row(router, row) for row in rows])
    return _watch(router, rows)


async def _watch(router: Router, rows: list[Row]) -> AsyncIterator[Values]:
    section = 0
    while True:
        for row in rows:
            yield _monitor_row(router, row) | {".section": str(section)}
        section += 1
        await asyncio.sleep(1)


def _poe_status(router: Router, row: Row) -> str | None:
    """What an export writes above a port that can feed another device."""
    if not _port(router, row).poe_out:
        return None
    return f"poe-out status: {'powered-on' if is_running(router, row) else 'waiting_for_load'}"


def menus(platform: Platform) -> Iterator[Menu]:
    poe = any(port.poe_out for port in platform.hardware.ports)
    yield Menu(
        "/interface/ethernet",
        fields(
            NAME,
            Field("default-name", exported=False),
            Field("mtu", integer(68, 65535), "1500"),
            Field("l2mtu", integer(68, 65535), "1598", exported=False),
            Field("mac-address", mac, exported=False),
            Field("orig-mac-address", mac, exported=False),
            Field(
                "arp", choice("enabled", "disabled", "proxy-arp", "reply-only", "local-proxy-arp"), "enabled"
            ),
            Field("arp-timeout", text, "auto"),
            Field("loop-protect", choice("default", "on", "off"), "default"),
            Field("auto-negotiation", boolean, "true"),
            Field("advertise"),
            Field("speed"),
            Field("full-duplex", boolean),
            Field("bandwidth", text, "unlimited/unlimited"),
            Field("rx-flow-control", choice("off", "on", "auto"), "off"),
            Field("tx-flow-control", choice("off", "on", "auto"), "off"),
            *((Field("poe-out", choice("auto-on", "forced-on", "off"), "auto-on"),) if poe else ()),
            Field("disabled", boolean, "false"),
            COMMENT,
        ),
        id_space=INTERFACES,
        fixed=True,
        find_by="default-name",
        computed=_computed,
        actions={"monitor": _monitor},
        state_comment=_poe_status if poe else None,
    )
