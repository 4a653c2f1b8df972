"""Converters on rows that real routers gave."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from routeros.values import (
    parse_bool,
    parse_duration,
    parse_int,
    parse_mac,
    parse_pair,
    parse_rate_bps,
    parse_signal_dbm,
    parse_timestamp,
)
from routeros.version import RouterOSVersion

Converter = Callable[[str, str], object]

CONVERTERS: dict[str, Converter] = {
    **dict.fromkeys(("uptime", "last-activity", "expires-after", "last-seen", "age"), parse_duration),
    **dict.fromkeys(("tx-rate", "rx-rate", "rate"), parse_rate_bps),
    **dict.fromkeys(("signal-strength", "tx-signal-strength", "signal", "rx-signal"), parse_signal_dbm),
    **dict.fromkeys(("bytes", "packets"), parse_pair),
    **dict.fromkeys(("last-link-up-time", "last-link-down-time", "build-time"), parse_timestamp),
    **dict.fromkeys(("running", "disabled", "dynamic", "slave"), parse_bool),
    **dict.fromkeys(("rx-byte", "tx-byte", "cpu-load", "free-memory", "link-downs", "tx-ccq"), parse_int),
    "mac-address": parse_mac,
    "version": RouterOSVersion.parse,
}

OWN_ROWS = [
    {
        "uptime": "1w2d3h4m5s",
        "version": "6.49.10 (long-term)",
        "build-time": "Jul/20/2023 12:01:02",
        "free-memory": "201326592",
        "cpu-load": "7",
    },
    {
        "mac-address": "02:00:00:00:00:01",
        "signal-strength": "-62@1Mbps",
        "tx-rate": "72.2Mbps-20MHz/1S/SGI",
        "bytes": "123,456",
        "uptime": "2h3m",
        "last-activity": "10ms",
        "tx-ccq": "87",
    },
    {"mac-address": "02:00:00:00:00:02", "signal": "-51", "tx-rate": "1201000000", "uptime": "5s"},
    {"running": "true", "disabled": "false", "last-link-up-time": "2026-01-31 15:52:00", "rx-byte": "0"},
]

CAPTURES = Path(__file__).parents[3] / "shared/data/api/captures.json"


def recorded_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [dict(row) for row in OWN_ROWS]
    if CAPTURES.exists():
        for capture in json.loads(CAPTURES.read_text()):
            found = capture.get("rows")
            rows += [row for row in (found if isinstance(found, list) else [found]) if isinstance(row, dict)]
    return rows


def as_on_the_wire(value: object) -> str:
    """Recordings went through clients that turned some words into JSON types."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def test_every_recorded_value_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    read: Counter[str] = Counter()
    for row in recorded_rows():
        for key, value in row.items():
            if key in CONVERTERS:
                CONVERTERS[key](as_on_the_wire(value), key)
                read[key] += 1
    with capsys.disabled():
        print(f"\nrecorded values read: {dict(read)}")
    assert read.total() >= 20
