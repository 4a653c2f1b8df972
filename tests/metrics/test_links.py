"""What is told of links, and when it is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from drover.metrics.links import MOST_DOWNS, FlapGuard
from tests.metrics.conftest import interface

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UP, DOWN = interface(), interface(running=False, link_downs=1)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_going_down_and_up_again_are_told():
    guard = FlapGuard()
    assert guard.judge(1, UP, DOWN, at(0)) == ("interface.went_down", 1)
    assert guard.judge(1, DOWN, interface(link_downs=1), at(1)) == ("interface.went_up", 0)
    assert guard.judge(1, UP, UP, at(2)) is None


def test_what_happened_between_two_polls_is_told_from_the_routers_own_count():
    assert FlapGuard().judge(1, UP, interface(link_downs=2), at(0)) == ("interface.flapped", 2)


def test_a_reboot_that_resets_the_count_is_no_flapping():
    assert FlapGuard().judge(1, interface(link_downs=9), interface(link_downs=0), at(0)) is None


def test_a_disabled_port_a_bridge_and_an_access_point_without_clients_are_not_news():
    guard = FlapGuard()
    assert guard.judge(1, UP, interface(running=False, disabled=True), at(0)) is None
    for kind in ("bridge", "wifi", "wlan", "vlan"):
        assert guard.judge(2, interface(type=kind), interface(type=kind, running=False), at(0)) is None


def test_a_flapping_link_is_told_once_and_again_only_after_an_hour_of_quiet():
    guard, told, downs = FlapGuard(), [], 0
    for minute in range(40):
        before, now = interface(link_downs=downs), interface(link_downs=downs + 1, running=False)
        downs += 1
        told.append(guard.judge(1, before, now, at(minute * 2)))
        told.append(guard.judge(1, now, interface(link_downs=downs), at(minute * 2 + 1)))
    kinds = [one[0] for one in told if one is not None]
    assert kinds.count("interface.flapping") == 1
    assert kinds.count("interface.went_down") == MOST_DOWNS
    last = 79
    assert guard.judge(1, interface(link_downs=downs), interface(link_downs=downs), at(last + 70)) is None
    quiet = guard.judge(
        1, interface(link_downs=downs), interface(link_downs=downs + 1, running=False), at(last + 80)
    )
    assert quiet == ("interface.went_down", 1)


def test_links_are_remembered_apart():
    guard = FlapGuard()
    for minute in range(10):
        guard.judge("a", UP, DOWN, at(minute))
    assert guard.judge("b", UP, DOWN, at(11)) == ("interface.went_down", 1)
