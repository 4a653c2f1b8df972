"""Line breaks and escapes of exports.

RouterOS wraps a line at the width of the terminal: a backslash, the line's end, and exactly four blanks that
don't belong to the text. It does so anywhere, inside words and inside quotes; a blank that belongs to the
text and would come first on the next line is written `\\_`.
"""

from __future__ import annotations

import re
from bisect import bisect_right

# A backslash and what it escapes, or a wrap.
_BACKSLASH = re.compile(r"\\(?:(?P<wrap>\r?\n {0,4})|.)?", re.DOTALL)
_ESCAPE = re.compile(r"((?:\\[0-9A-F]{2})+)|\\(.?)", re.DOTALL)

_SIMPLE_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "_": " ",
}


class Unwrapped:
    """A piece of text without its wraps, which knows where each character came from."""

    __slots__ = ("_logical", "_source", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        """Unwrap `text[start:end]`."""
        self._logical = [0]
        self._source = [start]
        raw = text[start:end]
        if "\\\n" not in raw and "\\\r\n" not in raw:
            self.text = raw
            return
        parts: list[str] = []
        taken = size = 0
        for match in _BACKSLASH.finditer(raw):
            if match["wrap"] is None:
                continue
            parts.append(raw[taken : match.start()])
            size += match.start() - taken
            taken = match.end()
            self._logical.append(size)
            self._source.append(start + taken)
        parts.append(raw[taken:])
        self.text = "".join(parts)

    def source_of(self, offset: int) -> int:
        """Where in the source the character at `offset` is."""
        piece = bisect_right(self._logical, offset) - 1
        return self._source[piece] + offset - self._logical[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the source `text[start:end]` begins and ends, wraps around it left out."""
        first = self.source_of(start)
        return (first, first) if start == end else (first, self.source_of(end - 1) + 1)


def unescape(text: str) -> str:
    """Replace escapes by what they stand for; hexadecimal pairs are bytes, of UTF-8 or any code page."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescape_one, text)


def _unescape_one(match: re.Match[str]) -> str:
    if match[1] is not None:
        return bytes.fromhex(match[1].replace("\\", "")).decode("utf-8", "surrogateescape")
    # \" \\ \$ \? stand for themselves, and so does what we don't know
    return _SIMPLE_ESCAPES.get(match[2], match[2])
