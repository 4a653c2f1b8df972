"""`rossim`: a fleet of simulated routers from a scenario file."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from rossim.clock import Clock, FastClock
from rossim.fleet import Fleet
from rossim.scenario import load_scenario


async def run(scenario: Path, keys_dir: Path, speed: float) -> None:
    """Run until SIGTERM or SIGINT; at SIGHUP the faults are read again from the scenario file."""
    specs = load_scenario(scenario)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    options: dict[str, Clock] = {} if speed == 1 else {"clock": FastClock(speed)}
    async with Fleet(specs, keys_dir, **options) as fleet:
        loop.add_signal_handler(signal.SIGHUP, _read_faults_again, scenario, fleet)
        print(f"rossim: ready {len(fleet)} routers", flush=True)  # noqa: T201  what waits for us reads this
        await stop.wait()


def _read_faults_again(scenario: Path, fleet: Fleet) -> None:
    """Clear what is gone and set what is new; routers themselves stay as they are."""
    for spec in load_scenario(scenario):
        router = fleet.router(spec.address)
        for fault in set(router.spec.faults) - set(spec.faults):
            router.clear_fault(fault)
        for fault in set(spec.faults) - set(router.spec.faults):
            router.set_fault(fault)
        router.spec = spec


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="rossim", description="Simulated MikroTik routers on loopback addresses."
    )
    parser.add_argument("--scenario", type=Path, required=True, help="JSON file that describes the routers")
    parser.add_argument("--keys-dir", type=Path, required=True, help="folder that keeps the routers' keys")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="how fast the routers' clocks run (default 1)"
    )
    options = parser.parse_args(arguments)
    _raise_file_limit()
    runner = asyncio.run
    with contextlib.suppress(ImportError):
        import uvloop  # noqa: PLC0415  half the CPU where it is there

        runner = uvloop.run
    try:
        runner(run(options.scenario, options.keys_dir, options.speed))
    except (OSError, ValueError) as error:
        sys.exit(f"rossim: {error}")


def _raise_file_limit() -> None:
    """Two listeners for each router need more descriptors than a shell gives by default."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
