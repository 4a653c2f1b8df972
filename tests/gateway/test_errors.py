"""Every error of the library has a code of ours, a status, and words that say what to do."""

from __future__ import annotations

import pytest

from drover.gateway.errors import translate
from drover.platform.errors import DroverError
from routeros import errors as ros

WHERE = ("10.0.0.1", 8729)


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (ros.ConnectionRefused(*WHERE), "device.port_closed", 502),
        (ros.ConnectTimeout(*WHERE), "device.timeout", 504),
        (ros.CommandTimeout("/interface/print", 6.0), "device.timeout", 504),
        (ros.HostUnreachable(*WHERE), "device.unreachable", 502),
        (ros.ConnectError(*WHERE, "no buffer space"), "device.unreachable", 502),
        (ros.NameNotResolved(*WHERE), "device.name_not_resolved", 422),
        (ros.LoginError("admin", "invalid user name or password (6)"), "device.wrong_password", 502),
        (ros.SshLoginError(*WHERE), "device.wrong_password", 502),
        (ros.PinMismatch(*WHERE, expected="a", actual="b"), "device.certificate_changed", 502),
        (ros.HostKeyMismatch(*WHERE, expected="a", actual="b"), "device.host_key_changed", 502),
        (ros.NoCertificate(*WHERE), "device.no_certificate", 502),
        (ros.NotRouterOS(*WHERE), "device.not_routeros", 502),
        (ros.RemoteProtocolError("control byte"), "device.not_routeros", 502),
        (ros.UntrustedCertificate(*WHERE, "expired"), "device.tls_failed", 502),
        (ros.TlsError(*WHERE, "UNSUPPORTED_PROTOCOL"), "device.tls_failed", 502),
        (ros.SshError(*WHERE, "no matching key exchange"), "device.ssh_failed", 502),
        (ros.SshFileError(*WHERE, "no such file"), "device.command_failed", 502),
        (ros.ConnectionLost(*WHERE), "device.connection_lost", 502),
        (ros.FatalError("session terminated on request"), "device.connection_lost", 502),
        (ros.TrapError("no such command", 0, "/interface/wifi/print"), "device.command_failed", 502),
        (ros.ReplyTooLarge("/file/print"), "device.command_failed", 502),
        (ros.ExportIncomplete("error exporting"), "device.export_incomplete", 502),
        (ros.RouterOSError("anything else"), "device.failed", 502),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_error_has_its_code(error, code, status):
    translated = translate(error)
    assert isinstance(translated, DroverError)
    assert (translated.code, translated.status) == (code, status)
    assert len(translated.message) > 20


def test_every_kind_of_error_is_translated():
    """A kind that the library grows shall not fall through to `device.failed` unnoticed."""

    def kinds(base: type[ros.RouterOSError]) -> set[type[ros.RouterOSError]]:
        return {base}.union(*(kinds(kind) for kind in base.__subclasses__()))

    left_out = {
        "RouterOSError",
        "ProtocolError",
        "LocalProtocolError",  # a bug of ours
        "StreamOverflow",  # no streams are used yet
    }
    tested = {type(parameters[0]) for parameters in test_each_error_has_its_code.pytestmark[0].args[1]}
    known = {kind for kind in kinds(ros.RouterOSError) if kind.__module__ == "routeros.errors"}
    assert {kind.__name__ for kind in known - tested} <= left_out


def test_changed_keys_name_what_was_expected_and_what_was_seen():
    for kind in (ros.PinMismatch, ros.HostKeyMismatch):
        assert translate(kind(*WHERE, expected="old", actual="new")).fields == {
            "expected": "old",
            "actual": "new",
        }
