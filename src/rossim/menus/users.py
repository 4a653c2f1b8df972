"""/user: users, their groups and who is signed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_moment
from rossim.fields import COMMENT, NAME, Field, boolean, fields, ip_list, reference, text, words
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import POLICIES_V6, POLICIES_V7
from rossim.tree import Menu, Row, Unique, Values

_READ_POLICIES = frozenset(
    [
        "local",
        "telnet",
        "ssh",
        "reboot",
        "read",
        "test",
        "winbox",
        "password",
        "web",
        "sniff",
        "sensitive",
        "api",
        "romon",
        "tikapp",
        "rest-api",
    ]
)
_NOT_WRITE = frozenset({"ftp", "policy", "dude"})


def _group(name: str, allowed: Iterable[str], policies: Iterable[str]) -> Values:
    allowed = frozenset(allowed)
    words_in_order = [policy if policy in allowed else f"!{policy}" for policy in policies]
    return {"name": name, "policy": ",".join(words_in_order), "skin": "default"}


def _user(router: Router, row: Row) -> Values:
    last_s = max(
        (session.since_s for session in router.sessions.values() if session.username == row.values["name"]),
        default=None,
    )
    values = {"expired": "false"} if router.platform.v7 else {}
    if last_s is not None:
        values["last-logged-in"] = format_moment(last_s, iso=router.platform.iso_dates)
    return values


def _active(router: Router) -> Iterable[Values]:
    for session in router.sessions.values():
        group = next(
            (
                row.values.get("group", "full")
                for row in router.tree.table("/user").rows.values()
                if row.values.get("name") == session.username
            ),
            "full",
        )
        yield {
            ".id": f"*{session.number:X}",
            "when": format_moment(session.since_s, iso=router.platform.iso_dates),
            "name": session.username,
            "address": session.peer,
            "via": session.via,
            "group": group,
            "radius": "false",
        }


def menus(platform: Platform) -> Iterator[Menu]:
    policies = POLICIES_V7 if platform.v7 else POLICIES_V6
    yield Menu(
        "/user/group",
        fields(NAME, Field("policy", words(*policies), ""), Field("skin", text, "default"), COMMENT),
        builtin=(
            _group("read", _READ_POLICIES, policies),
            _group("write", frozenset(policies) - _NOT_WRITE, policies),
            _group("full", policies, policies),
        ),
        unique=(Unique(("name",), "group with the same name already exists"),),
    )
    yield Menu(
        "/user",
        fields(
            NAME,
            Field("group", reference("/user/group"), required=True),
            Field("password", hidden=True, exported=False),
            Field("address", ip_list, ""),
            Field("disabled", boolean, "false"),
            *(
                (Field("inactivity-timeout", text, "10m"), Field("inactivity-policy", text, "none"))
                if platform.v7
                else ()
            ),
            COMMENT,
        ),
        exported=False,  # RouterOS never exports users
        unique=(Unique(("name",), "user with the same name already exists"),),
        computed=_user,
    )
    yield Menu("/user/active", readable_only=True, dynamic=_active)
    yield Menu("/user/ssh-keys", readable_only=True)
    yield Menu(
        "/user/aaa",
        fields(
            Field("use-radius", boolean, "false"),
            Field("accounting", boolean, "true"),
            Field("default-group", text, "read"),
        ),
        single=True,
    )
