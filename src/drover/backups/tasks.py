"""The worker's part in snapshots: capture one device's configuration, and start what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import psycopg
import structlog

from drover.backups import repository, service
from drover.backups.contracts import CaptureTask
from drover.backups.errors import TimelineMovedError
from drover.devices.contracts import CREDENTIALS_TABLE, SEALED_COLUMN
from drover.devices.errors import NoSuchDeviceError
from drover.gateway import service as gateway
from drover.gateway.contracts import DeviceTarget, Export
from drover.platform.db import Transaction
from drover.platform.errors import DroverError, EngineUnavailableError, ForbiddenError
from drover.platform.secrets import Place, Purpose, SecretText
from drover.tenants import service as tenants
from drover.tenants.contracts import JobContext, JobHandler, Services

log = structlog.get_logger(__name__)

# How many of one tenant's snapshots may wait or run at once before the schedule adds more.
_WAITING_AT_MOST = 120
_CLOSE_TIMEOUT_S = 2.0
_TRIES = 3
_LOOK_AGAIN_S = 1.0
# One capture at a time needs its text several times over in memory: bound it, whatever the queue's width.
_CAPTURES_AT_ONCE = asyncio.Semaphore(8)


async def take_snapshot(ctx: JobContext) -> dict[str, Any]:
    """Capture a device's configuration and put it on the timeline. Safe to run again: the same content makes no version."""
    device_id = ctx.device_id
    if device_id is None:
        raise DroverError("a snapshot needs a device")
    trigger = ctx.args.get("trigger", "manual")
    try:
        task = await _begin(ctx, device_id, trigger)
    except NoSuchDeviceError:
        # Seen twice just after a worker's start: the job was visible, the device saved with it was not. See the slice's page.
        log.warning("device not seen at first", tenant=ctx.tenant_id, device=device_id, job=ctx.job_id)
        await ctx.services.clock.sleep(_LOOK_AGAIN_S)
        task = await _begin(ctx, device_id, trigger)
    try:
        service.check_enabled(task.name, task.disabled)
        async with _CAPTURES_AT_ONCE:
            export = await _capture(ctx, task)
            version_id = await _keep(ctx, task, export, trigger)
    except DroverError as error:
        await _note(ctx, task, trigger, error)
        await _tell(ctx, has_event=True)
        raise
    await _tell(ctx, has_event=version_id is not None)
    return {"snapshot_id": version_id, "changed": version_id is not None}


async def _begin(ctx: JobContext, device_id: int, trigger: str) -> CaptureTask:
    async with ctx.unit() as tx:
        task = await repository.get_capture_task(tx, device_id)
        await repository.mark_tried(tx, device_id)
        await tx.record("credentials.read", details={"devices": [device_id], "why": "snapshot"})
        await tx.record(
            "snapshot.taken",
            target=("device", device_id, task.name),
            outcome="intent",
            details={"trigger": trigger, "job_id": ctx.job_id},
        )
    return task


async def _capture(ctx: JobContext, task: CaptureTask) -> Export:
    services, tenant_id = ctx.services, ctx.tenant_id
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
    session = await gateway.open_ssh(target, gateway.make_egress(services.settings, task.networks))
    try:
        return await gateway.export_configuration(session, task.version)
    finally:
        await session.close(_CLOSE_TIMEOUT_S)


async def _keep(ctx: JobContext, task: CaptureTask, export: Export, trigger: str) -> int | None:
    services = ctx.services
    parts = await service.take_apart(services.keys, ctx.tenant_id, export.text)
    sealed = await service.seal(services.keys, services.envelopes, ctx.tenant_id, parts)
    tries_left = _TRIES
    while True:
        async with ctx.unit() as tx:
            newest = await service.find_newest(tx, task.device_id)
        change = await service.count_changes(services.envelopes, newest, sealed)
        tries_left -= 1
        try:
            async with ctx.unit() as tx:
                version_id = await service.keep(
                    tx,
                    task.device_id,
                    sealed,
                    newest=newest,
                    change=change,
                    trigger=trigger,
                    version=export.version,
                )
                await tx.record(
                    "snapshot.taken",
                    target=("device", task.device_id, task.name),
                    details={"trigger": trigger, "new_version": version_id, "job_id": ctx.job_id},
                )
                return version_id
        except TimelineMovedError:
            if not tries_left:
                raise


async def _note(ctx: JobContext, task: CaptureTask, trigger: str, error: DroverError) -> None:
    """Write a failure down: as whoever asked, or as the service when they may no longer."""

    async def write(tx: Transaction) -> None:
        if not isinstance(error, ForbiddenError):  # that says something of a person, nothing of the device
            await service.note_failure(tx, task.device_id, error.message)
        await tx.record(
            "snapshot.taken",
            target=("device", task.device_id, task.name),
            outcome="failure",
            details={"trigger": trigger, "code": error.code, "job_id": ctx.job_id},
        )

    try:
        async with ctx.unit() as tx:
            await write(tx)
    except ForbiddenError:
        lease = (await ctx.services.database.list_leases()).get(ctx.tenant_id)
        if lease is None:  # the tenant itself is gone
            return
        async with ctx.services.database.service(lease) as tx:
            await write(tx)


async def _tell(ctx: JobContext, *, has_event: bool) -> None:
    """Hint to open pages; what was committed stands, whether anybody hears of it or not."""
    kinds = ("snapshot.taken", "event.added") if has_event else ("snapshot.taken",)
    for kind in kinds:
        await ctx.services.bus.publish_live(
            ctx.tenant_id, kind, ctx.services.clock.now(), device_id=ctx.device_id
        )


async def start_due_snapshots(services: Services) -> None:
    """Start the snapshots that are due, a bounded number per tenant and round. A tenant's trouble is its own."""
    for tenant_id, lease in (await services.database.list_leases()).items():
        try:
            await _start_due(services, lease)
        except EngineUnavailableError:
            raise
        except (DroverError, psycopg.Error) as error:
            log.warning("due snapshots not started", tenant=tenant_id, problem=str(error))


async def _start_due(services: Services, lease: UUID) -> None:
    async with services.database.service(lease) as tx:
        room = max(0, _WAITING_AT_MOST - await repository.count_waiting(tx))
        for device_id in await repository.list_due(tx, room):
            await tenants.start_job(
                tx, "take_snapshot", requires="operator", device_id=device_id, args={"trigger": "schedule"}
            )


JOB_HANDLERS: dict[str, JobHandler] = {"take_snapshot": take_snapshot}
PERIODIC: list[tuple[float, Callable[[Services], Awaitable[None]]]] = [(15.0, start_due_snapshots)]
