"""One router on the wire: its listeners, its connections, its faults."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Coroutine

import asyncssh

from rossim import keys
from rossim.api import ApiConnection
from rossim.clock import Clock
from rossim.configuration import build_router
from rossim.faults import FaultSetting
from rossim.listener import Listener
from rossim.router import Peer, Router
from rossim.specs import RouterSpec
from rossim.ssh import serve_ssh
from rossim.tls import TlsConnection
from rossim.tree import Values
from rossim.wire import Outlet

logger = logging.getLogger(__name__)

_BOOT_S = 3.0


class RunningRouter:
    """A router that listens.

    Its state is built when somebody first connects or asks for it: a fleet of thousands starts at once.
    """

    def __init__(self, spec: RouterSpec, router_keys: keys.RouterKeys, clock: Clock) -> None:
        self.spec = spec
        self.keys = router_keys
        self.peers_of: Callable[[RouterSpec], tuple[Peer, ...]] = lambda _spec: ()
        self.boot_s = _BOOT_S
        self._clock = clock
        self._router: Router | None = None
        self._context: ssl.SSLContext | None = None
        self._api = Listener(spec.address, spec.api_port, self._accept_api)
        self._ssh = Listener(spec.address, spec.ssh_port, self._accept_ssh)
        self.ssh_options: asyncssh.SSHServerConnectionOptions | None = None
        self.ssh_connections: set[asyncssh.SSHServerConnection] = set()
        self._hung: list[socket.socket] = []
        self._connections: set[TlsConnection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._boot: asyncio.TimerHandle | None = None
        self._is_down = any(FaultSetting.parse(fault).name == "down" for fault in spec.faults)

    @property
    def address(self) -> str:
        return self.spec.address

    @property
    def api_port(self) -> int:
        return self._api.port

    @property
    def ssh_port(self) -> int:
        return self._ssh.port

    @property
    def state(self) -> Router:
        """The router behind the wire."""
        if self._router is None:
            self._router = build_router(self.spec, self._clock)
            self._router.peers = self.peers_of(self.spec)
            self._router.on_reboot.append(self._rebooted)
            self._router.tree.on_change.append(self._configuration_changed)
        return self._router

    @property
    def certificate_sha256_spki(self) -> str:
        """SHA-256 of the public key that api-ssl should show, in hex: what a client pins."""
        return keys.spki_sha256(self.keys.certificate_path)

    @property
    def ssh_host_key_sha256(self) -> str:
        """The SSH host key's fingerprint, as `ssh-keygen -l` writes it: `SHA256:...`."""
        return asyncssh.read_private_key(self.keys.host_key_path).get_fingerprint()

    def start(self) -> None:
        """Make keys if there are none and listen, unless the router is down."""
        self.keys.ensure(self.spec.address)
        if not self._is_down:
            self._open()

    def _open(self) -> None:
        """Listen wherever /ip/service doesn't say otherwise."""
        for name, listener in (("api-ssl", self._api), ("ssh", self._ssh)):
            if self._router is None or self._service(name).get("disabled") != "true":
                listener.open()
            else:
                listener.close()

    def _configuration_changed(self, path: str) -> None:
        if path == "/ip/service":
            self._context = None
            if not self._is_down:
                self._open()

    def _service(self, name: str) -> Values:
        rows = self.state.tree.table("/ip/service").rows.values()
        return next((row.values for row in rows if row.values.get("name") == name), {})

    def _close(self) -> None:
        self._api.close()
        self._ssh.close()

    async def stop(self) -> None:
        """Close all; nothing of it runs afterwards."""
        if self._boot is not None:
            self._boot.cancel()
        self._close()
        self.drop_connections()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop_connections(self) -> None:
        """Reset every connection that is open."""
        for connection in list(self._connections):
            connection.abort()
        for ssh in list(self.ssh_connections):
            ssh.abort()
        for hung in self._hung:
            hung.close()
        self._hung.clear()

    def set_fault(self, fault: str) -> None:
        """Set a fault as in `rossim.faults`, with its figures: `slow:2.5`."""
        self._fault(fault, on=True)

    def clear_fault(self, fault: str) -> None:
        self._fault(fault, on=False)

    def _fault(self, fault: str, *, on: bool) -> None:
        name = FaultSetting.parse(fault).name
        self.state.set_fault(fault, on=on)
        if name == "down":
            self._is_down = on
            if on:
                self._close()
                self.drop_connections()
            else:
                self._open()
        elif name == "wrong-certificate":
            if on:
                self.keys.ensure_other(self.spec.address)
            self._context = None
            self.drop_connections()
        elif name == "hang" and not on:
            self.drop_connections()

    def _rebooted(self) -> None:
        """Be away for as long as a boot takes."""
        self._close()
        self.drop_connections()
        self._boot = asyncio.get_running_loop().call_later(self.boot_s, self._booted)

    def _booted(self) -> None:
        if not self._is_down:
            self._open()

    def _tls_context(self) -> ssl.SSLContext:
        if self._context is None:
            if self.state.faults.wrong_certificate:
                self.keys.ensure_other(self.spec.address)
                self._context = keys.server_context(self.keys.other_certificate_path)
            elif self.has_certificate:
                self._context = keys.server_context(self.keys.certificate_path)
            else:
                self._context = keys.anonymous_context(self.keys.folder)
        return self._context

    @property
    def has_certificate(self) -> bool:
        """Whether /ip/service names a certificate for api-ssl."""
        return self._service("api-ssl").get("certificate", "none") != "none"

    def _accept_api(self, accepted: socket.socket) -> None:
        if self.state.faults.hang:
            self._hung.append(accepted)
            return
        self._run(self._serve_api(accepted), accepted)

    def _accept_ssh(self, accepted: socket.socket) -> None:
        if self.state.faults.hang:
            self._hung.append(accepted)
            return
        self._run(serve_ssh(self, accepted), accepted)

    async def _serve_api(self, accepted: socket.socket) -> None:
        handed_over = False
        try:
            connection = _Tracked(self._tls_context(), self._make_api, self._connections)
            await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, accepted)
            handed_over = True
        except OSError:  # gone before it was served, or the keys have gone
            logger.warning("a connection to %s was dropped", self.address, exc_info=True)
        finally:
            if not handed_over:
                accepted.close()

    def _make_api(self, connection: TlsConnection) -> ApiConnection:
        return ApiConnection(self.state, Outlet(connection, self.state.faults), connection.peer)

    def _run(self, coroutine: Coroutine[None, None, None], accepted: socket.socket) -> None:
        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if task.cancelled():  # perhaps before it began, when nobody else closes the socket
                accepted.close()

        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(done)


class _Tracked(TlsConnection):
    """A connection that its router knows of while it is open."""

    def __init__(
        self,
        context: ssl.SSLContext,
        make_receiver: Callable[[TlsConnection], ApiConnection],
        open_connections: set[TlsConnection],
    ) -> None:
        super().__init__(context, make_receiver)
        self._open_connections = open_connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open_connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_connections.discard(self)
        super().connection_lost(error)
