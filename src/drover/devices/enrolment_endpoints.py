"""HTTP ways in to enrolments and CSV imports."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from drover.devices import enrolments
from drover.devices.schemas import (
    Enrolment,
    EnrolmentConfirm,
    EnrolmentStart,
    Import,
    ImportConfirm,
    ImportCreate,
)
from drover.platform.access import Permission
from drover.platform.guards import InTenant, TenantAccess
from drover.platform.secrets import SecretText

router = APIRouter()

Looking = Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE))]


@router.post("/enrolments", status_code=202)
async def start_enrolment(
    request: Request,
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="enrolment.started"))],
    body: EnrolmentStart,
) -> Enrolment:
    """Begin to add a device: its fingerprints are read next, and nothing is sent to it yet."""
    values = body.model_dump(exclude={"password"})
    async with access.unit() as tx:
        row = await enrolments.start(
            tx, request.app.state.envelopes, values, SecretText(body.password.get_secret_value())
        )
    return Enrolment.model_validate(row)


@router.get("/enrolments/{enrolment_id}")
async def get_enrolment(access: Looking, enrolment_id: UUID) -> Enrolment:
    """How far an enrolment is, and the fingerprints to compare."""
    async with access.unit() as tx:
        return Enrolment.model_validate(await enrolments.get(tx, enrolment_id))


@router.post("/enrolments/{enrolment_id}/confirm", status_code=202)
async def confirm_enrolment(
    access: Annotated[
        TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="enrolment.confirmed"))
    ],
    enrolment_id: UUID,
    body: EnrolmentConfirm,
) -> Enrolment:
    """Accept the fingerprints: the device is signed in to, read and saved next."""
    async with access.unit() as tx:
        return Enrolment.model_validate(
            await enrolments.confirm(tx, enrolment_id, body.spki_sha256, body.ssh_host_key_sha256)
        )


@router.delete("/enrolments/{enrolment_id}", status_code=204)
async def discard_enrolment(
    access: Annotated[
        TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="enrolment.discarded"))
    ],
    enrolment_id: UUID,
) -> None:
    """Give an enrolment up; the password that was typed is dropped."""
    async with access.unit() as tx:
        await enrolments.discard(tx, enrolment_id)


@router.post("/device-imports", status_code=201)
async def create_import(
    request: Request,
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="import.created"))],
    body: ImportCreate,
) -> Import:
    """Read a CSV into a preview, with what is wrong line by line. Nothing is contacted or saved as a device."""
    async with access.unit() as tx:
        return Import.model_validate(
            await enrolments.create_import(tx, request.app.state.envelopes, body.csv)
        )


@router.get("/device-imports/{import_id}")
async def get_import(access: Looking, import_id: UUID) -> Import:
    """What became of each line."""
    async with access.unit() as tx:
        return Import.model_validate(await enrolments.get_import(tx, import_id))


@router.post("/device-imports/{import_id}/start", status_code=202)
async def start_import(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="import.started"))],
    import_id: UUID,
) -> Import:
    """Begin with the lines that are ready."""
    async with access.unit() as tx:
        return Import.model_validate(await enrolments.start_import(tx, import_id))


@router.post("/device-imports/{import_id}/confirm", status_code=202)
async def confirm_import(
    access: Annotated[TenantAccess, Depends(InTenant(Permission.DEVICES_WRITE, action="import.confirmed"))],
    import_id: UUID,
    body: ImportConfirm,
) -> Import:
    """Accept the fingerprints of some lines."""
    async with access.unit() as tx:
        return Import.model_validate(await enrolments.confirm_import(tx, import_id, body.enrolment_ids))
