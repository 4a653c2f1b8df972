"""Password hashing: Argon2id off the event loop, a bounded number at once (each takes 64 MiB)."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from drover.auth.errors import WeakPasswordError

_HASHER = PasswordHasher()  # RFC 9106 low-memory profile: argon2-cffi's default
_AT_ONCE = asyncio.Semaphore(2)
# Verified against when the person is unknown, so that the answer takes as long.
_NOBODY = _HASHER.hash("nobody signs in with this")

_COMMON = frozenset(
    {
        "password1234",
        "passwordpassword",
        "123456789012",
        "qwertyuiop12",
        "administrator",
        "letmeinletmein",
        "changemechangeme",
    }
)


async def hash_password(password: str, *, email: str) -> str:
    """Hash a new password; WeakPasswordError for one that anybody would try first."""
    lowered = password.lower()
    if lowered in _COMMON or lowered == email.lower() or len(set(lowered)) < 5:
        raise WeakPasswordError(
            "this password is easy to guess: choose another", fields={"password": "easy to guess"}
        )
    async with _AT_ONCE:
        return await asyncio.to_thread(_HASHER.hash, password)


async def verify_password(stored: str | None, password: str) -> bool:
    """Whether a password matches; takes as long when nobody's hash is given."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_verify, stored or _NOBODY, password) and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _HASHER.check_needs_rehash(stored)
