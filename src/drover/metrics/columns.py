"""Records turned into columns: what the statements of ingest unnest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from drover.metrics.contracts import DeviceSample, InterfaceSample, WirelessSample
from drover.metrics.states import Status, Transition
from drover.metrics.words import Event

Columns = dict[str, list[Any]]

KEPT_OF_INTERFACES = ("type", "mac_address", "comment", "running", "disabled", "rate_bps", "link_downs")

_DEVICE_REALS = (
    "cpu_percent",
    "memory_percent",
    "disk_percent",
    "temperature_c",
    "voltage_v",
    "rtt_ms",
    "rx_bps",
    "tx_bps",
)
_INTERFACE_REALS = ("rx_bps", "tx_bps", "rx_pps", "tx_pps")
_INTERFACE_OTHERS = ("rx_errors", "tx_errors", "rx_drops", "tx_drops", "running")


def device_columns(samples: Sequence[tuple[int, datetime, DeviceSample]]) -> Columns:
    """Samples of devices: device, time, values."""
    records = [one for _, _, one in samples]
    return {
        "device_id": [device_id for device_id, _, _ in samples],
        "at": [at for _, at, _ in samples],
        **_values(records, ("uptime_s", "clients")),
        **_reals(records, _DEVICE_REALS),
    }


def interface_columns(samples: Sequence[tuple[int, datetime, InterfaceSample]]) -> Columns:
    """Samples of interfaces: interface, time, values."""
    records = [one for _, _, one in samples]
    return {
        "interface_id": [interface_id for interface_id, _, _ in samples],
        "at": [at for _, at, _ in samples],
        **_values(records, _INTERFACE_OTHERS),
        **_reals(records, _INTERFACE_REALS),
    }


def wireless_columns(samples: Sequence[tuple[int, datetime, WirelessSample]]) -> Columns:
    """Samples of wireless clients: device, time, values."""
    return {
        "device_id": [device_id for device_id, _, _ in samples],
        "at": [at for _, at, _ in samples],
        **_values([one for _, _, one in samples], WirelessSample.__slots__),
    }


def interface_rows(changed: Sequence[tuple[int, datetime, InterfaceSample]]) -> Columns:
    """Interfaces that are new or changed: device, when seen, what they are."""
    records = [one for _, _, one in changed]
    return {
        "device_id": [device_id for device_id, _, _ in changed],
        "last_seen_at": [at for _, at, _ in changed],
        **_values(records, ("name", *KEPT_OF_INTERFACES)),
    }


def failure_columns(failed: Sequence[tuple[int, Status]]) -> Columns:
    """Devices that did not answer, with their state."""
    return {
        "device_id": [device_id for device_id, _ in failed],
        "state": [one.state for _, one in failed],
        "state_reason": [one.reason for _, one in failed],
        "state_since": [one.state_since for _, one in failed],
        "failed_polls": [one.failed_polls for _, one in failed],
        "at": [one.last_poll_at for _, one in failed],
    }


def transition_columns(transitions: Sequence[tuple[int, Transition, datetime]]) -> Columns:
    """Changes of state: device, change, when."""
    return {
        "device_id": [device_id for device_id, _, _ in transitions],
        "at": [at for _, _, at in transitions],
        "from_state": [one.from_state for _, one, _ in transitions],
        "to_state": [one.to_state for _, one, _ in transitions],
        "reason": [one.reason for _, one, _ in transitions],
    }


def event_columns(events: Sequence[Event]) -> Columns:
    """Events."""
    return _values(events, ("at", "kind", "severity", "device_id", "message"))


def _values(records: Sequence[Any], names: Sequence[str]) -> Columns:
    return {name: [getattr(one, name) for one in records] for name in names}


def _reals(records: Sequence[Any], names: Sequence[str]) -> Columns:
    """As floats: the driver takes no list of whole and broken numbers mixed."""
    return {
        name: [None if (value := getattr(one, name)) is None else float(value) for one in records]
        for name in names
    }
