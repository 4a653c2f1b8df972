"""The SQL of snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drover.backups.contracts import CaptureTask
from drover.backups.errors import NoSuchSnapshotError
from drover.devices.errors import NoSuchDeviceError
from drover.platform.db import Row, Transaction
from drover.platform.queries import Queries

_SQL = Queries.load("drover.backups")


async def get_capture_task(tx: Transaction, device_id: int) -> CaptureTask:
    row = await tx.find(_SQL["find_capture_task"], {"device_id": device_id})
    if row is None:
        raise NoSuchDeviceError("no such device")
    return CaptureTask(**{**row, "networks": tuple(row["networks"])})


async def lock_device(tx: Transaction, device_id: int) -> Row | None:
    return await tx.find(_SQL["lock_device"], {"device_id": device_id})


async def find_newest_version(tx: Transaction, device_id: int) -> Row | None:
    return await tx.find(_SQL["find_newest_version"], {"device_id": device_id})


async def touch_version(tx: Transaction, version_id: int) -> None:
    await tx.run(_SQL["touch_version"], {"version_id": version_id})


async def keep_blob(tx: Transaction, digest: bytes, documents: bytes, secrets: bytes, size_bytes: int) -> int:
    """The id of a content; stored when it is new, held when it is not."""
    values = {"digest": digest, "documents": documents, "secrets": secrets, "size_bytes": size_bytes}
    row = await tx.find(_SQL["insert_blob"], values)
    while row is None:  # a purge may take it away between the two
        row = await tx.find(_SQL["hold_blob"], values) or await tx.find(_SQL["insert_blob"], values)
    return int(row["id"])


async def insert_version(tx: Transaction, values: dict[str, Any]) -> int:
    return int((await tx.get(_SQL["insert_version"], values))["id"])


async def mark_tried(tx: Transaction, device_id: int) -> None:
    await tx.run(_SQL["mark_tried"], {"device_id": device_id})


async def mark_kept(tx: Transaction, device_id: int) -> None:
    await tx.run(_SQL["mark_kept"], {"device_id": device_id})


async def mark_failed(tx: Transaction, device_id: int, error: str, failing_since: datetime | None) -> None:
    values = {"device_id": device_id, "error": error, "failing_since": failing_since}
    await tx.run(_SQL["mark_failed"], values)


async def find_failing_since(tx: Transaction, device_id: int) -> datetime | None:
    row = await tx.find(_SQL["find_failing_since"], {"device_id": device_id})
    return row["at"] if row is not None else None


async def insert_event(tx: Transaction, kind: str, severity: str, device_id: int, message: str) -> None:
    values = {"kind": kind, "severity": severity, "device_id": device_id, "message": message[:1000]}
    await tx.run(_SQL["insert_event"], values)


async def count_waiting(tx: Transaction) -> int:
    return int((await tx.get(_SQL["count_waiting"]))["waiting"])


async def list_due(tx: Transaction, limit: int) -> list[int]:
    return [row["id"] for row in await tx.rows(_SQL["list_due"], {"limit": limit})]


async def get_device(tx: Transaction, device_id: int) -> Row:
    row = await tx.find(_SQL["find_device"], {"device_id": device_id})
    if row is None:
        raise NoSuchDeviceError("no such device")
    return row


async def list_versions(tx: Transaction, device_id: int, limit: int, offset: int) -> tuple[list[Row], int]:
    rows = await tx.rows(_SQL["list_versions"], {"device_id": device_id, "limit": limit, "offset": offset})
    return rows, int((await tx.get(_SQL["count_versions"], {"device_id": device_id}))["total"])


async def get_version(tx: Transaction, device_id: int, version_id: int) -> Row:
    row = await tx.find(_SQL["find_version"], {"device_id": device_id, "version_id": version_id})
    if row is None:
        raise NoSuchSnapshotError("no such snapshot of this device")
    return row
