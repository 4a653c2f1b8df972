"""Installations that tests start and kill: `supervised.py` in a process of its own, as root or not."""

import asyncio
import json
import os
import pwd
import shutil
import signal
import sys
import sysconfig
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from drover.platform.engines.state import StateFolder

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
START_TIMEOUT_S = 60.0
END_TIMEOUT_S = 30.0


def ordinary_python() -> str | None:
    """An interpreter of our version that an ordinary account can run; None when there is none.

    As root ours may lie in root's home, which nobody else can enter.
    """
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    nobody = pwd.getpwnam("nobody")
    for candidate in (Path(sys.executable), Path("/usr/bin") / name, Path("/usr/local/bin") / name):
        if candidate.exists() and _others_can_walk_to(candidate.resolve()) and nobody.pw_uid != 0:
            return str(candidate)
    return None


def _others_can_walk_to(path: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def accounts() -> list[str]:
    """The ways to run: as whoever runs the tests, and as root's tests also as an ordinary account."""
    if os.geteuid() != 0:
        return ["ourselves"]
    site = Path(sysconfig.get_paths()["purelib"])
    can_be_ordinary = (
        ordinary_python() is not None and _others_can_walk_to(site) and _others_can_walk_to(ROOT)
    )
    return ["ourselves", "ordinary"] if can_be_ordinary else ["ourselves"]


def is_running(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def running_in(*folders: Path) -> list[int]:
    """Every running process that works in one of the folders: all of an installation's children do."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            cwd = (entry / "cwd").readlink()
        except OSError:
            continue
        if any(cwd.is_relative_to(folder) for folder in folders) and is_running(int(entry.name)):
            found.append(int(entry.name))
    return found


async def until(condition: Callable[[], bool], timeout_s: float = END_TIMEOUT_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


@contextmanager
def state_folder(account: str = "ourselves") -> Iterator[StateFolder]:
    """An empty place for an installation, which the engines' account can walk to."""
    base = Path(tempfile.mkdtemp(prefix="drover-test-"))
    base.chmod(0o711)
    if account == "ordinary":
        nobody = pwd.getpwnam("nobody")
        os.chown(base, nobody.pw_uid, nobody.pw_gid)
    state = StateFolder(base / "state")
    try:
        yield state
    finally:
        state.erase()
        shutil.rmtree(base)


class Installation:
    """A supervisor that runs, and what it said when it was ready."""

    def __init__(
        self, process: asyncio.subprocess.Process, state: StateFolder, ready: dict[str, Any]
    ) -> None:
        self.process = process
        self.state = state
        self.ready = ready

    def children(self) -> list[int]:
        return running_in(self.state.root, self.state.data)

    def service(self, name: str) -> dict[str, Any]:
        """What a stub service was told: `pid` and `env`."""
        told: dict[str, Any] = json.loads((self.state.run / f"{name}.json").read_text())
        return told

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), END_TIMEOUT_S)

    def kill_group(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)


async def spawn(
    state: StateFolder, *arguments: str, account: str = "ourselves", **env: str
) -> asyncio.subprocess.Process:
    """Start `supervised.py`; it reports on stdout and stderr."""
    base_env = {
        "PATH": "/usr/bin:/bin",
        "DROVER_STATE_DIR": str(state.root),
        # The system's interpreter finds our packages this way when ours can't be run by others.
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), sysconfig.get_paths()["purelib"]]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ordinary = account == "ordinary"
    nobody = pwd.getpwnam("nobody")
    python = (ordinary_python() if ordinary else None) or sys.executable
    return await asyncio.create_subprocess_exec(
        python,
        str(HERE / "supervised.py"),
        *arguments,
        env=base_env | env,
        cwd="/",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        **({"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if ordinary else {}),
    )


async def start(state: StateFolder, *arguments: str, account: str = "ourselves", **env: str) -> Installation:
    """Start an installation and wait until it is ready."""
    process = await spawn(state, *arguments, account=account, **env)
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S)
    if not line:
        _, errors = await process.communicate()
        raise AssertionError(f"the supervisor ended with {process.returncode}:\n{errors.decode()}")
    return Installation(process, state, json.loads(line))


@asynccontextmanager
async def installation(
    *arguments: str, account: str = "ourselves", **env: str
) -> AsyncIterator[Installation]:
    """A running installation in a folder of its own, gone afterwards whatever the test did to it."""
    with state_folder(account) as state:
        running = await start(state, *arguments, account=account, **env)
        try:
            yield running
        finally:
            await running.end()
            await until(lambda: not running.children())


async def refusal(state: StateFolder, *arguments: str, **env: str) -> str:
    """Start a supervisor that must refuse, and return what it said."""
    process = await spawn(state, *arguments, **env)
    try:
        _, errors = await asyncio.wait_for(process.communicate(), START_TIMEOUT_S)
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    assert process.returncode == 1
    return errors.decode()
