"""Rules of the audit trail: search it, verify a chain against itself and against its checkpoints, make checkpoints."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drover.audit import repository
from drover.audit.contracts import CheckpointFolder, canonical
from drover.platform.clock import Clock
from drover.platform.db import Database, Row, Transaction

_STRETCH = 2000
_MAX_PROBLEMS = 200
_SIGNED_EVERY = 100


async def list_entries(
    tx: Transaction, *, filters: dict[str, Any], before: int | None, limit: int
) -> tuple[list[Row], int | None]:
    """A page of entries, newest first, and the sequence number to ask for the next page with."""
    rows = await repository.list_entries(tx, filters, before, limit)
    return rows, rows[-1]["seq"] if len(rows) == limit else None


async def verify(tx: Transaction, folder: CheckpointFolder) -> dict[str, Any]:
    """Recompute the current tenant's chain and hold it against its checkpoints; a report in the shape of ChainReport.

    Finds an edit, a deletion, an insertion, a reordering (by the chain), a truncation or an old copy, even with all later
    hashes recomputed (by the checkpoints). Entries newer than the last checkpoint are counted as uncovered.
    """
    head = await repository.get_head(tx)  # first: entries that are written meanwhile are not looked at
    checkpoints, problems = folder.read(tx.tenant_id)
    expected = {checkpoint.seq: checkpoint.hash_hex for checkpoint in checkpoints}
    previous = sha256(f"drover audit chain {tx.tenant_id}".encode()).digest()
    seq, verified = 0, 0
    intact = True
    while stretch := await repository.list_chain(tx, seq, head["seq"], _STRETCH):
        for entry in stretch:
            found: list[str] = []
            if entry["seq"] != seq + 1:
                found.append(f"entries {seq + 1} to {entry['seq'] - 1} are missing")
            if entry["previous_hash"] != previous:
                found.append(f"entry {entry['seq']} does not follow the one before it")
            if sha256(canonical(entry)).digest() != entry["hash"]:
                found.append(f"entry {entry['seq']} was changed")
            if entry["seq"] in expected and expected[entry["seq"]] != entry["hash"].hex():
                found.append(f"entry {entry['seq']} is not what the checkpoint of that entry signed")
            intact = intact and not found
            problems.extend(found[: _MAX_PROBLEMS - len(problems)])
            seq, previous = entry["seq"], entry["hash"]
            verified = seq if intact else verified
    last = max(expected, default=None)
    if last is not None and seq < last:
        problems.append(
            f"the trail ends at entry {seq}, but a checkpoint signed entry {last}: newer entries were cut off"
        )
    if head["seq"] != seq or (seq and head["hash"] != previous):
        problems.append("the chain's head does not match its last entry")
    if last is None and seq >= _SIGNED_EVERY:
        problems.append(f"no checkpoint covers any of {seq} entries: were they taken away?")
    return {
        "ok": not problems,
        "entries": seq,
        "verified_to_seq": verified,
        "checkpoint_seq": last,
        "uncovered": max(0, seq - (last or 0)),
        "problems": problems,
    }


async def list_trails(database: Database, folder: CheckpointFolder) -> set[int]:
    """All tenants that have, or had, a trail: by the chains' heads and by the checkpoints."""
    async with database.connection() as connection:
        heads = await repository.list_heads(connection)
    return {head["tenant_id"] for head in heads} | folder.tenants()


def unreadable_trail() -> dict[str, Any]:
    """The report of a trail that should be there and can't be entered."""
    problem = "this trail was checkpointed but can't be read any more: its client or its lease is gone"
    return {
        "ok": False, "entries": 0, "verified_to_seq": 0, "checkpoint_seq": None, "uncovered": 0, "problems": [problem],
    }  # fmt: skip


class Checkpointer:
    """Signs the heads that moved. Called often; a head is signed every 60 s or 100 entries, whichever comes first."""

    def __init__(
        self, database: Database, folder: CheckpointFolder, key: Ed25519PrivateKey, clock: Clock
    ) -> None:
        self._database = database
        self._folder = folder
        self._key = key
        self._clock = clock
        self._signed: dict[int, tuple[int, float]] = {}

    async def run(self, *, every_s: float = 60.0, every_entries: int = _SIGNED_EVERY) -> int:
        """Sign what is due; how many checkpoints were made."""
        async with self._database.connection() as connection:
            heads = await repository.list_heads(connection)
        now_s = self._clock.monotonic_s()
        made = 0
        for head in heads:
            tenant_id, seq = head["tenant_id"], head["seq"]
            if tenant_id not in self._signed:
                self._signed[tenant_id] = (self._last_on_disk(tenant_id), float("-inf"))
            known, at_s = self._signed[tenant_id]
            due = seq > known and (now_s - at_s >= every_s or seq - known >= every_entries)
            if due and seq > 0:
                self._folder.append(tenant_id, seq, head["hash"].hex(), self._clock.now(), self._key)
                self._signed[tenant_id] = (seq, now_s)
                made += 1
        return made

    def _last_on_disk(self, tenant_id: int) -> int:
        checkpoints, _ = self._folder.read(tenant_id)
        return max((checkpoint.seq for checkpoint in checkpoints), default=0)
