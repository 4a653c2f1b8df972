"""How long the engines take to be ready: the first time, again, and after a kill."""

# ruff: noqa: T201 - printing is what it is for

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from drover.entrypoints.migrate import migrate
from drover.platform.engines.engine_set import EngineSet
from drover.platform.engines.state import NATS_ADMIN, StateFolder
from drover.platform.engines.stream import ensure_stream
from drover.platform.settings import InstallationSettings


async def measure(state: StateFolder) -> None:
    """Start the engines of an empty folder, then again over the same data."""
    for what in ("first start (initdb, roles)", "second start"):
        began = time.perf_counter()
        state.initialise()
        engines = EngineSet(InstallationSettings(state_dir=state.root), state)
        try:
            took_s = await engines.start()
            ready_s = time.perf_counter() - began
            await ensure_stream(engines.nats_login(NATS_ADMIN))
            files = await asyncio.to_thread(migrate, engines.dsn("owner"))
            migrated_s = time.perf_counter() - began - ready_s
        finally:
            stopping = time.perf_counter()
            await engines.stop()
        parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took_s.items())
        print(
            f"engines, {what}: ready in {ready_s:.2f} s ({parts}), stream and {len(files)} migrations"
            f" {migrated_s:.2f} s, stopped in {time.perf_counter() - stopping:.2f} s"
        )


def main() -> None:
    base = Path(tempfile.mkdtemp(prefix="drover-bench-"))
    base.chmod(0o711)  # as root the engines run as another account, which must walk to its data
    state = StateFolder(base / "state")
    try:
        asyncio.run(measure(state))
    finally:
        state.erase()
        shutil.rmtree(base)


if __name__ == "__main__":
    main()
