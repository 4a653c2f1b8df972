"""/ppp: profiles, secrets, and who is connected; RADIUS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_uptime
from rossim.fields import (
    COMMENT,
    DISABLED,
    NAME,
    Field,
    boolean,
    choice,
    duration,
    fields,
    integer,
    ip_address,
    reference,
    text,
    words,
)
from rossim.platforms import Platform
from rossim.randomness import unit
from rossim.router import Router
from rossim.tree import Menu, Row, Unique, Values

_SERVICES = ("any", "async", "l2tp", "ovpn", "pppoe", "pptp", "sstp")


def _active(router: Router) -> Iterable[Values]:
    """Subscribers connect for days; some are switched off."""
    now_s = router.now_s()
    for row in router.tree.table("/ppp/secret").rows.values():
        if row.values.get("disabled") == "true" or row.values.get("service") != "pppoe":
            continue
        span_s = 40_000 + 200_000 * unit(router.spec.seed, row.number, 1)
        slot = int((now_s + row.number * 7919) / span_s)
        if unit(router.spec.seed, row.number, slot) > 0.92:
            continue
        since_s = (now_s + row.number * 7919) % span_s
        yield {
            ".id": f"*8000{row.number:04X}",
            "name": row.values["name"],
            "service": "pppoe",
            "caller-id": "6C:3B:6B:"
            + ":".join(f"{int(unit(router.spec.seed, row.number, part) * 256):02X}" for part in (11, 12, 13)),
            "address": row.values.get(
                "remote-address", f"10.{router.spec.subnet % 256}.64.{2 + row.number % 250}"
            ),
            "uptime": format_uptime(min(since_s, router.uptime_s())),
            "encoding": "",
            "session-id": f"0x81{row.number:06X}",
            "limit-bytes-in": "0",
            "limit-bytes-out": "0",
            "radius": "false",
        }


def _secret(_router: Router, _row: Row) -> Values:
    return {"last-logged-out": "jan/01/1970 00:00:00", "last-caller-id": "", "last-disconnect-reason": ""}


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/ppp/profile",
        fields(
            NAME,
            Field("local-address"),
            Field("remote-address"),
            Field("bridge"),
            Field("use-compression", choice("default", "yes", "no"), "default"),
            Field("use-encryption", choice("default", "yes", "no", "required"), "default"),
            Field("only-one", choice("default", "yes", "no"), "default"),
            Field("change-tcp-mss", choice("default", "yes", "no"), "default"),
            Field("rate-limit"),
            Field("dns-server"),
            Field("address-list", text, ""),
            Field("default", boolean, exported=False),
            COMMENT,
        ),
        builtin=(
            {"name": "default", "default": "true", "change-tcp-mss": "yes"},
            {
                "name": "default-encryption",
                "default": "true",
                "change-tcp-mss": "yes",
                "use-encryption": "yes",
            },
        ),
        unique=(Unique(("name",), "profile with the same name already exists"),),
    )
    yield Menu(
        "/ppp/secret",
        fields(
            NAME,
            Field("service", choice(*_SERVICES), "any"),
            Field("caller-id", text, ""),
            Field("password", text, "", secret=True),
            Field("profile", reference("/ppp/profile"), "default"),
            Field("local-address"),
            Field("remote-address"),
            Field("routes", text, ""),
            Field("limit-bytes-in", integer(0, 1 << 62), "0"),
            Field("limit-bytes-out", integer(0, 1 << 62), "0"),
            Field("rate-limit"),
            Field("disabled", boolean, "false"),
            COMMENT,
        ),
        unique=(Unique(("name", "service"), "secret with the same name already exists"),),
        computed=_secret,
    )
    yield Menu("/ppp/active", readable_only=True, dynamic=_active)
    yield Menu(
        "/ppp/aaa",
        fields(
            Field("use-radius", boolean, "false"),
            Field("accounting", boolean, "true"),
            Field("interim-update", duration, "0s"),
        ),
        single=True,
    )
    yield Menu(
        "/interface/pppoe-server/server",
        fields(
            Field("service-name", required=True),
            Field("interface", required=True),
            Field("max-mtu", text, "auto"),
            Field("authentication", words("pap", "chap", "mschap1", "mschap2"), "pap,chap,mschap1,mschap2"),
            Field("default-profile", reference("/ppp/profile"), "default"),
            Field("one-session-per-host", boolean, "false"),
            Field("disabled", boolean, "false" if platform.v7 else "true"),
            COMMENT,
        ),
        key="service-name",
    )
    yield Menu(
        "/interface/l2tp-server/server",
        fields(
            Field("enabled", boolean, "false"),
            Field("authentication", text, "pap,chap,mschap1,mschap2"),
            Field("use-ipsec", choice("no", "yes", "required"), "no"),
            Field("ipsec-secret", text, "", secret=True),
            Field("default-profile", reference("/ppp/profile"), "default-encryption"),
        ),
        single=True,
    )
    yield Menu(
        "/radius",
        fields(
            Field("address", ip_address, required=True),
            Field("service", words("ppp", "login", "hotspot", "wireless", "dhcp", "ipsec", "dot1x"), ""),
            Field("secret", text, "", secret=True),
            Field("authentication-port", integer(1, 65535), "1812"),
            Field("accounting-port", integer(1, 65535), "1813"),
            Field("timeout", duration, "300ms"),
            DISABLED,
            COMMENT,
        ),
        ordered=True,
    )
