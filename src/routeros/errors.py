"""Everything that can go wrong between a caller and a router, each error naming whose fault it was.

No message, argument or repr of any error here carries a password.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Who has to change something before a retry can succeed."""

    CALLER = "caller"
    ROUTER = "router"
    NETWORK = "network"


class RouterOSError(Exception):
    """Base of every error that this library raises on purpose."""

    fault: Fault = Fault.ROUTER


# --- protocol -----------------------------------------------------------------------------------


class ProtocolError(RouterOSError):
    """One side broke the rules of the API protocol."""


class LocalProtocolError(ProtocolError):
    """The caller asked for something that can't be said in the protocol; nothing was sent."""

    fault = Fault.CALLER


class RemoteProtocolError(ProtocolError):
    """The peer sent bytes that aren't the protocol, or more of them than the limits allow."""

    fault = Fault.ROUTER


# --- replies ------------------------------------------------------------------------------------

# https://help.mikrotik.com/docs/display/ROS/API, "Error category"
CATEGORY_MISSING = 0
CATEGORY_ARGUMENT = 1
CATEGORY_INTERRUPTED = 2
CATEGORY_SCRIPT = 3
CATEGORY_GENERAL = 4
CATEGORY_API = 5
CATEGORY_TTY = 6
CATEGORY_RETURN = 7


class TrapError(RouterOSError):
    """The router refused a command or gave it up; the connection goes on."""

    def __init__(self, message: str, category: int | None, command_path: str) -> None:
        super().__init__(f"{command_path}: {message}")
        self.message = message
        self.category = category
        self.command_path = command_path
        if category in (CATEGORY_MISSING, CATEGORY_ARGUMENT):
            self.fault = Fault.CALLER

    @property
    def is_missing_command(self) -> bool:
        """Whether this router has no such menu or command, which is how a capability is probed."""
        return self.message.startswith("no such command") or self.message.startswith("unknown command")

    @property
    def is_missing_item(self) -> bool:
        return self.message.startswith("no such item")

    @property
    def is_permission(self) -> bool:
        return self.message.startswith("not enough permissions")

    @property
    def is_interrupted(self) -> bool:
        return self.category == CATEGORY_INTERRUPTED or self.message == "interrupted"

    @property
    def is_device_mode(self) -> bool:
        """Whether device-mode (7.17+) forbids it; no remote manager can change that."""
        return "not allowed by device-mode" in self.message


class FatalError(RouterOSError):
    """The router said `!fatal` and closes the connection."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the router ended the connection: {reason}")
        self.reason = reason


class LoginError(RouterOSError):
    """The router refused the name and password.

    RouterOS gives the same answer when the user lacks the `api` policy or its `address=` excludes us.
    """

    fault = Fault.CALLER

    def __init__(self, username: str, reason: str) -> None:
        super().__init__(f"login as {username!r} was refused: {reason}")
        self.username = username
        self.reason = reason


class CommandTimeout(RouterOSError):
    """A command got no final answer in time."""

    fault = Fault.ROUTER

    def __init__(self, command_path: str, timeout_s: float) -> None:
        super().__init__(f"{command_path}: no answer within {timeout_s:g} s")
        self.command_path = command_path
        self.timeout_s = timeout_s


class ReplyTooLarge(RouterOSError):
    """A reply grew beyond what the caller allows; the command was cancelled."""

    fault = Fault.CALLER

    def __init__(self, command_path: str) -> None:
        super().__init__(f"{command_path}: the reply is larger than the limit")
        self.command_path = command_path


class StreamOverflow(RouterOSError):
    """The reader of a stream was slower than the router; the stream was cancelled, the connection goes on."""

    fault = Fault.CALLER

    def __init__(self, command_path: str, max_rows: int) -> None:
        super().__init__(f"{command_path}: more than {max_rows} rows are waiting to be read")
        self.command_path = command_path


# --- connecting ---------------------------------------------------------------------------------


class ConnectError(RouterOSError):
    """No usable connection to `address`:`port`."""

    fault = Fault.NETWORK
    what = "can't connect"

    def __init__(self, address: str, port: int, detail: str = "") -> None:
        super().__init__(f"{address} port {port}: {self.what}" + (f" ({detail})" if detail else ""))
        self.address = address
        self.port = port
        self.detail = detail


class ConnectionRefused(ConnectError):
    """Nothing listens on the port, or a firewall rejects us."""

    what = "the connection was refused"


class ConnectTimeout(ConnectError):
    """No answer in time while connecting or in the TLS, SSH or login handshake."""

    what = "no answer in time"


class ConnectionLost(ConnectError):
    """An established connection broke or was closed by the peer."""

    what = "the connection was lost"


class HostUnreachable(ConnectError):
    """The network has no way to the address."""

    what = "the host is unreachable"


class NameNotResolved(ConnectError):
    """The DNS name has no address."""

    fault = Fault.CALLER
    what = "the name has no address"


# --- TLS ----------------------------------------------------------------------------------------


class TlsError(ConnectError):
    """The TLS handshake failed or its certificate wasn't accepted; no application byte was sent."""

    fault = Fault.ROUTER
    what = "the TLS handshake failed"


class PinMismatch(TlsError):
    """The peer's public key isn't the pinned one: the router was replaced, or someone sits between."""

    what = "the certificate's public key has changed"

    def __init__(self, address: str, port: int, *, expected: str, actual: str) -> None:
        super().__init__(address, port, f"expected {expected}, got {actual}")
        self.expected = expected
        self.actual = actual


class UntrustedCertificate(TlsError):
    """The certificate isn't signed by the CA that the caller named, has expired or names another host."""

    what = "the certificate isn't trusted"


class NoCertificate(TlsError):
    """The router has no certificate on this service and offers only anonymous Diffie-Hellman."""

    what = "the router has no certificate for this service"


class NotRouterOS(TlsError):
    """Something answered, but it doesn't speak what a router speaks on this port."""

    what = "the answer isn't that of a router"


# --- SSH ----------------------------------------------------------------------------------------


class SshError(ConnectError):
    """The SSH session failed."""

    fault = Fault.ROUTER
    what = "the SSH session failed"


class HostKeyMismatch(SshError):
    """The SSH host key isn't the pinned one; no credential was sent."""

    what = "the SSH host key has changed"

    def __init__(self, address: str, port: int, *, expected: str, actual: str) -> None:
        super().__init__(address, port, f"expected {expected}, got {actual}")
        self.expected = expected
        self.actual = actual


class SshLoginError(SshError):
    """The router refused the name and password over SSH.

    Also when the user has an SSH key installed: RouterOS then refuses passwords by default.
    """

    fault = Fault.CALLER
    what = "the SSH login was refused"


class SshFileError(SshError):
    """The router refused to read or write a file over SFTP."""

    what = "the file transfer failed"


class ExportIncomplete(RouterOSError):
    """What the router gave isn't its whole configuration, so it must not be kept as one."""

    fault = Fault.ROUTER
