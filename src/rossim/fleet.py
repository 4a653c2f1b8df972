"""Many routers in one process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rossim.clock import Clock
from rossim.keys import RouterKeys
from rossim.neighborhood import Neighborhood
from rossim.server import RunningRouter
from rossim.specs import RouterSpec


class Fleet:
    """Routers that run together, as an async context manager.

        async with Fleet(specs, keys_dir) as fleet:
            fleet.router("127.16.0.2").set_fault("down")

    All methods belong to the event loop that entered it.
    """

    def __init__(self, specs: Sequence[RouterSpec], keys_dir: Path, *, clock: Clock = time.time) -> None:
        neighborhood = Neighborhood(specs, clock)
        self._routers: dict[str, RunningRouter] = {}
        for spec in specs:
            if spec.address in self._routers:
                raise ValueError(f"two routers have the address {spec.address}")
            running = RunningRouter(spec, RouterKeys(keys_dir, spec.serial), clock)
            running.peers_of = neighborhood.peers_of
            self._routers[spec.address] = running

    def __iter__(self) -> Iterator[RunningRouter]:
        return iter(self._routers.values())

    def __len__(self) -> int:
        return len(self._routers)

    def router(self, address: str) -> RunningRouter:
        """The router at an address; KeyError when there is none."""
        return self._routers[address]

    def start(self) -> None:
        for running in self._routers.values():
            running.start()

    async def stop(self) -> None:
        for running in self._routers.values():
            await running.stop()

    async def __aenter__(self) -> Self:
        try:
            self.start()
        except OSError:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        await self.stop()
