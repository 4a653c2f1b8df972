"""HTTP shapes of devices, enrolment, groups, tags and CSV imports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from drover.platform.schemas import Name, Shape

DeviceState = Literal[
    "online", "offline", "stale", "unknown", "needs_credentials", "certificate_changed", "disabled"
]
Port = Annotated[int, Field(ge=1, le=65535)]
Tag = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^,\s][^,]*$")]
PollInterval = Annotated[int, Field(ge=10, le=3600)]


class DeviceRow(Shape):
    """One line of the device table. Unknown values are null, never 0."""

    id: int
    name: str
    address: str
    api_port: int
    model: str | None
    serial: str | None
    version: str | None
    group_id: int | None
    group_name: str | None
    tags: list[str]
    state: DeviceState
    state_reason: str | None = Field(description="Why, in words: `no answer for 2 polls (timeout)`.")
    state_since: datetime | None
    last_poll_at: datetime | None
    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    temperature_c: float | None
    uptime_s: int | None
    clients: int | None = Field(description="Wireless clients now; null when the device has no radio.")
    rx_bps: float | None
    tx_bps: float | None
    last_snapshot_at: datetime | None


class DevicePage(Shape):
    devices: list[DeviceRow]
    total: int
    offset: int


class Device(DeviceRow):
    ssh_port: int
    username: str
    spki_sha256: str
    ssh_host_key_sha256: str | None
    architecture: str | None
    board_name: str | None
    firmware: str | None
    notes: str
    poll_interval_s: int
    snapshot_interval_s: int
    snapshot_state: Literal["never", "ok", "failed"]
    snapshot_error: str | None
    capabilities: dict[str, str] = Field(
        description="Probed, with the evidence; see docs/subsystems/gateway.md."
    )
    memory_total_bytes: int | None
    disk_total_bytes: int | None
    created_at: datetime


class DeviceChange(Shape):
    name: Name | None = None
    group_id: int | None = None
    clear_group: bool = False
    tags: list[Tag] | None = None
    notes: str | None = Field(default=None, max_length=4000)
    poll_interval_s: PollInterval | None = None
    snapshot_interval_s: Annotated[int, Field(ge=600, le=604800)] | None = None
    disabled: bool | None = None


class EnrolmentStart(Shape):
    address: str = Field(min_length=1, max_length=253, description="IPv4, IPv6 or a DNS name.")
    api_port: Port = 8729
    ssh_port: Port = 22
    username: str = Field(min_length=1, max_length=64)
    password: SecretStr = Field(max_length=256)
    name: Name | None = Field(default=None, description="Default: the router's identity.")
    group_id: int | None = None
    tags: list[Tag] = Field(default_factory=list, max_length=32)


class ConnectionChange(Shape):
    """New address or credentials of a device: verified like a new one before anything is saved."""

    address: str | None = Field(default=None, min_length=1, max_length=253)
    api_port: Port | None = None
    ssh_port: Port | None = None
    username: str | None = Field(default=None, min_length=1, max_length=64)
    password: SecretStr = Field(
        max_length=256, description="Asked again: a stored one is never sent to a new address."
    )


class Enrolment(Shape):
    """One device on its way in. Lives ten minutes; the credentials in it are encrypted and never shown."""

    id: str
    kind: Literal["add", "change"]
    state: Literal["connecting", "awaiting_confirmation", "verifying", "done", "failed", "expired"]
    address: str
    api_port: int
    ssh_port: int
    username: str
    name: str | None
    spki_sha256: str | None = Field(
        description="The API certificate's public key: show it, have it confirmed."
    )
    certificate_subject: str | None
    ssh_host_key_sha256: str | None
    ssh_error: str | None = Field(
        description="Why SSH was not reachable; the device can be added, backups will fail."
    )
    identity: str | None
    model: str | None
    serial: str | None
    version: str | None
    device_id: int | None
    error_code: str | None
    error_message: str | None
    expires_at: datetime


class EnrolmentConfirm(Shape):
    spki_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    ssh_host_key_sha256: str | None = Field(default=None, max_length=100)


class Group(Shape):
    id: int
    name: str
    devices: int


class GroupWrite(Shape):
    name: Name


class TagCount(Shape):
    name: str
    devices: int


class ImportCreate(Shape):
    csv: str = Field(
        max_length=2_000_000,
        description="The first line names the columns: address, username, password, and any of api_port, ssh_port, name, "
        "group, tags (separated by `;`), spki_sha256, ssh_host_key_sha256.",
    )


class ImportRow(Shape):
    line: int
    address: str
    name: str | None
    state: Literal[
        "ready", "invalid", "connecting", "awaiting_confirmation", "verifying", "done", "failed", "expired"
    ]
    enrolment_id: str | None
    spki_sha256: str | None
    ssh_host_key_sha256: str | None
    device_id: int | None
    error_code: str | None
    error_message: str | None


class Import(Shape):
    id: str
    state: Literal["preview", "started"]
    rows: list[ImportRow]
    expires_at: datetime


class ImportConfirm(Shape):
    enrolment_ids: list[UUID] = Field(
        min_length=1, max_length=5000, description="Rows whose fingerprints were read and accepted."
    )
