"""/ipv6, as far as most sites have it: addresses and the factory's firewall."""

from __future__ import annotations

from collections.abc import Iterator

from rossim.fields import (
    COMMENT,
    DISABLED,
    Field,
    boolean,
    choice,
    fields,
    integer,
    interface,
    ip_prefix,
    text,
)
from rossim.menus.firewall import address_list, filter_rules
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import Menu, Row, Values


def _address(_router: Router, row: Row) -> Values:
    return {
        "actual-interface": row.values["interface"],
        "invalid": "false",
        "dynamic": "false",
        "global": "true",
        "link-local": "false",
    }


def menus(platform: Platform) -> Iterator[Menu]:
    if not platform.v7:  # an extra package on v6, which none of ours has
        return
    yield Menu(
        "/ipv6/address",
        fields(
            Field("address", ip_prefix, required=True),
            Field("interface", interface, required=True),
            Field("from-pool", text, ""),
            Field("eui-64", boolean, "false"),
            Field("advertise", boolean, "true"),
            Field("no-dad", boolean, "false"),
            DISABLED,
            COMMENT,
        ),
        computed=_address,
    )
    yield Menu(
        "/ipv6/settings",
        fields(
            Field("disable-ipv6", boolean, "false"),
            Field("forward", boolean, "true"),
            Field(
                "accept-router-advertisements",
                choice("yes-if-forwarding-disabled", "yes", "no"),
                "yes-if-forwarding-disabled",
            ),
            Field("max-neighbor-entries", integer(1, 1 << 30), "16384"),
        ),
        single=True,
    )
    yield address_list("/ipv6/firewall/address-list")
    yield filter_rules("/ipv6/firewall/filter")
