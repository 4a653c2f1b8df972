"""The command line: says what it does, and refuses with a message rather than a traceback."""

import importlib.metadata
import os

import pytest
from typer.testing import CliRunner, Result

from drover.entrypoints.cli import app
from tests.platform.engines.running import state_folder


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DROVER_")]:
        monkeypatch.delenv(name)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_help_names_every_command_and_what_it_is_for() -> None:
    said = _run("--help").output
    for command in (
        "up",
        "init",
        "migrate",
        "erase",
        "api",
        "poller",
        "ingest",
        "worker",
        "demo",
        "audit",
        "version",
    ):
        assert f" {command} " in said
    for option in ("--state-dir", "--host", "--port", "--tls-cert", "--tls-key"):
        assert option in _run("up", "--help").output


def test_version_is_the_packages() -> None:
    assert _run("version").output.strip() == importlib.metadata.version("drover")


def test_init_makes_the_folder_once_and_erase_removes_it() -> None:
    with state_folder() as state:
        assert "Made" in _run("init", "--state-dir", str(state.root)).output
        before = state.credentials_file.read_text()
        assert "Already there" in _run("init", "--state-dir", str(state.root)).output
        assert state.credentials_file.read_text() == before
        for password in state.credentials().postgres.values():
            assert password.get_secret_value() not in _run("init", "--state-dir", str(state.root)).output
        assert _run("erase", "--state-dir", str(state.root)).exit_code == 1  # asked, and nobody said yes
        assert state.is_initialised
        assert _run("erase", "--yes", "--state-dir", str(state.root)).exit_code == 0
        assert not state.root.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["up", "--host", "0.0.0.0"], "without TLS"),
        (["migrate"], "DROVER_OWNER_DATABASE_URL"),
    ],
)
def test_refuses_with_a_message_and_status_1(arguments: list[str], said: str) -> None:
    with state_folder() as state:
        result = CliRunner().invoke(app, arguments, env={"DROVER_STATE_DIR": str(state.root)})
        assert result.exit_code == 1
        assert said in result.stderr
        assert "Traceback" not in result.output


def test_a_running_installation_is_not_erased() -> None:
    with state_folder() as state:
        state.initialise()
        with state.locked():
            result = _run("erase", "--yes", "--state-dir", str(state.root))
        assert result.exit_code == 1
        assert "already running" in result.stderr
        assert state.is_initialised
