"""How the console draws what print gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rossim.tree import Menu

_FLAGS = (
    ("disabled", "X"),
    ("invalid", "I"),
    ("dynamic", "D"),
    ("active", "A"),
    ("static", "S"),
    ("running", "R"),
    ("slave", "S"),
)
_SIZES = frozenset({"free-memory", "total-memory", "free-hdd-space", "total-hdd-space"})
_SUFFIXES = {"cpu-load": "%", "bad-blocks": "%", "cpu-frequency": "MHz"}
_BARE_VALUE = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:/-_,@+*!")


def format_single(menu: Menu, row: Mapping[str, str]) -> str:
    """`name: value` lines, the names right-aligned."""
    shown = {name: _shown(menu, name, value) for name, value in row.items() if name != ".id"}
    width = max(map(len, shown), default=0) + 2
    return "".join(f"{name:>{width}}: {value}\r\n" for name, value in shown.items()) + "\r\n"


def format_rows(menu: Menu, rows: Sequence[Mapping[str, str]]) -> str:
    """Numbered rows with their flags, everything of a row on one line."""
    used = [(name, letter) for name, letter in _FLAGS if any(row.get(name) == "true" for row in rows)]
    text = ""
    if used:
        legend = ", ".join(f"{letter} - {name}" for name, letter in used)
        text = f"Flags: {legend}\r\n"
    for number, row in enumerate(rows):
        flags = "".join(letter for name, letter in used if row.get(name) == "true")
        words = [
            f"{name}={_quoted(_shown(menu, name, value))}"
            for name, value in row.items()
            if name not in {".id", "comment"} and name not in dict(_FLAGS)
        ]
        comment = row.get("comment")
        note = f";;; {comment}\r\n    " if comment else ""
        text += f"{number:>2} {flags:<2} {note}{' '.join(words)}\r\n"
    return text + "\r\n"


def _shown(menu: Menu, name: str, value: str) -> str:
    if menu.path == "/system/resource":
        if name in _SIZES:
            return _size(int(value))
        return value + _SUFFIXES.get(name, "")
    if value in ("true", "false"):
        return "yes" if value == "true" else "no"
    return value


def _size(size_bytes: int) -> str:
    """As the console writes memory: `876.2MiB`."""
    for unit, scale in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        # a GiB is written as 1024.0MiB
        if size_bytes > scale:
            return f"{size_bytes / scale:.1f}{unit}"
    return str(size_bytes)


def _quoted(value: str) -> str:
    return value if value and _BARE_VALUE.issuperset(value) else f'"{value}"'
