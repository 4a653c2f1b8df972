"""A console line as words: bare ones, `name=value`, quoted text, and commands in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rossim.traps import Trap

_NAME = re.compile(r"([.A-Za-z][A-Za-z0-9._\-/]*?)(=|!=|~|<|>)")
_ESCAPE = re.compile(r'\\(?:([0-9A-F]{2})|(["\\$?_rntabfv]))')
_ESCAPED = {"r": "\r", "n": "\n", "t": "\t", "_": " ", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(slots=True)
class Bracket:
    """A command within brackets, whose value stands in its place."""

    words: list[ConsoleWord] = field(default_factory=list)


@dataclass(slots=True)
class ConsoleWord:
    """One word: where it begins (from 1), its name before `=` if it has one, and its text."""

    column: int
    text: str
    name: str | None = None
    operator: str = "="
    bracket: Bracket | None = None


def read_words(line: str) -> list[ConsoleWord]:
    """Take a line apart; raises Trap where it ends too early."""
    words, end = _read(line, 0, "")
    if end != len(line):
        raise _unexpected(end)
    return words


def _read(line: str, position: int, closing: str) -> tuple[list[ConsoleWord], int]:
    words: list[ConsoleWord] = []
    while position < len(line):
        character = line[position]
        if character in " \t;":
            position += 1
            continue
        if character == closing:
            return words, position
        column = position + 1
        named = _NAME.match(line, position)
        name, operator = None, "="
        if named is not None:
            name, operator = named.groups()
            position = named.end()
        text, bracket, position = _read_value(line, position, closing)
        words.append(ConsoleWord(column, text, name, operator, bracket))
    if closing:
        raise _unexpected(position)
    return words, position


def _read_value(line: str, position: int, closing: str) -> tuple[str, Bracket | None, int]:
    if position < len(line) and line[position] == '"':
        end = position + 1
        while end < len(line) and line[end] != '"':
            end += 2 if line[end] == "\\" else 1
        if end >= len(line):
            raise _unexpected(len(line))
        return unescape(line[position + 1 : end]), None, end + 1
    if position < len(line) and line[position] == "[":
        inner, end = _read(line, position + 1, "]")
        return "", Bracket(inner), end + 1
    end = position
    while end < len(line) and line[end] not in " \t;" and line[end] != (closing or " "):
        end += 1
    return line[position:end], None, end


def unescape(text: str) -> str:
    """Undo the escapes of a quoted text; bytes written as `\\C7` are UTF-8 if they can be."""
    raw = bytearray()
    position = 0
    for match in _ESCAPE.finditer(text):
        raw += text[position : match.start()].encode("utf-8", "surrogateescape")
        byte, letter = match.groups()
        raw += bytes([int(byte, 16)]) if byte else _ESCAPED.get(letter, letter).encode()
        position = match.end()
    raw += text[position:].encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape")


def _unexpected(position: int) -> Trap:
    return Trap(f"expected end of command (line 1 column {position + 1})")
