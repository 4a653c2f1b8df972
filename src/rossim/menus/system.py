"""/system: identity, board, packages, licence, clock, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_moment
from rossim.fields import Field, boolean, choice, fields, ip_list, text
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import Answer, Menu, Row, Values
from routeros.sentences import Command

_V6_PACKAGES = (
    "routeros-arm",
    "system",
    "wireless",
    "dhcp",
    "ppp",
    "routing",
    "security",
    "hotspot",
    "mpls",
    "advanced-tools",
)


def _routerboard(router: Router, _row: Row) -> Values:
    hardware = router.platform.hardware
    if hardware.is_virtual:
        return {"routerboard": "false"}
    version = str(router.platform.version)
    values = (
        {"routerboard": "true", "board-name": hardware.board}
        if router.platform.v7
        else {"routerboard": "true"}
    )
    return values | {
        "model": hardware.model,
        "serial-number": router.spec.serial,
        "firmware-type": hardware.firmware_type,
        "factory-firmware": hardware.factory_version,
        "current-firmware": hardware.factory_version if router.spec.seed % 5 == 0 else version,
        "upgrade-firmware": version,
    }


def _packages(router: Router) -> Iterable[Values]:
    platform = router.platform
    names = ("routeros", *platform.hardware.packages) if platform.v7 else _V6_PACKAGES
    for index, name in enumerate(names):
        values = {".id": f"*{index + 1:X}", "name": name, "version": str(platform.version), "scheduled": ""}
        if platform.empty_reply:  # the size came with 7.18
            values |= {"size": str(11_000_000 + index * 3_000_000), "available": "false"}
        if not platform.v7:
            values["bundle"] = "" if index == 0 else "routeros-arm"
        yield values | {"disabled": "false"}


def _license(router: Router, _row: Row) -> Values:
    if router.platform.hardware.is_virtual:
        return {"system-id": router.software_id.replace("-", "") + "AA", "level": "p1"}
    level = "6" if router.spec.profile == "core" else "5"
    return {"software-id": router.software_id, "nlevel": level, "features": ""}


def _clock(router: Router, _row: Row) -> Values:
    date, time = format_moment(router.now_s(), iso=router.platform.iso_dates).split(" ")
    return {"time": time, "date": date, "gmt-offset": "+00:00", "dst-active": "false"}


def _history(router: Router) -> Iterable[Values]:
    for action in router.history.newest_first():
        yield {
            ".id": f"*{action.number:X}",
            "time": format_moment(action.at_s, iso=router.platform.iso_dates),
            "action": action.action,
            "by": action.by,
            "policy": action.policy,
            "undoable": "true",
        }


def _ntp(router: Router, _row: Row) -> Values:
    if not router.platform.v7:
        return {"dynamic-servers": "", "active-server": ""}
    return {"status": "synchronized", "synced-stratum": "2", "system-offset": "-0.412 ms"}


def _update(router: Router, _row: Row) -> Values:
    return {"installed-version": str(router.platform.version)}


def _reboot(router: Router, session: Session, _command: Command) -> Answer:
    session.require("reboot")
    router.reboot()
    return Answer()


def menus(platform: Platform) -> Iterator[Menu]:
    yield Menu(
        "/system",
        fixed=True,
        readable_only=True,
        exported=False,
        actions={"reboot": _reboot},
    )
    yield Menu("/system/identity", fields(Field("name", text, "MikroTik")), single=True)
    yield Menu("/system/routerboard", single=True, fixed=True, computed=_routerboard, exported=False)
    if not platform.hardware.is_virtual:
        yield Menu(
            "/system/routerboard/settings",
            fields(
                Field("auto-upgrade", boolean, "false"),
                Field(
                    "boot-device",
                    choice("nand-if-fail-then-ethernet", "flash-boot", "nand-only"),
                    "nand-if-fail-then-ethernet",
                ),
                Field("silent-boot", boolean, "false"),
                Field("protected-routerboot", choice("disabled", "enabled"), "disabled"),
            ),
            single=True,
        )
    yield Menu("/system/package", readable_only=True, dynamic=_packages)
    yield Menu(
        "/system/package/update",
        fields(Field("channel", choice("stable", "long-term", "testing", "development"), platform.channel)),
        single=True,
        computed=_update,
    )
    yield Menu("/system/license", single=True, fixed=True, computed=_license, exported=False)
    yield Menu(
        "/system/clock",
        fields(Field("time-zone-autodetect", boolean, "true"), Field("time-zone-name", text, "manual")),
        single=True,
        computed=_clock,
    )
    yield Menu("/system/history", readable_only=True, dynamic=_history)
    yield Menu(
        "/system/note",
        fields(Field("note", text, ""), Field("show-at-login", boolean, "true")),
        single=True,
    )
    if platform.v7:
        yield Menu(
            "/system/ntp/client",
            fields(
                Field("enabled", boolean, "false"),
                Field("mode", choice("unicast", "broadcast", "multicast", "manycast"), "unicast"),
                Field("servers", text, ""),
            ),
            single=True,
            computed=_ntp,
        )
    else:
        yield Menu(
            "/system/ntp/client",
            fields(
                Field("enabled", boolean, "false"),
                Field("primary-ntp", ip_list, "0.0.0.0"),  # noqa: S104  RouterOS's way to say none
                Field("secondary-ntp", ip_list, "0.0.0.0"),  # noqa: S104  RouterOS's way to say none
                Field("server-dns-names", text, ""),
            ),
            single=True,
            computed=_ntp,
        )
