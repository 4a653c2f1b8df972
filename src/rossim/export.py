"""/export: the configuration as commands.

Only what differs from the defaults is written, in RouterOS's own order of menus and with the properties
of a row in alphabetical order. v6 writes secrets unless told to hide them, v7 hides them unless told to
show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rossim.clock import format_moment
from rossim.export_order import ORDER_V6, ORDER_V7
from rossim.export_text import Word, join_terse, join_wrapped, quoted
from rossim.tree import Menu, Row, Table

if TYPE_CHECKING:
    from rossim.router import Router
    from rossim.sessions import Session


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to export; `shows_secrets` None leaves it to the version. `path` limits it to one menu and below."""

    terse: bool = False
    verbose: bool = False
    shows_secrets: bool | None = None
    path: str = ""


def export_text(router: Router, options: ExportOptions) -> str:
    """The whole text, each line ended by CR LF as the router's are."""
    lines = [*_header(router), *_body(router, options)]
    return "".join(line + "\r\n" for line in lines)


def export(router: Router, session: Session, path: str, words: Mapping[str, str]) -> str:
    """Carry out an export command: the text, or a file in its place when `file` names one.

    A user without the `sensitive` policy never gets secrets.
    """
    session.require("read")
    shows = True if "show-sensitive" in words else None
    if "hide-sensitive" in words or "sensitive" not in session.policies:
        shows = False
    options = ExportOptions(
        terse="terse" in words, verbose="verbose" in words, shows_secrets=shows, path=path
    )
    text = export_text(router, options)
    name = words.get("file")
    if not name:
        return text
    session.require("ftp")
    router.files.write(
        name if name.endswith(".rsc") else f"{name}.rsc", text.encode("utf-8", "surrogateescape")
    )
    return ""


def _header(router: Router) -> Iterator[str]:
    platform = router.platform
    moment = format_moment(router.now_s(), iso=platform.iso_dates)
    yield f"# {moment} by RouterOS {platform.version}"
    if platform.hardware.is_virtual:
        yield "# software id = "
        yield "#"
        return
    yield f"# software id = {router.software_id}"
    yield "#"
    yield f"# model = {platform.hardware.model}"
    yield f"# serial number = {router.spec.serial}"


def _body(router: Router, options: ExportOptions) -> Iterator[str]:
    order = ORDER_V7 if router.platform.v7 else ORDER_V6
    secrets = not router.platform.v7 if options.shows_secrets is None else options.shows_secrets
    for path in order:
        menu = router.tree.menus.get(path)
        if menu is None or not (path + "/").startswith(options.path.rstrip("/") + "/"):
            continue
        commands = list(_commands(router, menu, verbose=options.verbose, secrets=secrets))
        if not commands:
            continue
        name = "/" + path.strip("/").replace("/", " ")
        if not options.terse:
            yield name
        for comment, words in commands:
            if comment is not None:
                yield f"# {comment}"
            if options.terse:
                yield f"{name} {join_terse(words)}"
            else:
                yield from join_wrapped(words)


def _commands(
    router: Router, menu: Menu, *, verbose: bool, secrets: bool
) -> Iterator[tuple[str | None, list[Word]]]:
    table = router.tree.table(menu.path)
    for row in table.rows.values():
        start = _target(menu, table, row)
        properties = _properties(
            router, menu, row, is_set=start[0].text == "set", verbose=verbose, secrets=secrets
        )
        if not properties and start[0].text == "set":
            continue
        comment = menu.state_comment(router, row) if menu.state_comment is not None else None
        yield comment, [*start, *properties]


def _target(menu: Menu, table: Table, row: Row) -> list[Word]:
    """The words before the properties: `add`, `set`, or `set` and which row."""
    if menu.single:
        return [Word("set")]
    builtin = menu.builtin_values(row) is not None
    if menu.bare_key:
        return [Word("set"), Word(row.values[menu.name_key or "name"])]
    if menu.find_by is not None and menu.find_by in row.values:
        value = row.values[menu.find_by]
        return [Word("set"), Word(f"[ find {menu.find_by}={'yes' if value == 'true' else value} ]")]
    if builtin or menu.fixed:
        key = menu.name_key
        if key is not None and key in row.values:
            return [Word("set"), Word(f"[ find {key}={quoted(row.values[key])} ]")]
        return [Word("set"), Word(str(list(table.rows).index(row.number)))]
    return [Word("add")]


def _properties(
    router: Router, menu: Menu, row: Row, *, is_set: bool, verbose: bool, secrets: bool
) -> list[Word]:
    base: dict[str, str] = dict(menu.defaults)
    if is_set:
        # supplicant-identity and the like are written though they come from the factory
        base.update(menu.builtin_values(row) or {} if menu.find_by is None else {})
        if menu.find_by in row.values and menu.find_by == "default-name":
            base["name"] = row.values["default-name"]
        builtin = menu.builtin_values(row)
        if builtin is not None and "name" in builtin:
            base["name"] = builtin["name"]
    words = []
    previous = ""
    for name in sorted(menu.fields):
        member = menu.fields[name]
        value = row.values.get(name, base.get(name) if verbose or member.always_exported else None)
        if value is None or not member.exported or member.hidden:
            continue
        if not verbose and value == base.get(name) and not member.always_exported:
            continue
        if member.secret and not secrets and value:
            continue
        if member.is_boolean:
            value = "yes" if value == "true" else "no"
        shown = name
        prefix, dot, rest = name.rpartition(".")
        if dot and router.platform.dotted_shorthand:
            if prefix == previous:
                shown = f".{rest}"
            previous = prefix
        words.append(Word(shown, value))
    return words
