"""Random tokens that open something once or for a while: only their hash is ever stored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256


def new_token() -> str:
    """256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token (its entropy makes a slow hash pointless)."""
    return sha256(token.encode()).digest()


@dataclass(frozen=True)
class Link:
    """A one-time link: its path in the web app, and the hash to store."""

    path: str
    token_hash: bytes

    def __repr__(self) -> str:
        return "Link(***)"


def new_link() -> Link:
    """A fresh one-time link."""
    token = new_token()
    return Link(f"/link/{token}", token_hash(token))
