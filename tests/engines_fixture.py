"""Real engines for every test that needs them: one PostgreSQL and one NATS per test session.

`engines` is migrated and prepared as `drover up` would do it, but without fsync. Connect as the
service under test, never as owner, unless the test is about what the owner may do.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest_asyncio

from drover.entrypoints.migrate import migrate
from drover.platform.engines.nats import EmbeddedNats, NatsLogin
from drover.platform.engines.postgres import EmbeddedPostgres
from drover.platform.engines.state import NATS_ADMIN, NATS_SERVICES, StateFolder
from drover.platform.engines.stream import ensure_stream


@dataclass(frozen=True)
class Engines:
    """Where the running engines are, and how each role and service signs in.

    `dsn("drover_api")` is a libpq connection string with its password; `nats["poller"]` has `url`,
    `user`, `password` (SecretStr) and `inbox_prefix`; `state` is the folder with the key files.
    """

    state: StateFolder
    postgres: EmbeddedPostgres
    nats: dict[str, NatsLogin] = field(repr=False)

    def dsn(self, role: str) -> str:
        """The connection string of a role: drover_owner, drover_auth, drover_api, drover_poller, ..."""
        return self.postgres.dsn(role).get_secret_value()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engines() -> AsyncIterator[Engines]:
    # Not pytest's tmp_path: as root the engines run as another account, which can't walk through it.
    root = Path(tempfile.mkdtemp(prefix="drover-test-"))
    state = StateFolder(root)
    postgres: EmbeddedPostgres | None = None
    nats: EmbeddedNats | None = None
    try:
        state.initialise()
        account, passwords = state.account(), state.credentials()
        postgres = EmbeddedPostgres(
            state.data, account, passwords.postgres, state.log / "postgres.log", durable=False
        )
        nats = EmbeddedNats(state.data, account, passwords.nats, state.log / "nats.log", durable=False)
        async with asyncio.TaskGroup() as starting:
            starting.create_task(postgres.start())
            starting.create_task(nats.start())
        await ensure_stream(nats.login(NATS_ADMIN))
        await asyncio.to_thread(migrate, postgres.dsn("drover_owner"))
        yield Engines(state, postgres, {user: nats.login(user) for user in (NATS_ADMIN, *NATS_SERVICES)})
    finally:
        for engine in (nats, postgres):
            if engine is not None:
                await engine.stop()
        shutil.rmtree(root)
