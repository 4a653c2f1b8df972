"""Exported commands as text: quoting, escapes, and lines of 80 columns.

The forms were read from exports of real routers. A value is quoted when it has something in it that ends
a word; a line is cut by `\\` and goes on after four blanks, between words, after `=`, or inside quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_WIDTH = 80
_INDENT = "    "

_PLAIN = re.compile(r"[A-Za-z0-9._:/,@*+\-!#&%^~<>|]+\Z")
# a list with `!` inside is quoted, as `policy="read,!write"`; one that begins with it is not
_LATER_BANG = re.compile(r".+!")

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "$": "\\$",
    "\r": "\\r",
    "\n": "\\n",
    "\t": "\\t",
    "?": "\\?",
}
_PIECE = re.compile(r"\\(?:[0-9A-F]{2}|.)|[^\\]", re.DOTALL)


class Word(NamedTuple):
    """A word of a command: `name=value`, or a bare one."""

    text: str
    value: str | None = None


def quoted(value: str) -> str:
    """The value as an export writes it."""
    if value and _PLAIN.match(value) and not _LATER_BANG.match(value):
        return value
    return f'"{escape(value)}"'


def escape(value: str) -> str:
    """Escapes as inside quotes; what is not ASCII goes byte by byte as `\\C7`."""
    text = ""
    for character in value:
        if character in _ESCAPES:
            text += _ESCAPES[character]
        elif " " <= character <= "~":
            text += character
        else:
            text += "".join(f"\\{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
    return text


def join_terse(words: Sequence[Word]) -> str:
    """One line, however long."""
    return " ".join(
        word.text if word.value is None else f"{word.text}={quoted(word.value)}" for word in words
    )


def join_wrapped(words: Sequence[Word]) -> Iterator[str]:
    """Lines of at most 80 columns, their `\\` included."""
    line = ""
    for index, word in enumerate(words):
        blank = " " if index else ""
        last = index == len(words) - 1
        value = None if word.value is None else quoted(word.value)
        whole = word.text if value is None else f"{word.text}={value}"
        if _fits(line, blank + whole, last=last) and "\\n" not in (value or ""):
            line += blank + whole
            continue
        if value is None or not _fits(line, f"{blank}{word.text}=", last=False):
            yield line + blank + "\\"
            line, blank = _INDENT, ""
            if _fits(line, whole, last=last) and "\\n" not in (value or ""):
                line += whole
                continue
        if value is None:
            line += whole
            continue
        line += f"{blank}{word.text}="
        if not value.startswith('"'):
            yield line + "\\"
            line = _INDENT + value
            continue
        *finished, line = _wrap_quoted(line, value, last=last)
        yield from finished
    yield line


def _fits(line: str, more: str, *, last: bool) -> bool:
    # room for what marks the cut, unless the command ends here
    return len(line) + len(more) <= (_WIDTH if last else _WIDTH - 2)


def _wrap_quoted(line: str, value: str, *, last: bool) -> Iterator[str]:
    """Fill lines with a quoted value; every line feed in it begins a new one, as in scripts."""
    pieces = _PIECE.findall(value)
    for index, piece in enumerate(pieces):
        fresh = line == _INDENT
        is_end = index == len(pieces) - 1
        room = _WIDTH - 1 if not is_end else _WIDTH if last else _WIDTH - 2
        if (piece == "\\n" and not fresh) or len(line) + len(piece) > room:
            yield line + "\\"
            line, fresh = _INDENT, True
        # blanks at the beginning of a line aren't part of the value unless marked
        line += "\\_" if piece == " " and fresh else piece
    yield line
