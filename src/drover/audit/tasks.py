"""The worker's part in the audit trail: checkpoints leave the database every minute or hundred entries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from drover.audit.contracts import CheckpointFolder, read_signing_key
from drover.audit.service import Checkpointer
from drover.tenants.contracts import Services


def make_checkpointer(services: Services) -> Callable[[Services], Awaitable[None]]:
    """A periodic task that signs the heads that moved."""
    checkpointer = Checkpointer(
        services.database,
        CheckpointFolder(services.settings.checkpoint_dir),
        read_signing_key(services.settings.checkpoint_key_file),
        services.clock,
    )

    async def checkpoint(_: Services) -> None:
        await checkpointer.run()

    return checkpoint
