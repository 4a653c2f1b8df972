"""What crosses this slice's border: an enrolment in the worker's hands, and what was learnt of a device."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

ENROLMENT_TABLE = "enrolments"
CREDENTIALS_TABLE = "device_credentials"
SEALED_COLUMN = "sealed"
ENROLMENT_LIFE_S = 600
IMPORT_LIFE_S = 3600


@dataclass(frozen=True)
class PendingEnrolment:
    """An enrolment as the worker reads it; the password is sealed for the row's own place."""

    id: UUID
    kind: str
    state: str
    device_id: int | None
    address: str
    api_port: int
    ssh_port: int
    username: str
    sealed: bytes = field(repr=False)
    confirmed_spki_sha256: str | None
    confirmed_ssh_host_key_sha256: str | None


@dataclass(frozen=True)
class Learnt:
    """What verifying a device told: facts as columns of `devices`, capabilities with their evidence."""

    facts: dict[str, Any]
    capabilities: dict[str, str]
    ssh_error: str | None


@dataclass(frozen=True)
class ImportLine:
    """One line of a CSV import; `problem` is (code, message) when it can't be used."""

    line: int
    address: str
    api_port: int = 8729
    ssh_port: int = 22
    username: str = ""
    password: str = field(default="", repr=False)
    name: str | None = None
    group: str | None = None
    tags: tuple[str, ...] = ()
    spki_sha256: str | None = None
    ssh_host_key_sha256: str | None = None
    problem: tuple[str, str] | None = None
