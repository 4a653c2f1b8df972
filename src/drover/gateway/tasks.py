"""The worker's side of enrolment: read a router's fingerprints, then prove it and read what it is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drover.devices import enrolments
from drover.devices.contracts import CREDENTIALS_TABLE, SEALED_COLUMN, Learnt, PendingEnrolment
from drover.devices.errors import EnrolmentMovedOnError
from drover.gateway import service
from drover.gateway.contracts import DeviceTarget, Egress
from drover.platform.errors import DroverError, ForbiddenError
from drover.platform.secrets import Place, Purpose, SecretText
from drover.tenants.contracts import JobContext, JobHandler


async def connect_enrolment(ctx: JobContext) -> dict[str, Any]:
    """Read what the router shows of itself; no name and no password is sent."""
    enrolment_id = UUID(ctx.args["enrolment_id"])
    try:
        async with ctx.unit() as tx:
            pending, networks = await enrolments.take(tx, enrolment_id, "connecting")
        egress = service.make_egress(ctx.services.settings, networks)
        shown = await service.fetch_fingerprints(egress, pending.address, pending.api_port, pending.ssh_port)
        async with ctx.unit() as tx:
            await enrolments.store_fingerprints(
                tx,
                enrolment_id,
                spki_sha256=shown.spki_sha256,
                certificate_subject=shown.certificate_subject,
                ssh_host_key_sha256=shown.ssh_host_key_sha256,
                ssh_error=shown.ssh_error,
            )
    except EnrolmentMovedOnError:
        return {"enrolment_id": str(enrolment_id)}
    except DroverError as error:
        await _fail(ctx, enrolment_id, "connecting", error)
        raise
    await _tell(ctx, enrolment_id)
    return {"enrolment_id": str(enrolment_id)}


async def verify_enrolment(ctx: JobContext) -> dict[str, Any]:
    """Connect with the confirmed pins, sign in, read what the device is, and save it whole or not at all."""
    enrolment_id = UUID(ctx.args["enrolment_id"])
    envelopes = ctx.services.envelopes
    try:
        async with ctx.unit() as tx:
            pending, networks = await enrolments.take(tx, enrolment_id, "verifying")
        place = enrolments.place_of(ctx.tenant_id, enrolment_id)
        password = await envelopes.unseal(place, Purpose.SECRETS, pending.sealed)
        learnt = await _learn(ctx, pending, service.make_egress(ctx.services.settings, networks), password)

        async def seal(device_id: int, version: int) -> bytes:
            final = Place(ctx.tenant_id, CREDENTIALS_TABLE, str(device_id), SEALED_COLUMN, version)
            return await envelopes.seal(final, Purpose.SECRETS, password)

        async with ctx.unit() as tx:
            device_id, _ = await enrolments.save(tx, enrolment_id, learnt, seal)
    except EnrolmentMovedOnError:
        return {"enrolment_id": str(enrolment_id)}
    except DroverError as error:
        await _fail(ctx, enrolment_id, "verifying", error)
        raise
    await ctx.services.bus.publish_devices(ctx.tenant_id, device_id)
    await _tell(ctx, enrolment_id, device_id)
    return {"enrolment_id": str(enrolment_id), "device_id": device_id}


async def _learn(ctx: JobContext, pending: PendingEnrolment, egress: Egress, password: bytes) -> Learnt:
    if pending.confirmed_spki_sha256 is None:
        raise DroverError("nobody confirmed this router's key")
    target = DeviceTarget(
        tenant_id=ctx.tenant_id,
        device_id=pending.device_id,
        address=pending.address,
        api_port=pending.api_port,
        ssh_port=pending.ssh_port,
        username=pending.username,
        password=SecretText(password.decode()),
        spki_sha256=pending.confirmed_spki_sha256,
        ssh_host_key_sha256=pending.confirmed_ssh_host_key_sha256,
    )
    client = await service.open_api(target, egress)
    try:
        facts = await service.read_facts(client)
        capabilities = await service.probe_capabilities(client)
    finally:
        await client.close()
    ssh_error = await _try_ssh(target, egress)
    found = capabilities.as_json() | {"ssh": "no (" + ssh_error + ")" if ssh_error else "yes (signed in)"}
    return Learnt(asdict(facts), found, ssh_error)


async def _try_ssh(target: DeviceTarget, egress: Egress) -> str | None:
    """Why configurations can't be backed up over SSH, or None. A device without SSH is still worth watching."""
    if target.ssh_host_key_sha256 is None:
        return "SSH could not be reached when the device was added"
    try:
        session = await service.open_ssh(target, egress)
    except DroverError as error:
        return error.message
    await session.close()
    return None


async def _fail(ctx: JobContext, enrolment_id: UUID, state: str, error: DroverError) -> None:
    """Note the failure as whoever asked, or as the service when they may no longer enter: the password must go either way."""
    try:
        async with ctx.unit() as tx:
            await enrolments.fail(tx, enrolment_id, state, error.code, error.message)
    except ForbiddenError:
        leases = await ctx.services.database.list_leases()
        async with ctx.services.database.service(leases[ctx.tenant_id]) as tx:
            await enrolments.fail(tx, enrolment_id, state, error.code, error.message)
    await _tell(ctx, enrolment_id)


async def _tell(ctx: JobContext, enrolment_id: UUID, device_id: int | None = None) -> None:
    await ctx.services.bus.publish_live(
        ctx.tenant_id,
        "enrolment.changed",
        ctx.services.clock.now(),
        device_id=device_id,
        ref=str(enrolment_id),
    )


JOB_HANDLERS: dict[str, JobHandler] = {
    "connect_enrolment": connect_enrolment,
    "verify_enrolment": verify_enrolment,
}
