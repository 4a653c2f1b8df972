"""Settings: each process has only its own, and what is missing or unsafe is named without being shown."""

import os
from pathlib import Path

import pytest

from drover.entrypoints.http_port import choose_port
from drover.platform.settings import (
    ApiSettings,
    IngestSettings,
    InstallationSettings,
    PollerSettings,
    SettingsError,
    WorkerSettings,
    check_http_binding,
    is_loopback,
    load_settings,
    minimal_environment,
)

SERVICE = {
    "DROVER_DATABASE_URL": "host=/run/drover dbname=drover user=drover_x password=hunter2",
    "DROVER_NATS_URL": "nats://127.0.0.1:4222",
    "DROVER_NATS_USER": "x",
    "DROVER_NATS_PASSWORD": "hunter2",
    "DROVER_NATS_INBOX_PREFIX": "_INBOX_x",
}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DROVER_")]:
        monkeypatch.delenv(name)


def _given(monkeypatch: pytest.MonkeyPatch, **changed: str | None) -> None:
    for name, value in (SERVICE | changed).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


def test_a_missing_setting_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    _given(monkeypatch, DROVER_NATS_USER=None)
    with pytest.raises(SettingsError, match=r"DROVER_NATS_USER is not set(?s:.*)drover up"):
        load_settings(IngestSettings)


@pytest.mark.parametrize("kind", [ApiSettings, PollerSettings, WorkerSettings])
def test_each_service_needs_its_own_keys(
    monkeypatch: pytest.MonkeyPatch, kind: type[ApiSettings | PollerSettings | WorkerSettings]
) -> None:
    _given(monkeypatch)
    with pytest.raises(SettingsError, match="DROVER_KEYRING_DIR is not set"):
        load_settings(kind)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DROVER_DATABASE_URL", "host=db.example user=x password=hunter2", "sslmode=verify-full"),
        ("DROVER_DATABASE_URL", "postgresql://x:hunter2@db.example/d?sslmode=require", "sslmode=verify-full"),
        ("DROVER_DATABASE_URL", "hunter2 is no connection string", "neither"),
        ("DROVER_NATS_URL", "nats://nats.example:4222", "tls://"),
        ("DROVER_NATS_URL", "nats://x:hunter2@127.0.0.1:4222", "credentials"),
        ("DROVER_NATS_URL", "http://127.0.0.1:4222", "must begin with"),
        ("DROVER_ALLOWED_LOOPBACK_NETWORKS", "127.0.0.0/8, 10.0.0.0/8", "127.0.0.0/8"),
        ("DROVER_ALLOWED_LOOPBACK_NETWORKS", "0.0.0.0/0", "127.0.0.0/8"),
    ],
)
def test_unsafe_settings_are_refused_without_showing_them(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    _given(monkeypatch, **{name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings(IngestSettings)
    assert name in str(caught.value)
    assert problem in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "value",
    [
        "host=/run/drover user=x",
        "postgresql://x:y@localhost/d",
        "postgresql://x@127.0.0.1/d",
        "postgresql://x:y@db.example/d?sslmode=verify-full",
    ],
)
def test_safe_database_addresses_are_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _given(monkeypatch, DROVER_DATABASE_URL=value)
    assert load_settings(IngestSettings).database_url.get_secret_value() == value


def test_networks_are_a_comma_list_and_none_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    _given(monkeypatch)
    assert load_settings(IngestSettings).allowed_loopback_networks == ()
    _given(monkeypatch, DROVER_ALLOWED_LOOPBACK_NETWORKS="127.16.0.0/12, ::1/128")
    networks = load_settings(IngestSettings).allowed_loopback_networks
    assert [str(network) for network in networks] == ["127.16.0.0/12", "::1/128"]


def test_secrets_are_not_in_a_settings_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    _given(monkeypatch)
    assert "hunter2" not in repr(load_settings(IngestSettings))


def test_an_external_engine_is_set_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DROVER_NATS_URL", "nats://127.0.0.1:4222")
    with pytest.raises(SettingsError, match="DROVER_NATS_API_PASSWORD"):
        load_settings(InstallationSettings)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "drover.example", "", "fe80::1", "127.0.0.1.nip.io"]
)
def test_only_loopback_is_served_without_tls(host: str, tmp_path: Path) -> None:
    assert not is_loopback(host)
    with pytest.raises(ValueError, match="without TLS"):
        check_http_binding(host, None, None)
    with pytest.raises(ValueError, match="both"):
        check_http_binding(host, tmp_path / "cert.pem", None)
    check_http_binding(host, tmp_path / "cert.pem", tmp_path / "key.pem")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_loopback_is_served_without_tls(host: str) -> None:
    check_http_binding(host, None, None)


def test_the_child_environment_carries_no_credential() -> None:
    ours = {
        "PATH": "/bin",
        "HOME": "/root",
        "AWS_SECRET_ACCESS_KEY": "x",
        "PGPASSWORD": "x",
        "DROVER_DATABASE_URL": "x",
    }
    assert minimal_environment(ours) == {"PATH": "/bin", "HOME": "/root", "PYTHONUNBUFFERED": "1"}


def test_a_free_port_is_the_default_or_another() -> None:
    port = choose_port("127.0.0.1", None)
    assert 1024 <= port <= 65535
    assert choose_port("127.0.0.1", port) == port
