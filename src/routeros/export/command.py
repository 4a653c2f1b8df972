"""One unwrapped line of an export as a menu or a command."""

from __future__ import annotations

import re

from routeros.export.lexical import Unwrapped, unescape
from routeros.export.tree import Command, Condition, Find, Menu, Property

_BLANKS = re.compile(r"[ \t\r\n]*")
KEY = re.compile(r"(?P<unset>!?)(?P<key>[A-Za-z0-9.][A-Za-z0-9._-]*)=")
_UNSET = re.compile(r"!(?P<key>[A-Za-z][A-Za-z0-9._-]*)(?=[ \t]|\Z)")
_QUOTED = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
# a word may hold quotes in its middle: name=a" b"c
QUOTED_OR_WORD = re.compile(r'(?:[^ \t\r\n"\\]++|\\.|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_MENU_WORD = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_MENU_PATH = re.compile(r"/(?:[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*)?\Z")
_CONDITION = re.compile(
    r'\s*(?P<key>!?[A-Za-z.][A-Za-z0-9._-]*)(?:(?P<operator>!=|>=|<=|[=~<>])(?P<value>"(?:[^"\\]|\\.)*"|[^\s"\]]*))?'
    r"(?=\s|\Z)",
    re.DOTALL,
)
_BRACKET_MARK = re.compile(r'\\.|"(?:[^"\\]++|\\.)*+"|[\[\](){}]', re.DOTALL)

VERBS = frozenset(
    {
        "add",
        "comment",
        "disable",
        "edit",
        "enable",
        "export",
        "find",
        "get",
        "import",
        "move",
        "print",
        "remove",
        "reset",
        "set",
        "unset",
    }
)


class Fault(Exception):
    """Where, in the unwrapped line, it stops being a command."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class _Words:
    """The words of a line, sorted by what they are."""

    def __init__(self) -> None:
        self.bare: list[tuple[str, str]] = []  # before the first property; as written, and as meant
        self.flags: list[str] = []  # after it
        self.find: Find | None = None
        self.brackets = 0
        self.properties: list[Property] = []


def read_command(line: Unwrapped, start: int, end: int, menu: str) -> Menu | Command:
    """Read a line; raises Fault. `menu` is the path for a command that has none of its own."""
    words = _read_words(line)
    if not words.bare:
        raise Fault("not a command", 0)
    has_own_path = words.bare[0][0].startswith("/")
    if has_own_path:
        path, verb, targets = _split_path(words)
        if verb is None:
            return Menu(start, end, path)
    else:
        verb = words.bare[0][0]
        if verb not in VERBS:
            raise Fault("not a command", len(line.text) - len(line.text.lstrip()))
        path, targets = menu, words.bare[1:]
    names = [meant for _, meant in targets]
    if verb == "add":  # it applies to nothing that exists
        names, words.flags = [], names + words.flags
    return Command(
        start,
        end,
        path,
        verb,
        tuple(names),
        words.find,
        tuple(words.properties),
        tuple(words.flags),
        has_own_path,
    )


def _split_path(words: _Words) -> tuple[str, str | None, list[tuple[str, str]]]:
    first = words.bare[0][0]
    if _MENU_PATH.match(first) is None:
        raise Fault("not a menu path", 0)
    parts = [part for part in first.split("/") if part]
    rest = words.bare[1:]
    while rest and parts[-1:] and parts[-1] not in VERBS and _MENU_WORD.match(rest[0][0]):
        parts.append(rest.pop(0)[0])
    has_more = bool(words.properties or words.brackets or rest)
    if parts and (parts[-1] in VERBS or has_more):  # an unknown last word before properties is a verb too
        verb = parts.pop()
        return "/" + "/".join(parts), verb, rest
    if has_more:
        raise Fault("not a menu path", 0)
    return "/" + "/".join(parts), None, []


def _read_words(line: Unwrapped) -> _Words:
    text = line.text
    words = _Words()
    prefix = ""
    position = _blanks_end(text, 0)
    while position < len(text):
        if match := KEY.match(text, position):
            key = match["key"]
            if key.startswith("."):
                if not prefix:
                    raise Fault("an abbreviated name without one before it", position)
                key = prefix + key
            elif "." in key:
                prefix = key.rpartition(".")[0]
            value, stop = _read_value(text, match.end())
            first, last = line.span(match.end(), stop)
            words.properties.append(Property(key, value, first, last, bool(match["unset"])))
        elif match := _UNSET.match(text, position):
            stop = match.end()
            first, last = line.span(position, stop)
            words.properties.append(Property(match["key"], "", last, last, unset=True))
        elif text[position] == "[":
            closed = _bracket_end(text, position)
            if closed is None:
                raise Fault("an unclosed bracket", position)
            stop = closed
            words.brackets += 1
            words.find = _read_find(text[position + 1 : stop - 1], line.span(position, stop)) or words.find
        else:
            meant, stop = _read_value(text, position)
            if words.properties:
                words.flags.append(meant)
            else:
                words.bare.append((text[position:stop], meant))
        if stop < len(text) and text[stop] not in " \t\r\n":
            raise Fault("unexpected text after a value", stop)
        position = _blanks_end(text, stop)
    return words


def _read_value(text: str, start: int) -> tuple[str, int]:
    """The value at `start` as it is meant, and where it ends."""
    if text.startswith(("[", "{", "("), start):
        end = _bracket_end(text, start)
        if end is not None:
            return text[start:end], end
    match = QUOTED_OR_WORD.match(text, start)
    end = start if match is None else match.end()
    if end < len(text) and text[end] == '"':
        raise Fault("an unclosed quote", end)
    raw = text[start:end]
    quoted = _QUOTED.fullmatch(raw)
    if quoted is not None:
        return unescape(quoted[1]), end
    if '"' in raw:
        return _QUOTED.sub(lambda inner: unescape(inner[1]), raw), end
    return unescape(raw), end


def _read_find(inner: str, span: tuple[int, int]) -> Find | None:
    word, _, rest = inner.strip().partition(" ")
    if word != "find":
        return None
    conditions: list[Condition] = []
    position = 0
    while rest[position:].strip():
        match = _CONDITION.match(rest, position)
        if match is None:
            return Find((), *span)
        if match["key"] != "where":
            value = match["value"] or ""
            quoted = _QUOTED.fullmatch(value)
            conditions.append(
                Condition(
                    match["key"],
                    match["operator"] or "",
                    unescape(value if quoted is None else quoted[1]),
                )
            )
        position = match.end()
    return Find(tuple(conditions), *span)


def _bracket_end(text: str, start: int) -> int | None:
    """Where the bracket at `start` is closed; brackets of all kinds count alike."""
    depth = 0
    for match in _BRACKET_MARK.finditer(text, start):
        if match[0] in "[({":
            depth += 1
        elif match[0] in "])}":
            depth -= 1
            if depth == 0:
                return match.end()
    return None


def _blanks_end(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return position if match is None else match.end()
