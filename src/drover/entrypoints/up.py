"""`drover up`: the whole product on one machine, until it is told to stop."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from drover.entrypoints.http_port import DEFAULT_PORT
from drover.entrypoints.supervisor import Binding, Supervisor
from drover.platform.log import configure_logging
from drover.platform.settings import InstallationSettings, load_settings


def up(
    state_dir: Path | None, host: str, port: int | None, tls_cert: Path | None, tls_key: Path | None
) -> int:
    """Run an installation in the foreground; returns the exit status."""
    installation = load_settings(InstallationSettings)
    if state_dir is not None:
        installation = installation.model_copy(update={"state_dir": state_dir})
    configure_logging(installation.log_format, "up")
    supervisor = Supervisor(installation, Binding(host, port, tls_cert, tls_key))
    return asyncio.run(supervise(supervisor, lambda: _announce(supervisor, port)))


async def supervise(supervisor: Supervisor, on_ready: Callable[[], None]) -> int:
    """Start, tell that it is ready, and stop in order on SIGINT or SIGTERM; a second signal hurries.

    Returns 0 when all of it ended well, 1 when something had to be killed.
    """
    asked = asyncio.Event()

    def on_signal() -> None:
        if asked.is_set():
            supervisor.hurry()
        else:
            asked.set()
            print("Stopping. Once more to hurry.", file=sys.stderr, flush=True)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    asking = asyncio.create_task(asked.wait())
    running = asyncio.create_task(_run(supervisor, on_ready))
    try:
        await asyncio.wait({asking, running}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        running.cancel()
        await asyncio.wait({running})
    finally:
        asking.cancel()
        clean = await supervisor.stop()
    return 0 if clean else 1


async def _run(supervisor: Supervisor, on_ready: Callable[[], None]) -> None:
    await supervisor.start()
    await asyncio.to_thread(on_ready)
    await supervisor.wait()


def _announce(supervisor: Supervisor, wanted_port: int | None) -> None:
    # Imported here: it belongs to the slices, which the engines' tests run without.
    from drover.entrypoints.first_run import setup_link  # noqa: PLC0415

    if wanted_port is None and supervisor.port != DEFAULT_PORT:
        print(f"Port {DEFAULT_PORT} is in use: Drover is on port {supervisor.port} instead.")
    print(f"Drover is ready: {supervisor.url}")
    link = setup_link(supervisor.engines.dsn("owner").get_secret_value(), supervisor.url)
    if link is not None:
        print(f"Nobody can sign in yet. Make the first super_admin, once, with this link:\n  {link}")
    sys.stdout.flush()
