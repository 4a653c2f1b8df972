"""Rates from counters: a pure function, and never a spike.

A counter that went back (a wrap, a reset, a reboot) says nothing about what passed in between, so the rate is None, and that
of the whole interface: its counters are reset together. So is one over a gap of missed polls, and one that the link could
not have carried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from drover.gateway.contracts import InterfaceReading
from drover.metrics.contracts import InterfaceSample

# Interfaces that carry traffic into and out of the device itself: bridges, VLANs and tunnels carry the same bytes again.
PHYSICAL_TYPES = frozenset({"ether", "sfp", "sfp-sfpplus", "wlan", "wifi", "wifiwave2", "lte"})

_CEILING_BPS = 1e12
_LINK_TOLERANCE = 2.0  # our clock and the router's may differ by the time a reply takes
_LEAST_ELAPSED_S = 1.0
_MOST_INTERVALS = 2.5

_counters = attrgetter(
    "rx_bytes",
    "tx_bytes",
    "rx_packets",
    "tx_packets",
    "rx_errors",
    "tx_errors",
    "rx_drops",
    "tx_drops",
    "link_downs",
)


@dataclass(slots=True)
class Counted:
    """What one poll counted: when (a monotonic clock's seconds), the router's uptime then, and its interfaces by name."""

    at_s: float
    uptime_s: int | None
    interfaces: dict[str, InterfaceReading]


def make_samples(
    previous: Counted | None,
    current: Counted,
    *,
    interval_s: float,
    link_rates_bps: Mapping[str, int | None],
) -> list[InterfaceSample]:
    """The interfaces of `current` with their rates since `previous`."""
    elapsed_s = _comparable_s(previous, current, interval_s)
    before = previous.interfaces if previous is not None and elapsed_s is not None else {}
    samples = []
    for name, now in current.interfaces.items():
        link_bps = link_rates_bps.get(name)
        was = before.get(name)
        sample = InterfaceSample(
            now.name,
            now.type,
            now.mac_address,
            now.comment,
            now.running,
            now.disabled,
            link_bps,
            now.link_downs,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
        )
        if was is not None and elapsed_s is not None and not _went_back(was, now):
            ceiling_bps = _CEILING_BPS if not link_bps else min(_CEILING_BPS, link_bps * _LINK_TOLERANCE)
            sample.rx_bps = _rate(was.rx_bytes, now.rx_bytes, 8 / elapsed_s, ceiling_bps)
            sample.tx_bps = _rate(was.tx_bytes, now.tx_bytes, 8 / elapsed_s, ceiling_bps)
            # The smallest frame has 64 bytes.
            sample.rx_pps = _rate(was.rx_packets, now.rx_packets, 1 / elapsed_s, ceiling_bps / 512)
            sample.tx_pps = _rate(was.tx_packets, now.tx_packets, 1 / elapsed_s, ceiling_bps / 512)
            sample.rx_errors = _delta(was.rx_errors, now.rx_errors)
            sample.tx_errors = _delta(was.tx_errors, now.tx_errors)
            sample.rx_drops = _delta(was.rx_drops, now.rx_drops)
            sample.tx_drops = _delta(was.tx_drops, now.tx_drops)
        samples.append(sample)
    return samples


def sum_device(samples: Iterable[InterfaceSample]) -> tuple[float | None, float | None]:
    """The device's own receive and send rates: sums over its physical interfaces that are up.

    None when one of them has no rate: a sum without it would be a low number that is not true.
    """
    physical = [one for one in samples if one.type in PHYSICAL_TYPES and one.running and not one.disabled]
    if not physical:
        return None, None
    received = [one.rx_bps for one in physical if one.rx_bps is not None]
    sent = [one.tx_bps for one in physical if one.tx_bps is not None]
    count = len(physical)
    return (
        sum(received) if len(received) == count else None,
        sum(sent) if len(sent) == count else None,
    )


def _comparable_s(previous: Counted | None, current: Counted, interval_s: float) -> float | None:
    """The seconds between two counts, or None when they can't be compared."""
    if previous is None:
        return None
    elapsed_s = current.at_s - previous.at_s
    if not _LEAST_ELAPSED_S <= elapsed_s <= interval_s * _MOST_INTERVALS:
        return None
    if previous.uptime_s is None or current.uptime_s is None or current.uptime_s < previous.uptime_s:
        return None
    return elapsed_s


def _went_back(was: InterfaceReading, now: InterfaceReading) -> bool:
    for before, after in zip(_counters(was), _counters(now), strict=True):
        if before is not None and after is not None and after < before:
            return True
    return was.id != now.id and bool(was.id) and bool(now.id)


def _rate(before: int | None, after: int | None, factor: float, ceiling: float) -> float | None:
    if before is None or after is None:
        return None
    rate = (after - before) * factor
    return rate if rate <= ceiling else None


def _delta(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before
