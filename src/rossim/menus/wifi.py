"""/interface/wifi: the radios of 7.13 and later with the new driver, and their clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_uptime
from rossim.fields import COMMENT, NAME, Field, boolean, choice, fields, mac, text
from rossim.menus.interface import is_running
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import INTERFACES, Menu, Row, Values

# (signal at least, bits per second)
_RATES = (
    (-52, 1_201_000_000),
    (-60, 864_800_000),
    (-67, 576_500_000),
    (-74, 286_800_000),
    (-81, 86_000_000),
    (-99, 13_600_000),
)

_PROFILE = (
    Field("configuration.mode", choice("ap", "station", "station-bridge"), None),
    Field("configuration.ssid"),
    Field("configuration.country"),
    Field("configuration.antenna-gain"),
    Field("configuration.hide-ssid", boolean),
    Field("configuration.tx-power"),
    Field("channel.band"),
    Field("channel.width"),
    Field("channel.frequency"),
    Field("channel.skip-dfs-channels"),
    Field("security.authentication-types"),
    Field("security.passphrase", secret=True),
    Field("security.ft", boolean),
    Field("security.ft-over-ds", boolean),
    Field("security.wps"),
    Field("security.connect-priority"),
    Field("datapath.bridge"),
    Field("datapath.vlan-id"),
    Field("datapath.client-isolation", boolean),
    Field("steering.rrm", boolean),
)


def _without_prefix(prefix: str) -> tuple[Field, ...]:
    return tuple(
        Field(member.name.removeprefix(prefix), member.check, secret=member.secret)
        for member in _PROFILE
        if member.name.startswith(prefix)
    )


def _ssid(row: Row) -> str:
    return row.values.get("configuration.ssid", "MikroTik")


def _registrations(router: Router) -> Iterable[Values]:
    now_s = router.now_s()
    number = 0x100
    for radio in router.tree.table("/interface/wifi").rows.values():
        population = router.populations.get(radio.values["name"])
        if population is None:
            continue
        band = radio.values.get("channel.band", "5ghz-ax")
        up = router.meter(radio).is_running(now_s)
        for visit in population.visits(now_s) if up else ():
            client = visit.client
            signal = population.signal_dbm(client, now_s)
            rate = next(rate for least, rate in _RATES if signal >= least)
            sent, received = population.bytes_moved(visit, now_s)
            to_bps, from_bps = population.rates_bps(client, now_s)
            yield {
                ".id": f"*{number + client.index:X}",
                "interface": radio.values["name"],
                "ssid": _ssid(radio),
                "mac-address": client.mac,
                "uptime": format_uptime(now_s - visit.since_s),
                "last-activity": f"{10 * (1 + client.index % 80)}ms",
                "signal": str(signal),
                "tx-rate": str(rate),
                "rx-rate": str(rate * 3 // 4),
                "packets": f"{sent // 900},{received // 300}",
                "bytes": f"{sent},{received}",
                "tx-bits-per-second": str(to_bps),
                "rx-bits-per-second": str(from_bps),
                "band": band if client.index % 4 else band.replace("-ax", "-ac"),
                "auth-type": "wpa3-psk" if client.index % 3 == 0 else "wpa2-psk",
                "authorized": "true",
            }
        number += 0x100


def _computed(router: Router, row: Row) -> Values:
    running = is_running(router, row)
    return {
        "running": "true" if running else "false",
        "inactive": "false" if running else "true",
        "master": "false" if "master-interface" in row.values else "true",
        "bound": "true",
    }


def _channel(_router: Router, row: Row) -> str | None:
    """What an export writes above a radio that is on the air."""
    if row.values.get("disabled") == "true":
        return None
    frequency = row.values.get("channel.frequency", "5180")
    return f"channel: {frequency}/ax/{'Ceee' if frequency >= '5' else 'Ce'}"


def menus(platform: Platform) -> Iterator[Menu]:
    if not platform.dotted_shorthand:  # 7.13+, without a radio too: CAPsMAN has its place there
        return
    yield Menu(
        "/interface/wifi/security",
        fields(NAME, *_without_prefix("security."), Field("disabled", boolean, "false"), COMMENT),
    )
    yield Menu(
        "/interface/wifi/configuration",
        fields(
            NAME,
            *_without_prefix("configuration."),
            Field("security"),
            Field("security.passphrase", secret=True),
            Field("channel"),
            Field("datapath"),
            Field("disabled", boolean, "false"),
            COMMENT,
        ),
    )
    yield Menu(
        "/interface/wifi",
        fields(
            NAME,
            Field("default-name", exported=False),
            Field("mtu", text, "1500", exported=False),
            Field("l2mtu", text, "1560", exported=False),
            Field("mac-address", mac, exported=False),
            Field("arp", text, "enabled"),
            Field("arp-timeout", text, "auto"),
            Field("radio-mac", mac, exported=False),
            Field("master-interface"),
            Field("configuration"),
            Field("security"),
            Field("channel"),
            Field("datapath"),
            *_PROFILE,
            Field("disabled", boolean, "true"),
            COMMENT,
        ),
        id_space=INTERFACES,
        find_by="default-name",
        computed=_computed,
        state_comment=_channel,
    )
    yield Menu("/interface/wifi/registration-table", readable_only=True, dynamic=_registrations)
    for name in ("capsman", "cap"):
        yield Menu(f"/interface/wifi/{name}", fields(Field("enabled", boolean, "false")), single=True)
