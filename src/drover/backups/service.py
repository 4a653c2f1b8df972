"""Rules of snapshots: what makes a version, how it is sealed, and how timelines and differences are read."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import zstandard

from drover.backups import diffing, masking, repository
from drover.backups.contracts import (
    DOCUMENTS_COLUMN,
    SECRETS_COLUMN,
    TABLE,
    Lifted,
    SplitText,
    StoredVersion,
)
from drover.backups.diffing import Change
from drover.backups.errors import DeviceDisabledError, NoHostKeyError, TimelineMovedError
from drover.devices.errors import NoSuchDeviceError
from drover.platform.db import Row, Transaction
from drover.platform.secrets import Envelopes, KeyService, Place, Purpose
from drover.tenants import service as tenants

_MAX_BYTES = 64 * 1024 * 1024


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _compress(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(data)


def _decompress(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(data, max_output_size=_MAX_BYTES)


def _place(tenant_id: int, digest: bytes, column: str) -> Place:
    return Place(tenant_id, TABLE, digest.hex(), column)


@dataclass(frozen=True)
class Sealed:
    """A configuration ready to be stored: nothing in it can be read without the tenant's keys."""

    digest: bytes
    documents: bytes = field(repr=False)
    secrets: bytes = field(repr=False)
    size_bytes: int
    lines: list[str] = field(repr=False)


async def take_apart(keys: KeyService, tenant_id: int, text: str) -> SplitText:
    """Lift the secrets out. A token is keyed by the tenant: equal values look equal, a changed one looks changed."""
    secrets = await asyncio.to_thread(masking.find_secrets, text)
    tokens = {}
    for value in {value for _, _, value in secrets}:
        mac = await keys.mac(tenant_id, Purpose.SECRETS, b"token|" + _encode(value))
        tokens[value] = f"<secret:{mac.hex()[:12]}>"
    return masking.split(text, secrets, tokens)


async def seal(keys: KeyService, envelopes: Envelopes, tenant_id: int, parts: SplitText) -> Sealed:
    """Seal masked text and values apart, under the tenant's two keys."""

    def pack() -> tuple[list[str], bytes, bytes, int]:
        masked = _encode(parts.masked)
        lifted = json.dumps([[secret.at, secret.end, secret.value] for secret in parts.lifted])
        lines = masking.comparable_lines(parts.masked)
        return lines, _compress(masked), _compress(lifted.encode("ascii")), len(masked)

    lines, documents, secrets, size_bytes = await asyncio.to_thread(pack)
    digest = await keys.mac(tenant_id, Purpose.DOCUMENTS, _encode("\n".join(lines)))
    place = _place(tenant_id, digest, DOCUMENTS_COLUMN)
    sealed_documents = await envelopes.seal(place, Purpose.DOCUMENTS, documents, own_key=False)
    place = _place(tenant_id, digest, SECRETS_COLUMN)
    sealed_secrets = await envelopes.seal(place, Purpose.SECRETS, secrets, own_key=False)
    return Sealed(digest, sealed_documents, sealed_secrets, size_bytes, lines)


async def open_masked(envelopes: Envelopes, tenant_id: int, digest: bytes, documents: bytes) -> str:
    """The masked text of a content."""
    data = await envelopes.unseal(_place(tenant_id, digest, DOCUMENTS_COLUMN), Purpose.DOCUMENTS, documents)
    return (await asyncio.to_thread(_decompress, data)).decode("utf-8", "surrogateescape")


async def open_whole(
    envelopes: Envelopes, tenant_id: int, digest: bytes, documents: bytes, secrets: bytes
) -> str:
    """The captured text again, secrets in place; only a process that may open both purposes can."""
    masked = await open_masked(envelopes, tenant_id, digest, documents)
    data = await envelopes.unseal(_place(tenant_id, digest, SECRETS_COLUMN), Purpose.SECRETS, secrets)
    lifted = tuple(Lifted(*item) for item in json.loads(_decompress(data)))
    return masking.join(SplitText(masked, lifted))


async def find_newest(tx: Transaction, device_id: int) -> StoredVersion | None:
    """What a capture has to be compared with."""
    row = await repository.find_newest_version(tx, device_id)
    return None if row is None else _stored(tx, row)


async def count_changes(envelopes: Envelopes, newest: StoredVersion | None, sealed: Sealed) -> Change | None:
    """How a capture differs from the newest version; None when there is none."""
    if newest is None or newest.digest == sealed.digest:
        return None
    before = await open_masked(envelopes, newest.tenant_id, newest.digest, newest.documents)

    def count() -> Change:
        return diffing.count_changes(diffing.compare(masking.comparable_lines(before), sealed.lines))

    return await asyncio.to_thread(count)


async def keep(
    tx: Transaction,
    device_id: int,
    sealed: Sealed,
    *,
    newest: StoredVersion | None,
    change: Change | None,
    trigger: str,
    version: str | None,
) -> int | None:
    """Put a capture on the timeline: a new version's id, or None when the configuration is the one it was.

    `change` is against `newest`, counted before this unit began. TimelineMovedError when that is not the newest any more.
    """
    device = await repository.lock_device(tx, device_id)
    if device is None:
        raise NoSuchDeviceError("the device is gone")
    now_newest = await repository.find_newest_version(tx, device_id)
    if (now_newest and now_newest["id"]) != (newest and newest.facts["id"]):
        raise TimelineMovedError("another capture of this device was faster")
    await repository.mark_kept(tx, device_id)
    if device["snapshot_state"] == "failed":
        message = f"Backups of {device['name']} work again"
        await repository.insert_event(tx, "snapshot.recovered", "info", device_id, message)
    if newest is not None and newest.digest == sealed.digest:
        await repository.touch_version(tx, newest.facts["id"])
        return None
    blob_id = await repository.keep_blob(
        tx, sealed.digest, sealed.documents, sealed.secrets, sealed.size_bytes
    )
    version_id = await repository.insert_version(
        tx,
        {
            "device_id": device_id,
            "blob_id": blob_id,
            "trigger": trigger,
            "version": version,
            "lines_added": change.added if change else None,
            "lines_removed": change.removed if change else None,
        },
    )
    if change is not None:
        lines = "line" if change.added == 1 else "lines"
        message = f"Configuration of {device['name']} changed: {change.added} {lines} added, {change.removed} removed"
        await repository.insert_event(tx, "configuration.changed", "info", device_id, message)
    return version_id


async def note_failure(tx: Transaction, device_id: int, message: str) -> None:
    """A capture failed: say so on the device, and as an event when the one before had not. A device that is gone stays so."""
    device = await repository.lock_device(tx, device_id)
    if device is None:
        return
    if device["snapshot_state"] == "failed":
        failing_since = await repository.find_failing_since(tx, device_id)
        await repository.mark_failed(tx, device_id, message, failing_since)
        return
    await repository.mark_failed(tx, device_id, message, None)
    await repository.insert_event(
        tx, "snapshot.failed", "warning", device_id, f"Backup of {device['name']} failed: {message}"
    )


def check_enabled(name: str, disabled: bool) -> None:
    """Refuse what a person has told us to leave alone."""
    if disabled:
        raise DeviceDisabledError(f"{name} is disabled: enable it first")


async def request(tx: Transaction, device_id: int) -> Row:
    """Start a snapshot now; a running one is joined."""
    device = await repository.get_device(tx, device_id)
    check_enabled(device["name"], device["disabled"])
    if device["ssh_host_key_sha256"] is None:
        raise NoHostKeyError(
            "no SSH host key was confirmed for this device, so its configuration can't be fetched: enable ssh on it"
            " (/ip service), then change its connection and confirm the key"
        )
    job = await tenants.start_job(
        tx, "take_snapshot", requires="operator", device_id=device_id, args={"trigger": "manual"}
    )
    await tx.record(
        "snapshot.requested", target=("device", device_id, device["name"]), details={"job_id": job["id"]}
    )
    return job


async def list_snapshots(tx: Transaction, device_id: int, limit: int, offset: int) -> tuple[list[Row], int]:
    """A device's timeline, newest first."""
    await repository.get_device(tx, device_id)
    return await repository.list_versions(tx, device_id, limit, offset)


async def get_versions(tx: Transaction, device_id: int, *version_ids: int) -> list[StoredVersion]:
    """Versions of one device, in the order asked for; to be opened when the transaction has ended."""
    await repository.get_device(tx, device_id)
    return [_stored(tx, await repository.get_version(tx, device_id, each)) for each in version_ids]


async def read_text(envelopes: Envelopes, stored: StoredVersion) -> dict[str, Any]:
    """One version with its masked text. In no transaction: keys may be slow to come."""
    text = await open_masked(envelopes, stored.tenant_id, stored.digest, stored.documents)
    return {**stored.facts, "text": await asyncio.to_thread(masking.shown, text)}


async def diff(envelopes: Envelopes, before: StoredVersion, after: StoredVersion) -> dict[str, Any]:
    """What changed from one version to another, on masked text. In no transaction: keys may be slow to come."""
    texts = [
        await open_masked(envelopes, each.tenant_id, each.digest, each.documents) for each in (before, after)
    ]

    def compare() -> dict[str, Any]:
        old_text, new_text = (masking.shown(text) for text in texts)
        old, new = masking.comparable_lines(old_text), masking.comparable_lines(new_text)
        opcodes = diffing.compare(old, new)
        change = diffing.count_changes(opcodes)
        return {
            "added": change.added,
            "removed": change.removed,
            "hunks": diffing.hunks(
                old,
                new,
                opcodes,
                old_numbers=masking.line_numbers(old_text, old),
                new_numbers=masking.line_numbers(new_text, new),
            ),
        }

    return {"from_id": before.facts["id"], "to_id": after.facts["id"], **await asyncio.to_thread(compare)}


def _stored(tx: Transaction, row: Row) -> StoredVersion:
    digest, documents = row.pop("digest"), row.pop("documents")
    return StoredVersion(tx.tenant_id, row, digest, documents)
