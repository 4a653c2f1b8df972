"""An Exchange on a transport: who waits for which reply, and what ends them all.

Everything here runs on the event loop without a task of its own: the transport's callbacks feed the
Exchange, its events settle futures, timers are `call_later` handles. A connection ends once, for one
reason, and every command under way ends with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from routeros.errors import (
    ConnectionLost,
    FatalError,
    RemoteProtocolError,
    ReplyTooLarge,
    RouterOSError,
    TrapError,
)
from routeros.exchange import CommandDone, CommandFailed, Exchange, RowArrived
from routeros.sentences import Row


def _drop_row(_row: Row) -> None:
    """The sink of a command that nobody waits for any more."""


class Pending:
    """A command under way.

    `answer` gets the attributes of its `!done`, or its error. It may be settled before the router is done
    with the command, by a timeout or a cancellation; `on_end` is called when the router is.
    """

    __slots__ = ("answer", "byte_limit", "cancel_timer", "on_end", "on_row", "path", "tag")

    def __init__(
        self,
        tag: str,
        path: str,
        answer: asyncio.Future[Row],
        *,
        on_row: Callable[[Row], None],
        on_end: Callable[[], None],
        byte_limit: int | None,
    ) -> None:
        self.tag = tag
        self.path = path
        self.answer = answer
        self.on_row = on_row
        self.on_end = on_end
        self.byte_limit = byte_limit  # of all that this connection has received
        self.cancel_timer: asyncio.TimerHandle | None = None


class ApiConnection(asyncio.Protocol):
    """The client's end of one connection to a router."""

    def __init__(self, address: str, port: int, *, cancel_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._address = address
        self._port = port
        self._cancel_s = cancel_s
        self._exchange = Exchange()
        self._transport: asyncio.Transport | None = None
        self._pending: dict[str, Pending] = {}
        self._received_bytes = 0
        self._reason: RouterOSError | None = None
        self._over = False  # no more commands; the transport may still be closing
        self.closed: asyncio.Future[RouterOSError | None] = self._loop.create_future()

    @property
    def is_over(self) -> bool:
        return self._over

    @property
    def dropped_replies(self) -> int:
        return self._exchange.dropped_replies

    # --- commands -------------------------------------------------------------------------------

    def start(
        self,
        path: str,
        attributes: Mapping[str, str] | None,
        queries: Iterable[str],
        *,
        on_row: Callable[[Row], None],
        on_end: Callable[[], None],
        max_reply_bytes: int | None,
    ) -> Pending:
        """Send a command; what it raises it raises before anything is sent."""
        transport = self._transport
        if transport is None or self._over:
            raise self.end_reason()
        tag, data = self._exchange.send(path, attributes, queries)
        # What arrives for other commands counts as well: this bounds memory, it doesn't measure.
        byte_limit = None if max_reply_bytes is None else self._received_bytes + max_reply_bytes
        pending = Pending(
            tag,
            path,
            self._loop.create_future(),
            on_row=on_row,
            on_end=on_end,
            byte_limit=byte_limit,
        )
        self._pending[tag] = pending
        transport.write(data)
        return pending

    def give_up(self, pending: Pending) -> None:
        """Tell the router to stop a command; cut the connection if the command doesn't end in time."""
        pending.on_row = _drop_row
        pending.byte_limit = None
        if self._over or self._transport is None or pending.cancel_timer is not None:
            return
        if not self._exchange.is_under_way(pending.tag):  # its end may be in the bytes being handled now
            return
        pending.cancel_timer = self._loop.call_later(self._cancel_s, self._cancel_unanswered, pending)
        self._transport.write(self._exchange.cancel(pending.tag))

    def end_reason(self) -> RouterOSError:
        """A new error for whoever uses a connection that is over."""
        reason = self._reason
        if isinstance(reason, FatalError):
            return FatalError(reason.reason)
        if isinstance(reason, RemoteProtocolError):
            return RemoteProtocolError(*reason.args)
        detail = reason.detail if isinstance(reason, ConnectionLost) else "closed by us"
        return ConnectionLost(self._address, self._port, detail)

    # --- the end --------------------------------------------------------------------------------

    async def close(self, timeout_s: float) -> None:
        """Close in an orderly way and wait for it; after `timeout_s` the connection is cut."""
        self._end_all()
        if self._transport is None or self.closed.done():
            return
        self._transport.close()
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.shield(self.closed)
        except TimeoutError:
            self._transport.abort()

    def cut(self, reason: RouterOSError) -> None:
        """Drop the connection because of `reason`."""
        if self._reason is None:
            self._reason = reason
        self._end_all()
        if self._transport is not None:
            self._transport.abort()

    def _cancel_unanswered(self, pending: Pending) -> None:
        detail = f"{pending.path} and its cancel were not answered"
        self.cut(ConnectionLost(self._address, self._port, detail))

    def _end_all(self) -> None:
        self._over = True
        pending, self._pending = self._pending, {}
        for one in pending.values():
            self._end(one, self.end_reason())

    @staticmethod
    def _end(pending: Pending, result: Row | RouterOSError) -> None:
        if pending.cancel_timer is not None:
            pending.cancel_timer.cancel()
        if isinstance(result, RouterOSError):
            _settle(pending.answer, result)
        elif not pending.answer.done():
            pending.answer.set_result(result)
        pending.on_end()

    # --- asyncio.Protocol -----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # asyncio types it too broadly

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        self._received_bytes += len(data)
        try:
            events = self._exchange.receive(data)
        except RemoteProtocolError as violation:
            self.cut(violation)
            return
        pending_by_tag = self._pending
        for event in events:
            if isinstance(event, RowArrived):
                pending_by_tag[event.tag].on_row(event.row)
            elif isinstance(event, CommandDone):
                self._end(pending_by_tag.pop(event.tag), event.attributes)
            elif isinstance(event, CommandFailed):
                error = TrapError(event.message, event.category, event.path)
                self._end(pending_by_tag.pop(event.tag), error)
            else:
                self.cut(FatalError(event.reason))
                return
        for pending in list(pending_by_tag.values()):
            if pending.byte_limit is not None and self._received_bytes > pending.byte_limit:
                _settle(pending.answer, ReplyTooLarge(pending.path))
                self.give_up(pending)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._reason is None and not self._over:
            detail = "closed by the router" if exc is None else (str(exc) or type(exc).__name__)
            self._reason = ConnectionLost(self._address, self._port, detail)
        self._end_all()
        if not self.closed.done():
            self.closed.set_result(self._reason)


def _settle(answer: asyncio.Future[Row], error: RouterOSError) -> None:
    if not answer.done():
        answer.set_exception(error)
        answer.exception()  # marks it as seen: a stream that was left doesn't look at it again
