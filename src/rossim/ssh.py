"""SSH to a router: one-line commands, a terminal, SFTP."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import TYPE_CHECKING

import asyncssh
from typing_extensions import override

from rossim import sessions
from rossim.console import Console
from rossim.sftp import RouterFiles
from rossim.terminal import run_terminal

if TYPE_CHECKING:
    from rossim.server import RunningRouter

# netmiko signs in as `admin+ct511w4098h`: what follows the plus asks for a plain terminal of that size
_OPTIONS = re.compile(r"\+[a-z0-9]+\Z")
_LOGIN_TIMEOUT_S = 30
_BANNER = "ROSSSH"


class _RouterSsh(asyncssh.SSHServer):
    """One client's sign-in."""

    def __init__(self, running: RunningRouter) -> None:
        self._running = running
        self._connection: asyncssh.SSHServerConnection | None = None
        self.session: sessions.Session | None = None

    @override
    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._running.ssh_connections.add(conn)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._running.ssh_connections.discard(self._connection)
        if self.session is not None:
            sessions.sign_out(self._running.state, self.session)

    @override
    def begin_auth(self, username: str) -> bool:
        return True

    @override
    def password_auth_supported(self) -> bool:
        return True

    @override
    def validate_password(self, username: str, password: str) -> bool:
        peer = self._connection.get_extra_info("peername") if self._connection is not None else None
        name = _OPTIONS.sub("", username)
        self.session = sessions.sign_in(self._running.state, name, password, peer[0] if peer else "", "ssh")
        if self.session is not None and self._connection is not None:
            self._connection.set_extra_info(router_session=self.session)
        return self.session is not None


async def serve_ssh(running: RunningRouter, accepted: socket.socket) -> None:
    """Serve one accepted connection until its handshake is over; it then lives on its own."""
    options = running.ssh_options
    if options is None:
        options = running.ssh_options = make_options(running)
    try:
        await asyncssh.run_server(accepted, options=options)
    except (OSError, asyncssh.Error):
        accepted.close()


def make_options(running: RunningRouter) -> asyncssh.SSHServerConnectionOptions:
    async def process(client: asyncssh.SSHServerProcess[bytes]) -> None:
        await _serve_process(running, client)

    return asyncssh.SSHServerConnectionOptions(
        server_factory=lambda: _RouterSsh(running),
        server_host_keys=[str(running.keys.host_key_path)],
        process_factory=process,
        sftp_factory=lambda channel: RouterFiles(channel, running.state),
        encoding=None,
        server_version=_BANNER,
        login_timeout=_LOGIN_TIMEOUT_S,
        line_editor=False,
        allow_scp=False,
        agent_forwarding=False,
        x11_forwarding=False,
        keepalive_interval=0,
    )


async def _serve_process(running: RunningRouter, client: asyncssh.SSHServerProcess[bytes]) -> None:
    session = client.get_extra_info("router_session")
    state = running.state
    console = Console(state, session)
    if state.faults.slow_s:
        await asyncio.sleep(state.faults.slow_s)
    try:
        if client.command is not None:
            result = console.run(client.command)
            client.stdout.write(result.text.encode("utf-8", "surrogateescape"))
            client.exit(1 if result.failed else 0)
        else:
            await run_terminal(console, client, has_echo=client.term_type is not None)
            client.exit(0)
    except (BrokenPipeError, ConnectionError, asyncssh.Error):
        client.close()
