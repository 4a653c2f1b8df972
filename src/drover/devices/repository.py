"""The SQL of devices, groups and tags."""

from __future__ import annotations

from typing import Any

from drover.devices.errors import GroupNameTakenError, NoSuchDeviceError, NoSuchGroupError
from drover.platform.db import Row, Transaction
from drover.platform.queries import Queries

_SQL = Queries.load("drover.devices")


async def list_devices(tx: Transaction, filters: dict[str, Any]) -> tuple[list[Row], int]:
    """A page and the number of devices that the filters leave."""
    rows = await tx.rows(_SQL["list_devices"], filters)
    if not rows and filters["offset"]:
        return [], int((await tx.get(_SQL["count_devices"]))["total"])
    total = rows[0]["total"] if rows else 0
    for row in rows:
        del row["total"]
    return rows, total


async def get_device(tx: Transaction, device_id: int) -> Row:
    row = await tx.find(_SQL["find_device"], {"device_id": device_id})
    if row is None:
        raise NoSuchDeviceError("no such device")
    return row


async def lock_device(tx: Transaction, device_id: int) -> Row:
    row = await tx.find(_SQL["lock_device"], {"device_id": device_id})
    if row is None:
        raise NoSuchDeviceError("no such device")
    return row


async def update_device(tx: Transaction, device_id: int, values: dict[str, Any]) -> None:
    await tx.run(_SQL["update_device"], {"device_id": device_id, **values})


async def retire_device(tx: Transaction, device_id: int) -> None:
    """Keep the history, destroy the credentials."""
    await tx.run(_SQL["delete_credentials"], {"device_id": device_id})
    await tx.run(_SQL["retire_device"], {"device_id": device_id})


async def purge_device(tx: Transaction, device_id: int) -> None:
    """Delete a device and all that was ever known of it, but its audit entries."""
    for name in (
        "delete_interface_samples",
        "delete_device_samples",
        "delete_wireless_samples",
        "delete_events",
        "delete_device",
        "delete_orphan_blobs",
    ):
        await tx.run(_SQL[name], {"device_id": device_id})


async def insert_event(tx: Transaction, kind: str, severity: str, device_id: int, message: str) -> None:
    values = {"kind": kind, "severity": severity, "device_id": device_id, "message": message}
    await tx.run(_SQL["insert_event"], values)


async def list_groups(tx: Transaction) -> list[Row]:
    return await tx.rows(_SQL["list_groups"])


async def create_group(tx: Transaction, name: str) -> int:
    row = await tx.find(_SQL["insert_group"], {"name": name})
    if row is None:
        raise GroupNameTakenError("a group has this name already", fields={"name": "taken"})
    return int(row["id"])


async def ensure_group(tx: Transaction, name: str) -> int:
    """The id of the group with a name; made when there is none."""
    row = await tx.find(_SQL["insert_group"], {"name": name})
    if row is None:
        row = await tx.get(_SQL["find_group_by_name"], {"name": name})
    return int(row["id"])


async def get_group(tx: Transaction, group_id: int) -> Row:
    row = await tx.find(_SQL["find_group"], {"group_id": group_id})
    if row is None:
        raise NoSuchGroupError("no such group")
    return row


async def rename_group(tx: Transaction, group_id: int, name: str) -> None:
    if not await tx.run(_SQL["rename_group"], {"group_id": group_id, "name": name}):
        raise GroupNameTakenError("a group has this name already", fields={"name": "taken"})


async def delete_group(tx: Transaction, group_id: int) -> None:
    await tx.run(_SQL["delete_group"], {"group_id": group_id})


async def list_tags(tx: Transaction) -> list[Row]:
    return await tx.rows(_SQL["list_tags"])


async def set_tags(tx: Transaction, device_id: int, names: list[str]) -> None:
    """Give a device exactly these tags."""
    await tx.run(_SQL["clear_tags"], {"device_id": device_id})
    if names:
        await tx.run(_SQL["ensure_tags"], {"names": names})
        await tx.run(_SQL["set_tags"], {"device_id": device_id, "names": names})
