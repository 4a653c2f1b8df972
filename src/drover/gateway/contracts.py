"""What crosses the gateway's border: targets, where they may be, and what was seen of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drover.platform.secrets import SecretText
from drover.platform.settings import IpNetwork

Endpoint = tuple[str, int]


@dataclass(frozen=True)
class Egress:
    """Where one tenant's devices may be reached.

    `networks` are the tenant's management networks. Loopback is refused but for `allowed_loopback_networks` (the demo's
    simulated range); `own_endpoints` (our engines, as literal address and port) are refused whatever the networks say.
    """

    networks: tuple[IpNetwork, ...]
    allowed_loopback_networks: tuple[IpNetwork, ...] = ()
    own_endpoints: frozenset[Endpoint] = frozenset()


@dataclass(frozen=True)
class DeviceTarget:
    """One router and how to sign in to it. `device_id` is None before the device is saved."""

    tenant_id: int
    device_id: int | None
    address: str
    api_port: int
    ssh_port: int
    username: str
    password: SecretText
    spki_sha256: str
    ssh_host_key_sha256: str | None


@dataclass(frozen=True)
class Fingerprints:
    """What a router showed before anything was sent to it: for a person to confirm.

    Exactly one of `ssh_host_key_sha256` and `ssh_error` is set; the latter says in words why SSH could not be reached.
    """

    spki_sha256: str
    certificate_subject: str
    certificate_not_after: datetime
    ssh_host_key_sha256: str | None
    ssh_error: str | None


@dataclass(frozen=True)
class Capabilities:
    """What a router can do, each with the evidence it was told from. Probed, never assumed from the version alone."""

    version: str | None
    wireless_stack: str | None
    """`wifi` (the menu /interface/wifi), `wifiwave2`, `wireless`, or `none`; None when it could not be told."""
    health_form: str | None
    """`rows` (v7), `flat` (v6) or `none`; None when it could not be told."""
    ethernet: bool | None
    evidence: dict[str, str]

    def as_json(self) -> dict[str, str]:
        """The form kept in `devices.capabilities`: what was found, and why, in strings."""
        found = {
            "version": self.version,
            "wireless_stack": self.wireless_stack,
            "health_form": self.health_form,
            "ethernet": None if self.ethernet is None else str(self.ethernet).lower(),
        }
        known = {name: value for name, value in found.items() if value is not None}
        return known | {f"{name}.evidence": text for name, text in self.evidence.items()}
