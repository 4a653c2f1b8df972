"""From a saved device to its rows: poller, JetStream, ingest and PostgreSQL, against simulated routers."""

from __future__ import annotations

from tests.factories.devices import change_device, change_password, make_device
from tests.factories.tenants import make_tenant

STATUS = "select * from drover.device_status where tenant_id = %s and device_id = %s"


async def test_a_new_device_is_online_with_values_within_seconds(
    engines, looker, running, fleet_factory, router_spec
):
    fleet = await fleet_factory(router_spec(), router_spec(model="rb4011", version="6.49.18", profile="tower"))
    tenant = await make_tenant(engines)
    for router in fleet:
        device = await make_device(engines, tenant, router)
        [status] = await looker.until(
            tenant, STATUS, tenant.id, device.id, wanted=lambda rows: rows[0]["rx_bps"] is not None
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
            device.id,
        )
        assert {row["name"] for row in samples} >= {"ether1", "ether2"}
        assert any(row["rx_bps"] for row in samples)
        [facts] = await looker.rows(
            tenant, "select * from drover.devices where tenant_id = %s and id = %s", tenant.id, device.id
        )
        assert facts["version"] == router.spec.version
        assert facts["serial"] == router.spec.serial
        assert facts["capabilities"]["wireless_stack"].startswith(("wifi", "wireless"))
