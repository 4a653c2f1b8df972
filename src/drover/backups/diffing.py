"""Differences between two masked configurations, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

_CONTEXT = 3
_MENU = re.compile(r"^(/\S+(?: [a-z0-9-]+)*?) (?:add|set|remove|reset|unset|move|enable|disable)\b")
# Beyond this the matcher may skip lines that occur very often: the diff stays right, only less small.
_LARGE = 25_000_000

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Change:
    """How many lines came and went."""

    added: int
    removed: int


def _opcodes(old: list[str], new: list[str]) -> list[Opcode]:
    """difflib's opcodes; equal heads and tails are stripped first, so that a small change in a large text is cheap."""
    head = 0
    shortest = min(len(old), len(new))
    while head < shortest and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    matcher = SequenceMatcher(None, a, b, autojunk=len(a) * len(b) > _LARGE)
    middle = [
        (tag, i1 + head, i2 + head, j1 + head, j2 + head) for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    ]
    start: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    end: list[Opcode] = [("equal", len(old) - tail, len(old), len(new) - tail, len(new))] if tail else []
    return [*start, *middle, *end]


def count_changes(old: list[str], new: list[str]) -> Change:
    """Lines added and removed."""
    added = removed = 0
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag != "equal":
            removed += i2 - i1
            added += j2 - j1
    return Change(added, removed)


def hunks(old: list[str], new: list[str]) -> list[dict[str, Any]]:
    """Changes with three lines of context, in the shape of schemas.DiffHunk."""
    found: list[list[dict[str, Any]]] = []
    current: list[dict[str, Any]] = []
    opcodes = _opcodes(old, new)
    for position, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            length = i2 - i1
            first, last = position == 0, position == len(opcodes) - 1
            before = 0 if first else min(_CONTEXT, length)
            after = 0 if last else min(_CONTEXT, length)
            if not first and not last and length <= 2 * _CONTEXT:
                before, after = length, 0
            current += [_line("context", old[i1 + n], i1 + n, j1 + n) for n in range(before)]
            if (length > before + after or first) and current:
                found.append(current)
                current = []
            current += [_line("context", old[n], n, j2 - (i2 - n)) for n in range(i2 - after, i2)]
        else:
            current += [_line("removed", old[n], n, None) for n in range(i1, i2)]
            current += [_line("added", new[n], None, n) for n in range(j1, j2)]
    if any(line["kind"] != "context" for line in current):
        found.append(current)
    return [
        {"heading": _heading(lines), "lines": lines}
        for lines in found
        if any(line["kind"] != "context" for line in lines)
    ]


def _line(kind: str, text: str, old: int | None, new: int | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "text": text,
        "old_line": None if old is None else old + 1,
        "new_line": None if new is None else new + 1,
    }


def _heading(lines: list[dict[str, Any]]) -> str | None:
    for line in lines:
        if line["kind"] != "context":
            match = _MENU.match(line["text"])
            return match.group(1) if match else None
    return None
