"""The composition root: which slices exist, and how services are put together from settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter

from drover.audit import endpoints as audit_endpoints
from drover.audit.tasks import make_checkpointer
from drover.auth import endpoints as auth_endpoints
from drover.backups import endpoints as backups_endpoints
from drover.backups import tasks as backups_tasks
from drover.devices import endpoints as devices_endpoints
from drover.devices import tasks as devices_tasks
from drover.gateway import tasks as gateway_tasks
from drover.metrics import endpoints as metrics_endpoints
from drover.platform.keyring import EmbeddedKeyring, read_master_key
from drover.platform.secrets import KeyService, Purpose
from drover.platform.settings import ApiSettings, WorkerSettings
from drover.tenants import endpoints as tenants_endpoints
from drover.tenants import tasks as tenants_tasks
from drover.tenants.contracts import JobHandler, Services

ROUTERS: list[APIRouter] = [
    auth_endpoints.router,
    tenants_endpoints.router,
    audit_endpoints.router,
    devices_endpoints.router,
    metrics_endpoints.router,
    backups_endpoints.router,
]

JOB_HANDLERS: dict[str, JobHandler] = {**gateway_tasks.JOB_HANDLERS, **backups_tasks.JOB_HANDLERS}
PLATFORM_HANDLERS = tenants_tasks.PLATFORM_HANDLERS


def periodic_tasks(services: Services) -> list[tuple[float, Callable[[Services], Awaitable[None]]]]:
    """What the worker does again and again: (interval in seconds, task)."""
    return [
        (5.0, make_checkpointer(services)),
        *tenants_tasks.PERIODIC,
        *devices_tasks.PERIODIC,
        *backups_tasks.PERIODIC,
    ]


def api_keys(settings: ApiSettings) -> KeyService:
    """The API makes data keys of both purposes and opens documents only."""
    documents = read_master_key(settings.documents_master_key_file)
    return EmbeddedKeyring(settings.keyring_dir, {Purpose.DOCUMENTS: documents})


def worker_keys(settings: WorkerSettings) -> KeyService:
    """The worker opens both: it takes apart and joins configurations, and makes tenants' keys."""
    return EmbeddedKeyring(
        settings.keyring_dir,
        {
            Purpose.SECRETS: read_master_key(settings.secrets_master_key_file),
            Purpose.DOCUMENTS: read_master_key(settings.documents_master_key_file),
        },
    )
