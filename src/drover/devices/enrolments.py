"""Rules of enrolment: a device comes in only confirmed and verified, and whatever goes wrong saves nothing.

A row of ten minutes' life holds what was typed, its password sealed for that row alone. States: connecting (nothing is
sent, the fingerprints are read) → awaiting_confirmation (a person compares them) → verifying (pinned, signed in, read) →
done. The worker's side of it, which talks to the router, is in `drover.gateway.tasks`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any
from uuid import UUID, uuid4

from drover.devices import enrolment_rows as rows
from drover.devices import repository
from drover.devices.contracts import (
    ENROLMENT_LIFE_S,
    ENROLMENT_TABLE,
    IMPORT_LIFE_S,
    SEALED_COLUMN,
    ImportLine,
    Learnt,
    PendingEnrolment,
)
from drover.devices.errors import (
    AddressOutsideError,
    BadAddressError,
    DuplicateAddressError,
    DuplicateSerialError,
    EnrolmentMovedOnError,
    EnrolmentOverError,
    FingerprintDiffersError,
    ImportStartedError,
)
from drover.devices.imports import is_address, outside, read_csv
from drover.platform.db import Row, Transaction
from drover.platform.secrets import Envelopes, Place, Purpose, SecretText
from drover.tenants import service as tenants

_REQUIRES = "operator"


def place_of(tenant_id: int, enrolment_id: UUID) -> Place:
    """Where an enrolment's password belongs."""
    return Place(tenant_id, ENROLMENT_TABLE, str(enrolment_id), SEALED_COLUMN)


async def _check_address(tx: Transaction, address: str, api_port: int, device_id: int | None) -> None:
    if not is_address(address):
        raise BadAddressError(
            "an IP address or a DNS name is needed", fields={"address": "no IP address and no DNS name"}
        )
    if outside(address, [ip_network(network) for network in await rows.get_networks(tx)]):
        raise AddressOutsideError(
            f"{address} is outside the management networks of this client: a super_admin can add its network",
            fields={"address": "outside the management networks"},
        )
    same = await rows.find_same_address(tx, address, api_port, device_id)
    if same is not None:
        raise DuplicateAddressError(
            f"{same['name']} has this address already",
            fields={"address": "taken", "device_id": str(same["id"])},
        )


async def start(tx: Transaction, envelopes: Envelopes, values: dict[str, Any], password: SecretText) -> Row:
    """Begin to add a device. The password is sealed before it touches the database; this process can't open it again."""
    await _check_address(tx, values["address"], values["api_port"], None)
    if values["group_id"] is not None:
        await repository.get_group(tx, values["group_id"])
    return await _begin(tx, envelopes, {"kind": "add", **values}, password)


async def start_change(
    tx: Transaction, envelopes: Envelopes, device_id: int, changes: dict[str, Any], password: SecretText
) -> Row:
    """Begin to change a device's address or credentials: verified like a new one before anything is saved."""
    device = await repository.lock_device(tx, device_id)
    values = {
        name: changes.get(name) or device[name] for name in ("address", "api_port", "ssh_port", "username")
    }
    await _check_address(tx, values["address"], values["api_port"], device_id)
    return await _begin(
        tx, envelopes, {"kind": "change", "device_id": device_id, "name": device["name"], **values}, password
    )


async def _begin(tx: Transaction, envelopes: Envelopes, values: dict[str, Any], password: SecretText) -> Row:
    enrolment_id = uuid4()
    sealed = await envelopes.seal(
        place_of(tx.tenant_id, enrolment_id), Purpose.SECRETS, password.reveal().encode()
    )
    await rows.insert(
        tx,
        {**values, "id": enrolment_id, "sealed": sealed, "state": "connecting", "life_s": ENROLMENT_LIFE_S},
    )
    await tenants.start_job(
        tx, "connect_enrolment", requires=_REQUIRES, args={"enrolment_id": str(enrolment_id)}
    )
    await tx.record(
        "enrolment.started",
        target=("enrolment", str(enrolment_id), values["address"]),
        details={"kind": values["kind"], "api_port": values["api_port"], "username": values["username"]},
    )
    return await rows.get(tx, enrolment_id)


async def get(tx: Transaction, enrolment_id: UUID) -> Row:
    """One enrolment as people see it."""
    return await rows.get(tx, enrolment_id)


async def confirm(
    tx: Transaction, enrolment_id: UUID, spki_sha256: str, ssh_host_key_sha256: str | None
) -> Row:
    """Accept the fingerprints that were shown; they must be the ones that were read."""
    found = await rows.get(tx, enrolment_id)
    if found["state"] != "awaiting_confirmation":
        raise EnrolmentOverError(
            f"there is nothing to confirm: this enrolment is {found['state'].replace('_', ' ')}"
        )
    if (spki_sha256, ssh_host_key_sha256) != (found["spki_sha256"], found["ssh_host_key_sha256"]):
        raise FingerprintDiffersError("these are not the fingerprints that the router showed: start again")
    if not await rows.confirm(tx, enrolment_id):
        raise EnrolmentOverError("this enrolment is over: start again")
    await tenants.start_job(
        tx, "verify_enrolment", requires=_REQUIRES, args={"enrolment_id": str(enrolment_id)}
    )
    await tx.record(
        "enrolment.confirmed",
        target=("enrolment", str(enrolment_id), found["address"]),
        details={"spki_sha256": spki_sha256, "ssh_host_key_sha256": ssh_host_key_sha256},
    )
    return await rows.get(tx, enrolment_id)


async def discard(tx: Transaction, enrolment_id: UUID) -> None:
    """Give an enrolment up."""
    found = await rows.get(tx, enrolment_id)
    await rows.discard(tx, enrolment_id)
    await tx.record("enrolment.discarded", target=("enrolment", str(enrolment_id), found["address"]))


# ---------------------------------------------------------------- imports


async def create_import(tx: Transaction, envelopes: Envelopes, text: str) -> Row:
    """Read a CSV into a preview: nobody is contacted, no device is saved."""
    networks, taken = await rows.get_networks(tx), await rows.list_addresses(tx)
    lines = await asyncio.to_thread(read_csv, text, networks, taken)
    import_id = uuid4()
    await rows.insert_import(tx, import_id, IMPORT_LIFE_S)
    await rows.insert_many(
        tx, [await _import_row(tx.tenant_id, envelopes, import_id, line) for line in lines]
    )
    valid = sum(line.problem is None for line in lines)
    await tx.record(
        "import.created",
        target=("import", str(import_id), None),
        details={"lines": len(lines), "ready": valid},
    )
    return await rows.get_import(tx, import_id)


async def _import_row(
    tenant_id: int, envelopes: Envelopes, import_id: UUID, line: ImportLine
) -> dict[str, Any]:
    enrolment_id = uuid4()
    row: dict[str, Any] = {
        "id": enrolment_id,
        "kind": "add",
        "import_id": import_id,
        "line": line.line,
        "address": line.address,
        "api_port": line.api_port,
        "ssh_port": line.ssh_port,
        "username": line.username,
        "name": line.name,
        "group_name": line.group,
        "tags": list(line.tags),
        "spki_sha256": line.spki_sha256,
        "ssh_host_key_sha256": line.ssh_host_key_sha256,
        "life_s": IMPORT_LIFE_S,
    }
    if line.problem is not None:
        return {**row, "state": "invalid", "error_code": line.problem[0], "error_message": line.problem[1]}
    sealed = await envelopes.seal(place_of(tenant_id, enrolment_id), Purpose.SECRETS, line.password.encode())
    return {**row, "state": "ready", "sealed": sealed}


async def get_import(tx: Transaction, import_id: UUID) -> Row:
    """An import with what became of each line."""
    return await rows.get_import(tx, import_id)


async def start_import(tx: Transaction, import_id: UUID) -> Row:
    """Begin with the lines that are ready: fingerprints first, or straight to verifying when the file named both."""
    started = await rows.start_import(tx, import_id)
    if started is None:
        raise ImportStartedError("this import was started already")
    for row in started:
        kind = "verify_enrolment" if row["state"] == "verifying" else "connect_enrolment"
        await tenants.start_job(tx, kind, requires=_REQUIRES, args={"enrolment_id": row["id"]})
    await tx.record(
        "import.started", target=("import", str(import_id), None), details={"lines": len(started)}
    )
    return await rows.get_import(tx, import_id)


async def confirm_import(tx: Transaction, import_id: UUID, ids: list[UUID]) -> Row:
    """Accept the fingerprints of some lines."""
    await rows.get_import(tx, import_id)
    confirmed = await rows.confirm_import(tx, import_id, ids)
    for enrolment_id in confirmed:
        await tenants.start_job(
            tx, "verify_enrolment", requires=_REQUIRES, args={"enrolment_id": enrolment_id}
        )
    await tx.record(
        "import.confirmed", target=("import", str(import_id), None), details={"lines": len(confirmed)}
    )
    return await rows.get_import(tx, import_id)


# ---------------------------------------------------------------- the worker's side


async def take(tx: Transaction, enrolment_id: UUID, state: str) -> tuple[PendingEnrolment, list[str]]:
    """An enrolment for the worker, and the networks in which it may be reached.

    EnrolmentMovedOnError when it is no longer in that state: a job that runs again has nothing left to do.
    """
    row = await rows.lock_pending(tx, enrolment_id, state)
    if row is None:
        raise EnrolmentMovedOnError("this enrolment went on, was given up or is over")
    fields = PendingEnrolment.__dataclass_fields__
    pending = PendingEnrolment(**{name: row[name] for name in fields})
    return pending, await rows.get_networks(tx)


async def store_fingerprints(
    tx: Transaction,
    enrolment_id: UUID,
    *,
    spki_sha256: str,
    certificate_subject: str,
    ssh_host_key_sha256: str | None,
    ssh_error: str | None,
) -> bool:
    """Keep what the router showed. True when a file had named all of it, so that nobody needs to confirm.

    FingerprintDiffersError when a file named another key.
    """
    row = await rows.lock_pending(tx, enrolment_id, "connecting")
    if row is None:
        raise EnrolmentMovedOnError("this enrolment went on, was given up or is over")
    if row["spki_sha256"] is not None and row["spki_sha256"] != spki_sha256:
        raise FingerprintDiffersError(
            "the router's key is not the one in the file: check the address, or the file",
            code="device.certificate_changed",
        )
    if (
        None not in (row["ssh_host_key_sha256"], ssh_host_key_sha256)
        and row["ssh_host_key_sha256"] != ssh_host_key_sha256
    ):
        raise FingerprintDiffersError(
            "the router's SSH host key is not the one in the file: check the address, or the file",
            code="device.host_key_changed",
        )
    named = row["spki_sha256"] is not None and (
        ssh_host_key_sha256 is None or row["ssh_host_key_sha256"] == ssh_host_key_sha256
    )
    await rows.store_fingerprints(
        tx,
        enrolment_id,
        {
            "state": "verifying" if named else "awaiting_confirmation",
            "spki_sha256": spki_sha256,
            "certificate_subject": certificate_subject,
            "ssh_host_key_sha256": ssh_host_key_sha256,
            "ssh_error": ssh_error,
            "confirmed_spki_sha256": spki_sha256 if named else None,
            "confirmed_ssh_host_key_sha256": ssh_host_key_sha256 if named else None,
        },
    )
    if named:
        await tenants.start_job(
            tx, "verify_enrolment", requires=_REQUIRES, args={"enrolment_id": str(enrolment_id)}
        )
    return named


async def fail(tx: Transaction, enrolment_id: UUID, state: str, code: str, message: str) -> None:
    """It did not work: say why, drop the password, save nothing else. Nothing happens when it moved on meanwhile."""
    if await rows.fail(tx, enrolment_id, state, code, message):
        await tx.record(
            "enrolment.failed",
            target=("enrolment", str(enrolment_id), None),
            outcome="failure",
            details={"code": code},
        )


async def save(
    tx: Transaction, enrolment_id: UUID, learnt: Learnt, seal: Callable[[int, int], Awaitable[bytes]]
) -> tuple[int, str]:
    """Save a verified device, its credentials and everything that starts with it; (device id, name).

    `seal(device_id, version)` seals the password for its final place. Raises for a duplicate; nothing is saved then.
    """
    row = await rows.lock_pending(tx, enrolment_id, "verifying")
    if row is None:
        raise EnrolmentMovedOnError("this enrolment went on, was given up or is over")
    device_id: int | None = row["device_id"] if row["kind"] == "change" else None
    await _check_duplicates(tx, row, learnt, device_id)
    group_id = row["group_id"]
    if group_id is None and row["group_name"]:
        group_id = await repository.ensure_group(tx, row["group_name"])
    name = row["name"] or learnt.facts["identity"] or row["address"]
    saved = await rows.save_device(
        tx,
        {
            **learnt.facts,
            **{key: row[key] for key in ("address", "api_port", "ssh_port", "username")},
            "name": name[:120],
            "group_id": group_id,
            "spki_sha256": row["confirmed_spki_sha256"],
            "ssh_host_key_sha256": row["confirmed_ssh_host_key_sha256"],
            "capabilities": learnt.capabilities,
        },
        device_id,
    )
    new_id: int = saved["id"]
    version = await rows.next_credentials_version(tx, new_id)
    await rows.store_credentials(tx, new_id, version, await seal(new_id, version))
    if row["tags"] and device_id is None:
        await repository.set_tags(tx, new_id, row["tags"])
    await rows.finish(tx, enrolment_id, new_id, learnt)
    if row["confirmed_ssh_host_key_sha256"] is not None:
        await tenants.start_job(
            tx, "take_snapshot", requires=_REQUIRES, device_id=new_id,
            args={"trigger": "enrolment" if device_id is None else "manual"},
        )  # fmt: skip
    action = "device.added" if device_id is None else "device.connection_changed"
    await tx.record(
        action,
        target=("device", new_id, saved["name"]),
        details={
            "address": row["address"],
            "username": row["username"],
            "serial": learnt.facts["serial"],
            "spki_sha256": row["confirmed_spki_sha256"],
            "ssh_host_key_sha256": row["confirmed_ssh_host_key_sha256"],
        },
    )
    message = (
        f"{saved['name']} was added"
        if device_id is None
        else f"The connection of {saved['name']} was changed"
    )
    await repository.insert_event(tx, action, "info", new_id, message)
    return new_id, saved["name"]


async def _check_duplicates(tx: Transaction, row: Row, learnt: Learnt, device_id: int | None) -> None:
    serial = learnt.facts["serial"]
    same = await rows.find_same_serial(tx, serial, device_id) if serial else None
    if same is not None:
        raise DuplicateSerialError(
            f"this router (serial {serial}) is {same['name']} already: change that device's connection instead",
            fields={"device_id": str(same["id"])},
        )
    same = await rows.find_same_address(tx, row["address"], row["api_port"], device_id)
    if same is not None:
        raise DuplicateAddressError(
            f"{same['name']} has this address already", fields={"device_id": str(same["id"])}
        )
