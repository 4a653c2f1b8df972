"""/certificate, as far as it says which certificate api-ssl has, and lets one be made for it.

Whatever certificate is set on api-ssl, clients see the one that the keys folder holds for the router.
"""

from __future__ import annotations

from collections.abc import Iterator

from rossim import editing, traps
from rossim.clock import format_moment
from rossim.fields import NAME, Field, fields, integer, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Answer, Menu, Row, Unique, Values
from routeros.sentences import Command

_DAY_S = 86400


def _certificate(router: Router, row: Row) -> Values:
    """A template has no more than what was written; a signed one is valid from then on."""
    signed = row.values.get("signed-at")
    if signed is None:
        return {"private-key": "false", "trusted": "false"}
    until_s = float(signed) + _DAY_S * int(row.values.get("days-valid", "365"))
    return {
        "private-key": "true",
        "trusted": row.values.get("trusted", "true"),
        "invalid-before": format_moment(float(signed), iso=router.platform.iso_dates),
        "invalid-after": format_moment(until_s, iso=router.platform.iso_dates),
    }


def _sign(router: Router, session: Session, command: Command) -> Answer:
    """Sign a template by itself; a router takes a second or two and says how far it is."""
    session.require("write")
    written = command.attributes.get("number") or command.attributes.get(".id")
    if not written:
        raise traps.missing("number")
    table = router.tree.table("/certificate")
    for _, row in editing.find(router.tree, table.menu, written):
        if "signed-at" in row.values:
            raise traps.failure("already signed")
        named = {"name": command.attributes["name"]} if "name" in command.attributes else {}
        row.values = {**row.values, **named, "signed-at": str(router.now_s()), "trusted": "true"}
    router.tree.changed("/certificate")
    return Answer([{"progress": "done", ".section": "0"}])


def menus(_platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/certificate",
        fields(
            NAME,
            Field("common-name"),
            Field("subject-alt-name"),
            Field("key-size", text, "2048"),
            Field("key-usage"),
            Field("days-valid", integer(1, 36500), "365"),
            Field("trusted", hidden=True),
            Field("signed-at", hidden=True),
        ),
        exported=False,  # RouterOS never exports certificates
        unique=(Unique(("name",), "certificate with such name already exists"),),
        computed=_certificate,
        actions={"sign": _sign},
    )
