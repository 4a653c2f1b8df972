"""Taking typed fields out of rows: absent stays None, malformed is noted and stays None, nothing becomes a default."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from routeros.values import parse_bool, parse_duration, parse_int

_T = TypeVar("_T")

MAX_PROBLEMS = 20
MAX_ROWS = 2000  # of interfaces or clients; more than any router has, and what one message can carry
MAX_TEXT = 1000
_MAX_INTEGER = 2**63 - 1
_MAX_DURATION_S = 10**10

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
_SURROGATES = re.compile("[\udc80-\udcff]")


class Fields:
    """Reads the rows of one menu; what is malformed goes to `problems`, at most MAX_PROBLEMS of it."""

    __slots__ = ("_menu", "problems")

    def __init__(self, menu: str, problems: list[str]) -> None:
        self._menu = menu
        self.problems = problems

    def take(self, row: Mapping[str, str], key: str, parse: Callable[[str, str], _T]) -> _T | None:
        """A field through a converter that raises ValueError; "" counts as absent, as RouterOS has no null."""
        value = row.get(key)
        if value is None or value == "":
            return None
        try:
            return parse(value, key)
        except ValueError as error:
            self.note(str(error))
            return None

    def note(self, problem: str) -> None:
        """Keep a problem of this menu for whoever looks after the device."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(clean_text(f"{self._menu}: {problem}"))

    def integer(self, row: Mapping[str, str], key: str) -> int | None:
        """A whole number; the common case takes no detour, since counters are most of what is read."""
        value = row.get(key)
        if value is not None and len(value) < 19 and value.isdecimal() and value.isascii():
            return int(value)
        return self.within(row, key, -_MAX_INTEGER, _MAX_INTEGER)

    def within(
        self,
        row: Mapping[str, str],
        key: str,
        least: int,
        most: int,
        parse: Callable[[str, str], int] = parse_int,
    ) -> int | None:
        """A whole number that can be true; one that can't is noted."""
        value = self.take(row, key, parse)
        if value is not None and not least <= value <= most:
            self.note(f"{key}: {row[key][:40]} can't be true")
            return None
        return value

    def number(self, row: Mapping[str, str], key: str) -> float | None:
        return self.take(row, key, parse_number)

    def boolean(self, row: Mapping[str, str], key: str) -> bool | None:
        value = row.get(key)
        if value == "true":
            return True
        if value == "false":
            return False
        return self.take(row, key, parse_bool)

    def seconds(self, row: Mapping[str, str], key: str) -> int | None:
        """A duration in whole seconds; `never` is None."""
        duration_s = self.take(row, key, parse_duration)
        if duration_s is not None and not 0 <= duration_s <= _MAX_DURATION_S:
            self.note(f"{key}: {row[key][:40]} can't be true")
            return None
        return None if duration_s is None else int(duration_s)

    def rows(self, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        """The rows, as many as are believable."""
        if len(rows) > MAX_ROWS:
            self.note(f"{len(rows)} rows, of which {MAX_ROWS} are read")
        return rows[:MAX_ROWS]

    @staticmethod
    def text(row: Mapping[str, str], key: str) -> str | None:
        """Text, whole and storable."""
        value = row.get(key)
        return clean_text(value[:MAX_TEXT]) if value else None


def parse_number(value: str, field: str = "") -> float:
    """A decimal number without a unit, as sensors give it."""
    if _NUMBER.match(value) is None:
        raise ValueError(f"{field}: not a number: {value[:60]!r}")
    return float(value)


def clean_text(value: str) -> str:
    """Text that can be stored: bytes that were not UTF-8 are read as Windows wrote them, NUL becomes U+FFFD.

    WinBox 3 writes comments in the PC's own code page, which the router does not know: cp1252 shows the wrong letters for
    a Russian PC, but keeps every byte telling.
    """
    if value.isascii() and value.isprintable():
        return value
    if _SURROGATES.search(value) is not None:
        raw = value.encode("utf-8", "surrogateescape")
        try:
            value = raw.decode("cp1252")
        except UnicodeDecodeError:
            value = raw.decode("latin-1")
    return value.replace("\0", "\ufffd")


def first_row(rows: list[dict[str, str]]) -> dict[str, str]:
    """The row of a menu that has one; an empty reply is a row without fields."""
    return rows[0] if rows else {}
