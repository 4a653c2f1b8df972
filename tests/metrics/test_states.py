"""Which state a device is in, from one result to the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from drover.metrics.contracts import PollFailure, PollResult
from drover.metrics.states import Status, decide, has_rebooted
from tests.metrics.conftest import answer

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def status(state: str = "online", **changes: object) -> Status:
    values: dict[str, object] = {
        "state": state,
        "state_since": minute(-10),
        "failed_polls": 0,
        "last_poll_at": START,
        "last_success_at": START,
        "uptime_s": 5000,
    }
    return Status(**(values | changes))  # type: ignore[arg-type]


def failed(at: datetime, code: str = "device.timeout") -> PollResult:
    return PollResult(1, at, 60, failure=PollFailure(code, "no answer"))


def test_one_missed_poll_is_counted_and_two_make_it_offline():
    after, transition = decide(status(), failed(minute(1)))
    assert (after.state, after.failed_polls, transition) == ("online", 1, None)
    assert after.reason == "1 poll missed (timeout)"
    after, transition = decide(after, failed(minute(2)))
    assert (after.state, after.reason) == ("offline", "no answer for 2 polls (timeout)")
    assert (transition.from_state, transition.to_state, transition.since) == (
        "online",
        "offline",
        minute(-10),
    )
    assert after.state_since == minute(2)


def test_an_answer_between_two_misses_starts_the_count_anew():
    after, _ = decide(status(), failed(minute(1)))
    after, _ = decide(after, answer(1, minute(2)))
    after, transition = decide(after, failed(minute(3)))
    assert (after.state, after.failed_polls, transition) == ("online", 1, None)


@pytest.mark.parametrize("state", ["offline", "stale", "unknown", "needs_credentials", "certificate_changed"])
def test_an_answer_makes_any_state_online(state):
    after, transition = decide(status(state, failed_polls=7), answer(1, minute(1)))
    assert (after.state, after.failed_polls, after.reason) == ("online", 0, None)
    assert transition is not None
    assert after.last_success_at == minute(1)


@pytest.mark.parametrize(
    ("code", "state"),
    [("device.wrong_password", "needs_credentials"), ("device.certificate_changed", "certificate_changed")],
)
def test_what_does_not_pass_by_itself_shows_at_once(code, state):
    after, transition = decide(status(), failed(minute(1), code))
    assert after.state == state
    assert transition is not None
    again, transition = decide(after, failed(minute(2), code))
    assert (again.state, transition, again.state_since) == (state, None, minute(1))


def test_new_credentials_that_meet_a_dead_device_end_as_offline():
    after, _ = decide(status("needs_credentials", failed_polls=1), failed(minute(1)))
    assert after.state == "offline"


def test_a_reboot_is_an_uptime_that_went_back():
    assert has_rebooted(status(), answer(1, minute(1), uptime_s=30))
    assert not has_rebooted(status(), answer(1, minute(1), uptime_s=5060))
    assert not has_rebooted(status(uptime_s=None), answer(1, minute(1), uptime_s=30))
    assert not has_rebooted(status(), failed(minute(1)))


def test_an_uptime_that_wraps_after_497_days_is_no_reboot():
    before = status(uptime_s=2**32 // 100 - 20)
    assert not has_rebooted(before, answer(1, minute(1), uptime_s=40))
