"""TLS over a plain asyncio transport, by memory BIOs.

asyncio's own TLS keeps a read buffer of 256 KB for each connection, which thousands of routers in one
process can't afford. This one keeps none of its own. It is also where faults of the wire are made.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Protocol, cast

_HANDSHAKE_TIMEOUT_S = 30.0
_READ_BYTES = 65536
_MAX_WAITING_BYTES = 8 << 20
_LINGER_RESET = struct.pack("ii", 1, 0)


class Receiver(Protocol):
    """What gets a connection's decrypted bytes."""

    def data_received(self, data: bytes) -> None: ...

    def connection_lost(self) -> None: ...


class TlsConnection(asyncio.Protocol):
    """One accepted connection; `make_receiver` is called when the handshake is done."""

    def __init__(self, context: ssl.SSLContext, make_receiver: Callable[[TlsConnection], Receiver]) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._make_receiver = make_receiver
        self._receiver: Receiver | None = None
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.peer = peer[0] if peer else ""
        self._deadline = asyncio.get_running_loop().call_later(_HANDSHAKE_TIMEOUT_S, self.abort)

    def data_received(self, data: bytes) -> None:
        self._incoming.write(data)
        try:
            if self._receiver is None:
                self._tls.do_handshake()
                self._begin()
            self._read()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self._flush()  # the alert
            self.close()
            return
        self._flush()

    def _begin(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._receiver = self._make_receiver(self)

    def _read(self) -> None:
        while self._transport is not None:
            data = self._tls.read(_READ_BYTES)
            if not data:  # close_notify
                self.close()
                return
            if self._receiver is not None:
                self._receiver.data_received(data)

    def _flush(self) -> None:
        if self._transport is not None and self._outgoing.pending:
            self._transport.write(self._outgoing.read())

    def write(self, data: bytes) -> None:
        """Send bytes; a peer that doesn't read what it asked for is dropped."""
        if self._transport is None or not data:
            return
        self._tls.write(data)
        self._flush()
        if self._transport.get_write_buffer_size() > _MAX_WAITING_BYTES:
            self.abort()

    def close(self) -> None:
        """Say goodbye and close when all is sent."""
        if self._transport is None:
            return
        with contextlib.suppress(ssl.SSLError):  # no handshake yet, or no goodbye from the peer
            self._tls.unwrap()
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Reset the connection."""
        if self._transport is None:
            return
        connection = self._transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
        self._transport.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        if self._deadline is not None:
            self._deadline.cancel()
        if self._receiver is not None:
            self._receiver.connection_lost()
            self._receiver = None

    @property
    def is_open(self) -> bool:
        return self._transport is not None
