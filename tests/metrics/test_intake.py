"""Results into rows: values, states, events, and doing it twice changes nothing."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.devices import change_device
from tests.metrics.conftest import answer, client, facts, failure, interface

COUNTS = """
    select (select count(*) from drover.device_samples where tenant_id = %(tenant_id)s) as device_samples,
           (select count(*) from drover.interface_samples where tenant_id = %(tenant_id)s) as interface_samples,
           (select count(*) from drover.wireless_samples where tenant_id = %(tenant_id)s) as wireless_samples,
           (select count(*) from drover.interfaces where tenant_id = %(tenant_id)s) as interfaces,
           (select count(*) from drover.events where tenant_id = %(tenant_id)s) as events,
           (select count(*) from drover.device_transitions where tenant_id = %(tenant_id)s) as transitions
"""


def ago(site, minutes: float):
    return site.now - timedelta(minutes=minutes)


async def test_an_answer_becomes_samples_a_state_and_interfaces(site):
    device = await site.device()
    await site.store(
        answer(
            device,
            site.now,
            temperature_c=44,
            clients=2,
            interfaces=[
                interface("ether1", rate_bps=10**9, comment="WAN"),
                interface("wifi1", type="wifi", rx_errors=None),
            ],
            wireless=[client("A4:83:E7:00:00:01"), client("A4:83:E7:00:00:02", signal_dbm=None)],
            facts=facts(serial=f"S{device.id}"),
            capabilities={"wireless_stack": "wifi (2 interfaces)"},
        )
    )
    status = await site.status(device)
    assert (status["state"], status["state_reason"], status["failed_polls"]) == ("online", None, 0)
    assert (status["cpu_percent"], status["temperature_c"], status["clients"]) == (10.0, 44.0, 2)
    assert status["last_poll_at"] == status["last_success_at"] == status["wireless_at"] == site.now
    [row] = await site.rows("select * from drover.devices where tenant_id = %(tenant_id)s")
    assert (row["identity"], row["version"], row["serial"]) == ("r1", "7.18.2", f"S{device.id}")
    assert row["capabilities"] == {"wireless_stack": "wifi (2 interfaces)"}
    [counts] = await site.rows(COUNTS)
    assert counts == {
        "device_samples": 1,
        "interface_samples": 2,
        "wireless_samples": 2,
        "interfaces": 2,
        "events": 1,
        "transitions": 1,
    }
    assert [event["kind"] for event in await site.events(device)] == ["device.went_online"]


async def test_a_batch_stored_twice_changes_nothing_the_second_time(site):
    device = await site.device()
    results = [
        answer(device, ago(site, 4), interfaces=[interface()], wireless=[client("A4:83:E7:00:00:01")]),
        answer(device, ago(site, 3), interfaces=[interface(running=False, link_downs=1)]),
        failure(device, ago(site, 2)),
        failure(device, ago(site, 1)),
        answer(device, site.now, uptime_s=20, interfaces=[interface()], facts=facts()),
    ]
    await site.store(*results)
    [before], status = await site.rows(COUNTS), await site.status(device)
    again = await site.store(*results)
    assert (again.polled, again.changed, again.events) == ([], [], [])
    assert await site.rows(COUNTS) == [before]
    assert await site.status(device) == status
    assert [event["kind"] for event in await site.events(device)] == [
        "device.went_online",
        "interface.went_down",
        "device.went_offline",
        "device.went_online",
        "device.rebooted",
        "interface.went_up",
    ]


async def test_results_one_by_one_end_as_the_same_results_together(site):
    one, all_at_once = await site.device(), await site.device()
    site.clock.at += timedelta(minutes=10)
    for device in (one, all_at_once):
        results = [
            answer(device, ago(site, 5), interfaces=[interface()]),
            failure(device, ago(site, 4)),
            failure(device, ago(site, 3)),
            failure(device, ago(site, 2)),
            answer(device, ago(site, 1), interfaces=[interface(running=False, link_downs=1)]),
            failure(device, site.now),
        ]
        if device is all_at_once:
            await site.store(*results)
        else:
            for result in results:
                await site.store(result)
    first, second = await site.status(one), await site.status(all_at_once)
    assert {**first, "device_id": 0} == {**second, "device_id": 0}
    assert first["state"] == "online"
    assert first["state_reason"] == "1 poll missed (timeout)"
    kinds = [[event["kind"] for event in await site.events(device)] for device in (one, all_at_once)]
    assert kinds[0] == kinds[1]


async def test_a_device_that_goes_keeps_its_last_values_and_says_why(site):
    device = await site.device()
    await site.store(answer(device, ago(site, 2), cpu_percent=77))
    await site.store(failure(device, ago(site, 1), "device.port_closed"))
    await site.store(failure(device, site.now, "device.port_closed"))
    status = await site.status(device)
    assert (status["state"], status["state_reason"]) == (
        "offline",
        "no answer for 2 polls (connection refused)",
    )
    assert status["cpu_percent"] == 77
    assert (status["last_poll_at"], status["last_success_at"]) == (site.now, ago(site, 2))
    event = (await site.events(device))[-1]
    assert (event["kind"], event["severity"]) == ("device.went_offline", "critical")
    assert event["message"] == f"{device.name} went offline: no answer for 2 polls (connection refused)"


async def test_a_late_result_adds_its_sample_and_moves_no_state_back(site):
    device = await site.device()
    await site.store(answer(device, site.now))
    await site.store(failure(device, ago(site, 3)), answer(device, ago(site, 2), cpu_percent=1))
    assert (await site.status(device))["cpu_percent"] == 10
    [counts] = await site.rows(COUNTS)
    assert counts["device_samples"] == 2


async def test_a_new_version_is_an_event_and_the_first_one_is_not(site):
    device = await site.device()
    await site.store(answer(device, ago(site, 2), facts=facts(version="7.18.2")))
    await site.store(answer(device, ago(site, 1), facts=facts(version="7.19")))
    await site.store(answer(device, site.now, facts=facts(version=None)))
    changes = [
        event["message"] for event in await site.events(device) if event["kind"] == "device.version_changed"
    ]
    assert changes == [f"{device.name} runs RouterOS 7.19 now (was 7.18.2)"]
    [row] = await site.rows("select version from drover.devices where tenant_id = %(tenant_id)s")
    assert row["version"] == "7.19"


async def test_a_serial_number_that_another_device_has_is_not_taken_over(site):
    first, second = await site.device(serial="SAME"), await site.device()
    await site.store(answer(second, site.now, facts=facts(serial="SAME", model="CCR2004")))
    rows = {
        row["id"]: row
        for row in await site.rows(
            "select id, serial, model from drover.devices where tenant_id = %(tenant_id)s"
        )
    }
    assert (rows[first.id]["serial"], rows[second.id]["serial"]) == ("SAME", None)
    assert rows[second.id]["model"] == "CCR2004"


async def test_results_of_unknown_deleted_and_disabled_devices_are_left_out(site):
    living, deleted, disabled = await site.device(), await site.device(), await site.device(disabled=True)
    await change_device(site.engines, deleted, deleted_at=site.now)
    stored = await site.store(
        answer(living, site.now),
        answer(deleted, site.now),
        answer(disabled, site.now),
        answer(10**9, site.now),
    )
    assert (stored.polled, stored.unknown) == ([living.id], 3)
    [counts] = await site.rows(COUNTS)
    assert counts["device_samples"] == 1


async def test_a_result_from_another_time_is_dropped(site):
    device = await site.device()
    stored = await site.store(
        answer(device, site.now - timedelta(days=30)), answer(device, site.now + timedelta(days=30))
    )
    assert (stored.polled, stored.unknown) == ([], 2)


async def test_an_unchanged_interface_is_not_written_again(site):
    device = await site.device()
    rows = "select xmin::text as version from drover.interfaces where tenant_id = %(tenant_id)s"
    await site.store(answer(device, ago(site, 2), interfaces=[interface(rate_bps=10**9)], rates_known=True))
    before = await site.rows(rows)
    await site.store(answer(device, ago(site, 1), interfaces=[interface(rate_bps=None, rx_bps=9.0)]))
    assert await site.rows(rows) == before
    await site.store(answer(device, site.now, interfaces=[interface(comment="new")]))
    assert await site.rows(rows) != before
    [row] = await site.rows("select rate_bps, comment from drover.interfaces where tenant_id = %(tenant_id)s")
    assert row == {"rate_bps": 10**9, "comment": "new"}


async def test_another_tenants_device_is_out_of_reach(site):
    from tests.factories.devices import make_device
    from tests.factories.tenants import make_tenant

    other = await make_device(site.engines, await make_tenant(site.engines))
    stored = await site.store(answer(other, site.now))
    assert (stored.polled, stored.unknown) == ([], 1)
