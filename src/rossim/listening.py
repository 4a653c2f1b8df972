"""`listen`: rows as they change, until it is cancelled.

State here is computed when it is looked at, so a listener looks: twice a second it compares the rows,
without their counters, with those that it saw before. A listener costs; routers without one cost nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from rossim.printing import all_shown
from rossim.queries import compile_query
from rossim.tree import Menu, Values
from routeros.sentences import Command

if TYPE_CHECKING:
    from rossim.router import Router
    from rossim.sessions import Session

_LOOK_EVERY_S = 0.5

# Counters and ages are not pushed (measured on 7.x by others): only changes of state are.
_SILENT = (
    "-byte",
    "-packet",
    "-error",
    "-drop",
    "bytes",
    "packets",
    "uptime",
    "last-seen",
    "expires-after",
    "age",
    "per-second",
    "signal",
    "signal-strength",
    "last-activity",
    "tx-rate",
    "rx-rate",
)


def listen(router: Router, session: Session, menu: Menu, command: Command) -> AsyncIterator[Values]:
    """Give whole rows when they have changed since now, and `.dead` when they go."""
    return _watch(router, session, menu, compile_query(command.queries), _look(router, session, menu))


async def _watch(
    router: Router,
    session: Session,
    menu: Menu,
    matches: Callable[[Values], bool],
    seen: dict[str, tuple[Values, dict[str, str]]],
) -> AsyncIterator[Values]:
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        now = _look(router, session, menu)
        for row_id, (state, row) in now.items():
            if (row_id not in seen or seen[row_id][0] != state) and matches(row):
                yield row
        for row_id in seen.keys() - now.keys():
            yield {".id": row_id, ".dead": "true"}
        seen = now


def _look(router: Router, session: Session, menu: Menu) -> dict[str, tuple[Values, dict[str, str]]]:
    rows: dict[str, tuple[Values, dict[str, str]]] = {}
    for row in all_shown(router, session, menu):
        state = {name: value for name, value in row.items() if not name.endswith(_SILENT)}
        rows[row.get(".id", "*0")] = (state, row)
    return rows
