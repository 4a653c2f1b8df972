"""A running demonstration of its own for a test: other ports, another folder, killed whole if need be."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

READY_TIMEOUT_S = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Demo:
    """`drover demo` as a child process. `info` is its demo.json."""

    state_dir: Path
    devices: int
    web_port: int = field(default_factory=free_port)
    api_port: int = field(default_factory=free_port)
    ssh_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    info: dict[str, Any] = field(default_factory=dict)

    def start(self) -> None:
        """Start and wait until demo.json says that it is ready; the log's end when it isn't."""
        log = self.state_dir.with_suffix(".log")
        ready = self.state_dir / "demo.json"
        ready.unlink(missing_ok=True)  # a killed one could not take it away
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(
                        sys.executable,
                        "-m",
                        "drover.entrypoints.cli",
                        "demo",
                        "--state-dir",
                        str(self.state_dir),
                    ),
                    *("--devices", str(self.devices), "--port", str(self.web_port)),
                    *("--router-api-port", str(self.api_port), "--router-ssh-port", str(self.ssh_port)),
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
            )
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(
                    f"the demonstration did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}"
                )
            time.sleep(0.1)
        self.info = json.loads(ready.read_text("utf-8"))

    def login(self, role: str, tenant: str | None = None) -> dict[str, Any]:
        """A login of demo.json; `tenant=None` with `admin` is the MSP's person who is in all clients."""
        return next(
            login for login in self.info["logins"] if (login["role"], login["tenant"]) == (role, tenant)
        )

    def stop(self) -> int:
        """Stop as Ctrl-C does; the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """kill -9 of the whole process group."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


@contextlib.contextmanager
def running_demo(devices: int) -> Iterator[Demo]:
    """A demonstration with its own folder, dropped at the end."""
    # Not pytest's tmp_path: as root the engines run as another account, which can't walk through it.
    root = Path(tempfile.mkdtemp(prefix="drover-demo-"))
    root.chmod(0o755)
    demo = Demo(root / "state", devices)
    try:
        demo.start()
        yield demo
    finally:
        if demo.process is not None and demo.process.poll() is None:
            demo.stop()
        shutil.rmtree(root)
