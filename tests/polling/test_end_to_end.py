"""From a saved device to its rows: poller, JetStream, ingest and PostgreSQL, against simulated routers."""

from __future__ import annotations

import psycopg

from tests.factories.devices import change_device, change_password, make_device
from tests.factories.tenants import make_tenant

STATUS = "select * from drover.device_status where tenant_id = %s and device_id = %s"
EVENTS = (
    "select kind, severity, message from drover.events where tenant_id = %s and device_id = %s order by id"
)


def state_is(state):
    return lambda rows: rows[0]["state"] == state


async def test_a_new_device_is_online_with_values_within_seconds(
    engines, looker, running, fleet_factory, router_spec
):
    fleet = await fleet_factory(
        router_spec(), router_spec(model="rb4011", version="6.49.18", profile="tower")
    )
    tenant = await make_tenant(engines)
    devices = {(await make_device(engines, tenant, router)).id: router for router in fleet}
    await running(tenant)
    for device_id, router in devices.items():
        [status] = await looker.until(
            tenant,
            STATUS,
            tenant.id,
            device_id,
            wanted=lambda rows: rows[0]["rx_bps"] is not None,
            timeout_s=60,
        )
        assert status["state"] == "online"
        assert status["cpu_percent"] is not None
        assert status["uptime_s"] > 0
        assert status["clients"] is not None
        samples = await looker.rows(
            tenant,
            "select i.name, s.* from drover.interfaces i join drover.interface_samples s"
            " on s.tenant_id = i.tenant_id and s.interface_id = i.id where i.tenant_id = %s and i.device_id = %s",
            tenant.id,
            device_id,
        )
        assert {row["name"] for row in samples} >= {"ether1", "ether2"}
        assert any(row["rx_bps"] for row in samples)
        [facts] = await looker.rows(
            tenant, "select * from drover.devices where tenant_id = %s and id = %s", tenant.id, device_id
        )
        assert facts["version"] == router.spec.version
        assert facts["serial"] == router.spec.serial
        assert facts["capabilities"]["wireless_stack"].startswith(("wifi", "wireless"))


async def test_a_wrong_password_is_tried_once_until_other_credentials_are_saved(
    engines, looker, running, fleet_factory, router_spec
):
    [router] = await fleet_factory(router_spec())
    tenant = await make_tenant(engines)
    device = await make_device(engines, tenant, router, password="wrong", poll_interval_s=10)
    await running(tenant)
    await looker.until(
        tenant, STATUS, tenant.id, device.id, wanted=state_is("needs_credentials"), timeout_s=60
    )
    await change_device(engines, device, notes="something else changed")
    await running(tenant)
    await change_password(engines, device, 2, router.spec.password)
    failures = [
        entry.message
        for entry in router.state.log.entries()
        if entry.message.endswith("via api") and "failure" in entry.message
    ]
    assert len(failures) == 1
    await running(tenant)
    await looker.until(tenant, STATUS, tenant.id, device.id, wanted=state_is("online"), timeout_s=60)
    events = await looker.rows(tenant, EVENTS, tenant.id, device.id)
    assert [row["kind"] for row in events] == ["device.needs_credentials", "device.went_online"]


async def test_reading_credentials_is_recorded_once_per_batch(
    engines, looker, running, fleet_factory, router_spec
):
    fleet = await fleet_factory(router_spec(), router_spec())
    tenant = await make_tenant(engines)
    devices = [await make_device(engines, tenant, router) for router in fleet]
    await running(tenant)
    for device in devices:
        await looker.until(tenant, STATUS, tenant.id, device.id, wanted=state_is("online"), timeout_s=60)
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_worker")) as worker:
        await worker.execute("select tenancy.enter_service(%s)", (tenant.leases["drover_worker"],))
        entries = await (
            await worker.execute(
                "select actor_name, details from audit.entries where tenant_id = %s and action = 'credentials.read'",
                (tenant.id,),
            )
        ).fetchall()
    assert entries == [
        ("drover_poller", {"devices": sorted(device.id for device in devices), "why": "polling"})
    ]


async def test_a_disabled_device_is_left_alone(engines, looker, running, fleet_factory, router_spec):
    [router] = await fleet_factory(router_spec())
    tenant = await make_tenant(engines)
    device = await make_device(engines, tenant, router, poll_interval_s=10)
    await running(tenant)
    await looker.until(tenant, STATUS, tenant.id, device.id, wanted=state_is("online"), timeout_s=60)
    await change_device(engines, device, disabled=True)
    await running(tenant)
    # The session is the sign: it ends when the device is taken off the wheel.
    await looker.until(
        tenant, STATUS, tenant.id, device.id, wanted=lambda _: not router.state.sessions, timeout_s=60
    )
