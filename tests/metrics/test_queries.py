"""Every named statement stays inside one tenant's partitions, whatever the number of tenants."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from drover.metrics.intake import Intake
from drover.platform.queries import Queries
from tests.factories.devices import make_device
from tests.factories.tenants import make_person, make_tenant
from tests.metrics.conftest import SetClock, answer, client, interface

SQL = {"metrics": Queries.load("drover.metrics"), "polling": Queries.load("drover.polling")}

# Which service runs what; the rest is the API's, in a person's context.
INGEST = {
    "lock_devices", "add_statuses", "insert_device_samples", "insert_interface_samples", "insert_wireless_samples",
    "list_known_interfaces", "save_interfaces", "save_facts", "save_statuses_of_answers", "save_statuses_of_failures",
    "insert_transitions", "insert_events", "mark_stale", "set_counters",
}  # fmt: skip
MOST_LOCKS = 100


@pytest.fixture(scope="module")
def parameters() -> dict[str, Any]:
    now = SetClock().at
    lists: dict[str, Any] = {
        name: [None]
        for name in (
            "cpu_percent", "memory_percent", "disk_percent", "temperature_c", "voltage_v", "uptime_s", "rtt_ms", "clients",
            "rx_bps", "tx_bps", "rx_pps", "tx_pps", "rx_errors", "tx_errors", "rx_drops", "tx_drops", "running", "ssid",
            "signal_dbm", "snr_db", "ccq_percent", "tx_rate_bps", "rx_rate_bps", "host_name", "type", "comment", "disabled",
            "rate_bps", "link_downs", "wireless_at", "state_reason", "reason",
        )
    }  # fmt: skip
    return lists | {
        "device_ids": [1, 2],
        "device_id": 1,
        "interface_id": 1,
        "at": now,
        "now": now,
        "since": now - timedelta(hours=1),
        "until": now,
        "step": timedelta(minutes=1),
        "recent": now - timedelta(minutes=3),
        "day": now - timedelta(days=1),
        "grace_s": 10.0,
        "below_dbm": -75,
        "limit": 5,
        "before": None,
        "last_event_at": now,
        **dict.fromkeys(("total", "online", "offline", "stale", "unknown"), 0),
    }


def values_for(name: str, base: dict[str, Any]) -> dict[str, Any]:
    """The statement's parameters; lists where it unnests."""
    at = base["at"]
    columns = {
        "device_id": [base["device_id"]], "interface_id": [1], "at": [at], "interface": ["wifi1"], "mac_address": ["A4:83:E7:00:00:01"],
        "name": ["ether1"], "last_seen_at": [at], "state": ["online"], "state_since": [at], "failed_polls": [1],
        "from_state": ["online"], "to_state": ["stale"], "kind": ["device.rebooted"], "severity": ["info"], "message": ["x"],
    }  # fmt: skip
    if "unnest(" in SQL["metrics"][name]:
        return base | columns
    if name == "save_facts":
        return (
            base
            | dict.fromkeys(
                (
                    "identity",
                    "model",
                    "board_name",
                    "version",
                    "architecture",
                    "firmware",
                    "serial",
                    "memory_total_bytes",
                    "disk_total_bytes",
                )
            )
            | {"capabilities": Jsonb({})}
        )
    if name == "set_counters":
        return base | {"disabled": 0}
    return base


def relations(plan: Any) -> set[str]:
    """The names of all tables in a plan."""
    if isinstance(plan, list):
        return set().union(*(relations(one) for one in plan))
    if not isinstance(plan, dict):
        return set()
    own = {plan["Relation Name"]} if "Relation Name" in plan else set()
    return own.union(*(relations(value) for value in plan.values()))


@pytest.fixture(scope="module")
async def tenants(engines, ingest_database, parameters):
    """Three tenants with a device each, so that a statement could go astray."""
    made = [await make_tenant(engines) for _ in range(3)]
    clock = SetClock()
    for tenant in made:
        device = await make_device(engines, tenant)
        parameters.setdefault("devices", {})[tenant.id] = device.id
        async with ingest_database.service(tenant.leases["drover_ingest"]) as tx:
            result = answer(
                device, clock.at, interfaces=[interface()], wireless=[client("A4:83:E7:00:00:01")]
            )
            await Intake(clock).store(tx, [result])
    return made


async def entered(engines, tenant, person, slice_name: str, name: str) -> psycopg.AsyncConnection[Any]:
    if slice_name == "polling" or name in INGEST:
        role = "drover_poller" if slice_name == "polling" else "drover_ingest"
        connection = await psycopg.AsyncConnection.connect(engines.dsn(role))
        await connection.execute("select tenancy.enter_service(%s)", (tenant.leases[role],))
    elif name == "list_tenant_counters":
        connection = await psycopg.AsyncConnection.connect(engines.dsn("drover_api"))
        await connection.execute("select tenancy.enter_platform(%s)", (person.secret,))
    else:
        connection = await psycopg.AsyncConnection.connect(engines.dsn("drover_api"))
        await connection.execute("select tenancy.enter(%s, %s)", (person.secret, tenant.id))
    return connection


ALL = [(slice_name, name) for slice_name, queries in SQL.items() for name in queries.names()]


@pytest.mark.parametrize(("slice_name", "name"), ALL, ids=lambda value: value)
async def test_a_statement_touches_one_tenants_partitions_and_takes_few_locks(
    engines, tenants, parameters, slice_name, name
):
    tenant = tenants[1]
    person = await make_person(engines, {tenant.id: "viewer"}, super_admin=True)
    statement = SQL[slice_name][name]
    parameters = parameters | {"device_id": parameters["devices"][tenant.id]}
    values = {
        **(values_for(name, parameters) if slice_name == "metrics" else parameters),
        "tenant_id": tenant.id,
    }
    connection = await entered(engines, tenant, person, slice_name, name)
    try:
        row = await (
            await connection.execute("explain (format json, generic_plan off) " + statement, values)
        ).fetchone()
        assert row is not None
        plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
        touched = relations(plan)
        foreign = {
            table
            for table in touched
            if (found := re.search(r"_(\d+)(?:_\d{4}w\d{2})?$", table)) and int(found[1]) != tenant.id
        }
        assert not foreign
        await connection.execute(statement, values)
        locks = await (
            await connection.execute(
                "select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'relation'"
            )
        ).fetchone()
        assert locks is not None
        assert locks[0] <= MOST_LOCKS
    finally:
        await connection.rollback()
        await connection.close()


async def test_a_tenants_statement_gives_nothing_of_another_even_when_it_names_it(
    engines, tenants, parameters
):
    """The predicate is for speed; row-level security is what keeps tenants apart."""
    mine, theirs = tenants[0], tenants[2]
    person = await make_person(engines, {mine.id: "admin"})
    for name in ("list_events", "count_states", "sum_now", "sample_tenant", "list_busiest"):
        connection = await entered(engines, mine, person, "metrics", name)
        rows = await (
            await connection.execute(
                SQL["metrics"][name], {**values_for(name, parameters), "tenant_id": theirs.id}
            )
        ).fetchall()
        await connection.close()
        assert not any(value for row in rows for value in row)
