"""SSH: the host key is settled before the password, output comes whole or not at all."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncssh
import pytest

from routeros.errors import (
    CommandTimeout,
    ConnectionLost,
    ConnectionRefused,
    ConnectTimeout,
    ExportIncomplete,
    HostKeyMismatch,
    ReplyTooLarge,
    RouterOSError,
    SshError,
    SshFileError,
    SshLoginError,
)
from routeros.ssh import SshSession, export_config, fetch_host_key, open_ssh
from routeros.version import RouterOSVersion

from .conftest import WAIT_S, Peer, serve

PASSWORD = "s3cret word"
EXPORT = (
    "# 2026-03-02 10:00:00 by RouterOS 7.19.3\n# software id = AAAA-BBBB\n#\n# model = C53UiG+5HPaxD2HPaxD\n"
    "# serial number = HX123\n/ip address add address=192.0.2.1/24 comment=\u017elu\u0165 interface=ether1\n"
)

Command = Callable[[asyncssh.SSHServerProcess[bytes]], object]


class FakeSshRouter(asyncssh.SSHServer):
    """Knows one user and its password, and what was tried."""

    def __init__(self, tried: list[str], connections: list[asyncssh.SSHServerConnection]) -> None:
        self._tried = tried
        self._connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._tried.append(password)
        return (username, password) == ("drover", PASSWORD)


class SshRouter:
    def __init__(self, port: int, fingerprint: str) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.fingerprint = fingerprint
        self.tried: list[str] = []
        self.commands: list[str] = []
        self.connections: list[asyncssh.SSHServerConnection] = []


@asynccontextmanager
async def ssh_router(
    answer: Command | None = None, *, folder: Path | None = None, algorithm: str = "ssh-rsa"
) -> AsyncIterator[SshRouter]:
    key = asyncssh.generate_private_key(algorithm)
    router = SshRouter(0, key.get_fingerprint("sha256"))

    async def handle(process: asyncssh.SSHServerProcess[bytes]) -> None:
        router.commands.append(process.command or "")
        assert answer is not None
        result = answer(process)
        if asyncio.iscoroutine(result):
            await result

    def sftp(channel: asyncssh.SSHServerChannel) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(folder))

    server = await asyncssh.create_server(
        lambda: FakeSshRouter(router.tried, router.connections),
        router.host,
        0,
        server_host_keys=[key],
        process_factory=handle,
        encoding=None,
        sftp_factory=sftp if folder is not None else False,
    )
    router.port = server.get_port()
    try:
        yield router
    finally:
        server.close()
        for connection in router.connections:
            connection.abort()
        await asyncio.wait_for(server.wait_closed(), WAIT_S)


def prints(output: bytes, status: int | None = 0) -> Command:
    def answer(process: asyncssh.SSHServerProcess[bytes]) -> None:
        process.stdout.write(output)
        if status is None:
            process.close()
        else:
            process.exit(status)

    return answer


@asynccontextmanager
async def session(router: SshRouter) -> AsyncIterator[SshSession]:
    opened = await open_ssh(
        router.host,
        router.port,
        username="drover",
        password=PASSWORD,
        host_key_sha256=router.fingerprint,
        timeout_s=WAIT_S,
    )
    async with opened:
        yield opened


@contextmanager
def silent_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


# --- who it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["ssh-rsa", "ssh-ed25519"])
async def test_fetching_a_host_key_gives_the_fingerprint_and_sends_no_credentials(algorithm: str) -> None:
    async with ssh_router(algorithm=algorithm) as router:
        key = await fetch_host_key(router.host, router.port, timeout_s=WAIT_S)
        assert key.sha256 == router.fingerprint
        assert key.sha256.startswith("SHA256:")
        assert key.algorithm == algorithm
        assert router.tried == []


async def test_another_host_key_is_refused_before_the_password_is_sent() -> None:
    async with ssh_router() as router:
        with pytest.raises(HostKeyMismatch) as caught:
            await open_ssh(
                router.host,
                router.port,
                username="drover",
                password=PASSWORD,
                host_key_sha256="SHA256:" + "A" * 43,
                timeout_s=WAIT_S,
            )
        assert caught.value.actual == router.fingerprint
        assert caught.value.expected == "SHA256:" + "A" * 43
        assert router.tried == []


async def test_a_wrong_password_is_its_own_error_and_never_shown() -> None:
    async with ssh_router() as router:
        with pytest.raises(SshLoginError) as caught:
            await open_ssh(
                router.host,
                router.port,
                username="drover",
                password="wrong one",
                host_key_sha256=router.fingerprint,
                timeout_s=WAIT_S,
            )
        assert "wrong one" not in str(caught.value) + repr(caught.value)
        assert "drover" in str(caught.value)
        assert set(router.tried) == {"wrong one"}


async def test_a_silent_port_is_a_timeout() -> None:
    with silent_port() as port, pytest.raises(ConnectTimeout):
        await fetch_host_key("127.0.0.1", port, timeout_s=0.1)
    with silent_port() as port, pytest.raises(ConnectTimeout):
        await open_ssh(
            "127.0.0.1", port, username="a", password="b", host_key_sha256="SHA256:x", timeout_s=0.1
        )


async def test_a_closed_port_is_refused() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefused):
            await fetch_host_key("127.0.0.1", reserved.getsockname()[1], timeout_s=WAIT_S)


async def test_the_resolved_address_is_used() -> None:
    async with ssh_router() as router:
        key = await fetch_host_key(
            "router.invalid", router.port, timeout_s=WAIT_S, resolved_address=router.host
        )
        assert key.sha256 == router.fingerprint


# --- commands -----------------------------------------------------------------------------------


async def test_a_command_gives_its_output_and_status() -> None:
    async with ssh_router(prints(b"name: \xc7\xe0\xef\r\n", 1)) as router, session(router) as ssh:
        result = await ssh.run("/system identity print", WAIT_S)
        assert result.stdout.encode("utf-8", "surrogateescape") == b"name: \xc7\xe0\xef\r\n"
        assert result.exit_status == 1
        assert router.commands == ["/system identity print"]


async def test_commands_run_side_by_side() -> None:
    both = asyncio.Event()

    async def answer(process: asyncssh.SSHServerProcess[bytes]) -> None:
        if len(router.commands) == 2:
            both.set()
        await asyncio.wait_for(both.wait(), WAIT_S)
        process.stdout.write((process.command or "").encode())
        process.exit(0)

    async with ssh_router(answer) as router, session(router) as ssh:
        first, second = await asyncio.gather(ssh.run("/a", WAIT_S), ssh.run("/b", WAIT_S))
        assert (first.stdout, second.stdout) == ("/a", "/b")


async def test_a_late_command_times_out_and_the_session_goes_on() -> None:
    released = asyncio.Event()

    async def answer(process: asyncssh.SSHServerProcess[bytes]) -> None:
        if process.command == "/slow password=x":
            await asyncio.wait_for(released.wait(), WAIT_S)
        process.exit(0)

    async with ssh_router(answer) as router, session(router) as ssh:
        with pytest.raises(CommandTimeout) as caught:
            await ssh.run("/slow password=x", 0.1)
        assert caught.value.command_path == "/slow"
        assert "password" not in str(caught.value)
        assert (await ssh.run("/fast", WAIT_S)).exit_status == 0
        released.set()


async def test_an_endless_output_is_refused() -> None:
    async with ssh_router(prints(b"x" * 100_000)) as router, session(router) as ssh:
        with pytest.raises(ReplyTooLarge):
            await ssh.run("/log print", WAIT_S, max_output_bytes=10_000)


async def test_a_connection_that_breaks_in_the_middle_is_lost_and_never_a_short_output() -> None:
    async def answer(process: asyncssh.SSHServerProcess[bytes]) -> None:
        process.stdout.write(b"# half\n")
        await process.stdout.drain()
        router.connections[0].abort()

    async with ssh_router(answer) as router, session(router) as ssh:
        with pytest.raises(ConnectionLost):
            await ssh.run("/export", WAIT_S)
        with pytest.raises(RouterOSError):
            await ssh.run("/export", WAIT_S)


async def test_closing_can_be_repeated() -> None:
    async with ssh_router() as router, session(router) as ssh:
        await ssh.close()
        await ssh.close()
        with pytest.raises(RouterOSError):
            await ssh.run("/export", WAIT_S)


# --- files --------------------------------------------------------------------------------------


async def test_files_are_written_and_read_back(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1000
    async with ssh_router(folder=tmp_path) as router, session(router) as ssh:
        await ssh.put("drover.rsc", data, WAIT_S)
        assert (tmp_path / "drover.rsc").read_bytes() == data
        assert await ssh.get("drover.rsc", WAIT_S) == data
        with pytest.raises(ReplyTooLarge):
            await ssh.get("drover.rsc", WAIT_S, max_bytes=1000)


async def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    async with ssh_router(folder=tmp_path) as router, session(router) as ssh:
        with pytest.raises(SshFileError):
            await ssh.get("nothing.rsc", WAIT_S)


async def test_a_router_without_sftp_is_an_error() -> None:
    async with ssh_router() as router, session(router) as ssh:
        with pytest.raises(SshError):
            await ssh.get("nothing.rsc", WAIT_S)


@pytest.mark.parametrize("name", ["x.auto.rsc", "flash/y.auto.npk"])
async def test_names_that_act_on_arrival_are_refused(tmp_path: Path, name: str) -> None:
    async with ssh_router(folder=tmp_path) as router, session(router) as ssh:
        with pytest.raises(ValueError, match="act on arrival"):
            await ssh.put(name, b"", WAIT_S)
    assert os.listdir(tmp_path) == []


# --- exports ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "command"),
    [
        ("6.49.10 (long-term)", "/export terse"),
        ("7.19.3 (stable)", "/export terse show-sensitive"),
        ("7.1beta4", "/export terse show-sensitive"),
    ],
)
async def test_the_export_asks_for_secrets_as_its_version_wants(version: str, command: str) -> None:
    async with ssh_router(prints(EXPORT.encode())) as router, session(router) as ssh:
        assert await export_config(ssh, RouterOSVersion.parse(version), timeout_s=WAIT_S) == EXPORT
        assert router.commands == [command]


@pytest.mark.parametrize(
    ("output", "status", "reason"),
    [
        (b"", 0, "no header"),
        (b"bad command name export (line 1 column 2)\n", 1, "no header"),
        (EXPORT.encode()[:-1], 0, "last line has no end"),
        (EXPORT.encode() + b"#error exporting /ip firewall calea\r\n", 0, "/ip firewall calea"),
        (EXPORT.encode() + b"#error exporting /ip/service (timeout)\r\n", 0, "/ip/service"),
        (EXPORT.encode(), 1, "status 1"),
    ],
)
async def test_an_export_that_is_not_whole_is_refused(output: bytes, status: int, reason: str) -> None:
    async with ssh_router(prints(output, status)) as router, session(router) as ssh:
        with pytest.raises(ExportIncomplete, match=reason):
            await export_config(ssh, RouterOSVersion.parse("7.19.3"), timeout_s=WAIT_S)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x28"]
)
async def test_a_port_that_does_not_speak_ssh_is_an_error(answer: bytes) -> None:
    async def speak(peer: Peer) -> None:
        peer.writer.write(answer)
        await peer.writer.drain()

    async with serve(speak) as router:
        with pytest.raises((SshError, ConnectionLost)):
            await fetch_host_key(router.host, router.port, timeout_s=WAIT_S)
        with pytest.raises((SshError, ConnectionLost)):
            await open_ssh(
                router.host,
                router.port,
                username="a",
                password="b",
                host_key_sha256="SHA256:x",
                timeout_s=WAIT_S,
            )
