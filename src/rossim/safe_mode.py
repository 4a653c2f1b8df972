"""Safe mode: what was changed while it is held goes back when its holder's session ends.

One holder at a time. Since 7.18 it is taken by a command, over the API too; releasing keeps the changes,
unrolling or losing the connection drops them. Rows are never changed in place, so a snapshot is cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rossim import traps
from rossim.tree import Row, Tree, Values

if TYPE_CHECKING:
    from rossim.router import Router
    from rossim.sessions import Session

_Snapshot = dict[str, list[tuple[int, Values]]]

# What safe mode doesn't undo (https://help.mikrotik.com/docs/spaces/ROS/pages/328155/Configuration+Management).
_NOT_TRACKED = frozenset({"/certificate"})


class SafeMode:
    """Who holds a router's safe mode, and what it goes back to."""

    __slots__ = ("_snapshot", "holder")

    def __init__(self) -> None:
        self.holder: Session | None = None
        self._snapshot: _Snapshot = {}

    def take(self, router: Router, session: Session) -> None:
        if self.holder is session:
            return
        if self.holder is not None:
            raise traps.failure(
                f"Safe Mode is taken by another user ({self.holder.username}). Action aborted."
            )
        self.holder = session
        self._snapshot = _take(router.tree)
        router.log.add("system,info", f"safe mode taken by {session.username}")

    def release(self, router: Router, session: Session) -> None:
        """Keep what was changed."""
        self._require(session)
        self._end(router, "released")

    def unroll(self, router: Router, session: Session) -> None:
        """Go back to what was there when it was taken."""
        self._require(session)
        _restore(router.tree, self._snapshot)
        self._end(router, "unrolled")

    def session_ended(self, router: Router, session: Session) -> None:
        if self.holder is session:
            self.unroll(router, session)

    def _require(self, session: Session) -> None:
        if self.holder is not session:
            raise traps.failure("Safe Mode is not taken")

    def _end(self, router: Router, how: str) -> None:
        router.log.add("system,info", f"safe mode {how}")
        self.holder = None
        self._snapshot = {}


def _take(tree: Tree) -> _Snapshot:
    return {
        path: [(row.number, row.values) for row in tree.table(path).rows.values()]
        for path, menu in tree.menus.items()
        if menu.view is None and not menu.readable_only and path not in _NOT_TRACKED
    }


def _restore(tree: Tree, snapshot: _Snapshot) -> None:
    for path, rows in snapshot.items():
        table = tree.table(path)
        before = [(row.number, row.values) for row in table.rows.values()]
        if before != rows:
            kept = table.rows
            table.rows = {number: kept.get(number) or Row(number, values) for number, values in rows}
            for number, values in rows:
                table.rows[number].values = values
            tree.changed(path)
