"""From the text of an export to its tree.

Every text has a tree: a line that isn't understood becomes Unparsed with its place, and reading goes on with
the next line. A statement is one line after unwrapping; only open quotes, braces and square brackets make it
longer. When those are never closed the statement is its first line, and what looking for their end has cost
is charged to a budget, so that reading takes time in proportion to the text whatever the text is.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from routeros.export.command import Fault, read_command
from routeros.export.lexical import Unwrapped
from routeros.export.tree import (
    Blank,
    Comment,
    ExportSyntaxError,
    ExportTree,
    Menu,
    Script,
    Statement,
    Unparsed,
)

# To the end of a line that isn't wrapped on; a pair of backslashes isn't a wrap.
_LINE = re.compile(r"(?:[^\\\n]++|\\(?:\r?\n|.)?)*+\n?")
_MARK = re.compile(r'\\(?:\r?\n|.)?|["{}\[\]\n]')
_SCRIPT_COMMENT = re.compile(r"[ \t]*#[^\n]*")
_BLANKS = re.compile(r"\ufeff?[ \t\r]*")  # editors put a byte order mark first

_OPENS_CODE = frozenset(":{}()$;")


def parse_export(text: str, *, strict: bool = False) -> ExportTree:
    """Parse an export; `strict` raises ExportSyntaxError for the first line that isn't understood."""
    statements = _Parser(text).parse()
    tree = ExportTree(text, tuple(statements))
    if strict:
        for error in tree.errors():
            raise error
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._menu = "/"
        self._budget = 4 * len(text) + 4096
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def parse(self) -> list[Statement]:
        statements: list[Statement] = []
        position = 0
        while position < len(self._text):
            statement = self._statement(position)
            statements.append(statement)
            position = statement.end
        return statements

    def _statement(self, start: int) -> Statement:
        text = self._text
        first = _match_end(_BLANKS, text, start)
        if first == len(text) or text[first] == "\n":
            return Blank(start, min(first + 1, len(text)))
        if text[first] == "#":
            end = text.find("\n", first) + 1 or len(text)
            return Comment(start, end, text[first + 1 : end].rstrip("\r\n"))
        line_end = _match_end(_LINE, text, start)
        end = self._whole_end(start, line_end)
        if text[first] in _OPENS_CODE:
            return Script(start, end)
        statement = self._command(start, end)
        if isinstance(statement, Unparsed) and end != line_end:
            return self._command(start, line_end)
        return statement

    def _command(self, start: int, end: int) -> Statement:
        text = self._text
        content_end = end - 1 if text[end - 1] == "\n" else end
        if content_end > start and text[content_end - 1] == "\r":
            content_end -= 1
        line = Unwrapped(text, start, content_end)
        try:
            statement = read_command(line, start, end, self._menu)
        except Fault as fault:
            return Unparsed(start, end, self._error(fault.reason, line.source_of(fault.offset)))
        if isinstance(statement, Menu):
            self._menu = statement.path
        return statement

    def _whole_end(self, start: int, line_end: int) -> int:
        """Where the statement ends that begins at `start`, once its quotes and brackets are closed."""
        text = self._text
        depth = 0
        in_string = False
        position = start
        limit = min(len(text), line_end + self._budget)
        while (match := _MARK.search(text, position, limit)) is not None:
            mark = match[0]
            position = match.end()
            if mark[0] == "\\":
                continue
            if mark == '"':
                in_string = not in_string
            elif in_string:
                continue
            elif mark in "{[":
                depth += 1
            elif mark in "}]":
                depth -= 1
            elif depth <= 0:
                return self._charge(position, line_end)
            elif comment := _SCRIPT_COMMENT.match(text, position):
                position = comment.end()
        if not in_string and depth <= 0:
            return self._charge(limit, line_end)
        self._charge(limit, line_end)
        return line_end

    def _charge(self, end: int, line_end: int) -> int:
        self._budget = max(0, self._budget - (end - line_end))
        return max(end, line_end)

    def _error(self, reason: str, offset: int) -> ExportSyntaxError:
        line = bisect_right(self._line_starts, offset)
        return ExportSyntaxError(reason, line, offset - self._line_starts[line - 1] + 1)


def _match_end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return position if match is None else match.end()
