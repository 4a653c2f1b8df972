"""Rows of a command that goes on until it is cancelled, such as `listen` or a ping without count."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from routeros.connection import ApiConnection, Pending
from routeros.errors import CommandTimeout, StreamOverflow
from routeros.sentences import Row


class RowStream:
    """An async iterator of rows; ends when the router ends the command, raises as `run` does.

    Use it in `async with`, so that the router is told to stop when the body is left. `idle_timeout_s` bounds
    the wait for each row; None waits as long as the connection lives, which TCP keepalive decides.
    """

    def __init__(self, connection: ApiConnection, *, idle_timeout_s: float | None, max_rows: int) -> None:
        self._connection = connection
        self._idle_timeout_s = idle_timeout_s
        self._max_rows = max_rows
        self._rows: deque[Row] = deque()
        self._changed = asyncio.Event()
        self._pending: Pending | None = None
        self._overflow = False
        self._left = False

    def start(self, path: str, attributes: dict[str, str] | None, queries: tuple[str, ...]) -> None:
        """Send the command; called once, by the client."""
        self._pending = self._connection.start(
            path,
            attributes,
            queries,
            on_row=self._take,
            on_end=self._changed.set,
            max_reply_bytes=None,
        )

    def cancel(self) -> None:
        """Tell the router to stop; rows that have arrived can still be read. Calling it again is harmless."""
        self._left = True
        if self._pending is not None:
            self._connection.give_up(self._pending)
        self._changed.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Row:
        pending = self._pending
        if pending is None:
            raise StopAsyncIteration
        while not self._rows:
            if self._overflow:
                self._overflow = False
                raise StreamOverflow(pending.path, self._max_rows)
            if self._left:
                raise StopAsyncIteration
            if pending.answer.done():
                self._left = True
                pending.answer.result()  # raises what ended it
                raise StopAsyncIteration
            self._changed.clear()
            try:
                async with asyncio.timeout(self._idle_timeout_s):
                    await self._changed.wait()
            except TimeoutError:
                self.cancel()
                raise CommandTimeout(pending.path, self._idle_timeout_s or 0.0) from None
        return self._rows.popleft()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.cancel()

    def _take(self, row: Row) -> None:
        if len(self._rows) >= self._max_rows:
            self._overflow = True
            self.cancel()
            return
        self._rows.append(row)
        self._changed.set()
