"""Writes the demonstration's scenario: `python -m rossim.demo --out FILE`. An existing file is kept as it is."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from rossim.scenario import demo_scenario, dump_scenario


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="rossim.demo", description="Write the demonstration's scenario.")
    parser.add_argument(
        "--out", type=Path, required=True, help="the scenario file; it holds passwords (0600)"
    )
    parser.add_argument("--devices", type=int, default=60, help="routers in all, spare ones not counted")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same routers")
    parser.add_argument("--api-port", type=int, default=8729)
    parser.add_argument("--ssh-port", type=int, default=2222)
    options = parser.parse_args(arguments)
    if options.out.exists():
        return
    specs = demo_scenario(
        devices=options.devices,
        seed=options.seed,
        api_port=options.api_port,
        ssh_port=options.ssh_port,
        password_source=lambda: secrets.token_urlsafe(12),
    )
    fresh = options.out.with_suffix(".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(dump_scenario(specs))
    fresh.replace(options.out)


if __name__ == "__main__":
    main()
