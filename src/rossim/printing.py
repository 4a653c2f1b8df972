"""What a print shows of a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rossim.tree import Menu, Row, Table

if TYPE_CHECKING:
    from rossim.router import Router
    from rossim.sessions import Session

MASK = "*****"  # what a user without the `sensitive` policy sees


def shown(router: Router, session: Session | None, menu: Menu, table: Table, row: Row) -> dict[str, str]:
    """All properties of a row, as this session may see them; None is the router itself."""
    values: dict[str, str] = {} if menu.single else {".id": row.id}
    if menu.view is None:
        values.update(menu.defaults)
        values.update(row.values)
    else:
        values.update(menu.defaults)
        own = row.values
        for name in menu.fields:
            if name in own:
                values[name] = own[name]
    for name in menu.hidden:
        values.pop(name, None)
    if session is not None and "sensitive" not in session.policies:
        for name, member in table.menu.fields.items():
            if member.secret and values.get(name):
                values[name] = MASK
    if menu.computed is not None:
        values.update(menu.computed(router, row))
    return values


def all_shown(router: Router, session: Session | None, menu: Menu) -> Iterator[dict[str, str]]:
    """All rows of a menu: those that were configured, then those that the router made itself."""
    if not menu.readable_only:
        for table, row in menu_rows(router, menu):
            yield shown(router, session, menu, table, row)
    if menu.dynamic is not None:
        for values in menu.dynamic(router):
            yield dict(values)


def menu_rows(router: Router, menu: Menu) -> Iterator[tuple[Table, Row]]:
    return router.tree.rows(menu)
