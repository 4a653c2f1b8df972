"""The configuration tree: menus with their rows.

A `Menu` says what a menu is and is shared by all routers of one platform; a `Table` holds one router's
rows of it. Values are never changed in place: a row gets a new mapping, so that routers can share the
values they have in common. Numbers of rows (`.id`s) are never used twice; all interface menus number
their rows together, as routers do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rossim.fields import Field
from rossim.platforms import Platform

if TYPE_CHECKING:
    from rossim.router import Router
    from rossim.sessions import Session
    from routeros.sentences import Command

Values = Mapping[str, str]

INTERFACES = "interface"


class Row:
    """One entry: its number, which makes the `.id`, and what was set on it."""

    __slots__ = ("number", "values")

    def __init__(self, number: int, values: Values) -> None:
        self.number = number
        self.values = values

    @property
    def id(self) -> str:
        return f"*{self.number:X}"


@dataclass(slots=True)
class Answer:
    """What a command gives at once: rows, and perhaps `=ret=` in its `!done`."""

    rows: Sequence[Values] = ()
    ret: str | None = None
    # `!empty` belongs to prints only
    is_print: bool = False


# A command that goes on: rows as they come, until it ends or is cancelled.
Stream = AsyncIterator[Values]
Action = Callable[["Router", "Session", "Command"], "Answer | Stream"]


@dataclass(frozen=True, slots=True)
class Unique:
    """Properties that no two rows may have alike, and what the router says then."""

    names: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Menu:
    """One menu.

    `computed` gives what a router shows on a row beside what was set on it, `dynamic` the rows that it
    makes itself, each with its `.id`. `view` makes the menu show rows of others. `find_by` names the
    property by which an export finds a row that can't be added, as in `set [ find default-name=ether1 ]`;
    a menu keyed by a bare word, as in `set telnet disabled=yes`, has `bare_key`.
    """

    path: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    single: bool = False
    ordered: bool = False
    key: str | None = None
    id_space: str = ""
    fixed: bool = False
    readable_only: bool = False
    builtin: tuple[Values, ...] = ()
    unique: tuple[Unique, ...] = ()
    computed: Callable[[Router, Row], Values] | None = None
    dynamic: Callable[[Router], Iterable[Values]] | None = None
    view: Callable[[Tree], Iterator[tuple[Table, Row]]] | None = None
    check: Callable[[Tree, Values, Row | None], None] | None = None
    actions: Mapping[str, Action] = field(default_factory=dict)
    find_by: str | None = None
    bare_key: bool = False
    exported: bool = True
    state_comment: Callable[[Router, Row], str | None] | None = None

    @cached_property
    def defaults(self) -> Values:
        """What print shows of properties that nobody set."""
        return {name: member.default for name, member in self.fields.items() if member.default is not None}

    @cached_property
    def hidden(self) -> frozenset[str]:
        return frozenset(name for name, member in self.fields.items() if member.hidden)

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, member in self.fields.items() if member.required)

    def builtin_values(self, row: Row) -> Values | None:
        """What a row had that was there from the start, None for one that was added."""
        if self.single or self.id_space or not 1 <= row.number <= len(self.builtin):
            return None
        return self.builtin[row.number - 1]

    @cached_property
    def name_key(self) -> str | None:
        """The property by which rows can be named in place of their `.id`."""
        return self.key or ("name" if "name" in self.fields else None)


class Table:
    """One router's rows of one menu, in their order."""

    __slots__ = ("menu", "rows")

    def __init__(self, menu: Menu) -> None:
        self.menu = menu
        self.rows: dict[int, Row] = {}

    @property
    def only(self) -> Row:
        """The row of a menu that has just one."""
        return self.rows[0]

    def move(self, number: int, before: int | None) -> None:
        """Put a row before another, or last."""
        moved = self.rows.pop(number)
        if before is None:
            self.rows[number] = moved
            return
        order: dict[int, Row] = {}
        for row in self.rows.values():
            if row.number == before:
                order[number] = moved
            order[row.number] = row
        self.rows = order


class Tree:
    """All menus of one router; a table is made when it is first looked at."""

    __slots__ = (
        "_interface_paths",
        "_next_numbers",
        "_tables",
        "menus",
        "on_change",
        "platform",
        "revision",
    )

    def __init__(self, platform: Platform, menus: Mapping[str, Menu]) -> None:
        self.platform = platform
        self.menus = menus
        self.revision = 0
        self.on_change: list[Callable[[str], None]] = []
        self._tables: dict[str, Table] = {}
        self._interface_paths = tuple(
            path for path, menu in menus.items() if menu.id_space == INTERFACES and menu.view is None
        )
        self._next_numbers: dict[str, int] = {}

    def table(self, path: str) -> Table:
        """The table of a menu that this platform has; KeyError for any other."""
        table = self._tables.get(path)
        if table is None:
            menu = self.menus[path]
            table = self._tables[path] = Table(menu)
            if menu.single:
                table.rows[0] = Row(0, menu.builtin[0] if menu.builtin else {})
            else:
                for values in menu.builtin:
                    self.insert(path, values)
        return table

    def has(self, path: str) -> bool:
        return path in self.menus

    def insert(self, path: str, values: Values) -> Row:
        """Put a row last without checking it; the values belong to the tree from now on."""
        table = self.table(path)
        space = table.menu.id_space or path
        number = self._next_numbers.get(space, 1)
        self._next_numbers[space] = number + 1
        row = Row(number, values)
        table.rows[number] = row
        return row

    def update(self, path: str, values: Values) -> None:
        """Set properties of a menu with a single row, without checking."""
        row = self.table(path).only
        row.values = {**row.values, **values}

    def single(self, path: str) -> Values:
        """What a menu with a single row says, defaults included."""
        table = self.table(path)
        return {**table.menu.defaults, **table.only.values}

    def rows(self, menu: Menu) -> Iterator[tuple[Table, Row]]:
        """The rows that a menu shows, each with the table that owns it."""
        if menu.view is not None:
            yield from menu.view(self)
            return
        table = self.table(menu.path)
        for row in table.rows.values():
            yield table, row

    def changed(self, path: str) -> None:
        self.revision += 1
        for listener in self.on_change:
            listener(path)

    def interface_tables(self) -> Iterator[Table]:
        return map(self.table, self._interface_paths)

    def interfaces(self) -> Iterator[tuple[Table, Row]]:
        """All interfaces in the order of their numbers."""
        found = [(table, row) for table in self.interface_tables() for row in table.rows.values()]
        found.sort(key=lambda pair: pair[1].number)
        return iter(found)

    def find_interface(self, name: str) -> tuple[Table, Row] | None:
        for table in self.interface_tables():
            for row in table.rows.values():
                if row.values.get("name") == name:
                    return table, row
        return None

    def interface_name(self, name_or_id: str) -> str | None:
        """The name of the interface that is called so, by name or by `.id`."""
        if name_or_id.startswith("*"):
            return next((row.values["name"] for _, row in self.interfaces() if row.id == name_or_id), None)
        return name_or_id if self.find_interface(name_or_id) is not None else None
