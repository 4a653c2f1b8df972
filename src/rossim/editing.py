"""Changes to the tree with the checks that a router makes: add, set, unset, remove, move."""

from __future__ import annotations

from collections.abc import Iterator

from rossim import traps
from rossim.tree import INTERFACES, Menu, Row, Table, Tree, Values

_NOT_PROPERTIES = frozenset({".id", "numbers", "place-before", "copy-from"})


def checked(tree: Tree, menu: Menu, values: Values) -> dict[str, str]:
    """The written properties as they are kept; raises Trap for one that the menu hasn't or refuses.

    `!name` clears a property, and gives `""` here.
    """
    kept: dict[str, str] = {}
    for name, value in values.items():
        if name in _NOT_PROPERTIES:
            continue
        member = menu.fields.get(name.removeprefix("!"))
        if member is None:
            raise traps.unknown_parameter(name)
        kept[member.name] = "" if value == "" or name.startswith("!") else member.check(name, value, tree)
    return kept


def add(tree: Tree, menu: Menu, values: Values) -> Row:
    """Add a row; it goes last, or before the row that `place-before` names."""
    if menu.single or menu.fixed or menu.readable_only:
        raise traps.no_such_command()
    kept = {
        name: value
        for name, value in checked(tree, menu, values).items()
        if value != "" or menu.fields[name].default not in (None, "")
    }
    for name in menu.required:
        if name not in kept:
            raise traps.missing(name)
    _check_row(tree, menu, kept, None)
    table = tree.table(menu.path)
    before = _place(table, values["place-before"]) if "place-before" in values else None
    row = tree.insert(menu.path, kept)
    if before is not None:
        table.move(row.number, before)
    tree.changed(menu.path)
    return row


def change(tree: Tree, menu: Menu, table: Table, row: Row, values: Values) -> None:
    """Set properties of a row; an empty value clears one that has no other meaning for it."""
    kept = checked(tree, menu, values)
    merged = {**row.values, **kept}
    for name, value in kept.items():
        if value == "" and name in table.menu.required:
            raise traps.invalid_value(name)
        if value == "" and table.menu.fields[name].default in (None, ""):
            merged.pop(name, None)
    if not table.menu.single:
        _check_row(tree, table.menu, merged, row)
    elif table.menu.check is not None:
        table.menu.check(tree, merged, row)
    old_name = row.values.get("name")
    row.values = merged
    if table.menu.id_space == INTERFACES and old_name is not None and merged.get("name") != old_name:
        _rename(tree, old_name, merged["name"])
    tree.changed(table.menu.path)


def remove(tree: Tree, table: Table, row: Row) -> None:
    if table.menu.single or table.menu.fixed or table.menu.readable_only:
        raise traps.no_such_command()
    if table.menu.builtin_values(row) is not None:
        raise traps.failure("can not remove default entry")
    del table.rows[row.number]
    tree.changed(table.menu.path)


def move(tree: Tree, table: Table, rows: list[Row], destination: str | None) -> None:
    if not table.menu.ordered:
        raise traps.no_such_command()
    before = _place(table, destination) if destination else None
    for row in rows:
        if row.number != before:
            table.move(row.number, before)
    tree.changed(table.menu.path)


def find(tree: Tree, menu: Menu, written: str) -> list[tuple[Table, Row]]:
    """The rows named by `*1F`, by a name, or by several of them with commas between."""
    found: list[tuple[Table, Row]] = []
    for word in written.split(","):
        pair = _find_one(tree, menu, word)
        if pair is None:
            raise traps.no_such_item()
        found.append(pair)
    return found


def _find_one(tree: Tree, menu: Menu, word: str) -> tuple[Table, Row] | None:
    if word.startswith("*") and menu.view is None:
        try:
            number = int(word[1:], 16)
        except ValueError:
            return None
        table = tree.table(menu.path)
        row = table.rows.get(number)
        return None if row is None else (table, row)
    key = menu.name_key
    for table, row in tree.rows(menu):
        if row.id == word or (key is not None and row.values.get(key) == word):
            return table, row
    return None


def _place(table: Table, written: str) -> int | None:
    for row in table.rows.values():
        if row.id == written:
            return row.number
    if written.isdigit():  # a position, as the console numbers them
        numbers = list(table.rows)
        return numbers[int(written)] if int(written) < len(numbers) else None
    raise traps.no_such_item()


def _check_row(tree: Tree, menu: Menu, values: Values, row: Row | None) -> None:
    if menu.id_space == INTERFACES and "name" in values:
        other = tree.find_interface(values["name"])
        if other is not None and other[1] is not row:
            raise traps.failure("already have interface with such name")
    for unique in menu.unique:
        wanted = tuple(values.get(name) for name in unique.names)
        for other_row in tree.table(menu.path).rows.values():
            if other_row is not row and tuple(map(other_row.values.get, unique.names)) == wanted:
                raise traps.failure(unique.message)
    if menu.check is not None:
        menu.check(tree, values, row)


# Where rows hold interface names: they follow when an interface is renamed.
_HOLDERS = ("interface", "bridge", "in-interface", "out-interface", "master-interface", "vlan-id-interface")


def _rename(tree: Tree, old: str, new: str) -> None:
    for row in _rows_of_all(tree):
        held = [name for name in _HOLDERS if row.values.get(name) == old]
        if held:
            row.values = {**row.values, **dict.fromkeys(held, new)}


def _rows_of_all(tree: Tree) -> Iterator[Row]:
    for path, menu in tree.menus.items():
        if menu.view is None and not menu.readable_only:
            yield from tree.table(path).rows.values()
