"""/interface/wifi/registration-table: clients of the new driver (7.13+; `wifiwave2` before that).

Asked without a .proplist: on some builds an unknown name in it makes rows vanish.
"""

from __future__ import annotations

from drover.gateway.collectors.fields import Fields
from drover.gateway.collectors.wireless import MAX_RATE_BPS, SIGNAL_RANGE_DBM, parse_dbm
from drover.gateway.contracts import WirelessReading
from routeros.values import parse_mac, parse_rate_bps

PATH = "/interface/wifi/registration-table/print"
WAVE2_PATH = "/interface/wifiwave2/registration-table/print"
PROPLIST: tuple[str, ...] = ()


def collect(rows: list[dict[str, str]], problems: list[str]) -> list[WirelessReading]:
    """The clients; signal in dBm and rates in bit/s are plain numbers here. There is no CCQ and no SNR."""
    fields = Fields("/interface/wifi/registration-table", problems)
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
                ssid=fields.text(row, "ssid"),
                signal_dbm=fields.within(row, "signal", *SIGNAL_RANGE_DBM, parse=parse_dbm),
                snr_db=None,
                ccq_percent=None,
                tx_rate_bps=fields.within(row, "tx-rate", 0, MAX_RATE_BPS, parse_rate_bps),
                rx_rate_bps=fields.within(row, "rx-rate", 0, MAX_RATE_BPS, parse_rate_bps),
                uptime_s=fields.seconds(row, "uptime"),
                host_name=None,
            )
        )
    return found
