"""Differences between two masked configurations, line by line. Pure, and CPU work: call it in a thread.

Theory of operation. Equal heads and tails go first. A small middle is difflib's. A large one is split at anchors, lines that
occur once in both texts, kept in the longest order that both share; where there is none, the n-th of a line is paired with
the n-th of the same line. Between the anchors it begins again. So the time is n log n where difflib's grows with the square
and more, and the result is always right, though in large middles of much repeated lines not always the smallest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

_CONTEXT = 3
_MENU = re.compile(r"^(/\S+(?: [a-z0-9-]+)*?) (?:add|set|remove|reset|unset|move|enable|disable)\b")
# Lines times lines that difflib takes a few milliseconds for, whatever they are.
_SMALL = 40_000
_MAX_DEPTH = 12

Opcode = tuple[str, int, int, int, int]
_Pair = tuple[int, int]


@dataclass(frozen=True)
class Change:
    """How many lines came and went."""

    added: int
    removed: int


def compare(old: list[str], new: list[str]) -> list[Opcode]:
    """What turns one text into the other, in difflib's opcodes."""
    pairs: list[_Pair] = []
    _pair(old, new, (0, len(old), 0, len(new)), _MAX_DEPTH, pairs)
    pairs.append((len(old), len(new)))
    opcodes: list[Opcode] = []
    i = j = 0  # the end of what is in `opcodes`
    equal_i = equal_j = 0  # the start of the equal lines that end at i, j
    for at_i, at_j in pairs:
        if (at_i, at_j) != (i, j):
            if equal_i < i:
                opcodes.append(("equal", equal_i, i, equal_j, j))
            tag = "insert" if at_i == i else "delete" if at_j == j else "replace"
            opcodes.append((tag, i, at_i, j, at_j))
            equal_i, equal_j = at_i, at_j
        i, j = at_i + 1, at_j + 1
    if equal_i < len(old):
        opcodes.append(("equal", equal_i, len(old), equal_j, len(new)))
    return opcodes


def _pair(
    old: list[str], new: list[str], part: tuple[int, int, int, int], depth: int, found: list[_Pair]
) -> None:
    """Add the pairs of equal lines of one part of both texts, in order."""
    i1, i2, j1, j2 = part
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        found.append((i1, j1))
        i1, j1 = i1 + 1, j1 + 1
    tail = 0
    while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
        i2, j2, tail = i2 - 1, j2 - 1, tail + 1
    if (i2 - i1) * (j2 - j1) <= _SMALL:
        matcher = SequenceMatcher(None, old[i1:i2], new[j1:j2], autojunk=False)
        for a, b, size in matcher.get_matching_blocks():
            found += [(i1 + a + n, j1 + b + n) for n in range(size)]
    elif depth and (anchors := _anchors(old, new, (i1, i2, j1, j2))):
        for i, j in anchors:
            _pair(old, new, (i1, i, j1, j), depth - 1, found)
            found.append((i, j))
            i1, j1 = i + 1, j + 1
        _pair(old, new, (i1, i2, j1, j2), depth - 1, found)
    found += [(i2 + n, j2 + n) for n in range(tail)]


def _anchors(old: list[str], new: list[str], part: tuple[int, int, int, int]) -> list[_Pair]:
    i1, i2, j1, j2 = part
    places: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in range(i1, i2):
        places[old[i]][0].append(i)
    for j in range(j1, j2):
        places[new[j]][1].append(j)
    pairs = [(ours[0], theirs[0]) for ours, theirs in places.values() if len(ours) == len(theirs) == 1]
    if not pairs:
        pairs = [pair for ours, theirs in places.values() for pair in zip(ours, theirs, strict=False)]
    return _longest_ascending(sorted(pairs))


def _longest_ascending(pairs: list[_Pair]) -> list[_Pair]:
    """The longest run of pairs whose second ascends too (patience sorting)."""
    tops: list[int] = []  # the smallest end of a run of each length
    ends: list[int] = []  # which pair that is
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(tops, j)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [j]
        ends[length : length + 1] = [number]
    run: list[_Pair] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def count_changes(opcodes: list[Opcode]) -> Change:
    """Lines added and removed."""
    added = removed = 0
    for tag, i1, i2, j1, j2 in opcodes:
        if tag != "equal":
            removed += i2 - i1
            added += j2 - j1
    return Change(added, removed)


def hunks(
    old: list[str],
    new: list[str],
    opcodes: list[Opcode],
    *,
    old_numbers: Sequence[int] | None = None,
    new_numbers: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """Changes with three lines of context, in the shape of schemas.DiffHunk.

    Line numbers count from 1 here, or are those given: where each line stands in a text of which this is a part.
    """
    found: list[list[dict[str, Any]]] = []
    current: list[dict[str, Any]] = []
    for position, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            length = i2 - i1
            first, last = position == 0, position == len(opcodes) - 1
            before = 0 if first else min(_CONTEXT, length)
            after = 0 if last else min(_CONTEXT, length)
            if not first and not last and length <= 2 * _CONTEXT:
                before, after = length, 0
            current += [_line("context", old[i1 + n], i1 + n, j1 + n) for n in range(before)]
            if length > before + after and current:
                found.append(current)
                current = []
            current += [_line("context", old[n], n, j2 - (i2 - n)) for n in range(i2 - after, i2)]
        else:
            current += [_line("removed", old[n], n, None) for n in range(i1, i2)]
            current += [_line("added", new[n], None, n) for n in range(j1, j2)]
    found.append(current)
    for line in (line for lines in found for line in lines):
        if old_numbers is not None and line["old_line"] is not None:
            line["old_line"] = old_numbers[line["old_line"] - 1]
        if new_numbers is not None and line["new_line"] is not None:
            line["new_line"] = new_numbers[line["new_line"] - 1]
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
