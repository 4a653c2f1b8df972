"""Events in words: what a person reads in the list of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from drover.metrics.contracts import InterfaceSample, PollResult
from drover.metrics.links import LinkEvent
from drover.metrics.states import Transition

Severity = Literal["info", "warning", "critical"]

_MOST_LENGTH = 1000


@dataclass(frozen=True)
class Event:
    """One event of one device."""

    at: datetime
    kind: str
    severity: Severity
    device_id: int
    message: str


def tell_transition(device: Mapping[str, Any], transition: Transition, at: datetime) -> Event | None:
    """What a change of state is worth telling; coming back from `stale` is news about us, not about the device."""
    name, reason = device["name"], transition.reason
    if transition.to_state == "offline":
        return _event(device, at, "device.went_offline", "critical", f"{name} went offline: {reason}")
    if transition.to_state == "needs_credentials":
        return _event(
            device, at, "device.needs_credentials", "critical", f"{name} needs new credentials: {reason}"
        )
    if transition.to_state == "certificate_changed":
        return _event(
            device, at, "device.certificate_changed", "critical", f"{name} was not signed in to: {reason}"
        )
    if transition.to_state == "online" and transition.from_state == "unknown":
        return _event(device, at, "device.went_online", "info", f"{name} is online")
    if transition.to_state == "online" and transition.from_state != "stale":
        away = in_words((at - transition.since).total_seconds())
        return _event(device, at, "device.went_online", "info", f"{name} is online again after {away}")
    return None


def tell_reboot(device: Mapping[str, Any], result: PollResult) -> Event:
    """A device that started anew."""
    uptime_s = result.sample.uptime_s if result.sample is not None else None
    message = f"{device['name']} rebooted: it has been up for {in_words(uptime_s or 0)}"
    return _event(device, result.at, "device.rebooted", "warning", message)


def tell_facts(device: Mapping[str, Any], after: Mapping[str, Any], at: datetime) -> Event | None:
    """Another version of RouterOS; the rest of what a device is goes without an event."""
    before, now = device["version"], after["version"]
    if before is None or now is None or before == now:
        return None
    return _event(
        device,
        at,
        "device.version_changed",
        "info",
        f"{device['name']} runs RouterOS {now} now (was {before})",
    )


def tell_link(
    device: Mapping[str, Any], interface: InterfaceSample, told: tuple[LinkEvent, int], at: datetime
) -> Event:
    """What became of a link."""
    kind, downs = told
    label = f"{interface.name} ({interface.comment})" if interface.comment else interface.name
    where = f"{label} on {device['name']}"
    times = "once" if downs == 1 else f"{downs} times"
    if kind == "interface.went_down":
        return _event(device, at, kind, "warning", f"{where} went down")
    if kind == "interface.went_up":
        return _event(device, at, kind, "info", f"{where} is up again")
    if kind == "interface.flapped":
        return _event(device, at, kind, "warning", f"{where} went down and up {times} between two polls")
    return _event(
        device,
        at,
        kind,
        "warning",
        f"{where} went down {times} within an hour; more is not listed until it has been quiet for an hour",
    )


def in_words(duration_s: float) -> str:
    """A duration as a person says it: its largest unit, two when the first is small."""
    seconds = max(0, round(duration_s))
    for unit, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            whole, rest = divmod(seconds, unit)
            smaller = {"d": (3600, "h"), "h": (60, "min"), "min": (1, "s")}[name]
            part = rest // smaller[0]
            return f"{whole} {name} {part} {smaller[1]}" if part and whole < 10 else f"{whole} {name}"
    return f"{seconds} s"


def _event(device: Mapping[str, Any], at: datetime, kind: str, severity: Severity, message: str) -> Event:
    return Event(at, kind, severity, device["id"], message[:_MOST_LENGTH])
