"""The SQL of polling: reading only."""

from __future__ import annotations

from drover.platform.db import Row, Transaction
from drover.platform.queries import Queries

_SQL = Queries.load("drover.polling")


async def list_devices(tx: Transaction) -> list[Row]:
    return await tx.rows(_SQL["list_devices"])


async def list_sealed(tx: Transaction, device_ids: list[int]) -> list[Row]:
    return await tx.rows(_SQL["list_sealed"], {"device_ids": device_ids})


async def get_networks(tx: Transaction) -> list[str]:
    networks: list[str] = (await tx.get(_SQL["get_networks"]))["networks"]
    return networks
