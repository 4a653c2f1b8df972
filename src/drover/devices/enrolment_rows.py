"""The SQL of enrolments and imports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from drover.devices.contracts import Learnt
from drover.devices.errors import DuplicateSerialError, NoSuchEnrolmentError, NoSuchImportError
from drover.platform.db import Row, Transaction
from drover.platform.queries import Queries

_SQL = Queries.load("drover.devices")
_OPTIONAL = (
    *("device_id", "import_id", "line", "name", "group_id", "group_name", "sealed"),
    *("spki_sha256", "ssh_host_key_sha256", "error_code", "error_message", "created_by"),
)
_EMPTY: dict[str, Any] = dict.fromkeys(_OPTIONAL)


async def insert(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.run(_SQL["insert_enrolment"], {**_EMPTY, "tags": [], "created_by": tx.user_id, **values})


async def insert_many(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    await tx.run_many(
        _SQL["insert_enrolment"], [{**_EMPTY, "tags": [], "created_by": tx.user_id, **row} for row in rows]
    )


async def get(tx: Transaction, enrolment_id: UUID) -> Row:
    row = await tx.find(_SQL["find_enrolment"], {"id": enrolment_id})
    if row is None:
        raise NoSuchEnrolmentError("no such enrolment: it was given up or is over")
    return row


async def confirm(tx: Transaction, enrolment_id: UUID) -> bool:
    return await tx.run(_SQL["confirm_enrolment"], {"id": enrolment_id}) == 1


async def discard(tx: Transaction, enrolment_id: UUID) -> None:
    await tx.run(_SQL["discard_enrolment"], {"id": enrolment_id})


async def lock_pending(tx: Transaction, enrolment_id: UUID, state: str) -> Row | None:
    """The row while it is in a state; None when it moved on, was given up or is over."""
    return await tx.find(_SQL["lock_pending"], {"id": enrolment_id, "state": state})


async def store_fingerprints(tx: Transaction, enrolment_id: UUID, values: dict[str, Any]) -> None:
    await tx.run(_SQL["store_fingerprints"], {"id": enrolment_id, **values})


async def fail(tx: Transaction, enrolment_id: UUID, state: str, code: str, message: str) -> bool:
    """Whether it was still in the state in which it failed."""
    values = {"id": enrolment_id, "state": state, "error_code": code, "error_message": message}
    return await tx.run(_SQL["fail_enrolment"], values) == 1


async def finish(tx: Transaction, enrolment_id: UUID, device_id: int, learnt: Learnt) -> None:
    facts = {name: learnt.facts[name] for name in ("identity", "model", "serial", "version")}
    await tx.run(
        _SQL["finish_enrolment"],
        {"id": enrolment_id, "device_id": device_id, "ssh_error": learnt.ssh_error, **facts},
    )


async def find_same_address(
    tx: Transaction, address: str, api_port: int, device_id: int | None
) -> Row | None:
    return await tx.find(
        _SQL["find_same_address"], {"address": address, "api_port": api_port, "device_id": device_id}
    )


async def find_same_serial(tx: Transaction, serial: str, device_id: int | None) -> Row | None:
    return await tx.find(_SQL["find_same_serial"], {"serial": serial, "device_id": device_id})


async def save_device(tx: Transaction, values: dict[str, Any], device_id: int | None) -> Row:
    """Insert a verified device, or change the connection of one."""
    values = {**values, "capabilities": Jsonb(values["capabilities"])}
    try:
        if device_id is None:
            row = await tx.get(_SQL["insert_device"], values)
            await tx.run(_SQL["insert_status"], {"device_id": row["id"]})
            return row
        return await tx.get(
            _SQL["update_connection"], {**values, "device_id": device_id}, missing="the device is gone"
        )
    except UniqueViolation:  # another enrolment of the same router was faster
        raise DuplicateSerialError(
            "this router, or its address, was added just now by another enrolment"
        ) from None


async def next_credentials_version(tx: Transaction, device_id: int) -> int:
    row = await tx.find(_SQL["lock_credentials"], {"device_id": device_id})
    return 1 if row is None else int(row["version"]) + 1


async def store_credentials(tx: Transaction, device_id: int, version: int, sealed: bytes) -> None:
    await tx.run(_SQL["store_credentials"], {"device_id": device_id, "version": version, "sealed": sealed})


async def insert_import(tx: Transaction, import_id: UUID, life_s: int) -> None:
    await tx.run(_SQL["insert_import"], {"id": import_id, "created_by": tx.user_id, "life_s": life_s})


async def get_import(tx: Transaction, import_id: UUID) -> Row:
    """An import with its lines, in the shape of schemas.Import."""
    row = await tx.find(_SQL["find_import"], {"id": import_id})
    if row is None:
        raise NoSuchImportError("no such import, or it is over")
    return {**row, "rows": await tx.rows(_SQL["list_import_rows"], {"id": import_id})}


async def start_import(tx: Transaction, import_id: UUID) -> list[Row] | None:
    """Start the ready lines: their ids and states; None when it was started before."""
    held = await tx.find(_SQL["lock_import"], {"id": import_id})
    if held is None:
        raise NoSuchImportError("no such import, or it is over")
    if held["state"] != "preview":
        return None
    await tx.run(_SQL["start_import"], {"id": import_id})
    return await tx.rows(_SQL["start_import_rows"], {"id": import_id})


async def confirm_import(tx: Transaction, import_id: UUID, ids: list[UUID]) -> list[str]:
    rows = await tx.rows(_SQL["confirm_import_rows"], {"id": import_id, "ids": ids})
    return [row["id"] for row in rows]


async def list_addresses(tx: Transaction) -> set[tuple[str, int]]:
    return {(row["address"], row["api_port"]) for row in await tx.rows(_SQL["list_addresses"])}


async def get_networks(tx: Transaction) -> list[str]:
    row = await tx.get(_SQL["get_networks"])
    networks: list[str] = row["networks"]
    return networks


async def expire(tx: Transaction) -> int:
    """Drop passwords of what nobody finished and forget old results; how many expired."""
    expired = await tx.run(_SQL["expire_enrolments"])
    await tx.run(_SQL["forget_enrolments"])
    await tx.run(_SQL["forget_imports"])
    return expired
