"""The worker's part in snapshots: capture one device's configuration, and start what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from drover.backups import repository, service
from drover.backups.contracts import CaptureTask
from drover.backups.errors import NoHostKeyError, NoVersionError
from drover.devices.contracts import CREDENTIALS_TABLE, SEALED_COLUMN
from drover.gateway.capture import capture_export
from drover.gateway.contracts import DeviceTarget
from drover.gateway.service import make_egress
from drover.platform.errors import DroverError
from drover.platform.secrets import Place, Purpose, SecretText
from drover.tenants import service as tenants
from drover.tenants.contracts import JobContext, JobHandler, Services

log = structlog.get_logger(__name__)

_PER_ROUND = 20
# One capture at a time needs its text several times over in memory: bound it, whatever the queue's width.
_CAPTURES_AT_ONCE = asyncio.Semaphore(8)


async def take_snapshot(ctx: JobContext) -> dict[str, Any]:
    """Capture a device's configuration and put it on the timeline. Safe to run again: the same content makes no version."""
    device_id = ctx.device_id
    if device_id is None:
        raise DroverError("a snapshot needs a device")
    trigger = ctx.args.get("trigger", "manual")
    async with ctx.unit() as tx:
        task = await repository.get_capture_task(tx, device_id)
        await tx.record(
            "snapshot.taken",
            target=("device", device_id, task.name),
            outcome="intent",
            details={"trigger": trigger, "credentials_read": True, "job_id": ctx.job_id},
        )
    try:
        async with _CAPTURES_AT_ONCE:
            return await _capture(ctx, task, trigger)
    except DroverError as error:
        async with ctx.unit() as tx:
            await service.note_failure(tx, device_id, error.message)
            await tx.record(
                "snapshot.taken",
                target=("device", device_id, task.name),
                outcome="failure",
                details={"trigger": trigger, "code": error.code, "job_id": ctx.job_id},
            )
        await _tell(ctx)
        raise


async def _capture(ctx: JobContext, task: CaptureTask, trigger: str) -> dict[str, Any]:
    services, tenant_id = ctx.services, ctx.tenant_id
    if task.ssh_host_key_sha256 is None:
        raise NoHostKeyError(
            "no SSH host key was confirmed for this device: use Change connection once SSH can be reached"
        )
    if task.version is None:
        raise NoVersionError("the device's RouterOS version is not known yet: wait for a poll to succeed")
    place = Place(tenant_id, CREDENTIALS_TABLE, str(task.device_id), SEALED_COLUMN, task.credentials_version)
    password = (await services.envelopes.unseal(place, Purpose.SECRETS, task.sealed)).decode()
    target = DeviceTarget(
        tenant_id=tenant_id,
        device_id=task.device_id,
        address=task.address,
        api_port=task.api_port,
        ssh_port=task.ssh_port,
        username=task.username,
        password=SecretText(password),
        spki_sha256=task.spki_sha256,
        ssh_host_key_sha256=task.ssh_host_key_sha256,
    )
    text = await capture_export(target, make_egress(services.settings, task.networks), task.version)
    parts = await service.take_apart(services.keys, tenant_id, text)
    sealed = await service.seal(services.keys, services.envelopes, tenant_id, parts)
    async with ctx.unit() as tx:
        version_id = await service.keep(
            tx, services.envelopes, task.device_id, sealed, trigger=trigger, version=task.version
        )
        await tx.record(
            "snapshot.taken",
            target=("device", task.device_id, task.name),
            details={"trigger": trigger, "new_version": version_id, "job_id": ctx.job_id},
        )
    await _tell(ctx)
    return {"snapshot_id": version_id, "changed": version_id is not None}


async def _tell(ctx: JobContext) -> None:
    await ctx.services.bus.publish_live(
        ctx.tenant_id, "snapshot.taken", ctx.services.clock.now(), device_id=ctx.device_id
    )


async def start_due_snapshots(services: Services) -> None:
    """Start the snapshots that are due, a bounded number per tenant and round."""
    for lease in (await services.database.list_leases()).values():
        async with services.database.service(lease) as tx:
            for device_id in await repository.list_due(tx, _PER_ROUND):
                await tenants.start_job(
                    tx,
                    "take_snapshot",
                    requires="operator",
                    device_id=device_id,
                    args={"trigger": "schedule"},
                )


JOB_HANDLERS: dict[str, JobHandler] = {"take_snapshot": take_snapshot}
PERIODIC: list[tuple[float, Callable[[Services], Awaitable[None]]]] = [(15.0, start_due_snapshots)]
