"""Which routers see each other: those of one site, on their wires."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rossim.clock import Clock
from rossim.platforms import platform_for
from rossim.randomness import mac_address, seeded
from rossim.router import Peer
from rossim.specs import RouterSpec

_MOST_PEERS = 6


class Neighborhood:
    """All routers of a fleet by site."""

    def __init__(self, specs: Sequence[RouterSpec], clock: Clock) -> None:
        self._clock = clock
        self._by_site: dict[tuple[str, str], list[RouterSpec]] = defaultdict(list)
        for spec in specs:
            self._by_site[(spec.tenant, spec.site)].append(spec)

    def peers_of(self, spec: RouterSpec) -> tuple[Peer, ...]:
        """The other routers of the site, and a switch that nobody manages."""
        others = [other for other in self._by_site[(spec.tenant, spec.site)] if other is not spec]
        hardware = platform_for(spec.model, spec.version).hardware
        rng = seeded("peers", spec.seed)
        ports = [port.name for port in hardware.ports]
        peers = []
        for index, other in enumerate(others[:_MOST_PEERS]):
            platform = platform_for(other.model, other.version)
            port = ports[(index + 1) % len(ports)]
            peers.append(
                Peer(
                    identity=other.identity,
                    address=other.address,
                    mac=mac_address(rng, "48:A9:8A"),
                    board=platform.hardware.board,
                    version=platform.version_text,
                    interface=f"{port},bridge",
                    their_interface=platform.hardware.wan,
                    software_id="",
                    uptime_s=rng.uniform(40_000, 9_000_000),
                )
            )
        if spec.profile != "core":
            peers.append(
                Peer(
                    identity=f"sw-{spec.identity}",
                    address=f"10.{spec.subnet % 256}.10.250",
                    mac=mac_address(rng, "64:D1:54"),
                    board="CRS326-24G-2S+",
                    version="7.19.4 (stable)",
                    interface=f"{ports[-2]},bridge",
                    their_interface="ether24",
                    software_id="",
                    uptime_s=rng.uniform(400_000, 29_000_000),
                )
            )
        return tuple(peers)
