"""The SQL of the audit trail: reading only."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import DictRow

from drover.platform.db import Row, Transaction
from drover.platform.queries import Queries

_SQL = Queries.load("drover.audit")


async def list_entries(tx: Transaction, filters: dict[str, Any], before: int | None, limit: int) -> list[Row]:
    names = ("q", "action", "actor", "target_kind", "target_id", "outcome")
    params = {name: filters.get(name) for name in names}
    return await tx.rows(_SQL["list_entries"], {**params, "before": before, "limit": limit})


async def list_chain(tx: Transaction, after: int, until: int, limit: int) -> list[Row]:
    return await tx.rows(_SQL["list_chain"], {"after": after, "until": until, "limit": limit})


async def get_head(tx: Transaction) -> Row:
    return await tx.get(_SQL["get_head"])


async def list_heads(connection: psycopg.AsyncConnection[DictRow]) -> list[Row]:
    return await (await connection.execute(_SQL["list_heads"])).fetchall()
