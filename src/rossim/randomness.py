"""Repeatable numbers from a seed and whatever names the thing they are for."""

from __future__ import annotations

import random
from hashlib import blake2b

_MASK = (1 << 64) - 1


def seeded(*parts: object) -> random.Random:
    """A generator that is the same for the same parts, in every process."""
    digest = blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))


def unit(seed: int, *numbers: int) -> float:
    """A number in [0, 1) that depends on all arguments (splitmix64); cheap enough for every poll."""
    state = seed & _MASK
    for number in numbers:
        state = (state + number * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state / (_MASK + 1)


def mac_address(rng: random.Random, vendor: str = "48:A9:8A") -> str:
    """A MAC address under a vendor's prefix (MikroTik's by default)."""
    return f"{vendor}:" + ":".join(f"{rng.randrange(256):02X}" for _ in range(3))


def next_mac(mac: str, offset: int) -> str:
    """The MAC address `offset` further on, as the ports of one board are numbered."""
    number = (int(mac.replace(":", ""), 16) + offset) & 0xFFFFFFFFFFFF
    text = f"{number:012X}"
    return ":".join(text[index : index + 2] for index in range(0, 12, 2))
