"""One command of a session, whichever way it came: API sentence or console line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rossim import editing, listening, traps
from rossim.export import export
from rossim.printing import all_shown
from rossim.queries import compile_query
from rossim.tree import Answer, Menu, Row, Stream, Table
from routeros.sentences import Command

if TYPE_CHECKING:
    from rossim.router import Router
    from rossim.sessions import Session

# What a print takes beside queries; most of it changes only how the console draws the rows.
_PRINT_WORDS = frozenset(
    [
        ".proplist",
        "proplist",
        "detail",
        "stats",
        "stats-detail",
        "count-only",
        "terse",
        "brief",
        "value-list",
        "without-paging",
        "as-value",
        "interval",
        "follow",
        "follow-only",
        "where",
        "from",
        "numbers",
        ".id",
        "oid",
        "all",
        "bytes",
        "rates",
        "packets",
        "append",
        "once",
        "file",
        "show-sensitive",
        "without-interpolation",
    ]
)

_READ, _WRITE = "read", "write"


def execute(router: Router, session: Session, command: Command) -> Answer | Stream:
    """Carry out a command; raises Trap when the router refuses it."""
    path, _, verb = command.path.rpartition("/")
    menu = router.tree.menus.get(path)
    if menu is None:
        raise traps.no_such_command() if path == "" else traps.no_such_menu()
    action = menu.actions.get(verb)
    if action is not None:
        return action(router, session, command)
    if verb == "export":  # over the API only into a file: the text itself isn't sent
        export(router, session, path, command.attributes)
        return Answer()
    if path == "":
        raise traps.no_such_command()
    if verb in ("print", "getall"):
        session.require(_READ)
        return _print(router, session, menu, command)
    if verb == "get":
        session.require(_READ)
        return _get(router, session, menu, command)
    if verb == "find":
        session.require(_READ)
        return _find(router, session, menu, command)
    if verb == "listen":
        session.require(_READ)
        return listening.listen(router, session, menu, command)
    edit = _EDITS.get(verb)
    if edit is None or menu.readable_only:
        raise traps.no_such_command()
    session.require("policy" if path in ("/user", "/user/group") else _WRITE)
    return edit(router, session, menu, command)


def _print(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    attributes = command.attributes
    for name in attributes:
        if name not in _PRINT_WORDS:
            raise traps.unknown_parameter(name)
    rows: Iterator[dict[str, str]] = all_shown(router, session, menu)
    wanted = attributes.get(".id") or attributes.get("from") or attributes.get("numbers")
    if wanted:
        names = frozenset(wanted.split(","))
        key = menu.name_key or ".id"
        rows = (row for row in rows if row.get(".id") in names or row.get(key) in names)
    if command.queries:
        rows = filter(compile_query(command.queries), rows)
    if "count-only" in attributes:
        return Answer(ret=str(sum(1 for _ in rows)))
    proplist = attributes.get(".proplist") or attributes.get("proplist")
    if proplist:
        names_in_order = proplist.split(",")
        return Answer(
            [{name: row[name] for name in names_in_order if name in row} for row in rows], is_print=True
        )
    return Answer(list(rows), is_print=True)


def _get(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    rows = list(all_shown(router, session, menu))
    if not menu.single:
        wanted = _numbers(command.attributes)
        key = menu.name_key or ".id"
        rows = [row for row in rows if wanted in (row.get(".id"), row.get(key))]
        if not rows:
            raise traps.no_such_item()
    name = command.attributes.get("value-name")
    if name is None:
        return Answer(ret=";".join(f"{key}={value}" for key, value in rows[0].items()))
    if name not in rows[0] and name not in menu.fields:
        raise traps.no_match("value-name")
    return Answer(ret=rows[0].get(name, ""))


def _find(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    matches = compile_query(command.queries)
    return Answer(ret=",".join(row[".id"] for row in all_shown(router, session, menu) if matches(row)))


def _numbers(attributes: Mapping[str, str]) -> str:
    wanted = attributes.get(".id") or attributes.get("numbers")
    if not wanted:
        raise traps.missing(".id")
    return wanted


def _targets(router: Router, menu: Menu, command: Command) -> list[tuple[Table, Row]]:
    if menu.single:
        table = router.tree.table(menu.path)
        return [(table, table.only)]
    written = _numbers(command.attributes)
    _refuse_dynamic(router, menu, written)
    return editing.find(router.tree, menu, written)


def _refuse_dynamic(router: Router, menu: Menu, written: str) -> None:
    """A row that the router made itself can't be changed, and the router says why."""
    if menu.dynamic is None:
        return
    wanted = frozenset(written.split(","))
    if any(values.get(".id") in wanted for values in menu.dynamic(router)):
        raise traps.failure("can not change dynamic entry")


def _add(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    row = editing.add(router.tree, menu, command.attributes)
    _record(router, session, menu, "added")
    return Answer(ret=row.id)


def _set(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    for table, row in _targets(router, menu, command):
        editing.change(router.tree, menu, table, row, command.attributes)
    _record(router, session, menu, "changed")
    return Answer()


def _unset(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    name = command.attributes.get("value-name")
    if not name:
        raise traps.missing("value-name")
    for table, row in _targets(router, menu, command):
        editing.change(router.tree, menu, table, row, {f"!{name}": ""})
    _record(router, session, menu, "changed")
    return Answer()


def _remove(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    for table, row in _targets(router, menu, command):
        editing.remove(router.tree, table, row)
    _record(router, session, menu, "removed")
    return Answer()


def _enable(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    return _set_all(router, session, menu, command, {"disabled": "no"})


def _disable(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    return _set_all(router, session, menu, command, {"disabled": "yes"})


def _comment(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    return _set_all(router, session, menu, command, {"comment": command.attributes.get("comment", "")})


def _set_all(
    router: Router, session: Session, menu: Menu, command: Command, values: Mapping[str, str]
) -> Answer:
    if menu.single or not menu.fields.keys() >= values.keys():
        raise traps.no_such_command()
    for table, row in _targets(router, menu, command):
        editing.change(router.tree, menu, table, row, values)
    _record(router, session, menu, "changed")
    return Answer()


def _move(router: Router, session: Session, menu: Menu, command: Command) -> Answer:
    pairs = _targets(router, menu, command)
    table = router.tree.table(menu.path)
    editing.move(router.tree, table, [row for _, row in pairs], command.attributes.get("destination"))
    _record(router, session, menu, "moved")
    return Answer()


def _record(router: Router, session: Session, menu: Menu, what: str) -> None:
    words = menu.path.strip("/").split("/")
    noun = " ".join(words[-2:] if len(words) > 1 else words)
    if not menu.single:
        noun += " entry"
    router.history.add(router.now_s(), f"{noun} {what}", session.username)
    router.log.add("system,info", f"{noun} {what} by {session.username}")


_EDITS = {
    "add": _add,
    "set": _set,
    "unset": _unset,
    "remove": _remove,
    "enable": _enable,
    "disable": _disable,
    "comment": _comment,
    "move": _move,
}
