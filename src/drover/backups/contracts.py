"""What a configuration is when it is kept: masked text, and the secret values that were lifted out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TABLE = "config_blobs"
DOCUMENTS_COLUMN = "documents"
SECRETS_COLUMN = "secrets"


@dataclass(frozen=True)
class Lifted:
    """A secret's place in the masked text (its token starts at `at` and ends before `end`) and its source text."""

    at: int
    end: int
    value: str = field(repr=False)


@dataclass(frozen=True)
class SplitText:
    """A configuration taken apart; `join` in masking.py puts it together again, byte for byte."""

    masked: str = field(repr=False)
    lifted: tuple[Lifted, ...]


@dataclass(frozen=True)
class CaptureTask:
    """What the worker needs to capture one device's configuration."""

    device_id: int
    name: str
    address: str
    api_port: int
    ssh_port: int
    username: str
    spki_sha256: str
    ssh_host_key_sha256: str | None
    version: str | None
    disabled: bool
    credentials_version: int
    sealed: bytes = field(repr=False)
    networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoredVersion:
    """A version as a transaction hands it out, its text still sealed: it is opened when the transaction has ended.

    `facts` are the fields of schemas.Snapshot.
    """

    tenant_id: int
    facts: dict[str, Any]
    digest: bytes
    documents: bytes = field(repr=False)
