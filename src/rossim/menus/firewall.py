"""/ip/firewall: ordered rules and address lists."""

from __future__ import annotations

from collections.abc import Iterator

from rossim import traps
from rossim.fields import (
    COMMENT,
    DISABLED,
    Check,
    Field,
    boolean,
    choice,
    duration,
    fields,
    integer,
    interface_list,
    interface_or,
    text,
    words,
)
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Answer, Menu, Row, Tree, Unique, Values
from routeros.sentences import Command

_STATES = words("established", "invalid", "new", "related", "untracked")


def _negatable(check: Check) -> Check:
    """The same with `!` before it."""

    def negatable(name: str, value: str, tree: Tree) -> str:
        if value.startswith("!"):
            return "!" + check(name, value[1:], tree)
        return check(name, value, tree)

    return negatable


def _matchers() -> tuple[Field, ...]:
    return (
        Field("src-address", _negatable(text)),
        Field("dst-address", _negatable(text)),
        Field("src-address-list"),
        Field("dst-address-list"),
        Field("src-mac-address"),
        Field("protocol"),
        Field("src-port"),
        Field("dst-port"),
        Field("port"),
        Field(
            "in-interface",
            _negatable(interface_or("all", "all-ethernet", "all-ppp", "all-vlan", "all-wireless")),
        ),
        Field("out-interface", _negatable(interface_or("all", "all-ethernet", "all-ppp", "all-vlan"))),
        Field("in-interface-list", interface_list),
        Field("out-interface-list", interface_list),
        Field("connection-state", _STATES),
        Field("connection-nat-state"),
        Field("connection-mark"),
        Field("connection-limit"),
        Field("packet-mark"),
        Field("routing-mark"),
        Field("ipsec-policy"),
        Field("icmp-options"),
        Field("tcp-flags"),
        Field("limit"),
        Field("dst-limit"),
        Field("time"),
        Field("content"),
        Field("layer7-protocol"),
        Field("random", integer(1, 99)),
        Field("hotspot"),
        Field("hop-limit"),
        Field("address-list"),
        Field("address-list-timeout", text),
        Field("jump-target"),
        Field("log", boolean, "false"),
        Field("log-prefix", text, ""),
        DISABLED,
        COMMENT,
    )


def _rule(router: Router, row: Row) -> Values:
    """Counters of a rule; the ones that come first see the most."""
    share = 1.0 / (3 + row.number * row.number % 29)
    moved = int(router.uptime_s() * 31_000 * share) if row.values.get("disabled") != "true" else 0
    return {"bytes": str(moved), "packets": str(moved // 640), "invalid": "false", "dynamic": "false"}


def _jump_has_target(_tree: Tree, values: Values, _row: Row | None) -> None:
    if values.get("action") == "jump" and not values.get("jump-target"):
        raise traps.failure("jump target not specified")


def _ports_have_protocol(tree: Tree, values: Values, row: Row | None) -> None:
    _jump_has_target(tree, values, row)
    has_port = any(values.get(name) for name in ("src-port", "dst-port", "port"))
    if has_port and values.get("protocol") not in ("tcp", "udp", "udp-lite", "sctp", "dccp", "6", "17"):
        raise traps.failure("ports can be specified if proto is tcp, udp, udp-lite, dccp or sctp")


def _reset_counters(_router: Router, session: Session, _command: Command) -> Answer:
    session.require("write")
    return Answer()


def _rules(path: str, default_action: str, actions: tuple[str, ...], *extra: Field) -> Menu:
    return Menu(
        path,
        fields(
            Field("chain", required=True),
            Field("action", choice(*actions), default_action, always_exported=True),
            *_matchers(),
            *extra,
        ),
        ordered=True,
        computed=_rule,
        check=_ports_have_protocol,
        actions={"reset-counters": _reset_counters, "reset-counters-all": _reset_counters},
    )


_FILTER_ACTIONS = (
    "accept",
    "drop",
    "reject",
    "jump",
    "return",
    "log",
    "passthrough",
    "tarpit",
    "fasttrack-connection",
    "add-src-to-address-list",
    "add-dst-to-address-list",
)
_NAT_ACTIONS = (
    "accept",
    "masquerade",
    "dst-nat",
    "src-nat",
    "redirect",
    "netmap",
    "same",
    "jump",
    "return",
    "log",
)
_MANGLE_ACTIONS = (
    "accept",
    "mark-connection",
    "mark-packet",
    "mark-routing",
    "change-mss",
    "change-ttl",
    "change-dscp",
    "jump",
    "return",
    "log",
    "passthrough",
)


def address_list(path: str) -> Menu:
    return Menu(
        path,
        fields(
            Field("list", required=True),
            Field("address", required=True),
            Field("timeout", duration),
            DISABLED,
            COMMENT,
        ),
        computed=lambda _router, _row: {"dynamic": "false"},
        unique=(Unique(("list", "address"), "already have such entry"),),
    )


def _connection_count(router: Router, session: Session, command: Command) -> Answer:
    """Only counted: the table itself is for nobody to fetch."""
    session.require("read")
    count = int(
        (40 + 900 * router.level() * (1 + len(router.populations))) * (0.9 + 0.2 * router.noise(90, 5))
    )
    if "count-only" in command.attributes:
        return Answer(ret=str(count))
    return Answer(is_print=True)


def filter_rules(path: str) -> Menu:
    return _rules(path, "accept", _FILTER_ACTIONS, Field("reject-with"), Field("hw-offload", boolean))


def menus(platform: Platform) -> Iterator[Menu]:
    yield filter_rules("/ip/firewall/filter")
    yield _rules(
        "/ip/firewall/nat",
        "accept",
        _NAT_ACTIONS,
        Field("to-addresses"),
        Field("to-ports"),
        Field("same-not-by-dst", boolean),
    )
    yield _rules(
        "/ip/firewall/mangle",
        "accept",
        _MANGLE_ACTIONS,
        Field("new-connection-mark"),
        Field("new-packet-mark"),
        Field("new-routing-mark"),
        Field("new-mss"),
        Field("new-ttl"),
        Field("new-dscp"),
        Field("passthrough", boolean, "true"),
    )
    yield _rules("/ip/firewall/raw", "accept", ("accept", "drop", "notrack", "jump", "return", "log"))
    yield address_list("/ip/firewall/address-list")
    yield Menu("/ip/firewall/connection", readable_only=True, actions={"print": _connection_count})
    yield Menu(
        "/ip/firewall/service-port",
        fields(Field("ports"), Field("disabled", boolean, "false")),
        builtin=(
            {"name": "ftp", "ports": "21"},
            {"name": "tftp", "ports": "69"},
            {"name": "sip", "ports": "5060,5061"},
        ),
        key="name",
        fixed=True,
        bare_key=True,
    )
    yield Menu(
        "/ip/firewall/connection/tracking",
        fields(
            Field("enabled", choice("auto", "yes", "no"), "auto"),
            Field("udp-timeout", duration, "30s" if platform.v7 else "10s"),
            Field("tcp-established-timeout", duration, "1d"),
        ),
        single=True,
    )
