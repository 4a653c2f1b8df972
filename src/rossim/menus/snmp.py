"""/snmp."""

from __future__ import annotations

from collections.abc import Iterator

from rossim.fields import COMMENT, NAME, Field, boolean, choice, fields, ip_list, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import Menu, Row, Unique, Values


def _engine(router: Router, _row: Row) -> Values:
    return {"engine-id": "80003a8c04" + router.base_mac.replace(":", "").lower()}


def menus(platform: Platform) -> Iterator[Menu]:
    anyone = "::/0" if platform.v7 else "0.0.0.0/0"
    yield Menu(
        "/snmp/community",
        fields(
            NAME,
            Field("addresses", ip_list, anyone),
            Field("security", choice("none", "authorized", "private"), "none"),
            Field("read-access", boolean, "true"),
            Field("write-access", boolean, "false"),
            Field("authentication-protocol", choice("MD5", "SHA1"), "MD5"),
            Field("encryption-protocol", choice("DES", "AES"), "DES"),
            Field("authentication-password", text, "", secret=True),
            Field("encryption-password", text, "", secret=True),
            Field("disabled", boolean, "false"),
            Field("default", boolean, exported=False),
            COMMENT,
        ),
        builtin=({"name": "public", "default": "true"},),
        find_by="default",
        unique=(Unique(("name",), "community with such name already exists"),),
    )
    yield Menu(
        "/snmp",
        fields(
            Field("enabled", boolean, "false"),
            Field("contact", text, ""),
            Field("location", text, ""),
            Field("engine-id" if not platform.v7 else "engine-id-suffix", text, ""),
            Field("trap-target", text, ""),
            Field("trap-community", text, "public"),
            Field("trap-version", choice("1", "2", "3"), "1"),
            Field("trap-generators", text, "temp-exception" if platform.v7 else ""),
        ),
        single=True,
        computed=_engine if platform.v7 else None,
    )
