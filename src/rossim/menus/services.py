"""/ip/service, /ip/ssh and other ways in."""

from __future__ import annotations

from collections.abc import Iterator

from rossim import traps
from rossim.fields import Field, boolean, choice, fields, integer, ip_list, reference, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import Menu, Row, Tree, Values

_PORTS = (
    ("telnet", "23"),
    ("ftp", "21"),
    ("www", "80"),
    ("ssh", "22"),
    ("www-ssl", "443"),
    ("api", "8728"),
    ("winbox", "8291"),
    ("api-ssl", "8729"),
)
_WITH_CERTIFICATE = ("www-ssl", "api-ssl")


def _service(name: str, port: str) -> Values:
    values = {"name": name, "port": port, "address": ""}
    if name == "www-ssl":
        values["disabled"] = "true"
    if name in _WITH_CERTIFICATE:
        values |= {"certificate": "none", "tls-version": "any"}
    return values


def _shown(router: Router, _row: Row) -> Values:
    if not router.platform.v7:
        return {"invalid": "false"}
    return {"invalid": "false", "proto": "tcp", "dynamic": "false"}


def _has_certificate(_tree: Tree, values: Values, _row: Row | None) -> None:
    if values.get("certificate", "none") != "none" and values["name"] not in _WITH_CERTIFICATE:
        raise traps.unknown_parameter("certificate")


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/ip/service",
        fields(
            Field("name", exported=False),
            Field("port", integer(1, 65535)),
            Field("address", ip_list, ""),
            Field("certificate", reference("/certificate", "name", "none"), None),
            Field("tls-version", choice("any", "only-1.2"), None),
            *(
                (Field("max-sessions", integer(1, 1000), "20"), Field("vrf", text, "main"))
                if platform.v7
                else ()
            ),
            Field("disabled", boolean, "false"),
        ),
        builtin=tuple(_service(name, port) for name, port in _PORTS),
        fixed=True,
        bare_key=True,
        computed=_shown,
        check=_has_certificate,
    )
    yield Menu(
        "/ip/ssh",
        fields(
            Field("strong-crypto", boolean, "false"),
            Field("forwarding-enabled", choice("no", "both", "local", "remote"), "no"),
            Field("always-allow-password-login", boolean, "false"),
            Field("host-key-size", integer(1024, 8192), "2048"),
            *((Field("host-key-type", choice("rsa", "ed25519"), "rsa"),) if platform.v7 else ()),
        ),
        single=True,
    )
    yield Menu(
        "/ip/cloud",
        fields(
            Field("ddns-enabled", choice("auto", "yes", "no"), "auto" if platform.v7 else "no"),
            Field("update-time", boolean, "true"),
        ),
        single=True,
    )
