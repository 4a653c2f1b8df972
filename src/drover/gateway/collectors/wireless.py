"""/interface/wireless/registration-table: clients of the old driver (v6, and v7 with the `wireless` package)."""

from __future__ import annotations

from drover.gateway.collectors.fields import Fields
from drover.gateway.contracts import WirelessReading
from routeros.values import parse_mac, parse_rate_bps, parse_signal_dbm

PATH = "/interface/wireless/registration-table/print"
PROPLIST = (
    "interface",
    "mac-address",
    "radio-name",
    "signal-strength",
    "signal-to-noise",
    "tx-ccq",
    "tx-rate",
    "rx-rate",
    "uptime",
)

SIGNAL_RANGE_DBM = (-200, 100)
MAX_RATE_BPS = 10**13

SSID_PATH = "/interface/wireless/print"
SSID_PROPLIST = ("name", "ssid")


def collect(
    rows: list[dict[str, str]], problems: list[str], *, ssids: dict[str, str] | None = None
) -> list[WirelessReading]:
    """The clients. The table has no SSID: it comes from the interface's own (`ssids` by interface name)."""
    fields = Fields("/interface/wireless/registration-table", problems)
    found: list[WirelessReading] = []
    for row in fields.rows(rows):
        interface, mac = fields.text(row, "interface"), fields.take(row, "mac-address", parse_mac)
        if interface is None or mac is None:
            fields.note("a client without interface or MAC address")
            continue
        found.append(
            WirelessReading(
                interface=interface,
                mac_address=mac,
                ssid=(ssids or {}).get(interface),
                signal_dbm=fields.within(row, "signal-strength", *SIGNAL_RANGE_DBM, parse=parse_dbm),
                snr_db=fields.within(row, "signal-to-noise", -100, 200),
                ccq_percent=fields.within(row, "tx-ccq", 0, 100),
                tx_rate_bps=fields.within(row, "tx-rate", 0, MAX_RATE_BPS, parse_rate_bps),
                rx_rate_bps=fields.within(row, "rx-rate", 0, MAX_RATE_BPS, parse_rate_bps),
                uptime_s=fields.seconds(row, "uptime"),
                host_name=fields.text(row, "radio-name"),
            )
        )
    return found


def parse_dbm(value: str, field: str) -> int:
    """The signal without the rate at which it was measured."""
    return parse_signal_dbm(value, field)[0]


def collect_ssids(rows: list[dict[str, str]], problems: list[str]) -> dict[str, str]:
    """The SSID of each wireless interface."""
    fields = Fields("/interface/wireless", problems)
    pairs = ((fields.text(row, "name"), fields.text(row, "ssid")) for row in rows)
    return {name: ssid for name, ssid in pairs if name and ssid}
