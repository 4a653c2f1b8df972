"""/ip/dns."""

from __future__ import annotations

from collections.abc import Iterator

from rossim.fields import COMMENT, DISABLED, Field, boolean, choice, duration, fields, integer, ip_list, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Answer, Menu, Row, Values
from routeros.sentences import Command


def _dns(router: Router, _row: Row) -> Values:
    return {"dynamic-servers": "9.9.9.9", "cache-used": f"{40 + router.spec.seed % 900}"}


def _flush(_router: Router, session: Session, _command: Command) -> Answer:
    session.require("write")
    return Answer()


def menus(_platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/ip/dns",
        fields(
            Field("servers", ip_list, ""),
            Field("allow-remote-requests", boolean, "false"),
            Field("max-udp-packet-size", integer(50, 65507), "4096"),
            Field("query-server-timeout", duration, "2s"),
            Field("query-total-timeout", duration, "10s"),
            Field("max-concurrent-queries", integer(1, 65535), "100"),
            Field("cache-size", text, "2048"),
            Field("cache-max-ttl", duration, "1w"),
            Field("use-doh-server", text, ""),
            Field("verify-doh-cert", boolean, "false"),
        ),
        single=True,
        computed=_dns,
    )
    yield Menu(
        "/ip/dns/static",
        fields(
            Field("name"),
            Field("regexp"),
            Field("address"),
            Field("cname"),
            Field("type", choice("A", "AAAA", "CNAME", "FWD", "NXDOMAIN", "TXT", "MX", "NS", "SRV")),
            Field("forward-to"),
            Field("ttl", duration, "1d"),
            DISABLED,
            COMMENT,
        ),
        ordered=True,
        computed=lambda _router, _row: {"dynamic": "false"},
    )
    yield Menu("/ip/dns/cache", readable_only=True, actions={"flush": _flush})
