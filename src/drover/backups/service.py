"""Rules of snapshots: what makes a version, how it is sealed, and how timelines and differences are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import zstandard

from drover.backups import diffing, masking, repository
from drover.backups.contracts import DOCUMENTS_COLUMN, SECRETS_COLUMN, TABLE, Lifted, SplitText
from drover.backups.errors import NoHostKeyError
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
    documents: bytes
    secrets: bytes
    size_bytes: int
    lines: list[str]


async def take_apart(keys: KeyService, tenant_id: int, text: str) -> SplitText:
    """Lift the secrets out. A token is keyed by the tenant: equal values look equal, a changed one looks changed."""
    secrets = masking.find_secrets(text)
    tokens = {}
    for value in {value for _, _, value in secrets}:
        mac = await keys.mac(tenant_id, Purpose.SECRETS, b"token|" + _encode(value))
        tokens[value] = f"<secret:{mac.hex()[:12]}>"
    return masking.split(text, secrets, tokens)


async def seal(keys: KeyService, envelopes: Envelopes, tenant_id: int, parts: SplitText) -> Sealed:
    """Seal masked text and values apart, under the tenant's two keys."""
    lines = masking.comparable_lines(parts.masked)
    digest = await keys.mac(tenant_id, Purpose.DOCUMENTS, _encode("\n".join(lines)))
    lifted = json.dumps([[secret.at, secret.end, secret.value] for secret in parts.lifted])
    return Sealed(
        digest,
        await envelopes.seal(
            _place(tenant_id, digest, DOCUMENTS_COLUMN),
            Purpose.DOCUMENTS,
            _compress(_encode(parts.masked)),
            own_key=False,
        ),
        await envelopes.seal(
            _place(tenant_id, digest, SECRETS_COLUMN),
            Purpose.SECRETS,
            _compress(lifted.encode("ascii")),
            own_key=False,
        ),
        len(_encode(parts.masked)),
        lines,
    )


async def open_masked(envelopes: Envelopes, tenant_id: int, digest: bytes, documents: bytes) -> str:
    """The masked text of a content."""
    data = await envelopes.unseal(_place(tenant_id, digest, DOCUMENTS_COLUMN), Purpose.DOCUMENTS, documents)
    return _decompress(data).decode("utf-8", "surrogateescape")


async def open_whole(
    envelopes: Envelopes, tenant_id: int, digest: bytes, documents: bytes, secrets: bytes
) -> str:
    """The captured text again, secrets in place; only a process that may open both purposes can."""
    masked = await open_masked(envelopes, tenant_id, digest, documents)
    data = await envelopes.unseal(_place(tenant_id, digest, SECRETS_COLUMN), Purpose.SECRETS, secrets)
    lifted = tuple(Lifted(*item) for item in json.loads(_decompress(data)))
    return masking.join(SplitText(masked, lifted))


async def keep(
    tx: Transaction,
    envelopes: Envelopes,
    device_id: int,
    sealed: Sealed,
    *,
    trigger: str,
    version: str | None,
) -> int | None:
    """Put a capture on the timeline: a new version's id, or None when the configuration is the one it was."""
    device = await repository.lock_device(tx, device_id)
    newest = await repository.find_newest_version(tx, device_id)
    await repository.mark_device(tx, device_id, "ok", None)
    if newest is not None and newest["digest"] == sealed.digest:
        await repository.touch_version(tx, newest["id"])
        return None
    change = None
    if newest is not None:
        before = await open_masked(envelopes, tx.tenant_id, newest["digest"], newest["documents"])
        change = diffing.count_changes(masking.comparable_lines(before), sealed.lines)
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
        message = (
            f"Configuration of {device['name']} changed: {change.added} lines added, {change.removed} removed"
        )
        await repository.insert_event(tx, "configuration.changed", "info", device_id, message)
    return version_id


async def note_failure(tx: Transaction, device_id: int, message: str) -> None:
    """A capture failed: say so on the device, and once as an event."""
    device = await repository.lock_device(tx, device_id)
    await repository.mark_device(tx, device_id, "failed", message)
    if device["snapshot_state"] != "failed":
        await repository.insert_event(
            tx, "snapshot.failed", "warning", device_id, f"Backup of {device['name']} failed: {message}"
        )


async def request(tx: Transaction, device_id: int) -> Row:
    """Start a snapshot now; a running one is joined."""
    device = await repository.get_device(tx, device_id)
    if device["ssh_host_key_sha256"] is None:
        raise NoHostKeyError(
            "no SSH host key was confirmed for this device: use Change connection once SSH can be reached"
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


async def get_snapshot(
    tx: Transaction, envelopes: Envelopes, device_id: int, version_id: int
) -> dict[str, Any]:
    """One version with its masked text."""
    row = await repository.get_version(tx, device_id, version_id)
    text = await open_masked(envelopes, tx.tenant_id, row.pop("digest"), row.pop("documents"))
    return {**row, "text": masking.shown(text)}


async def diff(
    tx: Transaction, envelopes: Envelopes, device_id: int, from_id: int, to_id: int
) -> dict[str, Any]:
    """What changed from one version to another, on masked text."""
    sides = []
    for version_id in (from_id, to_id):
        row = await repository.get_version(tx, device_id, version_id)
        text = await open_masked(envelopes, tx.tenant_id, row["digest"], row["documents"])
        sides.append(masking.comparable_lines(masking.shown(text)))
    change = diffing.count_changes(*sides)
    return {
        "from_id": from_id,
        "to_id": to_id,
        "added": change.added,
        "removed": change.removed,
        "hunks": diffing.hunks(*sides),
    }
