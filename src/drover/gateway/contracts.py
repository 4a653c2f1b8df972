"""What crosses the gateway's border: targets, where they may be, and what was read from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from drover.platform.secrets import SecretText
from drover.platform.settings import IpNetwork

Endpoint = tuple[str, int]
WirelessStack = Literal["wifi", "wifiwave2", "wireless", "none"]
HealthForm = Literal["rows", "flat", "none"]


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
class Export:
    """A whole configuration as the router printed it, secrets and all, and the version that printed it."""

    text: str = field(repr=False)
    version: str


@dataclass(frozen=True)
class Capabilities:
    """What a router can do. Probed, never assumed from the version alone; None is "could not be told".

    `evidence` says, by the field's name, what each was told from.
    """

    version: str | None
    wireless_stack: WirelessStack | None
    health_form: HealthForm | None
    safe_mode: bool | None
    scheduler: bool | None
    evidence: dict[str, str]

    def as_json(self) -> dict[str, str]:
        """The form kept in `devices.capabilities`: `wifi (/interface/wifi has 2 interfaces)`."""
        found: dict[str, str | bool | None] = {
            "version": self.version,
            "wireless_stack": self.wireless_stack,
            "health_form": self.health_form,
            "safe_mode": self.safe_mode,
            "scheduler": self.scheduler,
        }
        return {name: f"{_words(value)} ({self.evidence.get(name, '')})" for name, value in found.items()}


def _words(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is not None else "unknown"


@dataclass(frozen=True)
class Facts:
    """What a device is; changes seldom. None: the router did not say."""

    identity: str | None = None
    model: str | None = None
    board_name: str | None = None
    serial: str | None = None
    version: str | None = None
    architecture: str | None = None
    firmware: str | None = None
    memory_total_bytes: int | None = None
    disk_total_bytes: int | None = None


@dataclass(slots=True)
class ResourceReading:
    """/system/resource at one moment."""

    cpu_percent: int | None
    memory_percent: float | None
    disk_percent: float | None
    uptime_s: int | None
    version: str | None
    board_name: str | None
    architecture: str | None
    memory_total_bytes: int | None
    disk_total_bytes: int | None


@dataclass(slots=True)
class HealthReading:
    """/system/health at one moment, in degrees and volts."""

    temperature_c: float | None
    voltage_v: float | None


@dataclass(slots=True)
class InterfaceReading:
    """One interface: what it is, and counters since the router's start (or their last reset)."""

    id: str
    name: str
    type: str | None
    mac_address: str | None
    comment: str | None
    running: bool | None
    disabled: bool | None
    link_downs: int | None
    rx_bytes: int | None
    tx_bytes: int | None
    rx_packets: int | None
    tx_packets: int | None
    rx_errors: int | None
    tx_errors: int | None
    rx_drops: int | None
    tx_drops: int | None


@dataclass(slots=True)
class WirelessReading:
    """One wireless client. `ccq_percent` and `snr_db` exist on the old driver only."""

    interface: str
    mac_address: str
    ssid: str | None
    signal_dbm: int | None
    snr_db: int | None
    ccq_percent: int | None
    tx_rate_bps: int | None
    rx_rate_bps: int | None
    uptime_s: int | None
    host_name: str | None


@dataclass(frozen=True)
class Due:
    """What a poll reads beside resources and interfaces, which it always does."""

    health: bool = True
    wireless: bool = True
    rates: bool = False
    facts: bool = False


@dataclass(slots=True)
class DeviceReading:
    """What one poll read. None: not asked this time, or the router could not say (then `problems` tells why).

    `interfaces_at_s` is when the counters arrived, on the session's monotonic clock.
    """

    rtt_ms: float
    resource: ResourceReading
    health: HealthReading | None = None
    interfaces: list[InterfaceReading] | None = None
    interfaces_at_s: float = 0.0
    wireless: list[WirelessReading] | None = None
    link_rates_bps: dict[str, int | None] | None = None
    facts: Facts | None = None
    problems: list[str] = field(default_factory=list)
