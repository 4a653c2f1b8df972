"""A logged-in API session with one router.

    client = await open_client("10.0.0.1", 8729, username="drover", password=password, pin=pin)
    rows = await client.run("/interface/print", proplist=("name", "rx-byte"), timeout_s=8)
    async with client.stream("/log/listen") as log:
        async for row in log: ...
    await client.close()

Any number of tasks may use one client at once. A command whose waiter is cancelled or times out is cancelled
on the router as well; when the router doesn't confirm that, the connection is cut, since a connection that
doesn't answer is of no more use.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routeros.connection import ApiConnection
from routeros.errors import (
    CommandTimeout,
    ConnectTimeout,
    LocalProtocolError,
    LoginError,
    NotRouterOS,
    RemoteProtocolError,
    RouterOSError,
    TrapError,
)
from routeros.sentences import Row
from routeros.streams import RowStream
from routeros.transport import PeerCertificate, SpkiPin, TlsPolicy, connect

__all__ = ["ApiClient", "Row", "Timeouts", "open_client"]

DEFAULT_MAX_IN_FLIGHT = 8
DEFAULT_MAX_REPLY_BYTES = 32 << 20
DEFAULT_MAX_STREAM_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Deadlines in seconds: to connect (TCP and TLS), to log in, for a command, for a cancel, to close."""

    connect_s: float = 10.0
    login_s: float = 10.0
    command_s: float = 30.0
    cancel_s: float = 5.0
    close_s: float = 2.0


class ApiClient:
    """One API session; made by `open_client`."""

    def __init__(
        self,
        connection: ApiConnection,
        *,
        timeouts: Timeouts,
        certificate: PeerCertificate | None,
        max_in_flight: int,
        max_reply_bytes: int,
    ) -> None:
        self._connection = connection
        self._timeouts = timeouts
        self._slots = asyncio.Semaphore(max_in_flight)
        self._max_reply_bytes = max_reply_bytes
        self.certificate = certificate

    @property
    def closed(self) -> asyncio.Future[RouterOSError | None]:
        """Done when the connection is gone: with the reason, or None when we closed it.

        It is shared: await it through `wait_closed`, which a cancelled waiter doesn't cancel for the others.
        """
        return self._connection.closed

    async def wait_closed(self) -> RouterOSError | None:
        """Wait, without a deadline, until the connection is gone; return the reason."""
        return await asyncio.shield(self._connection.closed)

    @property
    def is_closed(self) -> bool:
        return self._connection.is_over

    @property
    def dropped_replies(self) -> int:
        """How many replies belonged to no command."""
        return self._connection.dropped_replies

    async def run(
        self,
        path: str,
        attributes: Mapping[str, str] | None = None,
        *,
        queries: Sequence[str] = (),
        proplist: Sequence[str] = (),
        timeout_s: float | None = None,
    ) -> list[Row]:
        """Run a command and return its rows; attributes of its `!done` (`ret` of an `add`) are a last row.

        Raises TrapError when the router refuses, CommandTimeout, FatalError, ConnectionLost, ReplyTooLarge.
        """
        deadline_s = self._timeouts.command_s if timeout_s is None else timeout_s
        words = _with_proplist(attributes, proplist)
        rows: list[Row] = []
        try:
            async with asyncio.timeout(deadline_s):
                await self._slots.acquire()
                try:
                    pending = self._connection.start(
                        path,
                        words,
                        queries,
                        on_row=rows.append,
                        on_end=self._slots.release,
                        max_reply_bytes=self._max_reply_bytes,
                    )
                except BaseException:
                    self._slots.release()
                    raise
                try:
                    done = await pending.answer
                finally:
                    self._connection.give_up(pending)  # nothing, when it has ended
        except TimeoutError:
            raise CommandTimeout(path, deadline_s) from None
        if done:
            rows.append(done)
        return rows

    def stream(
        self,
        path: str,
        attributes: Mapping[str, str] | None = None,
        *,
        queries: Sequence[str] = (),
        proplist: Sequence[str] = (),
        idle_timeout_s: float | None = None,
        max_rows: int = DEFAULT_MAX_STREAM_ROWS,
    ) -> RowStream:
        """Start a command that goes on; its rows are read from what is returned. Takes no in-flight slot."""
        stream = RowStream(self._connection, idle_timeout_s=idle_timeout_s, max_rows=max_rows)
        stream.start(path, _with_proplist(attributes, proplist), tuple(queries))
        return stream

    async def close(self) -> None:
        """End the session; commands under way end with ConnectionLost. Calling it again is harmless."""
        await self._connection.close(self._timeouts.close_s)


async def open_client(
    address: str,
    port: int,
    *,
    username: str,
    password: str,
    pin: SpkiPin | None = None,
    tls: TlsPolicy | None = None,
    timeouts: Timeouts | None = None,
    resolved_address: str | None = None,
    max_in_flight: int = DEFAULT_MAX_IN_FLIGHT,
    max_reply_bytes: int = DEFAULT_MAX_REPLY_BYTES,
) -> ApiClient:
    """Connect, verify the router by `pin` or `tls` (exactly one of them), log in.

    Raises ConnectError and its kinds, LoginError, FatalError; then nothing stays open.
    """
    policy = pin or tls
    if policy is None or (pin is not None and tls is not None):
        raise LocalProtocolError("name exactly one of pin and tls")
    deadlines = timeouts or Timeouts()
    _transport, connection, certificate = await connect(
        address,
        port,
        lambda: ApiConnection(address, port, cancel_s=deadlines.cancel_s),
        tls=policy,
        timeout_s=deadlines.connect_s,
        resolved_address=resolved_address,
    )
    client = ApiClient(
        connection,
        timeouts=deadlines,
        certificate=certificate,
        max_in_flight=max_in_flight,
        max_reply_bytes=max_reply_bytes,
    )
    try:
        await _login(client, username, password, deadlines.login_s)
    except BaseException as error:
        connection.cut(_as_reason(error))
        if isinstance(error, RemoteProtocolError):
            raise NotRouterOS(address, port, "it doesn't speak the API protocol") from error
        if isinstance(error, CommandTimeout | TimeoutError):
            raise ConnectTimeout(address, port, "no answer to the login") from None
        raise
    return client


async def _login(client: ApiClient, username: str, password: str, timeout_s: float) -> None:
    async with asyncio.timeout(timeout_s):
        try:
            # 6.43 and later take the password; an older router ignores it and answers with a challenge.
            rows = await client.run("/login", {"name": username, "password": password}, timeout_s=timeout_s)
            challenge = rows[-1].get("ret") if rows else None
            if challenge is not None:
                response = _challenge_response(challenge, password)
                await client.run("/login", {"name": username, "response": response}, timeout_s=timeout_s)
        except TrapError as error:
            reason = error.message.replace(password, "***") if password else error.message
            raise LoginError(username, reason) from None


def _challenge_response(challenge: str, password: str) -> str:
    try:
        salt = bytes.fromhex(challenge)
    except ValueError:
        raise RemoteProtocolError("the login challenge isn't hexadecimal") from None
    # MD5 is what the protocol before 6.43 asks for.
    secret = b"\0" + password.encode("utf-8", "surrogateescape") + salt
    return "00" + hashlib.md5(secret, usedforsecurity=False).hexdigest()


def _with_proplist(attributes: Mapping[str, str] | None, proplist: Sequence[str]) -> dict[str, str]:
    words = dict(attributes or {})
    if proplist:
        words[".proplist"] = ",".join(proplist)
    return words


def _as_reason(error: BaseException) -> RouterOSError:
    return error if isinstance(error, RouterOSError) else RouterOSError("the login was abandoned")
