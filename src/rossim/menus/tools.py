"""/tool and /ping."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Iterator

from rossim import traps
from rossim.fields import COMMENT, DISABLED, Field, boolean, choice, duration, fields, integer, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Menu, Row, Stream, Values
from routeros.sentences import Command
from routeros.values import parse_duration


def _ping(router: Router, session: Session, command: Command) -> Stream:
    session.require("test")
    address = command.attributes.get("address")
    if not address:
        raise traps.missing("address")
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise traps.invalid_value("address") from None
    count = int(command.attributes.get("count", "0"))
    interval_s = parse_duration(command.attributes.get("interval", "1s")) or 1.0
    return _pings(router, address, count, interval_s)


async def _pings(router: Router, address: str, count: int, interval_s: float) -> AsyncIterator[Values]:
    sent, times_us = 0, []
    while count == 0 or sent < count:
        if sent:
            await asyncio.sleep(interval_s)
        # the nearer the busier: a loaded line answers later
        time_us = int((350 + 900 * router.level()) * (0.8 + 0.6 * router.noise(300 + sent, 1)))
        sent += 1
        times_us.append(time_us)
        yield {
            "seq": str(sent - 1),
            "host": address,
            "size": "56",
            "ttl": "64",
            "time": _milliseconds(time_us),
            "sent": str(sent),
            "received": str(len(times_us)),
            "packet-loss": "0",
            "min-rtt": _milliseconds(min(times_us)),
            "avg-rtt": _milliseconds(sum(times_us) // len(times_us)),
            "max-rtt": _milliseconds(max(times_us)),
        }


def _milliseconds(time_us: int) -> str:
    return f"{time_us // 1000}ms{time_us % 1000}us" if time_us >= 1000 else f"{time_us}us"


def _watched(_router: Router, row: Row) -> Values:
    return {"status": "up" if row.values.get("disabled") != "true" else "unknown"}


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu("", readable_only=True, exported=False, actions={"ping": _ping})
    yield Menu("/tool", readable_only=True, exported=False, actions={"ping": _ping})
    yield Menu(
        "/tool/mac-server",
        fields(Field("allowed-interface-list", text, "all")),
        single=True,
    )
    yield Menu(
        "/tool/mac-server/mac-winbox",
        fields(Field("allowed-interface-list", text, "all")),
        single=True,
    )
    yield Menu("/tool/mac-server/ping", fields(Field("enabled", boolean, "true")), single=True)
    yield Menu(
        "/tool/bandwidth-server",
        fields(
            Field("enabled", boolean, "true"),
            Field("authenticate", boolean, "true"),
            Field("max-sessions", integer(1, 1000), "100"),
        ),
        single=True,
    )
    yield Menu(
        "/tool/romon",
        fields(Field("enabled", boolean, "false"), Field("secrets", text, "", secret=True)),
        single=True,
    )
    yield Menu(
        "/tool/e-mail",
        fields(
            Field("server" if platform.v7 else "address", text, "0.0.0.0"),  # noqa: S104  RouterOS's way to say none
            Field("port", integer(1, 65535), "25"),
            Field("from", text, "<>"),
            Field("user", text, ""),
            Field("password", text, "", secret=True),
            Field("tls" if platform.v7 else "start-tls", choice("no", "yes", "starttls"), "no"),
        ),
        single=True,
    )
    yield Menu(
        "/tool/netwatch",
        fields(
            Field("host", required=True),
            Field("type", choice("simple", "icmp", "tcp-conn", "http-get"), "simple"),
            Field("interval", duration, "10s"),
            Field("timeout", duration, "3s"),
            Field("up-script", text, ""),
            Field("down-script", text, ""),
            DISABLED,
            COMMENT,
        ),
        key="host",
        computed=_watched,
    )
