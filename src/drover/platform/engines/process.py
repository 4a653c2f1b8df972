"""Child processes that are started as the right account, stopped in order, and never outlive us."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from drover.platform.engines import launch
from drover.platform.engines.account import EngineAccount
from drover.platform.engines.errors import EngineError

# How often a process that isn't our child is looked at while it ends.
_LOOK_EVERY_S = 0.05
_HURRY_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class StopStep:
    """A signal, and how long its effect may take before the next step."""

    signal: signal.Signals
    timeout_s: float


@dataclass(frozen=True)
class ChildSpec:
    """How to start and stop one child.

    `output` is the file its output is appended to (None: our own output). `death_signal` is what
    the kernel sends it when the thread that started it ends, so start children from the main thread.
    `hurry_signal` ends it at once, without loss of what was promised.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    output: Path | None
    death_signal: signal.Signals
    stop_steps: Sequence[StopStep]
    hurry_signal: signal.Signals = signal.SIGKILL
    account: EngineAccount | None = None


class ChildProcess:
    """One running child, in a session of its own so that the terminal's Ctrl-C reaches only us."""

    def __init__(self, spec: ChildSpec, process: asyncio.subprocess.Process) -> None:
        self.spec = spec
        self._process = process
        self._began_s = time.monotonic()

    @classmethod
    async def start(cls, spec: ChildSpec) -> "ChildProcess":
        drops = spec.account is not None and spec.account.drops
        uid, gid = (spec.account.uid, spec.account.gid) if spec.account and drops else (-1, -1)
        command = [
            *(sys.executable, "-I", "-S", launch.__file__),
            *(str(os.getpid()), str(int(spec.death_signal)), str(uid), str(gid)),
            *spec.command,
        ]
        output = open_log(spec.output) if spec.output else None
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(spec.env),
                cwd=spec.cwd,
                start_new_session=True,
            )
        finally:
            if output is not None:
                os.close(output)
        return cls(spec, process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.returncode

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._began_s

    async def wait(self) -> int:
        return await self._process.wait()

    async def stop(self, hurry: asyncio.Event | None = None) -> int:
        """Stop it by its own steps, at the latest by SIGKILL; returns the exit status.

        When `hurry` is set, before or meanwhile, the remaining steps are cut short.
        """
        hurry = hurry or asyncio.Event()
        for step in self.spec.stop_steps:
            if hurry.is_set() or self.returncode is not None:
                break
            self._process.send_signal(step.signal)
            await self._wait_for_end(step.timeout_s, hurry)
        for number in (self.spec.hurry_signal, signal.SIGKILL):
            if self.returncode is None:
                self._process.send_signal(number)
                await self._wait_for_end(_HURRY_TIMEOUT_S, None)
        return await self._process.wait()

    async def _wait_for_end(self, timeout_s: float, hurry: asyncio.Event | None) -> None:
        waits = [asyncio.ensure_future(self._process.wait())]
        if hurry is not None:
            waits.append(asyncio.ensure_future(hurry.wait()))
        try:
            await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def log_tail(self) -> str:
        """The last lines it wrote, for a message about why it did not start."""
        if self.spec.output is None:
            return ""
        lines = self.spec.output.read_bytes()[-4096:].decode(errors="replace").splitlines()
        return "\n".join(lines[-8:])


def open_log(path: Path) -> int:
    """Open a log file for appending, setting an older one of over 10 MB aside."""
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def find_processes(program: str, cwd: Path) -> Iterator[int]:
    """The running processes of a program whose working directory is this folder (Linux only).

    The engines' servers work in their own data folder, so this finds ours and nobody else's,
    even when a pid file is stale and its number has been given to another program.
    """
    wanted = str(cwd.resolve())
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() != Path(wanted):
                continue
            name = (entry / "comm").read_text().strip()
        except OSError:
            continue  # it ended meanwhile, or is not ours to look at
        if name == program:
            yield int(entry.name)


def kill_marked(marker: str) -> list[int]:
    """Kill the processes that carry `NAME=value` in their environment; returns their ids (Linux only).

    The kernel ends a killed supervisor's own children, but not what those started in turn: the mark
    that a supervisor puts into its children's environment goes down to all of them.
    """
    killed = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it ended meanwhile, or is not ours to look at
        if marker.encode() in variables and int(entry.name) != os.getpid():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(entry.name), signal.SIGKILL)
                killed.append(int(entry.name))
    return killed


async def stop_orphans(program: str, cwd: Path, main_pid: int | None, steps: Sequence[StopStep]) -> list[int]:
    """Stop what a killed supervisor left running in a data folder; returns the process ids found.

    `main_pid` is the server's own process when known: it is asked first and takes its workers along.
    """
    found = list(find_processes(program, cwd))
    if not found:
        return []
    for step in (*steps, StopStep(signal.SIGKILL, 5.0)):
        left = list(find_processes(program, cwd))
        for pid in [main_pid] if main_pid in left else left:
            _signal(pid, step.signal)
        for _ in range(max(1, int(step.timeout_s / _LOOK_EVERY_S))):
            if not any(find_processes(program, cwd)):
                return found
            await asyncio.sleep(_LOOK_EVERY_S)
    raise EngineError(f"processes {found} of {program} in {cwd} are still running and can't be stopped")


def _signal(pid: int | None, number: signal.Signals) -> None:
    if pid is None:
        return
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise EngineError(f"process {pid} belongs to another account and can't be stopped") from error
