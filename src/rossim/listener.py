"""A listening socket that costs next to nothing while nobody connects."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

_ACCEPT_AT_ONCE = 32
_BACKLOG = 128


class Listener:
    """Accepts connections on one address and port and hands each socket over."""

    __slots__ = ("_on_accept", "_socket", "address", "port")

    def __init__(self, address: str, port: int, on_accept: Callable[[socket.socket], None]) -> None:
        self.address = address
        self.port = port
        self._on_accept = on_accept
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Begin to listen; port 0 becomes a free one, and the same again when reopened."""
        if self._socket is not None:
            return
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setblocking(False)
        try:
            listening.bind((self.address, self.port))
            listening.listen(_BACKLOG)
        except OSError:
            listening.close()
            raise
        self.port = listening.getsockname()[1]
        self._socket = listening
        asyncio.get_running_loop().add_reader(listening, self._accept)

    def close(self) -> None:
        if self._socket is None:
            return
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._socket = None

    def _accept(self) -> None:
        for _ in range(_ACCEPT_AT_ONCE):
            if self._socket is None:
                return
            with contextlib.suppress(ConnectionAbortedError):
                try:
                    connection, _peer = self._socket.accept()
                except BlockingIOError:
                    return
                connection.setblocking(False)
                if connection.family != socket.AF_UNIX:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._on_accept(connection)
