"""Rules of devices, groups and tags."""

from __future__ import annotations

from typing import Any

from drover.devices import repository
from drover.devices.errors import NoSuchGroupError
from drover.platform.db import Row, Transaction

_CHANGEABLE = ("name", "group_id", "notes", "poll_interval_s", "snapshot_interval_s", "disabled")


async def list_devices(tx: Transaction, filters: dict[str, Any]) -> tuple[list[Row], int]:
    """A page of devices with their last values, and how many there are."""
    return await repository.list_devices(tx, filters)


async def get_device(tx: Transaction, device_id: int) -> Row:
    """One device; NoSuchDeviceError for another tenant's too."""
    row = await repository.get_device(tx, device_id)
    row.pop("disabled")
    return row


async def change_device(
    tx: Transaction, device_id: int, changes: dict[str, Any], tags: list[str] | None
) -> Row:
    """Change what a person may change; the audit entry says what was and what is."""
    await repository.lock_device(tx, device_id)
    before = await repository.get_device(tx, device_id)
    if changes.get("group_id") is not None:
        await repository.get_group(tx, changes["group_id"])
    values = {name: changes.get(name, before[name]) for name in _CHANGEABLE}
    await repository.update_device(tx, device_id, values)
    if tags is not None:
        await repository.set_tags(tx, device_id, tags)
    after = await repository.get_device(tx, device_id)
    details = {
        name: {"old": before[name], "new": after[name]}
        for name in (
            "name",
            "group_name",
            "tags",
            "notes",
            "poll_interval_s",
            "snapshot_interval_s",
            "disabled",
        )
        if before[name] != after[name]
    }
    await tx.record("device.changed", target=("device", device_id, after["name"]), details=details)
    after.pop("disabled")
    return after


async def delete_device(tx: Transaction, device_id: int, *, purge: bool) -> None:
    """Take a device out: its credentials are destroyed; its history is kept or purged."""
    device = await repository.lock_device(tx, device_id)
    if purge:
        await repository.purge_device(tx, device_id)
    else:
        await repository.retire_device(tx, device_id)
    await tx.record(
        "device.deleted",
        target=("device", device_id, device["name"]),
        details={"address": device["address"], "history": "purged" if purge else "kept"},
    )


async def list_groups(tx: Transaction) -> list[Row]:
    """Groups with their number of devices."""
    return await repository.list_groups(tx)


async def _get_group(tx: Transaction, group_id: int) -> Row:
    for group in await repository.list_groups(tx):
        if group["id"] == group_id:
            return group
    raise NoSuchGroupError("no such group")


async def create_group(tx: Transaction, name: str) -> Row:
    """A new group."""
    group_id = await repository.create_group(tx, name)
    await tx.record("group.created", target=("group", group_id, name))
    return await _get_group(tx, group_id)


async def rename_group(tx: Transaction, group_id: int, name: str) -> Row:
    """Give a group another name."""
    before = await repository.get_group(tx, group_id)
    await repository.rename_group(tx, group_id, name)
    await tx.record(
        "group.renamed",
        target=("group", group_id, name),
        details={"name": {"old": before["name"], "new": name}},
    )
    return await _get_group(tx, group_id)


async def delete_group(tx: Transaction, group_id: int) -> None:
    """Delete a group; its devices stay, without one."""
    before = await repository.get_group(tx, group_id)
    await repository.delete_group(tx, group_id)
    await tx.record("group.deleted", target=("group", group_id, before["name"]))


async def list_tags(tx: Transaction) -> list[Row]:
    """Tags in use with their number of devices."""
    return await repository.list_tags(tx)
