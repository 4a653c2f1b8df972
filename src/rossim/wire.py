"""What a router's answers go through on their way out, and where faults of the wire are made."""

from __future__ import annotations

import asyncio

from rossim.faults import Faults
from rossim.tls import TlsConnection

_DRIP_EVERY_S = 0.001


class Outlet:
    """Sends a session's bytes as the router's faults will have it: late, drop by drop, or not to the end."""

    __slots__ = ("_busy_until_s", "_closing", "_connection", "_faults", "_loop", "_sent_bytes")

    def __init__(self, connection: TlsConnection, faults: Faults) -> None:
        self._connection = connection
        self._faults = faults
        self._loop = asyncio.get_running_loop()
        self._busy_until_s = 0.0
        self._sent_bytes = 0
        self._closing = False

    def send(self, data: bytes) -> None:
        faults = self._faults
        if self._closing or faults.hang:
            return
        if faults.reset_after_bytes is not None:
            room = faults.reset_after_bytes - self._sent_bytes
            if room < len(data):
                self._connection.write(data[: max(0, room)])
                self._closing = True
                # after what was written has left
                self._loop.call_later(0.01, self._connection.abort)
                return
        self._sent_bytes += len(data)
        now_s = self._loop.time()
        due_s = max(now_s + faults.slow_s, self._busy_until_s)
        if faults.drip:
            for index in range(len(data)):
                self._loop.call_at(
                    due_s + index * _DRIP_EVERY_S, self._connection.write, data[index : index + 1]
                )
            self._busy_until_s = due_s + len(data) * _DRIP_EVERY_S
        elif due_s > now_s:
            self._busy_until_s = due_s
            self._loop.call_at(due_s, self._connection.write, data)
        else:
            self._connection.write(data)

    def close(self) -> None:
        """Close when all that was sent before has left."""
        if self._busy_until_s > self._loop.time():
            self._loop.call_at(self._busy_until_s + _DRIP_EVERY_S, self._connection.close)
        else:
            self._connection.close()
        self._closing = True
