"""/safe-mode (7.18+) and /system/device-mode (7.17+)."""

from __future__ import annotations

from collections.abc import Iterator

from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Action, Answer, Menu, Row, Values
from routeros.sentences import Command

_FEATURE_WORDS = (
    "scheduler socks fetch pptp l2tp bandwidth-test traffic-gen sniffer ipsec romon proxy hotspot smb email "
    "zerotier container install-any-version partitions routerboard"
)
_NEVER_BY_DEFAULT = frozenset(
    {"traffic-gen", "container", "install-any-version", "partitions", "routerboard"}
)
_NOT_AT_HOME = _NEVER_BY_DEFAULT | frozenset(
    {
        "scheduler",
        "socks",
        "fetch",
        "bandwidth-test",
        "sniffer",
        "romon",
        "proxy",
        "hotspot",
        "email",
        "zerotier",
    }
)


def _device_mode(router: Router, _row: Row) -> Values:
    """Boards made before 7.17, and the big ones, are in advanced mode; some newer ones in home mode."""
    hardware = router.platform.hardware
    is_home = hardware.board.startswith("hAP") and router.spec.seed % 4 == 0
    off = _NOT_AT_HOME if is_home else _NEVER_BY_DEFAULT
    return {
        "mode": "home" if is_home else "advanced",
        "allowed-versions": "7.13+,6.49.8+",
        "flagged": "false",
        "flagging-enabled": "true",
        "attempt-count": "0",
        **{feature: "false" if feature in off else "true" for feature in _FEATURE_WORDS.split()},
    }


def _safe_mode_row(router: Router, session: Session, _command: Command) -> Answer:
    session.require("read")
    holder = router.safe_mode.holder
    row = {"taken": "true" if holder is not None else "false"}
    if holder is not None:
        row |= {"user": holder.username, "via": holder.via}
    return Answer([row], is_print=True)


def _take(router: Router, session: Session, _command: Command) -> Answer:
    session.require("write")
    router.safe_mode.take(router, session)
    return Answer()


def _release(router: Router, session: Session, _command: Command) -> Answer:
    router.safe_mode.release(router, session)
    return Answer()


def _unroll(router: Router, session: Session, _command: Command) -> Answer:
    router.safe_mode.unroll(router, session)
    return Answer()


_SAFE_MODE: dict[str, Action] = {
    "print": _safe_mode_row,
    "get": _safe_mode_row,
    "take": _take,
    "release": _release,
    "unroll": _unroll,
}


def menus(platform: Platform) -> Iterator[Menu]:
    if platform.has_device_mode:
        yield Menu("/system/device-mode", single=True, fixed=True, computed=_device_mode, exported=False)
    if platform.has_safe_mode_command:
        yield Menu("/safe-mode", single=True, readable_only=True, exported=False, actions=_SAFE_MODE)
