"""The embedded key service: tenant keys in files outside the database's folder, sealed by a master key per purpose.

Data keys are wrapped to a tenant's X25519 public key (ephemeral ECDH, HKDF-SHA256, AES-256-GCM), so a process that holds
no master key for a purpose can still make data keys but never open one: the API seals credentials that it can't read back.
Layout: `<dir>/<tenant>.json`, 0600, one entry per purpose: the public key and the private key sealed by the master key.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from drover.platform.errors import KeysUnavailableError
from drover.platform.secrets import DataKey, Purpose

_ZERO_NONCE = b"\0" * 12  # each wrapping key is used once, so a fixed nonce is safe
_CACHE_LIMIT = 20_000


def read_master_key(path: Path) -> bytes:
    """Read a master key file (64 hex digits); KeysUnavailableError when it is absent, malformed or readable by others."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeysUnavailableError(f"{path.name} is readable by others: run chmod 600 on it")
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise KeysUnavailableError(
            f"the master key file {path.name} can't be read: {type(error).__name__}"
        ) from None
    if len(key) != 32:
        raise KeysUnavailableError(f"the master key file {path.name} does not hold 64 hex digits")
    return key


def _wrapping_key(shared: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=ephemeral + recipient, info=b"drover data key").derive(
        shared
    )


class EmbeddedKeyring:
    """KeyService over a folder. `master_keys` holds only the purposes that this process may open."""

    def __init__(self, directory: Path, master_keys: Mapping[Purpose, bytes]) -> None:
        self._directory = directory
        self._master_keys = dict(master_keys)
        self._public: dict[tuple[int, Purpose], X25519PublicKey] = {}
        self._private: dict[tuple[int, Purpose], X25519PrivateKey] = {}
        self._unwrapped: dict[tuple[int, Purpose, bytes], bytes] = {}

    def _path(self, tenant_id: int) -> Path:
        return self._directory / f"{tenant_id}.json"

    def _load(self, tenant_id: int) -> dict[str, dict[str, str]]:
        try:
            found: dict[str, dict[str, str]] = json.loads(self._path(tenant_id).read_text("utf-8"))
        except FileNotFoundError:
            raise KeysUnavailableError("this client has no keys in the keyring") from None
        except (OSError, ValueError) as error:
            raise KeysUnavailableError(f"the keyring can't be read: {type(error).__name__}") from None
        return found

    async def create_tenant(self, tenant_id: int) -> None:
        """Make keys of both purposes; needs both master keys. Durable before it returns; does nothing when they exist."""
        if self._path(tenant_id).exists():
            return
        entries: dict[str, dict[str, str]] = {}
        for purpose in Purpose:
            private = X25519PrivateKey.generate()
            nonce = os.urandom(12)
            sealed = nonce + AESGCM(self._master(purpose)).encrypt(
                nonce, private.private_bytes_raw(), f"{tenant_id}|{purpose}".encode()
            )
            entries[purpose.value] = {
                "public": private.public_key().public_bytes_raw().hex(),
                "sealed_private": sealed.hex(),
            }
        scratch = self._directory / f".{tenant_id}.{os.getpid()}.new"
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(entries, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(scratch, self._path(tenant_id))  # never over existing keys, even in a race
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
        folder = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def delete_tenant(self, tenant_id: int) -> None:
        """Destroy a tenant's keys."""
        self._path(tenant_id).unlink(missing_ok=True)
        for cache in (self._public, self._private, self._unwrapped):
            for key in [key for key in cache if key[0] == tenant_id]:
                del cache[key]  # type: ignore[arg-type]

    async def list_tenants(self) -> set[int]:
        """The tenants that have keys."""
        return {int(path.stem) for path in self._directory.glob("*.json") if path.stem.isdecimal()}

    def _master(self, purpose: Purpose) -> bytes:
        try:
            return self._master_keys[purpose]
        except KeyError:
            raise KeysUnavailableError(f"this process may not open {purpose}") from None

    def _private_key(self, tenant_id: int, purpose: Purpose) -> X25519PrivateKey:
        held = self._private.get((tenant_id, purpose))
        if held is None:
            master = self._master(purpose)
            sealed = bytes.fromhex(self._load(tenant_id)[purpose.value]["sealed_private"])
            try:
                raw = AESGCM(master).decrypt(sealed[:12], sealed[12:], f"{tenant_id}|{purpose}".encode())
            except InvalidTag:
                raise KeysUnavailableError("the keyring was sealed by another master key") from None
            held = self._private[(tenant_id, purpose)] = X25519PrivateKey.from_private_bytes(raw)
        return held

    async def new_data_key(self, tenant_id: int, purpose: Purpose) -> DataKey:
        """A fresh data key wrapped to the tenant's public key; needs no master key."""
        public = self._public.get((tenant_id, purpose))
        if public is None:
            public = X25519PublicKey.from_public_bytes(
                bytes.fromhex(self._load(tenant_id)[purpose.value]["public"])
            )
            self._public[(tenant_id, purpose)] = public
        ephemeral = X25519PrivateKey.generate()
        point = ephemeral.public_key().public_bytes_raw()
        wrapping = _wrapping_key(ephemeral.exchange(public), point, public.public_bytes_raw())
        key = os.urandom(32)
        return DataKey(
            key, point + AESGCM(wrapping).encrypt(_ZERO_NONCE, key, f"{tenant_id}|{purpose}".encode())
        )

    async def unwrap(self, tenant_id: int, purpose: Purpose, wrapped: bytes) -> bytes:
        """Unwrap a data key with the tenant's private key; needs the purpose's master key."""
        cached = self._unwrapped.get((tenant_id, purpose, wrapped))
        if cached is not None:
            return cached
        private = self._private_key(tenant_id, purpose)
        point = wrapped[:32]
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(point))
            wrapping = _wrapping_key(shared, point, private.public_key().public_bytes_raw())
            key = AESGCM(wrapping).decrypt(_ZERO_NONCE, wrapped[32:], f"{tenant_id}|{purpose}".encode())
        except (InvalidTag, ValueError):
            raise KeysUnavailableError("the wrapped key does not open under this client's key") from None
        if len(self._unwrapped) >= _CACHE_LIMIT:
            self._unwrapped.clear()
        self._unwrapped[(tenant_id, purpose, wrapped)] = key
        return key

    async def mac(self, tenant_id: int, purpose: Purpose, data: bytes) -> bytes:
        """HMAC-SHA256 under a key derived from the tenant's private key."""
        raw = self._private_key(tenant_id, purpose).private_bytes_raw()
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"drover mac").derive(raw)
        return hmac.new(key, data, sha256).digest()
