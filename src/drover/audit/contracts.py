"""Checkpoints: signed heads of chains, kept outside the database, one file of JSON lines per tenant."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed: one JSON array in a fixed order, as PostgreSQL's jsonb prints it.

    Put together here from an entry's columns (`details` as jsonb text), so that verifying trusts no function of ours in the
    database.
    """

    def written(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    at = entry["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    before = [written(entry["tenant_id"]), written(entry["seq"]), written(at)]
    before += [written(entry[name]) for name in _BEFORE_DETAILS]
    after = [written(entry["request_id"]), written(entry["previous_hash"].hex())]
    return ("[" + ", ".join([*before, entry["details"], *after]) + "]").encode()


_BEFORE_DETAILS = (
    *("actor_kind", "actor_id", "actor_name", "role", "via", "source_address", "action"),
    *("target_kind", "target_id", "target_name", "outcome"),
)


@dataclass(frozen=True)
class Checkpoint:
    """At `at`, tenant's chain had `seq` entries and this head."""

    tenant_id: int
    seq: int
    hash_hex: str
    at: str

    def signed_bytes(self) -> bytes:
        return f"drover-checkpoint|1|{self.tenant_id}|{self.seq}|{self.hash_hex}|{self.at}".encode()


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """Read the checkpoint key: 64 hex digits of an Ed25519 private key."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))


class CheckpointFolder:
    """Where checkpoints go. Whoever reads needs only the public key: given, or the one kept beside them in `public.hex`."""

    def __init__(self, directory: Path, public_key: Ed25519PublicKey | None = None) -> None:
        self._directory = directory
        self._public_key = public_key

    def tenants(self) -> set[int]:
        """The tenants that have checkpoints (0 is the platform)."""
        return {int(path.stem) for path in self._directory.glob("*.jsonl") if path.stem.isdecimal()}

    def _public(self) -> Ed25519PublicKey:
        if self._public_key is None:
            text = (self._directory / "public.hex").read_text("ascii").strip()
            self._public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
        return self._public_key

    def _path(self, tenant_id: int) -> Path:
        return self._directory / f"{tenant_id}.jsonl"

    def append(self, tenant_id: int, seq: int, hash_hex: str, at: datetime, key: Ed25519PrivateKey) -> None:
        """Sign a head and append it durably."""
        checkpoint = Checkpoint(tenant_id, seq, hash_hex, at.isoformat())
        line = {
            "tenant_id": tenant_id,
            "seq": seq,
            "hash": hash_hex,
            "at": checkpoint.at,
            "signature": base64.b64encode(key.sign(checkpoint.signed_bytes())).decode(),
        }
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        public = self._directory / "public.hex"
        if not public.exists():
            public.write_text(key.public_key().public_bytes_raw().hex() + "\n", "ascii")
        descriptor = os.open(self._path(tenant_id), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self, tenant_id: int) -> tuple[list[Checkpoint], list[str]]:
        """All checkpoints of a tenant whose signature holds, and what is wrong with the others."""
        try:
            public = self._public()
            lines = self._path(tenant_id).read_text("ascii").splitlines()
        except FileNotFoundError:
            return [], []
        good: list[Checkpoint] = []
        problems: list[str] = []
        for number, line in enumerate(lines, start=1):
            try:
                found = json.loads(line)
                checkpoint = Checkpoint(
                    int(found["tenant_id"]), int(found["seq"]), str(found["hash"]), str(found["at"])
                )
                public.verify(base64.b64decode(found["signature"]), checkpoint.signed_bytes())
                if checkpoint.tenant_id != tenant_id:
                    raise ValueError("another tenant's")
            except (ValueError, KeyError, TypeError, InvalidSignature):
                # A line cut short by a crash is the last one; anything else was tampered with.
                if number < len(lines) or line.endswith("}"):
                    problems.append(f"checkpoint line {number} is not signed by this installation")
                continue
            good.append(checkpoint)
        return good, problems
