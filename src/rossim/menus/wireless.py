"""/interface/wireless: radios of v6 and of v7 with the old driver, their security profiles and clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim import editing, traps
from rossim.clients import Visit
from rossim.clock import format_uptime
from rossim.fields import (
    COMMENT,
    NAME,
    Field,
    boolean,
    choice,
    fields,
    mac,
    reference,
    text,
    words,
)
from rossim.menus.interface import is_running
from rossim.platforms import Platform
from rossim.router import Router
from rossim.sessions import Session
from rossim.tree import INTERFACES, Answer, Menu, Row, Values
from routeros.sentences import Command

# (signal at least, rate) for one stream at 20 MHz and short guard interval; towards the weakest
_RATES = (
    (-58, "866.6Mbps-80MHz/2S/SGI"),
    (-64, "650Mbps-80MHz/2S"),
    (-70, "300Mbps-40MHz/2S/SGI"),
    (-76, "144.4Mbps-20MHz/2S/SGI"),
    (-82, "72.2Mbps-20MHz/1S/SGI"),
    (-99, "13Mbps-20MHz/1S"),
)
_NOISE_DBM = -106


def rate_for(signal_dbm: int) -> str:
    return next(rate for least, rate in _RATES if signal_dbm >= least)


def _client_row(router: Router, radio: str, visit: Visit, number: int) -> Values:
    now_s = router.now_s()
    population = router.populations[radio]
    client = visit.client
    signal = population.signal_dbm(client, now_s)
    theirs = signal - 2 - client.index % 4
    sent, received = population.bytes_moved(visit, now_s)
    ccq = max(22, min(100, 100 - max(0, -62 - signal) * 3 - client.index % 5))
    values = {
        ".id": f"*{number:X}",
        "interface": radio,
        "mac-address": client.mac,
        "ap": "false",
        "wds": "false",
        "bridge": "false",
        "rx-rate": rate_for(signal),
        "tx-rate": rate_for(theirs),
        "packets": f"{sent // 900},{received // 300}",
        "bytes": f"{sent},{received}",
        "frames": f"{sent // 900},{received // 300}",
        "frame-bytes": f"{sent * 101 // 100},{received * 99 // 100}",
        "hw-frames": f"{sent // 850},{received // 290}",
        "hw-frame-bytes": f"{sent * 104 // 100},{received * 105 // 100}",
        "tx-frames-timed-out": "0",
        "uptime": format_uptime(now_s - visit.since_s),
        "last-activity": f"{10 * (1 + client.index % 90)}ms",
        "signal-strength": f"{signal}@{'6Mbps' if client.index % 3 else '1Mbps'}",
        "signal-to-noise": str(signal - _NOISE_DBM),
        "signal-strength-ch0": str(signal - 2),
        "signal-strength-ch1": str(signal - 4),
        "strength-at-rates": f"{signal}@6Mbps 1m10ms,{signal - 2}@HT20-5 20s",
        "tx-signal-strength": str(theirs),
        "tx-ccq": str(ccq),
        "rx-ccq": str(max(20, ccq - 6)),
        "p-throughput": str(ccq * 640),
        "last-ip": router_address(router, client.index),
        "802.1x-port-enabled": "true",
        "authentication-type": "wpa2-psk",
        "encryption": "aes-ccm",
        "group-encryption": "aes-ccm",
        "management-protection": "false",
        "wmm-enabled": "true",
        "tx-rate-set": "OFDM:6-54 BW:1x-4x SGI:1x-4x HT:0-15 VHT:0-9",
    }
    if client.host_name.startswith("sub-"):  # a subscriber's own MikroTik
        values |= {"radio-name": client.host_name.upper(), "routeros-version": "6.49.17"}
    return values


def router_address(router: Router, index: int) -> str:
    return f"10.{router.spec.subnet % 256}.20.{2 + index % 250}"


def _registrations(router: Router) -> Iterable[Values]:
    number = 0x200
    for table_row in router.tree.table("/interface/wireless").rows.values():
        radio = table_row.values["name"]
        population = router.populations.get(radio)
        if population is None:
            continue
        up = router.meter(table_row).is_running(router.now_s())
        for visit in population.visits(router.now_s()) if up else ():
            yield _client_row(router, radio, visit, number + visit.client.index)
        number += 0x200


def _computed(router: Router, row: Row) -> Values:
    return {"running": "true" if is_running(router, row) else "false"}


def _monitor(router: Router, session: Session, command: Command) -> Answer:
    session.require("read")
    written = command.attributes.get("numbers") or command.attributes.get(".id")
    if not written:
        raise traps.missing("numbers")
    answers = []
    for _, row in editing.find(router.tree, router.tree.menus["/interface/wireless"], written):
        population = router.populations.get(row.values["name"])
        up = router.meter(row).is_running(router.now_s())
        count = len(population.visits(router.now_s())) if population is not None and up else 0
        frequency = row.values.get("frequency", "5180")
        answers.append(
            {
                "status": "running-ap" if up else "disabled",
                "channel": f"{frequency}/20-Ceee/ac/DP(24dBm)+5775/80",
                "wireless-protocol": "802.11",
                "noise-floor": str(_NOISE_DBM - round(2 * router.noise(60 + row.number, 30))),
                "overall-tx-ccq": str(70 + round(25 * router.noise(70 + row.number, 20))),
                "registered-clients": str(count),
                "authenticated-clients": str(count),
                "current-distance": "1",
                "wmm-enabled": "true",
            }
        )
    return Answer(answers)


def menus(platform: Platform) -> Iterator[Menu]:
    if not platform.has_wireless:
        return
    yield Menu(
        "/interface/wireless/security-profiles",
        fields(
            NAME,
            Field("mode", choice("none", "dynamic-keys", "static-keys-required"), "none"),
            Field("authentication-types", words("wpa-psk", "wpa2-psk", "wpa-eap", "wpa2-eap"), ""),
            Field("unicast-ciphers", text, "aes-ccm"),
            Field("group-ciphers", text, "aes-ccm"),
            Field("wpa-pre-shared-key", text, "", secret=True),
            Field("wpa2-pre-shared-key", text, "", secret=True),
            Field("supplicant-identity", text, ""),
            Field("eap-methods", text, ""),
            Field("default", boolean, exported=False),
            COMMENT,
        ),
        builtin=({"name": "default", "default": "true", "supplicant-identity": "MikroTik"},),
        find_by="default",
    )
    yield Menu(
        "/interface/wireless",
        fields(
            NAME,
            Field("default-name", exported=False),
            Field("mtu", text, "1500"),
            Field("l2mtu", text, "1600", exported=False),
            Field("mac-address", mac, exported=False),
            Field("arp", text, "enabled"),
            Field("interface-type", text, exported=False),
            Field("mode", text, "station"),
            Field("ssid", text, "MikroTik"),
            Field("frequency", text, "2412"),
            Field("band", text),
            Field("channel-width", text, "20mhz"),
            Field("secondary-frequency", text, ""),
            Field("scan-list", text, "default"),
            Field("wireless-protocol", text, "any"),
            Field("country", text),
            Field("installation", choice("any", "indoor", "outdoor"), "any"),
            Field("distance", text, "dynamic"),
            Field("tx-power-mode", text, "default"),
            Field("bridge-mode", text, "enabled"),
            Field("default-authentication", boolean, "true"),
            Field("default-forwarding", boolean, "true"),
            Field("hide-ssid", boolean, "false"),
            Field("radio-name"),
            Field("security-profile", reference("/interface/wireless/security-profiles"), "default"),
            Field("wps-mode", text, "disabled"),
            Field("master-interface"),
            Field("disabled", boolean, "true"),
            COMMENT,
        ),
        id_space=INTERFACES,
        find_by="default-name",
        computed=_computed,
        actions={"monitor": _monitor},
    )
    yield Menu("/interface/wireless/registration-table", readable_only=True, dynamic=_registrations)
    yield Menu(
        "/interface/wireless/access-list",
        fields(
            Field("interface", text, "any"),
            Field("mac-address", mac),
            Field("signal-range"),
            Field("authentication", boolean, "true"),
            Field("forwarding", boolean, "true"),
            Field("private-passphrase", text, "", secret=True),
            Field("disabled", boolean, "false"),
            COMMENT,
        ),
        ordered=True,
    )
