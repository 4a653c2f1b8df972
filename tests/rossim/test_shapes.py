"""Our rows have the properties that recorded rows of real routers have.

The recordings here are names of properties only. Where the folder with whole recordings lies beside the
repository, those are compared too.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rossim.simulated import make_router, make_session, run

OFFICE = ("rb5009", "7.20.6", "office")
WIFI = ("hap-ax3", "7.20.6", "hotel")
TOWER = ("rb4011", "6.49.18", "tower")

RECORDED = {
    "resource v6": (
        TOWER,
        "/system/resource",
        "uptime version build-time free-memory total-memory cpu cpu-count cpu-frequency cpu-load free-hdd-space "
        "total-hdd-space write-sect-since-reboot write-sect-total bad-blocks architecture-name board-name platform",
    ),
    "resource v7": (
        OFFICE,
        "/system/resource",
        "uptime version build-time factory-software free-memory total-memory cpu cpu-count cpu-frequency cpu-load "
        "free-hdd-space total-hdd-space architecture-name board-name platform",
    ),
    "health v6": (TOWER, "/system/health", "voltage temperature"),
    "health v7": (OFFICE, "/system/health", ".id name value type"),
    "cpu": (OFFICE, "/system/resource/cpu", ".id cpu load irq disk"),
    "interface v6": (
        TOWER,
        "/interface",
        ".id name type mtu actual-mtu l2mtu mac-address last-link-up-time link-downs rx-byte tx-byte rx-packet "
        "tx-packet rx-drop tx-drop tx-queue-drop rx-error tx-error fp-rx-byte fp-tx-byte fp-rx-packet fp-tx-packet "
        "running disabled default-name max-l2mtu slave",
    ),
    "ethernet": (
        OFFICE,
        "/interface/ethernet",
        ".id name mac-address running bandwidth rx-bytes mtu l2mtu rx-overflow rx-fcs-error driver-rx-byte",
    ),
    "wireless": (
        TOWER,
        "/interface/wireless/registration-table",
        ".id interface mac-address ap wds bridge rx-rate tx-rate packets bytes frames frame-bytes hw-frames "
        "hw-frame-bytes tx-frames-timed-out uptime last-activity signal-strength signal-to-noise signal-strength-ch0 "
        "signal-strength-ch1 strength-at-rates tx-ccq p-throughput last-ip 802.1x-port-enabled authentication-type "
        "encryption group-encryption management-protection wmm-enabled tx-rate-set",
    ),
    "wifi": (
        WIFI,
        "/interface/wifi/registration-table",
        ".id interface ssid mac-address uptime signal tx-rate rx-rate packets bytes tx-bits-per-second "
        "rx-bits-per-second authorized",
    ),
    "lease": (
        WIFI,
        "/ip/dhcp-server/lease",
        ".id address mac-address active-address host-name comment",
    ),
    "arp": (
        WIFI,
        "/ip/arp",
        ".id address mac-address interface published invalid DHCP dynamic complete disabled",
    ),
    "address": (OFFICE, "/ip/address", ".id address network interface actual-interface invalid dynamic disabled"),
    "snmp": (OFFICE, "/snmp", "enabled contact location engine-id trap-target trap-community trap-version"),
    "community": (
        OFFICE,
        "/snmp/community",
        ".id name addresses security read-access write-access authentication-protocol encryption-protocol "
        "authentication-password encryption-password default",
    ),
}  # fmt: skip


def properties(kind, path):
    router = make_router(*kind)
    rows = run(router, make_session(router), f"{path}/print").rows
    return set().union(*rows)


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_properties_are_there(name):
    kind, path, recorded = RECORDED[name]
    assert set(recorded.split()) - properties(kind, path) == set()


def test_values_have_the_recorded_forms():
    router = make_router(*TOWER)
    (client, *_) = run(router, make_session(router), "/interface/wireless/registration-table/print").rows
    assert client["signal-strength"].partition("@")[2] in ("1Mbps", "6Mbps")
    assert client["tx-rate"].split("-")[0].endswith("Mbps")
    assert len(client["bytes"].split(",")) == 2
    router = make_router(*WIFI)
    (client, *_) = run(router, make_session(router), "/interface/wifi/registration-table/print").rows
    assert int(client["signal"]) < 0
    assert int(client["tx-rate"]) > 1_000_000


# What recordings have and we don't, and why that is right.
LEFT_OUT = {
    "/interface": {"last-link-down-time", "fast-path"},  # only after a link went down; v6 before 6.40
    "/interface/ethernet": {"advertise", "comment", "max-l2mtu", "tx-rx-64"},  # set by hand; chip counters
    "/interface/wireless/registration-table": {"ack-timeout", "compression", "framing-mode", "nstreme"},  # v4
    "/ip/arp": {"comment"},
    "/user": {"comment"},
    "/system/resource": {"serial-number"},  # a PC with v6.33
    "/interface/bridge/host": {"age", "vid", "interface"},  # v6
}


def _shared_recordings():
    folder = Path(__file__).parents[3] / "shared" / "data" / "api"
    captures = folder / "captures.json"
    if captures.exists():
        for number, capture in enumerate(json.loads(captures.read_text())):
            words = capture["command"].split(" ")
            if words[0].endswith("/print") and capture["rows"] and "monitor" not in words[0]:
                old = capture["routeros"][0] in "46" or "wireless" in words[0]
                yield f"capture-{number}", words[0].removesuffix("/print"), old, set().union(*capture["rows"])
    for path in sorted(folder.glob("napalm-ros/tests/unit/mocked_data/*/*/_*_print.json")):
        rows = json.loads(path.read_text())["data"]
        if rows:
            menu = path.name.removesuffix("_print.json").replace("_", "/")
            yield f"{path.parts[-3]}-{path.parts[-2]}", menu, False, set().union(*rows)


def _comparable():
    # menus that we don't have yet, and those of whose rows our routers have none
    absent = (
        "/routing/",
        "/ipv6/",
        "/ip/route/vrf",
        "/interface/ethernet/switch",
        "/system/ntp",
        "/ip/neighbor",
    )
    for name, menu, old, recorded in _shared_recordings():
        if not menu.startswith(absent) and menu != "/interface/bridge/vlan":
            yield name, menu.replace("wifiwave2", "wifi"), old, frozenset(recorded)
    # so that there is something to compare with where that folder isn't
    for name, (kind, menu, recorded) in RECORDED.items():
        yield f"own-{name}", menu, kind == TOWER, frozenset(recorded.split())


@pytest.mark.parametrize(("name", "menu", "old", "recorded"), list(_comparable()))
def test_whole_recordings_have_nothing_that_ours_lack(name, menu, old, recorded):
    kind = (
        TOWER if old else WIFI if "wifi" in menu or menu in ("/ip/arp", "/ip/dhcp-server/lease") else OFFICE
    )
    assert recorded - properties(kind, menu) - LEFT_OUT.get(menu, set()) == set()
