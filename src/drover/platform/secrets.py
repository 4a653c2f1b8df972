"""Secrets at rest: envelopes of AES-256-GCM whose data key is wrapped by the tenant's key in a key service.

Theory of operation. `seal` asks the key service for a data key of (tenant, purpose), encrypts with it and stores the wrapped
key beside the ciphertext; `unseal` has the key unwrapped. The associated data names tenant, table, row, column and version,
so that ciphertext moved anywhere else does not open. Two purposes: `secrets` (credentials, values lifted out of
configurations) and `documents` (masked configurations). A service without the right to unwrap a purpose gets
KeysUnavailableError; there is no fallback and no plaintext path.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from drover.platform.clock import Clock
from drover.platform.errors import KeysUnavailableError

_MAGIC = b"DE1"
_NONCE = 12


class SecretText:
    """A secret string that never prints itself: `repr`, `str` and formatting give `***`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself; call it where it is used, keep it nowhere."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretText) and other._value == self._value

    __hash__ = None  # type: ignore[assignment]


class Purpose(StrEnum):
    SECRETS = "secrets"
    DOCUMENTS = "documents"


@dataclass(frozen=True)
class DataKey:
    """A fresh 256-bit key and the same key wrapped by a tenant's key."""

    key: bytes
    wrapped: bytes

    def __repr__(self) -> str:
        return "DataKey(***)"


class KeyService(Protocol):
    """Where tenant keys live. One contract, two implementations (docs/subsystems/secrets.md)."""

    async def create_tenant(self, tenant_id: int) -> None:
        """Make a tenant's keys of both purposes; does nothing when they exist."""

    async def delete_tenant(self, tenant_id: int) -> None:
        """Destroy a tenant's keys: all that they wrapped is gone."""

    async def list_tenants(self) -> set[int]:
        """The tenants that have keys."""

    async def new_data_key(self, tenant_id: int, purpose: Purpose) -> DataKey:
        """A fresh data key. KeysUnavailableError when the tenant has no key."""

    async def unwrap(self, tenant_id: int, purpose: Purpose, wrapped: bytes) -> bytes:
        """Unwrap a data key. KeysUnavailableError when this process may not, or the wrapping does not open."""

    async def mac(self, tenant_id: int, purpose: Purpose, data: bytes) -> bytes:
        """HMAC-SHA256 under a tenant key: equality without revealing. Same rights as unwrap."""


@dataclass(frozen=True)
class Place:
    """Where a ciphertext belongs: bound into it as associated data."""

    tenant_id: int
    table: str
    row: str
    column: str
    version: int = 1

    def associated_data(self) -> bytes:
        return f"{self.tenant_id}|{self.table}|{self.row}|{self.column}|{self.version}".encode()


class Envelopes:
    """Seals and unseals under tenants' keys. Credentials get a key each; documents share one per tenant and day."""

    def __init__(self, keys: KeyService, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._day_keys: dict[tuple[int, Purpose], tuple[date, DataKey]] = {}

    async def _day_key(self, tenant_id: int, purpose: Purpose) -> DataKey:
        today = self._clock.now().astimezone(UTC).date()
        held = self._day_keys.get((tenant_id, purpose))
        if held is None or held[0] != today:
            held = (today, await self._keys.new_data_key(tenant_id, purpose))
            self._day_keys[(tenant_id, purpose)] = held
        return held[1]

    async def seal(self, place: Place, purpose: Purpose, plaintext: bytes, *, own_key: bool = True) -> bytes:
        """Encrypt for one place. `own_key=False` shares the day's data key (configuration bodies)."""
        if own_key:
            data_key = await self._keys.new_data_key(place.tenant_id, purpose)
        else:
            data_key = await self._day_key(place.tenant_id, purpose)
        nonce = os.urandom(_NONCE)
        head = (
            _MAGIC + purpose.value[:1].encode() + len(data_key.wrapped).to_bytes(2, "big") + data_key.wrapped
        )
        return head + nonce + AESGCM(data_key.key).encrypt(nonce, plaintext, head + place.associated_data())

    async def unseal(self, place: Place, purpose: Purpose, sealed: bytes) -> bytes:
        """Decrypt what was sealed for this very place; KeysUnavailableError for anything else."""
        if sealed[:3] != _MAGIC or sealed[3:4] != purpose.value[:1].encode():
            raise KeysUnavailableError("this is no envelope of that purpose")
        size = int.from_bytes(sealed[4:6], "big")
        head, rest = sealed[: 6 + size], sealed[6 + size :]
        key = await self._keys.unwrap(place.tenant_id, purpose, head[6:])
        try:
            return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], head + place.associated_data())
        except (InvalidTag, ValueError):
            raise KeysUnavailableError(
                "the stored secret does not open here: it was moved, changed or belongs elsewhere"
            ) from None
