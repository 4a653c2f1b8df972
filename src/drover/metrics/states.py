"""What state a device is in: a pure function of its state before and one poll's result.

- an answer: online;
- a refused password or a changed certificate: that state at once, since it does not pass by itself;
- anything else: the first failure is counted only, the second in a row makes it offline.

A result that is not newer than the last one (delivered twice, or late) changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from drover.metrics.contracts import PollResult

State = Literal["online", "offline", "stale", "unknown", "needs_credentials", "certificate_changed"]

MISSED_POLLS = 2
# Uptime is kept in hundredths of a second in 32 bits by old builds: it begins again after 497 days without a reboot.
_UPTIME_WRAP_S = 2**32 / 100

_WORDS = {
    "device.timeout": "timeout",
    "device.port_closed": "connection refused",
    "device.unreachable": "no way to it",
    "device.connection_lost": "connection lost",
    "device.name_not_resolved": "name not resolved",
    "device.outside_networks": "outside the management networks",
    "device.no_certificate": "no certificate on api-ssl",
    "device.not_routeros": "does not answer as a router",
    "device.tls_failed": "TLS failed",
    "device.command_failed": "refused a command",
    "internal": "a fault of ours",
}


@dataclass
class Status:
    """A device's state as it is kept; `decide` gives the next one."""

    state: State
    state_since: datetime
    failed_polls: int
    last_poll_at: datetime | None
    last_success_at: datetime | None
    uptime_s: int | None
    reason: str | None = None


@dataclass(frozen=True)
class Transition:
    """A change of state."""

    from_state: State
    to_state: State
    since: datetime
    reason: str | None


def decide(status: Status, result: PollResult) -> tuple[Status, Transition | None]:
    """The state after a result that is newer than `status.last_poll_at`."""
    state, failed_polls, reason = _judge(status, result)
    uptime_s = status.uptime_s if result.sample is None else result.sample.uptime_s
    # Results come in after their time, and the sweeper may have changed the state meanwhile: changes keep their order.
    since = max(result.at, status.state_since + timedelta(microseconds=1))
    after = Status(
        state,
        status.state_since if state == status.state else since,
        failed_polls,
        result.at,
        result.at if result.failure is None else status.last_success_at,
        uptime_s,
        reason,
    )
    if state == status.state:
        return after, None
    return after, Transition(status.state, state, status.state_since, reason)


def _judge(status: Status, result: PollResult) -> tuple[State, int, str | None]:
    if result.failure is None:
        return "online", 0, None
    code = result.failure.code
    failed_polls = status.failed_polls + 1
    if code == "device.wrong_password":
        return "needs_credentials", failed_polls, "the router refuses the saved user name and password"
    if code == "device.certificate_changed":
        return "certificate_changed", failed_polls, "its certificate's key is not the one that was confirmed"
    words = _WORDS.get(code, code.removeprefix("device.").replace("_", " "))
    if failed_polls >= MISSED_POLLS:
        return "offline", failed_polls, f"no answer for {failed_polls} polls ({words})"
    return status.state, failed_polls, f"1 poll missed ({words})"


def has_rebooted(status: Status, result: PollResult) -> bool:
    """Whether a device started anew between its last answer and this one."""
    if result.sample is None or result.sample.uptime_s is None:
        return False
    if status.uptime_s is None or status.last_success_at is None:
        return False
    elapsed_s = (result.at - status.last_success_at).total_seconds()
    if status.uptime_s + elapsed_s >= _UPTIME_WRAP_S:
        return False
    return result.sample.uptime_s < status.uptime_s
