"""The state folder: where an installation's data, keys, passwords and logs are kept, and with what rights."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from drover.platform.engines.account import EngineAccount, choose_account
from drover.platform.engines.errors import EngineError

DATABASE_ROLES = (
    "drover_owner",
    "drover_auth",
    "drover_api",
    "drover_poller",
    "drover_ingest",
    "drover_worker",
)
SUPERUSER = "drover_super"
NATS_SERVICES = ("api", "poller", "ingest", "worker")
NATS_ADMIN = "admin"

_OWN_ENTRIES = {"data", "keys", "config", "run", "log", "demo", "demo.json"}

# Where root keeps the engines' data when the state folder is out of the engines' account's reach.
_SHARED_STATE_PARENT = Path("/var/lib")


@dataclass(frozen=True)
class Credentials:
    """The passwords of the embedded engines: of every database role and every NATS user."""

    postgres: Mapping[str, SecretStr] = field(repr=False)
    nats: Mapping[str, SecretStr] = field(repr=False)


class StateFolder:
    """An installation's folder (`.drover`): `data` for the engines, and what must stay away from them.

    `data` belongs to the engines' account; `keys`, `config`, `run` and `log` only to whoever runs
    Drover. When that account can't reach the folder (root's home), `data` is a link to a place it can.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    @property
    def data(self) -> Path:
        return (self.root / "data").resolve()

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def keyring(self) -> Path:
        return self.keys / "keyring"

    @property
    def secrets_master_key(self) -> Path:
        return self.keys / "secrets.master.key"

    @property
    def documents_master_key(self) -> Path:
        return self.keys / "documents.master.key"

    @property
    def checkpoints(self) -> Path:
        return self.keys / "checkpoints"

    @property
    def checkpoint_key(self) -> Path:
        return self.keys / "checkpoint.key"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def credentials_file(self) -> Path:
        return self.config / "credentials.json"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def is_initialised(self) -> bool:
        return self.credentials_file.is_file()

    def account(self) -> EngineAccount:
        """Whom the engines run as: the owner of the database that is there, or a fresh choice."""
        database = self.data / "pg"
        return choose_account(database.stat().st_uid if database.is_dir() else None)

    def initialise(self) -> None:
        """Make what is missing: folders, passwords and master keys. What exists is never replaced."""
        account = self.account()
        with self._ours():
            self._make_folders(account)
            for key in (self.secrets_master_key, self.documents_master_key, self.checkpoint_key):
                if not key.exists():
                    write_private(key, secrets.token_hex(32) + "\n")
            # Last: its presence says that the rest is complete.
            if not self.is_initialised:
                passwords = {
                    "postgres": {role: secrets.token_urlsafe(32) for role in (SUPERUSER, *DATABASE_ROLES)},
                    "nats": {user: secrets.token_urlsafe(32) for user in (NATS_ADMIN, *NATS_SERVICES)},
                }
                write_private(self.credentials_file, json.dumps(passwords, indent=2) + "\n")

    def credentials(self) -> Credentials:
        try:
            content = json.loads(self.credentials_file.read_text())
            return Credentials(
                postgres={
                    role: SecretStr(content["postgres"][role]) for role in (SUPERUSER, *DATABASE_ROLES)
                },
                nats={user: SecretStr(content["nats"][user]) for user in (NATS_ADMIN, *NATS_SERVICES)},
            )
        except FileNotFoundError:
            raise EngineError(f"{self.root} is not set up: run drover init") from None
        except (ValueError, KeyError, TypeError):
            raise EngineError(f"{self.credentials_file} is damaged: restore it from a backup") from None

    def erase(self) -> None:
        """Remove the installation, the engines' data included, wherever it lies.

        Refuses a folder that is no installation: a wrong --state-dir must not cost anybody's files.
        """
        foreign = (
            {entry.name for entry in self.root.iterdir()} - _OWN_ENTRIES if self.root.is_dir() else set()
        )
        if foreign and not self.is_initialised:
            raise EngineError(
                f"{self.root} is not Drover's (it holds {', '.join(sorted(foreign))}): not removed"
            )
        data = self.data
        if data.is_dir():
            shutil.rmtree(data)
        if self.root.is_dir():
            shutil.rmtree(self.root)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one supervisor; the kernel lets go of it however that ends."""
        with self._ours():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.run.mkdir(mode=0o700, exist_ok=True)
            path = self.run / "supervisor.lock"
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
                raise EngineError(
                    f"Drover is already running on {self.root} (process {holder}):"
                    " stop that one first, or choose another folder with --state-dir"
                ) from None
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _ours(self) -> Iterator[None]:
        try:
            yield
        except PermissionError as error:
            raise EngineError(
                f"{error.filename} can't be used by this account: run Drover as the account that made"
                f" {self.root}, or choose another folder with --state-dir"
            ) from None

    def _make_folders(self, account: EngineAccount) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account.drops and self.root.stat().st_uid == 0:
            self.root.chmod(0o711)  # the engines' account must walk through to its data
        for folder in (self.keys, self.keyring, self.checkpoints, self.config, self.run, self.log):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
        self._place_data(account)

    def _place_data(self, account: EngineAccount) -> None:
        link = self.root / "data"
        if not link.is_symlink() and not link.exists() and not account.can_enter(self.root):
            link.symlink_to(self._shared_data_folder(account))
        data = self.data
        data.mkdir(mode=0o700, exist_ok=True)
        if account.drops and data.stat().st_uid == 0:
            data.chmod(0o711)
        if not account.can_enter(data):
            raise EngineError(
                f"the engines run as {account.name}, which can't walk to {data}: choose a folder that others"
                " may walk to with --state-dir (such as /var/lib/drover), or run Drover as an ordinary user"
            )
        for name in ("pg-run", "nats"):
            account.own_folder(data / name)

    def _shared_data_folder(self, account: EngineAccount) -> Path:
        folder = _SHARED_STATE_PARENT / f"drover-{_short_hash(self.root)}"
        if not account.can_enter(_SHARED_STATE_PARENT):
            raise EngineError(
                f"the engines run as {account.name}, which can't walk to {self.root} nor to"
                f" {_SHARED_STATE_PARENT}: choose another folder with --state-dir"
            )
        if folder.exists():
            # Left by an installation whose passwords and keys are gone: no use, but not ours to delete.
            folder.rename(folder.with_name(f"{folder.name}.before-{int(time.time())}"))
        return folder


def socket_path(data: Path, account: EngineAccount) -> Path:
    """Where the database's socket lies: a path that fits into a socket address."""
    near = data / "pg-run"
    # 104 bytes with the final NUL on macOS, 108 on Linux.
    if len(os.fsencode(near / ".s.PGSQL.5432")) > 103:
        return Path("/tmp") / f"drover-{account.uid}-{_short_hash(data)}"  # noqa: S108 - owner and mode are checked
    return near


def socket_folder(data: Path, account: EngineAccount) -> Path:
    """The 0700 folder of the database's socket, made and checked."""
    folder = socket_path(data, account)
    account.own_folder(folder)
    return folder


def write_private(path: Path, content: str) -> None:
    """Write a 0600 file, whole or not at all, and on disk when this returns."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
