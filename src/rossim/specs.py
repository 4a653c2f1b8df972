"""What a scenario says about one router."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DEFAULT_API_PORT = 8729
DEFAULT_SSH_PORT = 22


@dataclass(frozen=True, slots=True)
class RouterSpec:
    """One simulated router: where it listens, what it is, who may sign in, what is wrong with it.

    `profile` chooses its configuration and traffic: office, hotel, warehouse, tower or core. `faults`
    are names as in `rossim.faults`, each perhaps with its figures behind a colon: `flap:ether3`.
    `tenant` is for whoever reads the scenario; the simulator doesn't use it. `has_certificate=False` is
    a router fresh from the box, which offers anonymous Diffie-Hellman only. Ports of 0 are chosen free.
    """

    address: str
    model: str
    version: str
    identity: str
    serial: str
    username: str
    password: str = field(repr=False)
    api_port: int = DEFAULT_API_PORT
    ssh_port: int = DEFAULT_SSH_PORT
    site: str = ""
    profile: str = "office"
    seed: int = 1
    subnet: int = 1
    faults: tuple[str, ...] = ()
    has_certificate: bool = True
    tenant: str = ""
    is_spare: bool = False

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> RouterSpec:
        """Read one entry of a scenario file; raises TypeError for an unknown or a missing key."""
        return cls(**{**values, "faults": tuple(values.get("faults", ()))})

    def to_mapping(self) -> dict[str, Any]:
        """The entry of a scenario file, its password included."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {
            "faults": list(self.faults)
        }
