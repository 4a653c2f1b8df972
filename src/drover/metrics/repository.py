"""The SQL of measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from drover.platform.db import Row, Transaction
from drover.platform.queries import Queries

_SQL = Queries.load("drover.metrics")

Columns = Mapping[str, Sequence[Any]]


# ---------------------------------------------------------------- what ingest writes


async def lock_devices(tx: Transaction, device_ids: Sequence[int]) -> list[Row]:
    return await tx.rows(_SQL["lock_devices"], {"device_ids": list(device_ids)})


async def add_statuses(tx: Transaction, device_ids: Sequence[int]) -> int:
    return await tx.run(_SQL["add_statuses"], {"device_ids": list(device_ids)})


async def insert_device_samples(tx: Transaction, columns: Columns) -> int:
    return await tx.run(_SQL["insert_device_samples"], columns)


async def insert_interface_samples(tx: Transaction, columns: Columns) -> int:
    return await tx.run(_SQL["insert_interface_samples"], columns)


async def insert_wireless_samples(tx: Transaction, columns: Columns) -> int:
    return await tx.run(_SQL["insert_wireless_samples"], columns)


async def list_known_interfaces(tx: Transaction, device_ids: Sequence[int]) -> list[Row]:
    return await tx.rows(_SQL["list_known_interfaces"], {"device_ids": list(device_ids)})


async def save_interfaces(tx: Transaction, columns: Columns) -> list[Row]:
    return await tx.rows(_SQL["save_interfaces"], columns)


async def save_facts(tx: Transaction, device_id: int, facts: Mapping[str, Any]) -> None:
    values = {**facts, "capabilities": Jsonb(facts["capabilities"]), "device_id": device_id}
    await tx.run(_SQL["save_facts"], values)


async def save_statuses_of_answers(tx: Transaction, columns: Columns) -> None:
    await tx.run(_SQL["save_statuses_of_answers"], columns)


async def save_statuses_of_failures(tx: Transaction, columns: Columns) -> None:
    await tx.run(_SQL["save_statuses_of_failures"], columns)


async def insert_transitions(tx: Transaction, columns: Columns) -> None:
    await tx.run(_SQL["insert_transitions"], columns)


async def insert_events(tx: Transaction, columns: Columns) -> list[int]:
    return [row["id"] for row in await tx.rows(_SQL["insert_events"], columns)]


async def mark_stale(tx: Transaction, now: datetime, grace_s: float) -> list[Row]:
    return await tx.rows(_SQL["mark_stale"], {"now": now, "grace_s": grace_s})


async def set_counters(tx: Transaction, counts: Row, last_event_at: datetime | None) -> None:
    await tx.run(_SQL["set_counters"], {**counts, "last_event_at": last_event_at})


# ---------------------------------------------------------------- what people read


async def count_states(tx: Transaction) -> Row:
    return await tx.get(_SQL["count_states"])


async def find_last_event_at(tx: Transaction) -> datetime | None:
    row = await tx.find(_SQL["find_last_event"])
    return row["at"] if row is not None else None


async def list_tenant_counters(tx: Transaction) -> list[Row]:
    return await tx.rows(_SQL["list_tenant_counters"])


async def sum_now(tx: Transaction) -> Row:
    return await tx.get(_SQL["sum_now"])


async def count_weak(tx: Transaction, below_dbm: int) -> int | None:
    weak: int | None = (await tx.get(_SQL["count_weak"], {"below_dbm": below_dbm}))["weak"]
    return weak


async def list_busiest(tx: Transaction, limit: int) -> list[Row]:
    return await tx.rows(_SQL["list_busiest"], {"limit": limit})


async def list_attention(tx: Transaction, limit: int) -> list[Row]:
    return await tx.rows(_SQL["list_attention"], {"limit": limit})


async def get_snapshot_summary(tx: Transaction) -> Row:
    return await tx.get(_SQL["get_snapshot_summary"])


async def list_events(
    tx: Transaction, limit: int, before: int | None, device_id: int | None = None
) -> list[Row]:
    name = "list_events" if device_id is None else "list_device_events"
    return await tx.rows(_SQL[name], {"limit": limit, "before": before, "device_id": device_id})


async def find_device(tx: Transaction, device_id: int) -> Row | None:
    return await tx.find(_SQL["find_device"], {"device_id": device_id})


async def find_interface(tx: Transaction, device_id: int, interface_id: int) -> Row | None:
    return await tx.find(_SQL["find_interface"], {"device_id": device_id, "interface_id": interface_id})


async def find_longest_interval_s(tx: Transaction) -> int | None:
    interval_s: int | None = (await tx.get(_SQL["get_longest_interval"]))["interval_s"]
    return interval_s


async def list_steps(
    tx: Transaction,
    name: str,
    step: timedelta,
    since: datetime,
    until: datetime,
    *,
    device_id: int | None = None,
    interface_id: int | None = None,
) -> list[Row]:
    """Rows of one of the `sample_...` statements: `step_at` and a column per value."""
    return await tx.rows(
        _SQL[f"sample_{name}"],
        {"step": step, "since": since, "until": until, "device_id": device_id, "interface_id": interface_id},
    )


async def list_interfaces(tx: Transaction, device_id: int, recent: datetime, day: datetime) -> list[Row]:
    return await tx.rows(_SQL["list_interfaces"], {"device_id": device_id, "recent": recent, "day": day})


async def list_wireless_clients(tx: Transaction, device_id: int, at: datetime) -> list[Row]:
    return await tx.rows(_SQL["list_wireless_clients"], {"device_id": device_id, "at": at})
