"""The state folder: rights, passwords made once, and data where the engines' account can reach it."""

import json
import os
import stat
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from drover.platform.engines.account import EngineAccount, choose_account
from drover.platform.engines.binaries import nats_server, postgres_bin
from drover.platform.engines.errors import EngineError
from drover.platform.engines.postgres import EmbeddedPostgres
from drover.platform.engines.state import DATABASE_ROLES, NATS_SERVICES, StateFolder, write_private
from drover.platform.keyring import read_master_key
from tests.platform.engines.running import state_folder

STRANGER = EngineAccount("stranger", 54321, 54321, drops=True)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_keys_and_passwords_are_closed_to_everyone_else() -> None:
    with state_folder() as state:
        state.initialise()
        closed = (state.keys, state.keyring, state.checkpoints, state.config, state.run, state.log)
        assert [_mode(folder) for folder in closed] == [0o700] * len(closed)
        files = [
            state.credentials_file,
            state.secrets_master_key,
            state.documents_master_key,
            state.checkpoint_key,
        ]
        assert [_mode(path) for path in files] == [0o600] * len(files)
        assert not state.keys.is_relative_to(state.data)
        # Whoever may walk through the folder may not list it.
        assert _mode(state.root) & 0o066 == 0


def test_every_password_and_key_is_its_own() -> None:
    with state_folder() as state, state_folder() as other:
        state.initialise()
        other.initialise()
        made = [
            secret.get_secret_value()
            for folder in (state, other)
            for secret in (*folder.credentials().postgres.values(), *folder.credentials().nats.values())
        ]
        keys = [
            read_master_key(path)
            for folder in (state, other)
            for path in (folder.secrets_master_key, folder.documents_master_key, folder.checkpoint_key)
        ]
        assert len(made) == len(set(made)) == 2 * (1 + len(DATABASE_ROLES) + 1 + len(NATS_SERVICES))
        assert len(set(keys)) == 6
        assert all(len(password) >= 43 for password in made)  # 256 bits
        assert not any(password in repr(state.credentials()) for password in made)


def test_what_was_made_once_is_never_replaced() -> None:
    with state_folder() as state:
        state.initialise()
        files = [state.credentials_file, state.secrets_master_key, state.documents_master_key]
        before = [path.read_text() for path in files]
        state.initialise()
        assert [path.read_text() for path in files] == before


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"postgres": {}, "nats": {}}', '{"postgres": 1}'])
def test_damaged_credentials_are_an_error_that_says_so(content: str) -> None:
    with state_folder() as state:
        state.initialise()
        state.credentials_file.write_text(content)
        with pytest.raises(EngineError, match="damaged"):
            state.credentials()


def test_a_folder_that_was_never_set_up_says_what_to_do() -> None:
    with state_folder() as state, pytest.raises(EngineError, match="drover init"):
        state.credentials()


async def test_data_goes_where_the_engines_account_can_reach_it() -> None:
    # A folder like /root: nobody but its owner can walk through it.
    with tempfile.TemporaryDirectory() as closed:
        state = StateFolder(Path(closed) / "state")
        state.initialise()
        try:
            account = state.account()
            assert account.can_enter(state.data)
            assert state.data.is_relative_to(state.root) == (not account.drops)
            server = EmbeddedPostgres(
                state.data, account, state.credentials().postgres, state.log / "postgres.log", durable=False
            )
            await server.start()
            try:
                psycopg.connect(server.dsn("drover_api").get_secret_value()).close()
            finally:
                await server.stop()
            place = state.data
            StateFolder(state.root).initialise()
            assert state.data == place
        finally:
            place = state.data
            state.erase()
        assert not place.exists()


def test_erasing_leaves_a_folder_alone_that_is_no_installation(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(EngineError, match=r"thesis\.odt"):
        StateFolder(tmp_path).erase()
    assert (tmp_path / "thesis.odt").exists()


def test_erasing_removes_all_of_it() -> None:
    with state_folder() as state:
        state.initialise()
        (state.root / "notes.json").write_text("{}")
        data = state.data
        state.erase()
        assert not state.root.exists()
        assert not data.exists()


def test_only_one_holds_the_folder() -> None:
    with state_folder() as state:
        with state.locked(), pytest.raises(EngineError, match=f"process {os.getpid()}"), state.locked():
            pass
        with state.locked():
            pass


def test_a_private_file_is_whole_or_absent(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_private(path, "first")
    write_private(path, "second")
    assert (path.read_text(), _mode(path)) == ("second", 0o600)
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]


# ------------------------------------------------------------------ accounts


def test_the_engines_account_is_never_root() -> None:
    account = choose_account()
    assert account.uid != 0
    assert account.drops == (os.geteuid() == 0)


def test_root_goes_on_with_the_account_that_owns_the_data() -> None:
    owner = choose_account().uid
    assert choose_account(owner).uid == owner


@pytest.mark.parametrize(
    ("mode", "reachable"), [(0o755, True), (0o711, True), (0o700, False), (0o744, False), (0o710, False)]
)
def test_reaching_a_folder_takes_the_right_to_walk_through_every_folder_above(
    mode: int, reachable: bool
) -> None:
    base = Path(tempfile.mkdtemp())
    inner = base / "inner"
    inner.mkdir(mode=0o755)
    base.chmod(mode)
    try:
        assert STRANGER.can_enter(inner) == reachable
    finally:
        base.chmod(0o700)
        inner.rmdir()
        base.rmdir()


def test_a_socket_folder_of_somebody_else_or_a_link_is_refused(tmp_path: Path) -> None:
    account = choose_account()
    theirs = tmp_path / "theirs"
    theirs.symlink_to("/tmp")
    with pytest.raises(EngineError, match="must be a folder of"):
        account.own_folder(theirs)


class _Barred(EngineAccount):
    """An account that can't read what was installed, as when it lies in root's home."""

    def can_read(self, path: Path, *, needs: int = 0o5) -> bool:
        return False


def test_programs_that_the_account_cannot_read_are_copied_and_run(tmp_path: Path) -> None:
    account = _Barred("barred", 54321, 54321, drops=True)
    for _ in range(2):  # the second time they are there
        package = postgres_bin(account, tmp_path)
        program = nats_server(account, tmp_path)
    assert package.is_relative_to(tmp_path)
    for command in (
        [package / "postgres", "--version"],
        [package / "initdb", "--version"],
        [program, "--version"],
    ):
        assert subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert _mode(command[0]) == 0o755
    assert sorted(entry.name.partition("-")[0] for entry in tmp_path.iterdir()) == ["nats", "postgres"]


def test_credentials_are_json_that_an_administrator_can_read() -> None:
    with state_folder() as state:
        state.initialise()
        content = json.loads(state.credentials_file.read_text())
        assert set(content) == {"postgres", "nats"}
