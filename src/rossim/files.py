"""The router's file store, as /file and SFTP see it."""

from __future__ import annotations

from dataclasses import dataclass

from rossim.clock import Clock


@dataclass(slots=True)
class StoredFile:
    """One file."""

    number: int
    content: bytes
    at_s: float


class FileStore:
    """A small flat store; names may hold slashes."""

    __slots__ = ("_clock", "_next_number", "files")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next_number = 1
        self.files: dict[str, StoredFile] = {}

    def write(self, name: str, content: bytes) -> StoredFile:
        name = name.lstrip("/")
        number = self.files[name].number if name in self.files else self._next_number
        if number == self._next_number:
            self._next_number += 1
        stored = self.files[name] = StoredFile(number, content, self._clock())
        return stored

    def used_bytes(self) -> int:
        return sum(len(stored.content) for stored in self.files.values())
