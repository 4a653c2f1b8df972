"""Dashboards, charts, events and tables over HTTP, as people of several clients see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg

from drover.metrics.hints import Hints
from drover.metrics.intake import Stored
from drover.metrics.sweeper import Sweeper
from tests.factories.devices import change_device
from tests.factories.tenants import make_person, make_tenant
from tests.metrics.conftest import Site, answer, client, failure, interface


async def get(api: Any, person: Any, path: str, status: int = 200, **query: Any) -> Any:
    async with api.client(person) as http:
        reply = await http.get(path, params=query)
    assert reply.status_code == status, reply.text
    return reply.json()


async def fill(site: Site):
    """A busy, an idle, an offline, a full, a silent and a disabled device."""
    site.clock.at -= timedelta(minutes=2)
    names = ("busy", "idle", "gone", "full", "fresh", "off")
    devices = {name: await site.device(name=name) for name in names}
    for name in names[:4]:
        await site.store(answer(devices[name], site.now, rx_bps=3e6, tx_bps=1e6))
    site.clock.at += timedelta(minutes=1)
    wireless = [client("A4:83:E7:00:00:01", signal_dbm=-81), client("A4:83:E7:00:00:02", signal_dbm=-60)]
    await site.store(
        answer(devices["busy"], site.now, rx_bps=8e6, tx_bps=2e6, clients=2, wireless=wireless),
        answer(devices["idle"], site.now, rx_bps=1e6, tx_bps=None),
        failure(devices["gone"], site.now),
        answer(devices["full"], site.now, rx_bps=2e6, tx_bps=1e6, disk_percent=99.4),
    )
    site.clock.at += timedelta(seconds=30)
    await site.store(failure(devices["gone"], site.now))
    await change_device(site.engines, devices["off"], disabled=True)
    return devices


async def test_the_dashboard_counts_sums_and_ranks(site, api):
    devices = await fill(site)
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    found = await get(api, viewer, f"/api/tenants/{site.tenant.id}/dashboard")
    assert found["states"] == {
        "total": 6, "online": 3, "offline": 1, "stale": 0, "unknown": 1, "needs_attention": 0, "disabled": 1,
    }  # fmt: skip
    assert (found["rx_bps"], found["tx_bps"]) == (11e6, 3e6)
    assert (found["wireless_clients"], found["wireless_weak"]) == (2, 1)
    assert [(one["name"], one["value"]) for one in found["busiest"]] == [("busy", 10e6), ("full", 3e6)]
    assert [(one["device_name"], one["severity"], one["reason"]) for one in found["attention"]] == [
        ("gone", "critical", "Offline: no answer for 2 polls (timeout)"),
        ("full", "critical", "Disk is 99 % full"),
    ]
    assert found["attention"][0]["device_id"] == devices["gone"].id
    assert found["events"][0]["kind"] == "device.went_offline"
    assert found["events"][0]["device_name"] == "gone"


async def test_an_empty_client_has_a_dashboard_of_unknowns(site, api):
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    found = await get(api, viewer, f"/api/tenants/{site.tenant.id}/dashboard")
    assert found["states"]["total"] == 0
    assert (found["rx_bps"], found["wireless_clients"], found["wireless_weak"]) == (None, None, None)
    assert (found["busiest"], found["attention"], found["events"]) == ([], [], [])
    series = await get(api, viewer, f"/api/tenants/{site.tenant.id}/traffic", range="1h")
    assert set(series["columns"]["rx_bps"]) == {None}


async def test_the_overview_shows_own_clients_and_counters_of_the_others_to_a_super_admin(site, api):
    await fill(site)
    own = await make_tenant(site.engines)
    person = await make_person(site.engines, {own.id: "admin"}, super_admin=True)
    stranger = await make_person(site.engines, {own.id: "operator"})

    async def tell(*_: object) -> None: ...

    await Sweeper(site.database, Hints(tell, site.clock), site.clock).sweep()
    found = {one["tenant_id"]: one for one in (await get(api, person, "/api/overview"))["tenants"]}
    assert found[own.id]["can_open"] is True
    other = found[site.tenant.id]
    assert (other["can_open"], other["devices"], other["online"], other["offline"]) == (False, 6, 3, 1)
    assert other["worst"] is None, "what is wrong is not for those who have not entered"
    assert other["last_event_at"] is not None
    mine = (await get(api, stranger, "/api/overview"))["tenants"]
    assert [one["tenant_id"] for one in mine] == [own.id]
    member = await make_person(site.engines, {site.tenant.id: "viewer", own.id: "viewer"})
    worst = {one["tenant_id"]: one["worst"] for one in (await get(api, member, "/api/overview"))["tenants"]}
    assert worst == {own.id: None, site.tenant.id: "gone: offline, no answer for 2 polls (timeout)"}


async def test_a_devices_chart_has_averages_maxima_and_gaps(site, api):
    device = await site.device()
    start = site.now.replace(second=0) - timedelta(minutes=30)
    await site.store(
        answer(device, start, cpu_percent=10, rx_bps=1e6),
        answer(device, start + timedelta(seconds=20), cpu_percent=30, rx_bps=3e6),
        answer(device, start + timedelta(minutes=2), cpu_percent=50, rx_bps=None),
    )
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    path = f"/api/tenants/{site.tenant.id}/devices/{device.id}/samples"
    series = await get(api, viewer, path, range="1h")
    index = series["at"].index(int(start.timestamp()))
    columns = {name: values[index : index + 3] for name, values in series["columns"].items()}
    assert series["step_s"] == 60
    assert columns["cpu_percent"] == [20.0, None, 50.0]
    assert columns["cpu_percent_max"] == [30.0, None, 50.0]
    assert columns["rx_bps"] == [2e6, None, None]
    assert columns["rx_bps_max"] == [3e6, None, None]
    assert columns["temperature_c"] == [None, None, None]
    for name in ("6h", "24h", "7d", "30d"):
        longer = await get(api, viewer, path, range=name)
        assert len(longer["at"]) <= 400
        assert max(value for value in longer["columns"]["cpu_percent_max"] if value is not None) == 50.0
    await get(api, viewer, path, status=422, range="2h")


async def test_a_clients_traffic_is_the_sum_of_its_devices(site, api):
    first, second = await site.device(), await site.device()
    start = site.now.replace(second=0) - timedelta(minutes=10)
    await site.store(
        answer(first, start + timedelta(seconds=5), rx_bps=1e6, tx_bps=0.0),
        answer(first, start + timedelta(seconds=35), rx_bps=3e6, tx_bps=0.0),
        answer(second, start + timedelta(seconds=50), rx_bps=10e6, tx_bps=1.0),
    )
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    series = await get(api, viewer, f"/api/tenants/{site.tenant.id}/traffic", range="1h")
    index = series["at"].index(int(start.timestamp()))
    assert series["columns"]["rx_bps"][index] == 12e6
    assert series["columns"]["rx_bps_max"][index] == 13e6


async def test_interfaces_show_rates_while_they_are_fresh_and_unknown_afterwards(site, api):
    device = await site.device()
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    path = f"/api/tenants/{site.tenant.id}/devices/{device.id}/interfaces"
    old = answer(
        device,
        site.now - timedelta(minutes=30),
        interfaces=[interface("ether1", rx_errors=4), interface("vlan9", type="vlan")],
    )
    await site.store(old)
    await site.store(answer(device, site.now, interfaces=[interface("ether1", rx_errors=2, rate_bps=10**9)]))
    fresh, vanished = await get(api, viewer, path)
    assert (fresh["name"], fresh["running"], fresh["rx_bps"], fresh["rx_errors"], fresh["rate_bps"]) == (
        "ether1",
        True,
        1000.0,
        6,
        10**9,
    )
    assert (vanished["name"], vanished["running"], vanished["rx_bps"]) == ("vlan9", None, None)
    series = await get(api, viewer, f"{path}/{fresh['id']}/samples", range="1h")
    assert [value for value in series["columns"]["rx_errors"] if value is not None] == [4.0, 2.0]
    await get(api, viewer, f"{path}/{10**9}/samples", status=404)


async def test_wireless_clients_are_those_of_the_last_look(site, api):
    device = await site.device()
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    path = f"/api/tenants/{site.tenant.id}/devices/{device.id}/wireless"
    assert await get(api, viewer, path) == []
    before = [client("A4:83:E7:00:00:01", signal_dbm=-70), client("A4:83:E7:00:00:02", signal_dbm=-50)]
    await site.store(answer(device, site.now - timedelta(minutes=2), clients=2, wireless=before))
    assert [one["signal_dbm"] for one in await get(api, viewer, path)] == [-50, -70]
    series = await get(api, viewer, path + "/samples", range="1h")
    assert [value for value in series["columns"]["signal_dbm"] if value is not None] == [-60.0]
    assert [value for value in series["columns"]["signal_dbm_min"] if value is not None] == [-70.0]
    await site.store(answer(device, site.now, clients=0, wireless=[]))
    assert await get(api, viewer, path) == []


async def test_events_are_paged_newest_first(site, api):
    device, other = await site.device(), await site.device()
    for minute in range(6, 0, -2):
        await site.store(failure(device, site.now - timedelta(minutes=minute), "device.wrong_password"))
        await site.store(answer(device, site.now - timedelta(minutes=minute - 1)))
    await site.store(answer(other, site.now))
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    root = f"/api/tenants/{site.tenant.id}"
    everything = await get(api, viewer, f"{root}/events")
    assert len(everything) == 7
    assert everything[0]["device_id"] == other.id
    first = await get(api, viewer, f"{root}/devices/{device.id}/events", limit=4)
    rest = await get(api, viewer, f"{root}/devices/{device.id}/events", before=first[-1]["id"])
    assert [len(first), len(rest)] == [4, 2]
    ids = [one["id"] for one in first + rest]
    assert ids == sorted(ids, reverse=True)


async def test_another_clients_device_is_not_there(site, api):
    other_site = Site(site.engines, await make_tenant(site.engines), site.database, site.clock)
    foreign = await other_site.device()
    await other_site.store(answer(foreign, site.now, interfaces=[interface()]))
    [row] = await other_site.rows("select id from drover.interfaces where tenant_id = %(tenant_id)s")
    viewer = await make_person(site.engines, {site.tenant.id: "viewer"})
    for tenant_id in (site.tenant.id, other_site.tenant.id):
        root = f"/api/tenants/{tenant_id}/devices/{foreign.id}"
        for path in (
            "samples",
            "events",
            "interfaces",
            f"interfaces/{row['id']}/samples",
            "wireless",
            "wireless/samples",
        ):
            await get(api, viewer, f"{root}/{path}", status=404)
    for path in ("dashboard", "traffic", "events", "live"):
        await get(api, viewer, f"/api/tenants/{other_site.tenant.id}/{path}", status=404)


async def test_nobody_reads_without_signing_in(site, api):
    for path in (
        "/api/overview",
        f"/api/tenants/{site.tenant.id}/dashboard",
        f"/api/tenants/{site.tenant.id}/live",
    ):
        await get(api, None, path, status=401)


async def test_the_sweeper_marks_what_nobody_heard_of_and_tells_pages(site):
    late, fresh, gone = await site.device(), await site.device(), await site.device()
    await site.store(answer(late, site.now), answer(gone, site.now))
    await site.store(
        failure(gone, site.now + timedelta(minutes=1)), failure(gone, site.now + timedelta(minutes=2))
    )
    site.clock.at += timedelta(minutes=3)
    await site.store(answer(fresh, site.now))
    told: list[tuple[int, str, int | None]] = []

    async def tell(tenant_id: int, kind: str, _at: object, device_id: int | None, _ref: str | None) -> None:
        told.append((tenant_id, kind, device_id))

    sweeper = Sweeper(site.database, Hints(tell, site.clock), site.clock)
    await sweeper.sweep()
    status = await site.status(late)
    assert status["state"] == "stale"
    assert status["state_reason"].startswith("no data since ")
    assert (await site.status(fresh))["state"] == "online"
    assert (await site.status(gone))["state"] == "offline", "nothing newer says that it is not"
    assert (site.tenant.id, "device.changed", late.id) in told
    await site.store(answer(late, site.now))
    assert (await site.status(late))["state"] == "online"
    transitions = await site.rows(
        "select from_state, to_state from drover.device_transitions where tenant_id = %(tenant_id)s and device_id = %(device)s order by at",
        device=late.id,
    )
    assert [(row["from_state"], row["to_state"]) for row in transitions] == [
        ("unknown", "online"),
        ("online", "stale"),
        ("stale", "online"),
    ]
    assert [event["kind"] for event in await site.events(late)] == ["device.went_online"], (
        "our own gap is no event of the device"
    )


async def test_hints_name_devices_while_there_are_few(set_clock):
    told: list[tuple[str, int | None]] = []

    async def tell(_tenant: int, kind: str, _at: object, device_id: int | None, _ref: str | None) -> None:
        told.append((kind, device_id))

    hints = Hints(tell, set_clock)
    await hints.tell(1, Stored(polled=[1, 2, 3]))
    assert told == [("device.polled", 1), ("device.polled", 2), ("device.polled", 3)]
    told.clear()
    await hints.tell(1, Stored(polled=list(range(50))))
    await hints.tell(1, Stored(polled=list(range(50))))
    assert told == [("device.polled", None)]
    told.clear()
    await set_clock.sleep(2)
    await hints.tell(1, Stored(polled=[7], changed=[7], events=[(99, 7)]))
    assert told == [("device.changed", 7), ("event.added", 7), ("device.polled", 7)]


async def test_ingest_cannot_read_credentials_and_the_poller_cannot_write_samples(site):
    for role, statement in (
        ("drover_ingest", "select sealed from drover.device_credentials"),
        (
            "drover_poller",
            "insert into drover.events (tenant_id, at, kind, severity, message) values (1, now(), 'x', 'info', 'x')",
        ),
        ("drover_poller", "update drover.device_status set state = 'online'"),
    ):
        async with await psycopg.AsyncConnection.connect(site.engines.dsn(role)) as connection:
            await connection.execute("select tenancy.enter_service(%s)", (site.tenant.leases[role],))
            try:
                await connection.execute(statement)  # type: ignore[arg-type]
            except psycopg.errors.InsufficientPrivilege:
                continue
            raise AssertionError(f"{role} may {statement}")
