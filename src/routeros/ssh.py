"""SSH sessions with a router whose host key is known, for commands and files.

Commands run without a terminal, which is how RouterOS answers without colours, paging and prompts; one line
per command. Output is decoded as UTF-8 with surrogateescape, as values of the API are.

Nothing of the person's own SSH set-up takes part: no configuration file, no agent, no keys, no known_hosts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import asyncssh

from routeros.errors import (
    CommandTimeout,
    ConnectError,
    ConnectionLost,
    ConnectTimeout,
    HostKeyMismatch,
    ReplyTooLarge,
    SshError,
    SshFileError,
    SshLoginError,
)
from routeros.ssh_export import export_config
from routeros.transport import map_connect_error

__all__ = ["HostKey", "SshResult", "SshSession", "export_config", "fetch_host_key", "open_ssh"]

# asyncssh writes command lines, with the secrets in them, to its log at INFO.
asyncssh.set_log_level("WARNING")

DEFAULT_MAX_OUTPUT_BYTES = 64 << 20
_CHUNK_BYTES = 64 * 1024

# The same order for fetching and for connecting, or a router with two keys could show one and be pinned by
# the other. RSA is what routers have unless host-key-type says otherwise; plain ssh-rsa is all that old ones
# can sign with.
_HOST_KEY_ALGORITHMS = (
    "rsa-sha2-256",
    "rsa-sha2-512",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
)


@dataclass(frozen=True, slots=True)
class HostKey:
    """An SSH host key as a person confirms it; `sha256` is OpenSSH's form, `SHA256:` and base64."""

    algorithm: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SshResult:
    """What a command printed; RouterOS prints its errors to stdout too, and not always with a status."""

    stdout: str
    stderr: str
    exit_status: int | None


class SshSession:
    """One SSH connection; made by `open_ssh`. Commands may run side by side."""

    def __init__(self, connection: asyncssh.SSHClientConnection, address: str, port: int) -> None:
        self._connection = connection
        self._address = address
        self._port = port

    async def run(
        self, command: str, timeout_s: float, *, max_output_bytes: int = DEFAULT_MAX_OUTPUT_BYTES
    ) -> SshResult:
        """Run one command line and return what it printed, whole, or raise."""
        # The path only: the rest may hold secrets, and errors are logged.
        path = command.split(" ", 1)[0]
        async with self._errors(path, timeout_s):
            process: asyncssh.SSHClientProcess[bytes] = await self._connection.create_process(
                command, encoding=None, stdin=asyncssh.DEVNULL, request_pty=False
            )
            try:
                # When one fails the other ends with the channel.
                stdout, stderr = await asyncio.gather(
                    _read_all(process.stdout, path, max_output_bytes),
                    _read_all(process.stderr, path, max_output_bytes),
                )
                await process.wait_closed()
            finally:
                process.close()
            if process.exit_status is None and self._connection.is_closed():
                raise ConnectionLost(self._address, self._port, f"{path} was cut short")
            return SshResult(_text(stdout), _text(stderr), process.exit_status)

    async def get(self, path: str, timeout_s: float, *, max_bytes: int = DEFAULT_MAX_OUTPUT_BYTES) -> bytes:
        """Read a file of the router over SFTP."""
        async with (
            self._errors("sftp get", timeout_s),
            self._sftp() as sftp,
            sftp.open(path, "rb", encoding=None) as file,
        ):
            return await _read_all(file, "sftp get", max_bytes)

    async def put(self, path: str, data: bytes, timeout_s: float) -> None:
        """Write a file on the router over SFTP; `.auto.rsc` and `.auto.npk` names act at once, so refuse them.

        RouterOS runs an uploaded `*.auto.rsc` and reboots for a `*.auto.npk`.
        """
        if path.endswith((".auto.rsc", ".auto.npk")):
            raise ValueError(f"a file of this name would act on arrival: {path!r}")
        async with (
            self._errors("sftp put", timeout_s),
            self._sftp() as sftp,
            sftp.open(path, "wb", encoding=None) as file,
        ):
            await file.write(data)

    async def close(self, timeout_s: float = 2.0) -> None:
        """End the session; calling it again is harmless."""
        self._connection.close()
        try:
            async with asyncio.timeout(timeout_s):
                await self._connection.wait_closed()
        except TimeoutError:
            self._connection.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def _sftp(self) -> AsyncIterator[asyncssh.SFTPClient]:
        sftp = await self._connection.start_sftp_client(path_errors="surrogateescape")
        async with sftp:
            yield sftp

    @asynccontextmanager
    async def _errors(self, command_path: str, timeout_s: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(timeout_s):
                yield
        except TimeoutError:
            raise CommandTimeout(command_path, timeout_s) from None
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as error:
            raise ConnectionLost(self._address, self._port, error.reason) from error
        except asyncssh.SFTPError as error:
            raise SshFileError(self._address, self._port, error.reason) from error
        except asyncssh.ChannelOpenError as error:
            if self._connection.is_closed():
                raise ConnectionLost(self._address, self._port, error.reason) from error
            raise SshError(self._address, self._port, error.reason) from error
        except OSError as error:
            raise ConnectionLost(self._address, self._port, error.strerror or "") from error
        except asyncssh.Error as error:
            raise _map_error(self._address, self._port, error) from error


async def fetch_host_key(
    host: str, port: int, *, timeout_s: float, resolved_address: str | None = None
) -> HostKey:
    """Make the key exchange, send no name and no password, and return the key for a person to confirm."""
    try:
        async with asyncio.timeout(timeout_s):
            key = await asyncssh.get_server_host_key(
                resolved_address or host,
                port,
                server_host_key_algs=list(_HOST_KEY_ALGORITHMS),
                config=None,
            )
    except (asyncssh.Error, OSError) as error:
        raise _map_error(host, port, error) from error
    if key is None:
        raise SshError(host, port, "no host key was offered")
    return _host_key(key)


async def open_ssh(
    host: str,
    port: int,
    *,
    username: str,
    password: str,
    host_key_sha256: str,
    timeout_s: float,
    resolved_address: str | None = None,
) -> SshSession:
    """Connect and log in by password, which is sent only after the host key has proved to be the pinned one."""
    pinned = _PinnedHost(host_key_sha256)
    try:
        async with asyncio.timeout(timeout_s):
            connection, _ = await asyncssh.create_connection(
                lambda: pinned,
                resolved_address or host,
                port,
                username=username,
                password=password,
                known_hosts=asyncssh.import_known_hosts(""),
                server_host_key_algs=list(_HOST_KEY_ALGORITHMS),
                preferred_auth="password,keyboard-interactive",
                client_keys=None,
                agent_path=None,
                gss_host=None,
                config=None,
                keepalive_interval=15,
                keepalive_count_max=3,
            )
    except asyncssh.HostKeyNotVerifiable as error:
        if pinned.actual is None:
            raise SshError(host, port, "the host key can't be verified") from error
        raise HostKeyMismatch(host, port, expected=host_key_sha256, actual=pinned.actual) from None
    except asyncssh.PermissionDenied as error:
        raise SshLoginError(host, port, f"user {username!r}") from error
    except (asyncssh.Error, OSError) as error:
        raise _map_error(host, port, error) from error
    return SshSession(connection, host, port)


class _PinnedHost(asyncssh.SSHClient):
    """Accepts one host key; asked by asyncssh before authentication begins."""

    def __init__(self, expected: str) -> None:
        self._expected = expected
        self.actual: str | None = None

    def validate_host_public_key(
        self,
        host: str,  # noqa: ARG002  # asyncssh's signature
        addr: str,  # noqa: ARG002
        port: int,  # noqa: ARG002
        key: asyncssh.SSHKey,
    ) -> bool:
        self.actual = _host_key(key).sha256
        return self.actual == self._expected


class _Readable(Protocol):
    async def read(self, size: int, /) -> Any: ...


async def _read_all(reader: _Readable, command_path: str, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size_bytes = 0
    while part := await reader.read(_CHUNK_BYTES):
        parts.append(part)
        size_bytes += len(part)
        if size_bytes > max_bytes:
            raise ReplyTooLarge(command_path)
    return b"".join(parts)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _host_key(key: Any) -> HostKey:
    return HostKey(key.get_algorithm(), key.get_fingerprint("sha256"))


def _map_error(host: str, port: int, error: asyncssh.Error | OSError) -> ConnectError:
    if isinstance(error, TimeoutError):
        return ConnectTimeout(host, port)
    if isinstance(error, OSError):
        return map_connect_error(host, port, error)
    if isinstance(error, asyncssh.ConnectionLost):
        return ConnectionLost(host, port, error.reason)
    return SshError(host, port, error.reason)
