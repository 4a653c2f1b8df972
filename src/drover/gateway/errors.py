"""What can go wrong on the way to a router, and the one mapping from the library's errors to these.

Codes are stable; messages say what to do and carry no secret. Statuses: 422 when the address itself is wrong, 502 when a
router (or the road to it) failed, 504 when it did not answer.
"""

from __future__ import annotations

from typing import Literal

from drover.platform.errors import DroverError, InvalidInputError
from routeros import errors as ros

Service = Literal["api", "ssh"]


class DeviceError(DroverError):
    """Base of all that a router or the road to it did wrong."""

    code = "device.failed"
    status = 502


class OutsideNetworksError(InvalidInputError):
    code = "device.outside_networks"


class NameNotResolvedError(InvalidInputError):
    code = "device.name_not_resolved"


class PortClosedError(DeviceError):
    code = "device.port_closed"


class DeviceTimeoutError(DeviceError):
    code = "device.timeout"
    status = 504


class UnreachableError(DeviceError):
    code = "device.unreachable"


class WrongPasswordError(DeviceError):
    code = "device.wrong_password"


class CertificateChangedError(DeviceError):
    """`fields` name `expected` and `actual`."""

    code = "device.certificate_changed"


class HostKeyChangedError(DeviceError):
    """`fields` name `expected` and `actual`."""

    code = "device.host_key_changed"


class NoCertificateError(DeviceError):
    code = "device.no_certificate"


class NotRouterOSError(DeviceError):
    code = "device.not_routeros"


class TlsFailedError(DeviceError):
    code = "device.tls_failed"


class SshFailedError(DeviceError):
    code = "device.ssh_failed"


class ConnectionLostError(DeviceError):
    code = "device.connection_lost"


class CommandFailedError(DeviceError):
    """`fields` name `command` and the router's own `reason`."""

    code = "device.command_failed"


class ExportIncompleteError(DeviceError):
    code = "device.export_incomplete"


_SERVICE_NAME = {"api": "api-ssl", "ssh": "ssh"}


def translate(error: ros.RouterOSError, service: Service = "api") -> DroverError:
    """Say a library error in our terms. Raise it `from` the original."""
    if isinstance(error, ros.ConnectError):
        return _translate_connect(error, service)
    if isinstance(error, ros.LoginError):
        return _wrong_password(error.username, service)
    if isinstance(error, ros.CommandTimeout):
        return DeviceTimeoutError(
            f"the router did not answer {error.command_path} within {error.timeout_s:g} s: it may be overloaded or"
            " the link to it poor"
        )
    if isinstance(error, ros.TrapError):
        return _command_failed(error.command_path, error.message)
    if isinstance(error, ros.ReplyTooLarge):
        return _command_failed(error.command_path, "its reply is larger than we accept")
    if isinstance(error, ros.FatalError):
        return ConnectionLostError(f"the router ended the session: {error.reason}")
    if isinstance(error, ros.RemoteProtocolError):
        return NotRouterOSError("what answers there does not speak the RouterOS API: check address and port")
    if isinstance(error, ros.ExportIncomplete):
        return ExportIncompleteError(f"the router gave an incomplete configuration: {error}")
    return DeviceError(f"talking to the router failed: {error}")


def _translate_connect(error: ros.ConnectError, service: Service) -> DroverError:
    # Subclasses before their bases: SSH and TLS errors are connect errors too.
    if isinstance(error, ros.TlsError):
        return _translate_tls(error)
    if isinstance(error, ros.SshError):
        return _translate_ssh(error, service)
    where = f"{error.address} port {error.port}"
    if isinstance(error, ros.ConnectionRefused):
        name = _SERVICE_NAME[service]
        return PortClosedError(
            f"nothing listens on {where}: check that {name} is enabled (/ip service), its port, and the router's firewall"
        )
    if isinstance(error, ros.ConnectTimeout):
        return DeviceTimeoutError(
            f"no answer from {where}: check the address, that the router is up, and that its firewall lets us in"
        )
    if isinstance(error, ros.HostUnreachable):
        return UnreachableError(
            f"there is no way to {error.address}: check the route or the VPN to this site"
        )
    if isinstance(error, ros.NameNotResolved):
        return NameNotResolvedError(
            f"the name {error.address} has no address: check its spelling and this server's DNS",
            fields={"address": "has no address"},
        )
    if isinstance(error, ros.ConnectionLost):
        return ConnectionLostError(
            f"the connection to {where} was lost: {error.detail or 'closed by the router'}"
        )
    return UnreachableError(f"{where} can't be reached: {error.detail or error.what}")


def _translate_tls(error: ros.TlsError) -> DroverError:
    where = f"{error.address} port {error.port}"
    if isinstance(error, ros.PinMismatch):
        return CertificateChangedError(
            f"the certificate's key on {where} is not the one that was confirmed: the router was replaced or reset, or"
            " somebody sits in between. Nothing was sent. Confirm the new fingerprint only if you know why it changed",
            fields={"expected": error.expected, "actual": error.actual},
        )
    if isinstance(error, ros.NoCertificate):
        return NoCertificateError(
            "the router has no certificate on api-ssl, so it could not prove who it is: make one (/certificate) and set"
            " it on api-ssl (/ip service)"
        )
    if isinstance(error, ros.NotRouterOS):
        return NotRouterOSError(
            f"what answers on {where} does not speak the RouterOS API over TLS: check address and port (api-ssl is 8729)"
        )
    return TlsFailedError(f"the TLS handshake with {where} failed: {error.detail or error.what}")


def _translate_ssh(error: ros.SshError, service: Service) -> DroverError:
    where = f"{error.address} port {error.port}"
    if isinstance(error, ros.HostKeyMismatch):
        return HostKeyChangedError(
            f"the SSH host key on {where} is not the one that was confirmed: the router was replaced or reset, or"
            " somebody sits in between. Nothing was sent. Confirm the new key only if you know why it changed",
            fields={"expected": error.expected, "actual": error.actual},
        )
    if isinstance(error, ros.SshLoginError):
        return _wrong_password(None, service)
    if isinstance(error, ros.SshFileError):
        return _command_failed("sftp", error.detail)
    return SshFailedError(f"the SSH session with {where} failed: {error.detail or error.what}")


def _wrong_password(username: str | None, service: Service) -> WrongPasswordError:
    who = f"the login of {username!r}" if username is not None else "the login"
    hint = "`api`" if service == "api" else "`ssh`"
    return WrongPasswordError(
        f"the router refused {who}: check name and password, that the user's group has the policy {hint}, and that"
        " its allowed addresses include this server"
    )


def _command_failed(command: str, reason: str) -> CommandFailedError:
    return CommandFailedError(
        f"the router refused {command}: {reason}", fields={"command": command, "reason": reason}
    )
