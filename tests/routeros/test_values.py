"""Values exactly as routers write them, and an error for everything else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeros.values import (
    format_duration,
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

GOOD: list[tuple[Callable[[str, str], object], str, object]] = [
    (parse_bool, "true", True),
    (parse_bool, "yes", True),
    (parse_bool, "false", False),
    (parse_bool, "no", False),
    (parse_int, "0", 0),
    (parse_int, "-65", -65),
    (parse_int, "18446744073709551615", 2**64 - 1),
    (parse_duration, "", None),
    (parse_duration, "never", None),
    (parse_duration, "none", None),
    (parse_duration, "0s", 0.0),
    (parse_duration, "5s", 5.0),
    (parse_duration, "32m36s", 1956.0),
    (parse_duration, "1w2d3h4m5s", 788645.0),
    (parse_duration, "10ms", 0.01),
    (parse_duration, "14ms453us", 0.014453),
    (parse_duration, "453us", 0.000453),
    (parse_duration, "1.5s", 1.5),
    (parse_duration, "00:00:05", 5.0),
    (parse_duration, "1d00:00:00", 86400.0),
    (parse_duration, "2w6d13:21:53", 1776113.0),
    (parse_duration, "-3s", -3.0),
    (parse_rate_bps, "0", 0),
    (parse_rate_bps, "54000000", 54_000_000),
    (parse_rate_bps, "65Mbps", 65_000_000),
    (parse_rate_bps, "1Gbps", 1_000_000_000),
    (parse_rate_bps, "2.5Gbps", 2_500_000_000),
    (parse_rate_bps, "512k", 512_000),
    (parse_rate_bps, "72.2Mbps-20MHz/1S/SGI", 72_200_000),
    (parse_rate_bps, "866.6Mbps-80MHz/2S/SGI", 866_600_000),
    (parse_signal_dbm, "-62", (-62, None)),
    (parse_signal_dbm, "-65@6Mbps", (-65, "6Mbps")),
    (parse_signal_dbm, "-74dBm@6Mbps", (-74, "6Mbps")),
    (parse_signal_dbm, "-52dBm", (-52, None)),
    (parse_pair, "0,0", (0, 0)),
    (parse_pair, "123456789012,5", (123456789012, 5)),
    (parse_timestamp, "nov/19/2021 21:12:30", datetime(2021, 11, 19, 21, 12, 30, tzinfo=UTC)),
    (parse_timestamp, "Jun/02/2020 07:38:00", datetime(2020, 6, 2, 7, 38, tzinfo=UTC)),
    (parse_timestamp, "2025-03-11 11:59:04", datetime(2025, 3, 11, 11, 59, 4, tzinfo=UTC)),
    (parse_mac, "00:0C:42:ab:CD:ef", "00:0C:42:AB:CD:EF"),
    (parse_mac, "00-0c-42-ab-cd-ef", "00:0C:42:AB:CD:EF"),
]

BAD: list[tuple[Callable[[str, str], object], list[str]]] = [
    (parse_bool, ["", "1", "True", "on", "enabled", "yes "]),
    (parse_int, ["", "1.5", "0x10", "1 000", "1k", "+1", "--1", "\u0661", "1\n", "nan"]),
    (
        parse_duration,
        [
            " ",
            "5",
            "5x",
            "1h5",
            "s",
            "1s1m",
            "00:00",
            "1:60:00",
            "00:00:5",
            "1w2d3h4m5s ",
            "never ",
            "-",
            "\u0665s",
        ],
    ),
    (parse_rate_bps, ["", "fast", "Mbps", "-5Mbps", "10 Mbps", "1.2.3M", "10MiB"]),
    (parse_signal_dbm, ["", "@6Mbps", "-65@", "dBm", "-65.5", "-65 @6Mbps"]),
    (parse_pair, ["", "1", "1,", ",1", "1,2,3", "a,b", "1, 2"]),
    (
        parse_timestamp,
        [
            "",
            "never",
            "21:12:30",
            "nov/19 21:12:30",
            "xyz/19/2021 21:12:30",
            "feb/30/2021 00:00:00",
            "2025-13-01 00:00:00",
            "2025-03-11T11:59:04",
            "2025-03-11",
            "2025-03-11 11:59:04Z",
        ],
    ),
    (parse_mac, ["", "00:0C:42:AB:CD", "00:0C:42:AB:CD:EF:00", "000C42ABCDEF", "00:0C:42:AB:CD:EG"]),
]


@pytest.mark.parametrize(("parse", "text", "value"), GOOD)
def test_a_value_is_read_exactly(parse: Callable[[str, str], object], text: str, value: object) -> None:
    found = parse(text, "field")
    assert found == pytest.approx(value, abs=1e-9) if isinstance(value, float) else found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("parse", "text"), [(parse, text) for parse, texts in BAD for text in texts])
def test_anything_else_is_an_error_that_names_the_field(
    parse: Callable[[str, str], object], text: str
) -> None:
    with pytest.raises(ValueError, match=r"^uptime-of-x: not a "):
        parse(text, "uptime-of-x")


def test_an_error_shows_no_more_than_the_beginning_of_a_value() -> None:
    with pytest.raises(ValueError, match=r"\.\.\.'$") as caught:
        parse_int("x" * 10_000, "f")
    assert len(str(caught.value)) < 120


def test_a_timestamp_is_taken_in_the_routers_zone() -> None:
    zone = timezone(timedelta(hours=2))
    for text in ("nov/19/2021 21:12:30", "2021-11-19 21:12:30"):
        found = parse_timestamp(text, zone=zone)
        assert found == datetime(2021, 11, 19, 19, 12, 30, tzinfo=UTC)
        assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (5, "5s"), (788645, "1w2d3h4m5s"), (0.0145, "14ms500us"), (86400, "1d"), (-3, "-3s")],
)
def test_a_duration_is_written_as_routers_do(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(0, 10**16))
def test_a_duration_is_read_as_it_was_written(microseconds: int) -> None:
    seconds = parse_duration(format_duration(microseconds / 1e6))
    assert seconds == pytest.approx(microseconds / 1e6, abs=1e-5, rel=1e-12)


@given(st.text(max_size=20))
def test_no_text_is_taken_for_a_value_by_accident(text: str) -> None:
    for parse, _texts in BAD:
        try:
            parse(text, "")
        except ValueError:
            continue
        assert text.isascii()


# --- versions -----------------------------------------------------------------------------------

ORDER = [
    "3.30",
    "6.39.2",
    "6.40.8 (bugfix)",
    "6.45beta62",
    "6.49",
    "6.49.2",
    "6.49.10 (long-term)",
    "6.49.18",
    "7.0beta5",
    "7.1beta4 (development)",
    "7.1rc2",
    "7.1rc6",
    "7.1",
    "7.1.1",
    "7.8alpha159",
    "7.9.2",
    "7.10beta5",
    "7.10",
    "7.22",
    "7.22.1",
    "7.23beta4",
    "7.23rc1",
    "7.23rc2 (testing)",
    "7.23 (stable)",
]


def test_versions_are_in_the_order_of_their_release() -> None:
    versions = [RouterOSVersion.parse(text) for text in ORDER]
    for earlier, later in itertools.pairwise(versions):
        assert earlier < later
        assert later > earlier
        assert earlier != later


@pytest.mark.parametrize("text", ORDER)
def test_a_version_prints_as_it_was_without_its_channel(text: str) -> None:
    version = RouterOSVersion.parse(text)
    bare, _, channel = text.partition(" (")
    assert str(version) == bare
    assert version.channel == (channel.rstrip(")") or None)


def test_the_channel_and_a_zero_patch_make_no_other_version() -> None:
    assert RouterOSVersion.parse("7.20.0") == RouterOSVersion.parse("7.20 (stable)")
    assert hash(RouterOSVersion.parse("7.20.0")) == hash(RouterOSVersion.parse("7.20 (stable)"))


def test_a_neighbours_version_may_carry_its_build_date() -> None:
    version = RouterOSVersion.parse("7.16.2 (stable) 2024-11-26 12:09:40")
    assert (version.major, version.minor, version.patch, version.channel) == (7, 16, 2, "stable")


@pytest.mark.parametrize("text", ["", "7", "seven", "7.x", "v7.1", "7.1.1.1", "7.1gamma2"])
def test_what_is_no_version_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a RouterOS version"):
        RouterOSVersion.parse(text)


def test_a_version_compares_with_versions_only() -> None:
    with pytest.raises(TypeError):
        assert RouterOSVersion.parse("7.1") < "7.2"  # type: ignore[operator]
