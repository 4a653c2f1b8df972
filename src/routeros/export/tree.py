"""What an export consists of.

A tree is a list of statements whose source texts, one after the other, are the export, byte for byte. Some
statements are understood further: a Menu sets the path for what follows, a Command has a path, a verb, what
it applies to, and properties, each with the place of its value in the text. What isn't understood is kept
whole as Script (code, which nobody needs to take apart) or Unparsed (with the reason and place).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


class ExportSyntaxError(ValueError):
    """A place in an export that isn't a statement; line and column count from 1."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Property:
    """`key=value`, or `!key` when `unset`.

    `key` is whole: the `.ssid` after `configuration.mode` is `configuration.ssid`, as 7.13+ abbreviates.
    `start` and `end` hold the value as written, with its quotes and any line breaks inside.
    """

    key: str
    value: str
    start: int
    end: int
    unset: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a find: `default-name=ether1`, `name~"^wlan"`; a flag has no operator."""

    key: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Find:
    """`[ find ... ]`; conditions are empty when it is an expression that isn't a list of conditions."""

    conditions: tuple[Condition, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Node:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Blank(_Node):
    """Nothing but blanks."""


@dataclass(frozen=True, slots=True)
class Comment(_Node):
    """A `#` line; `text` is what follows the `#`."""

    text: str


@dataclass(frozen=True, slots=True)
class Menu(_Node):
    """A line that only sets the menu; `path` always has slashes."""

    path: str


@dataclass(frozen=True, slots=True)
class Command(_Node):
    """`add`, `set` and the like.

    `path` has slashes and is the command's own or that of the last Menu; `targets` are numbers or names
    (`set 0`, `set telnet`), `flags` are names without a value (`passive`).
    """

    path: str
    verb: str
    targets: tuple[str, ...]
    find: Find | None
    properties: tuple[Property, ...]
    flags: tuple[str, ...]
    has_own_path: bool

    def get(self, key: str) -> str | None:
        """The value of a property, or None when it isn't there or is unset."""
        for prop in self.properties:
            if prop.key == key and not prop.unset:
                return prop.value
        return None


@dataclass(frozen=True, slots=True)
class Script(_Node):
    """Code, whole: from its first line to where its quotes and brackets are closed."""


@dataclass(frozen=True, slots=True)
class Unparsed(_Node):
    """A line that isn't of an export."""

    error: ExportSyntaxError


Statement = Blank | Comment | Menu | Command | Script | Unparsed


@dataclass(frozen=True, slots=True)
class ExportTree:
    """An export: its text and its statements, in order and without gaps."""

    text: str = field(repr=False)  # it holds secrets
    statements: tuple[Statement, ...] = field(repr=False)

    def commands(self) -> Iterator[Command]:
        return (one for one in self.statements if isinstance(one, Command))

    def errors(self) -> list[ExportSyntaxError]:
        """What wasn't understood, in order."""
        return [one.error for one in self.statements if isinstance(one, Unparsed)]

    def source(self, statement: Statement) -> str:
        """The text of a statement, with its line end."""
        return self.text[statement.start : statement.end]


def print_tree(tree: ExportTree) -> str:
    """The export as it was read."""
    return "".join(tree.text[one.start : one.end] for one in tree.statements)
