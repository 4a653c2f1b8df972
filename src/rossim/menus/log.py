"""/log and where it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_log_time
from rossim.fields import COMMENT, NAME, Field, boolean, choice, fields, integer, reference, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Action, Answer, Menu, Unique, Values
from routeros.sentences import Command


def _entries(router: Router) -> Iterable[Values]:
    router.log_flaps()
    now_s = router.now_s()
    iso = router.platform.iso_dates
    for entry in router.log.entries():
        yield {
            ".id": f"*{entry.number:X}",
            "time": format_log_time(entry.at_s, now_s, iso=iso),
            "topics": entry.topics,
            "message": entry.message,
        }


def _writer(topics: str) -> Action:
    def write(router: Router, session: Session, command: Command) -> Answer:
        session.require("write")
        router.log.add(topics, command.attributes.get("message", ""))
        return Answer()

    return write


def menus(_platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/log",
        readable_only=True,
        dynamic=_entries,
        actions={level: _writer(f"script,{level}") for level in ("info", "warning", "error", "debug")},
    )
    yield Menu(
        "/system/logging/action",
        fields(
            NAME,
            Field("target", choice("memory", "disk", "echo", "remote", "email"), "memory"),
            Field("remote"),
            Field("remote-port", integer(0, 65535), "514"),
            Field("bsd-syslog", boolean, "false"),
            Field("syslog-facility", text, "daemon"),
            Field("memory-lines", integer(1, 65535)),
            Field("disk-file-name"),
            Field("default", boolean, exported=False),
        ),
        builtin=(
            {"name": "memory", "target": "memory", "memory-lines": "1000", "default": "true"},
            {"name": "disk", "target": "disk", "disk-file-name": "log", "default": "true"},
            {"name": "echo", "target": "echo", "default": "true"},
            {"name": "remote", "target": "remote", "remote": "0.0.0.0", "default": "true"},  # noqa: S104  RouterOS's way to say none
        ),
        unique=(Unique(("name",), "already have such name"),),
    )
    yield Menu(
        "/system/logging",
        fields(
            Field("topics", text, "info"),
            Field("prefix", text, ""),
            Field("action", reference("/system/logging/action"), "memory"),
            Field("disabled", boolean, "false"),
            Field("default", boolean, exported=False),
            COMMENT,
        ),
        builtin=tuple(
            {"topics": topic, "action": "echo" if topic == "critical" else "memory", "default": "true"}
            for topic in ("info", "error", "warning", "critical")
        ),
    )
