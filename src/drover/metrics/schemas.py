"""HTTP shapes of measurements, events, the dashboard and the live stream."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from drover.platform.schemas import Shape, Slug


class Series(Shape):
    """Columns of equal length; a gap in the data is null, never 0. Averages and maxima per step."""

    step_s: int
    at: list[int] = Field(description="Start of each step, seconds since 1970 UTC.")
    columns: dict[str, list[float | None]]


class Interface(Shape):
    id: int
    name: str
    type: str | None
    mac_address: str | None
    comment: str | None
    running: bool | None
    disabled: bool | None
    rate_bps: int | None = Field(description="Negotiated link rate.")
    rx_bps: float | None
    tx_bps: float | None
    rx_errors: int | None
    tx_errors: int | None
    link_downs: int | None
    last_seen_at: datetime | None


class WirelessClient(Shape):
    interface: str
    mac_address: str
    host_name: str | None
    ssid: str | None
    signal_dbm: int | None
    snr_db: int | None
    ccq_percent: int | None = Field(description="Null on wifi (v7): it has no CCQ.")
    tx_rate_bps: int | None
    rx_rate_bps: int | None
    uptime_s: int | None
    last_seen_at: datetime


class Event(Shape):
    id: int
    at: datetime
    kind: str = Field(examples=["device.went_offline"])
    severity: Literal["info", "warning", "critical"]
    device_id: int | None
    device_name: str | None
    message: str


class StateCounts(Shape):
    total: int
    online: int
    offline: int
    stale: int
    unknown: int
    needs_attention: int = Field(description="needs_credentials + certificate_changed")
    disabled: int


class DeviceLoad(Shape):
    device_id: int
    name: str
    value: float


class Attention(Shape):
    """One line of 'who needs me now', worst first, with the reason in words."""

    device_id: int
    device_name: str
    severity: Literal["warning", "critical"]
    reason: str
    since: datetime | None


class Dashboard(Shape):
    as_of: datetime
    states: StateCounts
    rx_bps: float | None
    tx_bps: float | None
    wireless_clients: int | None
    wireless_weak: int | None = Field(description="Clients below -75 dBm.")
    busiest: list[DeviceLoad]
    attention: list[Attention]
    events: list[Event]
    last_snapshot_at: datetime | None
    snapshots_failed: int


class LiveHint(Shape):
    """One server-sent event: an id and a hint; values are fetched again through the API."""

    kind: Literal[
        "device.polled", "device.changed", "snapshot.taken", "event.added", "job.changed", "enrolment.changed"
    ]
    device_id: int | None = None
    ref: str | None = None
    at: datetime


class TenantCounts(Shape):
    """Counters of one tenant: all that a super_admin without membership sees of it."""

    tenant_id: int
    slug: Slug
    name: str
    colour: str
    state: Literal["creating", "active"]
    can_open: bool = Field(description="False: a super_admin must enter with a reason first.")
    devices: int
    online: int
    offline: int
    stale: int
    unknown: int
    disabled: int
    last_event_at: datetime | None
    worst: str | None = Field(
        description="The worst thing now, in words; null when all is well or not visible."
    )


class Overview(Shape):
    tenants: list[TenantCounts]
