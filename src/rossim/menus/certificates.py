"""/certificate, as far as it says which certificate api-ssl has."""

from __future__ import annotations

from collections.abc import Iterator

from rossim.fields import NAME, Field, boolean, fields, integer, text
from rossim.platforms import Platform
from rossim.tree import Menu, Unique


def menus(_platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/certificate",
        fields(
            NAME,
            Field("common-name"),
            Field("subject-alt-name"),
            Field("key-size", text, "prime256v1"),
            Field("key-usage"),
            Field("days-valid", integer(1, 36500), "365"),
            Field("trusted", boolean, "true"),
            Field("fingerprint"),
            Field("serial-number"),
        ),
        exported=False,  # RouterOS never exports certificates
        unique=(Unique(("name",), "certificate with such name already exists"),),
    )
