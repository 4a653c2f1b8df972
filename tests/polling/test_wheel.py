"""When devices are due."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from drover.platform.clock import ManualClock
from drover.polling.contracts import DeviceKey
from drover.polling.wheel import SECOND_POLL_AFTER_S, Wheel, next_due_s, phase_s


@asynccontextmanager
async def turning(clock: ManualClock) -> AsyncIterator[tuple[Wheel, list[tuple[DeviceKey, datetime]]]]:
    started: list[tuple[DeviceKey, datetime]] = []
    wheel = Wheel(clock, lambda key, at: started.append((key, at)))
    running = asyncio.create_task(wheel.run())
    await asyncio.sleep(0)
    try:
        yield wheel, started
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def tick(clock: ManualClock, delay_s: float) -> None:
    """Move the time, and let the wheel turn before and after."""
    for _ in range(5):
        await asyncio.sleep(0)
    await clock.advance(delay_s)
    for _ in range(5):
        await asyncio.sleep(0)


async def test_each_device_is_due_once_an_interval_at_its_own_moment():
    clock = ManualClock()
    async with turning(clock) as (wheel, started):
        for device_id in range(1, 51):
            wheel.add((1, device_id), 60, at_once=False)
        await tick(clock, 0)
        for _ in range(300):
            await tick(clock, 1)
        for device_id in range(1, 51):
            moments = [at for key, at in started if key == (1, device_id)]
            assert len(moments) == 5
            gaps = {
                round((later - earlier).total_seconds(), 3) for earlier, later in itertools.pairwise(moments)
            }
            assert gaps == {60.0}
        assert len({at.second for _, at in started}) > 20, "all at the same second"


async def test_a_new_device_is_due_at_once_and_again_soon_for_its_first_rates():
    clock = ManualClock()
    async with turning(clock) as (wheel, started):
        wheel.add((1, 7), 3600, at_once=True)
        await tick(clock, 0)
        assert [key for key, _ in started] == [(1, 7)]
        await tick(clock, SECOND_POLL_AFTER_S)
        assert len(started) == 2
        await tick(clock, 60)
        assert len(started) == 2


async def test_a_removed_device_is_not_due_any_more():
    clock = ManualClock()
    async with turning(clock) as (wheel, started):
        wheel.add((1, 7), 10, at_once=False)
        wheel.remove((1, 7))
        await tick(clock, 100)
        assert started == []


async def test_another_interval_holds_from_now_on():
    clock = ManualClock()
    async with turning(clock) as (wheel, started):
        wheel.add((1, 7), 3600, at_once=False)
        wheel.add((1, 7), 10, at_once=False)
        await tick(clock, 0)
        for _ in range(100):
            await tick(clock, 1)
        assert len(started) == 10


async def test_turns_missed_in_a_pause_are_not_made_up_for():
    clock = ManualClock()
    async with turning(clock) as (wheel, started):
        wheel.add((1, 7), 10, at_once=False)
        await tick(clock, 0)
        # The machine slept: the loop saw none of these moments.
        clock._elapsed_s += 1000
        await tick(clock, 15)
        assert len(started) <= 3


@given(st.floats(0, 4e9), st.integers(10, 3600), st.integers(1, 10**6))
def test_the_next_moment_is_ahead_by_at_most_an_interval_and_on_the_grid(now_s, interval_s, device_id):
    phase = phase_s(3, (1, device_id), interval_s)
    due_s = next_due_s(now_s, interval_s, phase)
    assert 0 <= phase < interval_s
    assert now_s < due_s + 1e-6
    assert due_s <= now_s + interval_s + 1e-6
    turns = (due_s - phase) / interval_s
    assert abs(turns - round(turns)) < 1e-6


def test_phases_are_spread_evenly():
    phases = [phase_s(0, (tenant, device), 60) for tenant in range(10) for device in range(100)]
    for start in range(0, 60, 10):
        share = sum(start <= phase < start + 10 for phase in phases)
        assert 120 < share < 220
