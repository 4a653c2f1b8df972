"""The two engines of an installation, embedded or external, behind one face."""

import asyncio
import time
from typing import Protocol

from pydantic import SecretStr

from drover.platform.engines.errors import EngineError
from drover.platform.engines.nats import EmbeddedNats, NatsLogin, inbox_prefix
from drover.platform.engines.postgres import EmbeddedPostgres
from drover.platform.engines.process import ChildProcess
from drover.platform.engines.state import StateFolder
from drover.platform.settings import InstallationSettings


class Engine(Protocol):
    """An embedded engine as the supervisor sees it: `start` again after a crash recovers it."""

    @property
    def child(self) -> ChildProcess | None: ...

    async def start(self) -> None: ...

    async def stop(self, hurry: asyncio.Event | None = None) -> None: ...


class EngineSet:
    """Says how each role and service signs in, and holds the embedded engines that must run for it."""

    def __init__(
        self, installation: InstallationSettings, state: StateFolder, *, durable: bool = True
    ) -> None:
        self._installation = installation
        self._postgres: EmbeddedPostgres | None = None
        self._nats: EmbeddedNats | None = None
        account, credentials = state.account(), state.credentials()
        if installation.owner_database_url is None:
            self._postgres = EmbeddedPostgres(
                state.data, account, credentials.postgres, state.log / "postgres.log", durable=durable
            )
        if installation.nats_url is None:
            self._nats = EmbeddedNats(
                state.data, account, credentials.nats, state.log / "nats.log", durable=durable
            )

    @property
    def embedded(self) -> dict[str, Engine]:
        """The engines to start, keep running and, in reverse, stop."""
        found: dict[str, Engine] = {}
        if self._postgres is not None:
            found["postgres"] = self._postgres
        if self._nats is not None:
            found["nats"] = self._nats
        return found

    async def start(self) -> dict[str, float]:
        """Start all at once; returns how long each took, in seconds."""
        took_s: dict[str, float] = {}

        async def timed(name: str, engine: Engine) -> None:
            began = time.monotonic()
            await engine.start()
            took_s[name] = time.monotonic() - began

        try:
            async with asyncio.TaskGroup() as starting:
                for name, engine in self.embedded.items():
                    starting.create_task(timed(name, engine))
        except* EngineError as failures:
            raise EngineError("\n".join(str(error) for error in failures.exceptions)) from failures
        return took_s

    async def stop(self, hurry: asyncio.Event | None = None) -> None:
        for engine in reversed(self.embedded.values()):
            await engine.stop(hurry)

    def dsn(self, role: str) -> SecretStr:
        """The connection string of a database role, by its short name (`owner`, `auth`, `api`, ...)."""
        if self._postgres is not None:
            return self._postgres.dsn(f"drover_{role}")
        return _set(getattr(self._installation, f"{role}_database_url"))

    def nats_login(self, user: str) -> NatsLogin:
        if self._nats is not None:
            return self._nats.login(user)
        password = _set(getattr(self._installation, f"nats_{user}_password"))
        return NatsLogin(str(self._installation.nats_url), user, password, inbox_prefix(user))


def _set(value: SecretStr | None) -> SecretStr:
    if value is None:
        raise EngineError("an external engine is set in part")
    return value
