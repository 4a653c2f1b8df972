"""One device and its poller, against a simulated router."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from drover.gateway.contracts import DeviceTarget
from drover.gateway.egress import parse_networks
from drover.gateway.service import Egress
from drover.platform.clock import SystemClock
from drover.platform.secrets import SecretText
from drover.polling.contracts import PolledDevice
from drover.polling.device import CERTIFICATE_CHECK_S, DevicePoller
from rossim.server import RunningRouter

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NETWORKS = parse_networks(["127.77.0.0/16"])


class ShiftedClock(SystemClock):
    """The machine's clock, which a test can put ahead."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def monotonic_s(self) -> float:
        return super().monotonic_s() + self.ahead_s


def polled(router: RunningRouter, *, password: str | None = None, version: int = 1) -> PolledDevice:
    target = DeviceTarget(
        1,
        5,
        router.address,
        router.api_port,
        router.ssh_port,
        router.spec.username,
        SecretText(password or router.spec.password),
        router.certificate_sha256_spki,
        router.ssh_host_key_sha256,
    )
    return PolledDevice(target, Egress(NETWORKS, NETWORKS), 60, version, None)


MakePoller = Callable[..., Awaitable[tuple[DevicePoller, RunningRouter, ShiftedClock]]]


@pytest_asyncio.fixture
async def make_poller(fleet_factory, router_spec) -> AsyncIterator[MakePoller]:
    pollers: list[DevicePoller] = []

    async def make(password: str | None = None, **changes: object):
        [router] = await fleet_factory(router_spec(**changes))
        clock = ShiftedClock()
        poller = DevicePoller(
            polled(router, password=password), clock, asyncio.Semaphore(4), random.Random(1)
        )
        pollers.append(poller)
        return poller, router, clock

    yield make
    for poller in pollers:
        await poller.close()


def refused_logins(router: RunningRouter) -> int:
    entries = router.state.log.entries()
    return sum(entry.message.endswith("via api") and "failure" in entry.message for entry in entries)


def logins(router: RunningRouter) -> int:
    entries = router.state.log.entries()
    return sum(entry.message.endswith("via api") and "logged in" in entry.message for entry in entries)


async def test_one_session_serves_all_polls(make_poller):
    poller, router, clock = await make_poller()
    before = logins(router)
    for _ in range(5):
        result = await poller.poll(AT)
        assert result.sample is not None
        clock.ahead_s += 60
    assert logins(router) - before == 1


async def test_the_first_poll_tells_what_the_device_is_and_can_do_and_later_ones_do_not(make_poller):
    poller, router, clock = await make_poller(model="rb5009")
    first = await poller.poll(AT)
    assert first.facts.serial == router.spec.serial
    assert first.facts.model == "RB5009UG+S+"
    assert first.capabilities["wireless_stack"].startswith("none")
    assert first.rates_known
    assert first.sample.clients is None, "a device without a radio has no number of clients"
    clock.ahead_s += 60
    second = await poller.poll(AT)
    assert (second.facts, second.capabilities) == (None, None)
    assert second.sample.rx_bps is not None


@pytest.mark.parametrize(
    "spec",
    [
        {"model": "hap-ax3"},
        {"model": "rb5009"},
        {"model": "ccr2004"},
        {"model": "rb4011", "version": "6.49.18", "profile": "tower"},
    ],
    ids=lambda spec: spec["model"],
)
async def test_every_model_gives_values_and_no_problem(make_poller, spec):
    poller, _, clock = await make_poller(**spec)
    await poller.poll(AT)
    clock.ahead_s += 60
    result = await poller.poll(AT)
    sample = result.sample
    for name in (
        "cpu_percent",
        "memory_percent",
        "disk_percent",
        "temperature_c",
        "uptime_s",
        "rtt_ms",
        "rx_bps",
    ):
        assert getattr(sample, name) is not None, name
    assert result.interfaces
    assert all(one.rx_bps is not None for one in result.interfaces)
    if "ax" in spec["model"] or spec["model"] == "rb4011":
        assert result.wireless is not None
        assert all(one.signal_dbm < 0 for one in result.wireless)
        assert all(one.ssid for one in result.wireless)


async def test_a_refused_password_is_never_tried_again_until_there_is_another_one(make_poller):
    poller, router, clock = await make_poller(password="wrong")
    result = await poller.poll(AT)
    assert result.failure.code == "device.wrong_password"
    for _ in range(20):
        clock.ahead_s += 3600
        assert await poller.poll(AT) is None
    assert refused_logins(router) == 1
    poller.change(polled(router, version=2))
    assert (await poller.poll(AT)).sample is not None


async def test_a_changed_certificate_stops_the_device_and_nothing_is_sent_to_it(make_poller):
    poller, router, clock = await make_poller()
    await poller.poll(AT)
    before = logins(router), refused_logins(router)
    pinned = router.certificate_sha256_spki
    router.set_fault("wrong-certificate")
    result = await poller.poll(AT)
    assert result.failure.code == "device.certificate_changed"
    clock.ahead_s += 60
    assert await poller.poll(AT) is None
    clock.ahead_s += CERTIFICATE_CHECK_S
    again = await poller.poll(AT)
    assert again.failure.code == "device.certificate_changed"
    assert (logins(router), refused_logins(router)) == before
    router.clear_fault("wrong-certificate")
    assert router.certificate_sha256_spki == pinned
    clock.ahead_s += CERTIFICATE_CHECK_S
    assert (await poller.poll(AT)).sample is not None


async def test_a_dead_device_gives_a_failure_each_turn_but_is_tried_ever_less_often(make_poller):
    poller, router, clock = await make_poller()
    await poller.poll(AT)
    router.set_fault("down")
    for _ in range(10):
        clock.ahead_s += 60
        result = await poller.poll(AT)
        assert result.failure.code == "device.port_closed"
    router.clear_fault("down")
    turns = 0
    while (await poller.poll(AT)).failure is not None:
        clock.ahead_s += 60
        turns += 1
    assert turns <= 2, "a device that is back is noticed within two minutes"


async def test_a_session_that_the_router_ended_costs_no_poll(make_poller):
    poller, router, clock = await make_poller()
    await poller.poll(AT)
    router.drop_connections()
    clock.ahead_s += 60
    result = await poller.poll(AT)
    assert result.sample is not None
    assert result.sample.rx_bps is not None, "the router did not start anew, so its counters go on"


async def test_a_reboot_shows_in_the_uptime_and_gives_no_rates(make_poller):
    poller, router, clock = await make_poller()
    before = await poller.poll(AT)
    router.boot_s = 0.0
    router.state.reboot()
    clock.ahead_s += 60
    async with asyncio.timeout(10):
        while (result := await poller.poll(AT)).failure is not None:
            clock.ahead_s += 120
    assert result.sample.uptime_s < before.sample.uptime_s
    assert result.sample.rx_bps is None


async def test_a_silent_device_is_given_up_within_the_deadline(make_poller, monkeypatch):
    monkeypatch.setattr("drover.polling.device.POLL_TIMEOUT_S", 0.5)
    poller, router, _ = await make_poller()
    router.set_fault("hang")
    async with asyncio.timeout(3):
        result = await poller.poll(AT)
    assert result.failure.code == "device.timeout"


async def test_health_and_names_are_read_less_often_than_counters(make_poller):
    poller, _, clock = await make_poller()
    first = await poller.poll(AT)
    clock.ahead_s += 10
    second = await poller.poll(AT)
    assert second.sample.temperature_c == first.sample.temperature_c
    assert not second.rates_known
