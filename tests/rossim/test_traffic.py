"""Traffic, counters and clients are functions of seed and time."""

from __future__ import annotations

import pytest

from rossim.clients import Population
from rossim.meters import Flap, Meter
from rossim.traffic import KINDS, Load, any_curve, curve
from tests.rossim.simulated import NOW_S, make_router, make_session, run

DAY_S = 86400.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_week_of_load_has_mean_one(kind):
    shape = curve(kind, 1)
    week_s = 7 * DAY_S
    assert shape.integral(NOW_S + week_s) - shape.integral(NOW_S) == pytest.approx(week_s, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_integral_is_that_of_the_level(kind):
    shape = curve(kind, 0)
    step_s = 0.5
    summed = sum(shape.level(NOW_S + (index + 0.5) * step_s) * step_s for index in range(4000))
    assert shape.integral(NOW_S + 2000) - shape.integral(NOW_S) == pytest.approx(summed, rel=1e-6)


def test_an_office_is_busy_by_day_and_still_by_night():
    shape, _ = any_curve("office", 5)
    midnight_s = NOW_S // DAY_S * DAY_S

    def hour(start):
        return shape.integral(midnight_s + (start + 1) * 3600) - shape.integral(midnight_s + start * 3600)

    assert hour(10) > 10 * hour(3)


def meter(**changes):
    load = Load(curve("home", 0), 0.0, 8e6, 1e6)
    return Meter(load, up=True, since_s=NOW_S, **changes)


def test_counters_never_fall_and_add_up_however_often_they_are_read():
    once, often = meter(), meter()
    for link in (once, often):
        link.start_flap(300.0, 20.0, NOW_S + 50)
    last = 0
    for step in range(1, 2000):
        counted = often.counters(NOW_S + step * 7).rx_bytes
        assert counted >= last
        last = counted
    assert once.counters(NOW_S + 1999 * 7) == often.counters(NOW_S + 1999 * 7)


def test_a_flapping_link_counts_only_while_it_is_up():
    link = meter()
    link.start_flap(300.0, 20.0, NOW_S)
    assert link.is_running(NOW_S + 279)
    assert not link.is_running(NOW_S + 281)
    assert link.counters(NOW_S + 280) == link.counters(NOW_S + 299.9)
    assert link.total_link_downs(NOW_S + 299) == 1
    assert link.total_link_downs(NOW_S + 3000) == 10
    assert link.last_change_s(NOW_S + 610) == (NOW_S + 600, NOW_S + 580)
    link.stop_flap(NOW_S + 3001)
    assert link.is_running(NOW_S + 3290)
    assert link.total_link_downs(NOW_S + 9000) == 10


def test_a_flapping_link_that_is_disabled_and_enabled_or_reset_counts_nothing_twice():
    link, steady = meter(), meter()
    link.start_flap(300.0, 20.0, NOW_S)
    link.set_up(False, NOW_S + 1000)
    before = link.counters(NOW_S + 1000)
    assert link.counters(NOW_S + 2000) == before
    link.set_up(True, NOW_S + 2000)
    assert link.counters(NOW_S + 2000) == before
    assert link.total_link_downs(NOW_S + 2000) == 4
    assert link.total_link_downs(NOW_S + 2290) == 5, "it flaps again"
    link.reset(up=True, now_s=NOW_S + 3000)
    steady.reset(up=True, now_s=NOW_S + 3000)
    assert link.counters(NOW_S + 3200) == steady.counters(NOW_S + 3200)
    assert link.total_link_downs(NOW_S + 3290) == 1


def test_the_changes_of_a_flap_are_those_of_its_state():
    flap = Flap(NOW_S, 300.0, 20.0)
    moments = [flap.change(index) for index in range(flap.changes(NOW_S + 1000))]
    assert moments == [
        (NOW_S + 280, False), (NOW_S + 300, True), (NOW_S + 580, False), (NOW_S + 600, True),
        (NOW_S + 880, False), (NOW_S + 900, True),
    ]  # fmt: skip
    assert flap.changes(NOW_S + 1190) == 7


def test_rates_and_counters_agree():
    router = make_router()
    session = make_session(router)

    def rx_bytes():
        (row,) = run(router, session, "/interface/print", "?name=ether1").rows
        return int(row["rx-byte"])

    before = rx_bytes()
    rates = []
    for _ in range(120):
        router.clock.advance(1)
        (row,) = run(router, session, "/interface/monitor-traffic", interface="ether1", once="").rows
        rates.append(int(row["rx-bits-per-second"]))
    assert (rx_bytes() - before) * 8 == pytest.approx(sum(rates), rel=0.1)


def test_a_router_is_where_the_clock_says_after_a_restart():
    def counted(advance_s):
        router = make_router()
        router.clock.advance(advance_s)
        session = make_session(router)
        rows = run(router, session, "/interface/print", proplist="name,rx-byte").rows
        return rows, run(router, session, "/system/resource/print").rows[0]["uptime"]

    assert counted(7200) == counted(7200)
    assert counted(7200) != counted(7260)


def population(**changes):
    shape, shift_s = any_curve("office", 3)
    return Population(9, "wifi1", 20, shape, shift_s, 5e6, **changes)


def test_clients_come_and_go_with_the_day():
    people = population()
    midnight_s = NOW_S // DAY_S * DAY_S
    at_night = [len(people.visits(midnight_s + 3 * 3600 + minute * 60)) for minute in range(60)]
    at_noon = [len(people.visits(midnight_s + 11 * 3600 + minute * 60)) for minute in range(60)]
    assert sum(at_noon) > 2 * sum(at_night)
    assert len(set(at_noon)) > 1


def test_a_visit_goes_on_until_the_client_has_gone():
    people, again = population(), population()
    since: dict[int, float] = {}
    for step in range(400):
        now_s = NOW_S + step * 37
        here = {visit.client.index: visit.since_s for visit in people.visits(now_s)}
        assert here == {visit.client.index: visit.since_s for visit in again.visits(now_s)}
        for index, since_s in here.items():
            if index in since:
                came_anew = since_s > now_s - 37
                assert since[index] == since_s or came_anew
        since = here


def test_subscribers_are_nearly_always_there_and_their_bytes_only_grow():
    subscribers = population(subscribers=True)
    assert len(subscribers.visits(NOW_S)) >= 17
    visit = subscribers.visits(NOW_S)[0]
    moved = [subscribers.bytes_moved(visit, NOW_S + step) for step in range(0, 600, 30)]
    assert moved == sorted(moved)


def test_signals_wander_within_what_radios_hear():
    people = population()
    client = people.clients[0]
    signals = {people.signal_dbm(client, NOW_S + step * 15) for step in range(400)}
    assert len(signals) > 3
    assert all(-92 <= signal <= -28 for signal in signals)
