"""Rates from counters: right when they can be told, None when not, and never a spike."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from drover.gateway.contracts import InterfaceReading
from drover.polling.rates import Counted, make_samples, sum_device

COUNTERS = (
    "rx_bytes",
    "tx_bytes",
    "rx_packets",
    "tx_packets",
    "rx_errors",
    "tx_errors",
    "rx_drops",
    "tx_drops",
)
RATES = ("rx_bps", "tx_bps", "rx_pps", "tx_pps")
DELTAS = ("rx_errors", "tx_errors", "rx_drops", "tx_drops")


def interface(name: str = "ether1", **changes: object) -> InterfaceReading:
    values: dict[str, object] = {
        "id": "*1",
        "name": name,
        "type": "ether",
        "mac_address": "48:A9:8A:00:00:01",
        "comment": None,
        "running": True,
        "disabled": False,
        "link_downs": 0,
        **dict.fromkeys(COUNTERS, 0),
    }
    return InterfaceReading(**(values | changes))  # type: ignore[arg-type]


def counted(at_s: float, uptime_s: int | None, *interfaces: InterfaceReading) -> Counted:
    return Counted(at_s, uptime_s, {one.name: one for one in interfaces})


def sample_between(before: Counted, after: Counted, **changes: object):
    arguments = {"interval_s": 60, "link_rates_bps": {}, **changes}
    return make_samples(before, after, **arguments)  # type: ignore[arg-type]


def test_a_rate_is_the_average_since_the_poll_before():
    before = counted(
        100.0, 1000, interface(rx_bytes=1_000, tx_bytes=500, rx_packets=10, rx_errors=3, tx_drops=1)
    )
    after = counted(
        160.0, 1060, interface(rx_bytes=7_501_000, tx_bytes=500, rx_packets=70, rx_errors=5, tx_drops=1)
    )
    [sample] = sample_between(before, after)
    assert (sample.rx_bps, sample.tx_bps, sample.rx_pps) == (1_000_000.0, 0.0, 1.0)
    assert (sample.rx_errors, sample.tx_drops) == (2, 0)


def test_the_first_poll_has_no_rates():
    [sample] = make_samples(
        None, counted(100.0, 1000, interface(rx_bytes=5)), interval_s=60, link_rates_bps={}
    )
    assert all(getattr(sample, name) is None for name in RATES + DELTAS)


def test_a_reboot_gives_no_rate_even_when_counters_have_grown_past_the_old_ones():
    before = counted(100.0, 90_000, interface(rx_bytes=1_000))
    after = counted(160.0, 30, interface(rx_bytes=9_000))
    [sample] = sample_between(before, after)
    assert sample.rx_bps is None


def test_one_counter_that_went_back_silences_the_whole_interface_and_no_other():
    before = counted(100.0, 1000, interface(rx_bytes=10, tx_bytes=900), interface("ether2", rx_bytes=10))
    after = counted(160.0, 1060, interface(rx_bytes=700, tx_bytes=5), interface("ether2", rx_bytes=760))
    reset, other = sample_between(before, after)
    assert [getattr(reset, name) for name in RATES] == [None] * 4
    assert other.rx_bps == 100.0


def test_an_interface_made_anew_under_the_same_name_has_no_rate():
    before = counted(100.0, 1000, interface("pppoe-out1", id="*F0001", type="pppoe-out", rx_bytes=5))
    after = counted(160.0, 1060, interface("pppoe-out1", id="*F0002", type="pppoe-out", rx_bytes=900))
    [sample] = sample_between(before, after)
    assert sample.rx_bps is None


def test_a_gap_of_missed_polls_has_no_rate():
    before, after = counted(100.0, 1000, interface()), counted(400.0, 1300, interface(rx_bytes=1000))
    [sample] = sample_between(before, after)
    assert sample.rx_bps is None


def test_more_than_the_link_can_carry_is_no_rate():
    before, after = (
        counted(100.0, 1000, interface()),
        counted(160.0, 1060, interface(rx_bytes=60 * 10**9 // 8 * 3)),
    )
    [sample] = sample_between(before, after, link_rates_bps={"ether1": 10**9})
    assert sample.rx_bps is None
    [sample] = sample_between(before, after, link_rates_bps={"ether1": 10**10})
    assert sample.rx_bps == 3e9


def test_a_counter_that_the_router_does_not_have_is_unknown_and_not_zero():
    before = counted(100.0, 1000, interface(rx_errors=None))
    after = counted(160.0, 1060, interface(rx_errors=None, rx_bytes=60))
    [sample] = sample_between(before, after)
    assert sample.rx_errors is None
    assert sample.rx_bps == 8.0


def test_a_device_carries_what_its_running_physical_interfaces_carry():
    before = counted(
        100.0,
        1000,
        interface("ether1"),
        interface("wlan1", type="wlan"),
        interface("bridge", type="bridge"),
        interface("ether5", running=False),
    )
    after = counted(
        160.0,
        1060,
        interface("ether1", rx_bytes=60),
        interface("wlan1", type="wlan", rx_bytes=120),
        interface("bridge", type="bridge", rx_bytes=180),
        interface("ether5", running=False, rx_bytes=0),
    )
    assert sum_device(sample_between(before, after)) == (24.0, 0.0)


def test_a_device_with_one_unknown_physical_rate_has_no_sum():
    before = counted(100.0, 1000, interface("ether1"), interface("ether2", rx_bytes=50))
    after = counted(160.0, 1060, interface("ether1", rx_bytes=60), interface("ether2", rx_bytes=4))
    assert sum_device(sample_between(before, after)) == (None, None)


def test_a_device_without_physical_interfaces_has_no_sum():
    assert sum_device([]) == (None, None)


readings = st.builds(
    interface,
    running=st.booleans(),
    link_downs=st.one_of(st.none(), st.integers(0, 1000)),
    id=st.sampled_from(["*1", "*2", ""]),
    **{name: st.one_of(st.none(), st.integers(0, 2**64)) for name in COUNTERS},
)
uptimes = st.one_of(st.none(), st.integers(0, 2**31))
moments = st.floats(0, 1e6, allow_nan=False)


@given(readings, readings, moments, moments, uptimes, uptimes, st.one_of(st.none(), st.integers(0, 10**11)))
def test_no_counters_whatever_give_a_negative_or_an_impossible_rate(
    was, now, before_s, after_s, uptime_before, uptime_after, link_bps
):
    before, after = counted(before_s, uptime_before, was), counted(after_s, uptime_after, now)
    [sample] = sample_between(before, after, link_rates_bps={"ether1": link_bps})
    ceiling = min(1e12, 2.0 * link_bps) if link_bps else 1e12
    for name in ("rx_bps", "tx_bps"):
        rate = getattr(sample, name)
        assert rate is None or 0 <= rate <= ceiling
    for name in DELTAS:
        delta = getattr(sample, name)
        assert delta is None or delta >= 0
    if uptime_before is None or uptime_after is None or uptime_after < uptime_before:
        assert all(getattr(sample, name) is None for name in RATES + DELTAS)
    went_back = any(
        getattr(was, name) is not None
        and getattr(now, name) is not None
        and getattr(now, name) < getattr(was, name)
        for name in COUNTERS
    )
    if went_back:
        assert all(getattr(sample, name) is None for name in RATES + DELTAS)


@given(st.integers(0, 2**40), st.integers(0, 10**9), st.floats(1.0, 149.0), st.integers(0, 10**6))
def test_steady_traffic_gives_its_own_rate(start, bytes_per_s, elapsed_s, uptime_s):
    grown = start + round(bytes_per_s * elapsed_s)
    before = counted(0.0, uptime_s, interface(rx_bytes=start))
    after = counted(elapsed_s, uptime_s + int(elapsed_s), interface(rx_bytes=grown))
    [sample] = sample_between(before, after)
    assert sample.rx_bps is not None
    assert abs(sample.rx_bps - bytes_per_s * 8) <= 8 / elapsed_s


@given(readings)
def test_what_an_interface_is_passes_through_unchanged(now):
    [sample] = make_samples(None, counted(0.0, 1, now), interval_s=60, link_rates_bps={})
    told = dataclasses.asdict(sample)
    for name in ("name", "type", "mac_address", "comment", "running", "disabled", "link_downs"):
        assert told[name] == getattr(now, name)
