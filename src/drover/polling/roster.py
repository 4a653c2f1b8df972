"""Who is to be polled: the devices of every tenant that this process holds a lease on, with opened credentials.

A password is opened when its version is new to this process, and each opening is in the tenant's audit trail: one entry per
batch, naming the devices, in the transaction that read the sealed values.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import structlog

from drover.gateway.contracts import DeviceTarget, Egress
from drover.platform.db import Database, Row
from drover.platform.errors import KeysUnavailableError
from drover.platform.secrets import Envelopes, Place, Purpose, SecretText
from drover.polling import repository
from drover.polling.contracts import DeviceKey, PolledDevice

log = structlog.get_logger(__name__)


class Roster:
    """Reads tenants' devices; remembers opened passwords by device and version."""

    def __init__(
        self, database: Database, envelopes: Envelopes, make_egress: Callable[[list[str]], Egress]
    ) -> None:
        self._database = database
        self._envelopes = envelopes
        self._make_egress = make_egress
        self._passwords: dict[DeviceKey, tuple[int, SecretText]] = {}
        self._unopened: set[DeviceKey] = set()

    async def list_leases(self) -> dict[int, UUID]:
        """The tenants that this process polls."""
        return await self._database.list_leases()

    async def load(self, tenant_id: int, lease_id: UUID) -> list[PolledDevice]:
        """A tenant's devices. One whose password does not open is left out, and logged once."""
        async with self._database.service(lease_id) as tx:
            rows = await repository.list_devices(tx)
            egress = self._make_egress(await repository.get_networks(tx))
            new = [row["id"] for row in rows if not self._is_known(tenant_id, row)]
            sealed = await repository.list_sealed(tx, new) if new else []
            if sealed:
                await tx.record("credentials.read", details={"devices": sorted(new), "why": "polling"})
        for one in sealed:
            await self._open(tenant_id, one)
        self._forget(tenant_id, {row["id"] for row in rows})
        return [self._device(tenant_id, row, egress) for row in rows if self._is_known(tenant_id, row)]

    def forget_tenant(self, tenant_id: int) -> None:
        """Drop a tenant's passwords: its lease is gone."""
        self._forget(tenant_id, set())

    def _is_known(self, tenant_id: int, row: Row) -> bool:
        held = self._passwords.get((tenant_id, row["id"]))
        return held is not None and held[0] == row["credentials_version"]

    async def _open(self, tenant_id: int, row: Row) -> None:
        key = (tenant_id, row["device_id"])
        place = Place(tenant_id, "device_credentials", str(row["device_id"]), "sealed", row["version"])
        try:
            plaintext = await self._envelopes.unseal(place, Purpose.SECRETS, row["sealed"])
        except KeysUnavailableError as error:
            if key not in self._unopened:
                self._unopened.add(key)
                log.warning(
                    "credentials do not open, so the device is not polled",
                    tenant_id=tenant_id,
                    device_id=row["device_id"],
                    problem=error.message,
                )
            return
        self._unopened.discard(key)
        self._passwords[key] = (row["version"], SecretText(plaintext.decode("utf-8")))

    def _forget(self, tenant_id: int, device_ids: set[int]) -> None:
        gone = [key for key in self._passwords if key[0] == tenant_id and key[1] not in device_ids]
        for key in gone:
            del self._passwords[key]

    def _device(self, tenant_id: int, row: Row, egress: Egress) -> PolledDevice:
        return PolledDevice(
            DeviceTarget(
                tenant_id,
                row["id"],
                row["address"],
                row["api_port"],
                row["ssh_port"],
                row["username"],
                self._passwords[(tenant_id, row["id"])][1],
                row["spki_sha256"],
                row["ssh_host_key_sha256"],
            ),
            egress,
            row["poll_interval_s"],
            row["credentials_version"],
            row["last_poll_at"],
        )
