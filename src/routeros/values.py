"""RouterOS values as Python values, exactly or not at all.

Every value on the wire is a string and nothing says its type: only the caller knows which column is a
duration and which is a name that happens to be "5m". So each converter is asked for by name, and raises
ValueError for what isn't its form, with the field's name where one is given. None is returned only where
RouterOS has a word for "no value".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from routeros.version import RouterOSVersion

__all__ = [
    "RouterOSVersion",
    "format_duration",
    "parse_bool",
    "parse_duration",
    "parse_int",
    "parse_mac",
    "parse_pair",
    "parse_rate_bps",
    "parse_signal_dbm",
    "parse_timestamp",
]

_BOOLS = {"true": True, "yes": True, "false": False, "no": False}

_INT = re.compile(r"-?[0-9]+\Z")

# 2w6d13:21:53 and 00:00:05 are the forms of exports, 1w2d3h4m5s those of rows; never both at once
_UNITS_DURATION = re.compile(
    r"(?P<sign>-?)(?:(?P<w>\d+)w)?(?:(?P<d>\d+)d)?(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?"
    r"(?:(?P<s>\d+(?:\.\d+)?)s)?(?:(?P<ms>\d+)ms)?(?:(?P<us>\d+)us)?(?:(?P<ns>\d+)ns)?\Z",
    re.ASCII,
)
_CLOCK_DURATION = re.compile(
    r"(?P<sign>-?)(?:(?P<w>\d+)w)?(?:(?P<d>\d+)d)?(?P<h>\d+):(?P<m>[0-5]\d):(?P<s>[0-5]\d(?:\.\d+)?)\Z",
    re.ASCII,
)
_UNIT_S = {"w": 604800.0, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_NO_DURATION = frozenset({"", "never", "none"})

_RATE = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[kKMGT]?)(?:bps)?(?:-.*)?\Z", re.ASCII)
_RATE_UNIT = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}

_SIGNAL = re.compile(r"(?P<dbm>-?\d+)(?:dBm)?(?:@(?P<rate>\S+))?\Z", re.ASCII)

_MONTHS = {
    "janfebmaraprmayjunjulaugsepoctnovdec"[3 * index : 3 * index + 3]: index + 1 for index in range(12)
}
_OLD_TIMESTAMP = re.compile(r"(?P<month>[A-Za-z]{3})/(\d{2})/(\d{4}) (\d{2}):(\d{2}):(\d{2})\Z", re.ASCII)
_ISO_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?\Z", re.ASCII)

_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\Z", re.ASCII)


def parse_bool(value: str, field: str = "") -> bool:
    """`true`/`false` of replies and `yes`/`no` of exports."""
    try:
        return _BOOLS[value]
    except KeyError:
        raise _malformed("boolean", value, field) from None


def parse_int(value: str, field: str = "") -> int:
    """A whole decimal number, as all counters are."""
    if _INT.match(value) is None:
        raise _malformed("whole number", value, field)
    return int(value)


def parse_duration(value: str, field: str = "") -> float | None:
    """Seconds of `1w2d3h4m5s`, `10ms`, `00:00:05` or `2w6d13:21:53`; None for `never`, `none` and ``."""
    if value in _NO_DURATION:
        return None
    match = _UNITS_DURATION.match(value) or _CLOCK_DURATION.match(value)
    if match is None:
        raise _malformed("duration", value, field)
    units = {unit: text for unit, text in match.groupdict().items() if unit != "sign" and text is not None}
    if not units:
        raise _malformed("duration", value, field)
    seconds = sum(float(text) * _UNIT_S[unit] for unit, text in units.items())
    return -seconds if match["sign"] else seconds


def format_duration(duration_s: float) -> str:
    """Write seconds in the form of replies, `1w2d3h4m5s`, down to microseconds; zero is `0s`."""
    left_us = round(abs(duration_s) * 1e6)
    parts = []
    for unit, unit_us in (
        ("w", 604800_000_000),
        ("d", 86400_000_000),
        ("h", 3600_000_000),
        ("m", 60_000_000),
        ("s", 1_000_000),
        ("ms", 1000),
        ("us", 1),
    ):
        count, left_us = divmod(left_us, unit_us)
        if count:
            parts.append(f"{count}{unit}")
    if not parts:
        return "0s"
    return ("-" if duration_s < 0 else "") + "".join(parts)


def parse_rate_bps(value: str, field: str = "") -> int:
    """Bits per second of `65Mbps`, `1Gbps`, `10M` or `54000000`.

    What a wireless rate has after the number, as in `72.2Mbps-20MHz/1S/SGI`, is left out.
    """
    match = _RATE.match(value)
    if match is None:
        raise _malformed("rate", value, field)
    whole, _, fraction = match["number"].partition(".")
    scale = _RATE_UNIT[match["unit"]]
    return int(whole) * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)


def parse_signal_dbm(value: str, field: str = "") -> tuple[int, str | None]:
    """Signal in dBm and the rate it was measured at: `-65@6Mbps`, `-74dBm@6Mbps` (v4) or `-62`."""
    match = _SIGNAL.match(value)
    if match is None:
        raise _malformed("signal", value, field)
    return int(match["dbm"]), match["rate"]


def parse_pair(value: str, field: str = "") -> tuple[int, int]:
    """Two whole numbers with a comma between, as `bytes` of a wireless client: sent, then received."""
    sent, separator, received = value.partition(",")
    if not separator or _INT.match(sent) is None or _INT.match(received) is None:
        raise _malformed("pair", value, field)
    return int(sent), int(received)


def parse_timestamp(value: str, field: str = "", *, zone: tzinfo = UTC) -> datetime:
    """A moment in UTC of `nov/19/2021 21:12:30` or, since 7.10, `2025-03-11 11:59:04`.

    The router writes its own wall clock without a zone, so the caller gives the zone.
    """
    old = _OLD_TIMESTAMP.match(value)
    try:
        if old is not None:
            month = _MONTHS[old["month"].lower()]
            day, year, hour, minute, second = (int(text) for text in old.groups()[1:])
            local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        elif _ISO_TIMESTAMP.match(value):
            local = datetime.fromisoformat(value).replace(tzinfo=zone)
        else:
            raise _malformed("timestamp", value, field)
    except (KeyError, ValueError):
        raise _malformed("timestamp", value, field) from None
    return local.astimezone(UTC)


def parse_mac(value: str, field: str = "") -> str:
    """A MAC address as RouterOS writes it: upper case with colons."""
    if _MAC.match(value) is None:
        raise _malformed("MAC address", value, field)
    return value.upper().replace("-", ":")


def _malformed(form: str, value: str, field: str) -> ValueError:
    where = f"{field}: " if field else ""
    shown = value if len(value) <= 60 else value[:60] + "..."
    return ValueError(f"{where}not a {form}: {shown!r}")
