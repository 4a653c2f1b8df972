"""/ip/neighbor: who else announces itself on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_uptime
from rossim.fields import Field, choice, fields, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import Menu, Values


def _neighbors(router: Router) -> Iterable[Values]:
    now_s = router.now_s()
    for index, peer in enumerate(router.peers):
        values = {
            ".id": f"*{index + 1:X}",
            "interface": peer.interface,
            "address": peer.address,
            "address4": peer.address,
            "mac-address": peer.mac,
            "identity": peer.identity,
            "platform": "MikroTik",
            "version": peer.version,
            "unpack": "none",
            "age": format_uptime((now_s + index * 13) % 55),
            "uptime": format_uptime(peer.uptime_s),
            "software-id": peer.software_id,
            "board": peer.board,
            "interface-name": peer.their_interface,
            "system-description": f"MikroTik RouterOS {peer.version} {peer.board}",
            "system-caps": "bridge,router",
            "system-caps-enabled": "bridge,router",
        }
        if router.platform.v7:
            values["discovered-by"] = "cdp,lldp,mndp"
        yield values


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu("/ip/neighbor", readable_only=True, dynamic=_neighbors)
    yield Menu(
        "/ip/neighbor/discovery-settings",
        fields(
            Field("discover-interface-list", text, "static" if platform.v7 else "!dynamic"),
            Field("protocol", text, "cdp,lldp,mndp"),
            *(
                (Field("mode", choice("tx-and-rx", "rx-only", "tx-only"), "tx-and-rx"),)
                if platform.v7
                else ()
            ),
        ),
        single=True,
    )
