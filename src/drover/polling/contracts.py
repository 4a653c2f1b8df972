"""What the poller knows of a device."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from drover.gateway.contracts import DeviceTarget, Egress

DeviceKey = tuple[int, int]
"""Tenant and device."""

Way = tuple[DeviceTarget, Egress, int]
"""How a device is reached and signed in to; the number is its credentials' version."""

ALL_DEVICES_SUBJECT = "t.*.devices"
"""Hints of every tenant that its devices changed."""


@dataclass(frozen=True)
class PolledDevice:
    """A device to poll: where, how often, and which version of its credentials `target` holds."""

    target: DeviceTarget
    egress: Egress
    interval_s: int
    credentials_version: int
    last_poll_at: datetime | None = field(compare=False)

    @property
    def key(self) -> DeviceKey:
        assert self.target.device_id is not None  # noqa: S101  a saved device has one
        return self.target.tenant_id, self.target.device_id

    @property
    def way(self) -> Way:
        return self.target, self.egress, self.credentials_version
