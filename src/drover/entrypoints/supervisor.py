"""Starts an installation's engines and services, keeps them running, and stops them in order."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from drover.entrypoints.http_port import answers, choose_port, name_for
from drover.entrypoints.keeper import keep_running
from drover.entrypoints.migrate import migrate
from drover.entrypoints.service_env import SERVICES, Listening, service_environment
from drover.platform.engines.engine_set import EngineSet
from drover.platform.engines.errors import EngineError
from drover.platform.engines.process import ChildProcess, ChildSpec, StopStep, kill_marked
from drover.platform.engines.readiness import READY_FILE
from drover.platform.engines.state import NATS_ADMIN, StateFolder
from drover.platform.engines.stream import ensure_stream
from drover.platform.settings import (
    InstallationSettings,
    ServiceName,
    check_http_binding,
    minimal_environment,
)

_READY_TIMEOUT_S = 60.0
_LOOK_EVERY_S = 0.1
# A service that never tells that it is ready is taken to be, when it has lived this long.
_SETTLED_AFTER_S = 2.0
_SERVICE_STOP = (StopStep(signal.SIGTERM, 20.0),)
# Nothing new comes in, then what is under way is finished.
_STOP_ORDER: tuple[tuple[ServiceName, ...], ...] = (("api", "poller"), ("ingest", "worker"))

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Binding:
    """How the API should listen; `port` None: 8080 or the next free one."""

    host: str = "127.0.0.1"
    port: int | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None


@dataclass(frozen=True)
class ExtraChild:
    """A further program to run beside the services, such as the demo's simulated routers.

    It is started before the services and stopped after them. `ready` is awaited once it runs.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], Awaitable[bool]] | None = None


def service_command(service: ServiceName) -> list[str]:
    # -P: the current folder, which may be anybody's, is no place to import from.
    return [sys.executable, "-P", "-m", "drover.entrypoints.cli", service]


class Supervisor:
    """One running installation.

    `start` returns when everything is ready, or stops what it started and raises. `wait` returns
    only when something failed for good. `stop` may be called at any time and more than once.
    Use it from the main thread: children die with the thread that started them.
    """

    def __init__(
        self,
        installation: InstallationSettings,
        binding: Binding,
        *,
        extra_children: Sequence[ExtraChild] = (),
        services: Sequence[ServiceName] = SERVICES,
        command: Callable[[ServiceName], Sequence[str]] = service_command,
        output_to_files: bool = False,
        durable: bool = True,
    ) -> None:
        try:
            check_http_binding(binding.host, binding.tls_cert, binding.tls_key)
        except ValueError as error:
            raise EngineError(str(error)) from None
        self.state = StateFolder(installation.state_dir)
        self.migrated: list[str] = []
        self._installation = installation
        self._binding = binding
        self._extra_children = extra_children
        self._services = services
        self._command = command
        self._output_to_files = output_to_files
        self._durable = durable
        self._held = contextlib.ExitStack()
        self._engines: EngineSet | None = None
        self._listening: Listening | None = None
        self._children: dict[str, ChildProcess] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._hurry = asyncio.Event()
        self._unclean: list[str] = []

    @property
    def url(self) -> str:
        """Where people reach the web app."""
        return self._address().public_url

    @property
    def port(self) -> int:
        return self._address().port

    @property
    def engines(self) -> EngineSet:
        if self._engines is None:
            raise EngineError("Drover has not been started")
        return self._engines

    async def start(self) -> None:
        self._held.enter_context(self.state.locked())
        try:
            self._sweep()
            self.state.initialise()
            self._engines = EngineSet(self._installation, self.state, durable=self._durable)
            took_s = await self._engines.start()
            log.info("engines.ready", **{f"{name}_s": round(value, 2) for name, value in took_s.items()})
            await self._prepare(self._engines)
            self._listening = self._choose_address()
            for extra in self._extra_children:
                await self._start_child(self._extra_spec(extra))
            for extra in self._extra_children:
                await self._wait_until_ready(extra.name, extra.ready)
            for service in self._services:
                await self._start_child(self._service_spec(service))
            for service in self._services:
                await self._wait_until_ready(service, self._ready_check(service))
            self._keep_running()
        except BaseException:
            await self.stop()
            raise

    def signal_child(self, name: str, number: signal.Signals) -> None:
        """Send a running child a signal, such as SIGHUP to read its files again; from any thread."""
        os.kill(self._children[name].pid, number)

    async def wait(self) -> None:
        """Wait until a child can't be kept running; whoever stops us cancels this."""
        await asyncio.gather(*self._keepers.values())

    def hurry(self) -> None:
        """Cut short a `stop` that is under way, or the one to come."""
        self._hurry.set()

    async def stop(self) -> bool:
        """Stop everything in order; False when something had to be killed or ended badly."""
        for keeper in self._keepers.values():
            keeper.cancel()
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)
        self._keepers.clear()
        steps: list[Sequence[str]] = [*_STOP_ORDER, [extra.name for extra in self._extra_children]]
        for names in steps:
            stopping = [self._stop_child(name) for name in names if name in self._children]
            await asyncio.gather(*stopping)
        if self._engines is not None:
            engines, self._engines = self._engines, None
            await engines.stop(self._hurry)
            for name, engine in engines.embedded.items():
                if engine.child is not None and engine.child.returncode != 0:
                    self._unclean.append(name)
            self._sweep()
        self._held.close()
        unclean, self._unclean = self._unclean, []
        for name in unclean:
            log.warning("child.ended_badly", child=name)
        return not unclean

    async def _prepare(self, engines: EngineSet) -> None:
        await ensure_stream(engines.nats_login(NATS_ADMIN))
        self.migrated = await asyncio.to_thread(migrate, engines.dsn("owner"))
        if self.migrated:
            log.info("database.migrated", files=len(self.migrated))

    def _address(self) -> Listening:
        if self._listening is None:
            raise EngineError("Drover has not been started")
        return self._listening

    def _choose_address(self) -> Listening:
        binding = self._binding
        port = choose_port(binding.host, binding.port)
        scheme = "https" if binding.tls_cert else "http"
        url = self._installation.public_url or f"{scheme}://{name_for(binding.host)}:{port}"
        return Listening(binding.host, port, url.rstrip("/"), binding.tls_cert, binding.tls_key)

    def _service_spec(self, service: ServiceName) -> ChildSpec:
        env = service_environment(
            service,
            installation=self._installation,
            state=self.state,
            engines=self.engines,
            listening=self._address(),
            environ=os.environ,
        )
        return self._spec(service, self._command(service), env | {READY_FILE: str(self._ready_file(service))})

    def _extra_spec(self, extra: ExtraChild) -> ChildSpec:
        return self._spec(extra.name, extra.command, minimal_environment(os.environ) | dict(extra.env))

    def _spec(self, name: str, command: Sequence[str], env: dict[str, str]) -> ChildSpec:
        return ChildSpec(
            name=name,
            command=command,
            env=env | dict([self._mark]),
            cwd=self.state.root,
            output=self.state.log / f"{name}.log" if self._output_to_files else None,
            death_signal=signal.SIGKILL,
            stop_steps=_SERVICE_STOP,
        )

    @property
    def _mark(self) -> tuple[str, str]:
        return "DROVER_SUPERVISED_IN", str(self.state.root)

    def _sweep(self) -> None:
        """End what services of this folder started and did not end: we hold its lock, so they have no owner."""
        for pid in kill_marked("=".join(self._mark)):
            log.warning("child.left_over", pid=pid)

    def _ready_file(self, name: str) -> Path:
        return self.state.run / f"{name}.ready"

    def _ready_check(self, service: ServiceName) -> Callable[[], Awaitable[bool]]:
        async def told_or_settled() -> bool:
            return self._ready_file(service).exists() or self._children[service].age_s > _SETTLED_AFTER_S

        return self._api_answers if service == "api" else told_or_settled

    async def _start_child(self, spec: ChildSpec) -> ChildProcess:
        self._ready_file(spec.name).unlink(missing_ok=True)
        child = self._children[spec.name] = await ChildProcess.start(spec)
        return child

    async def _stop_child(self, name: str) -> None:
        child = self._children.pop(name)
        # A service without a handler of its own ends by our SIGTERM: that is no failure.
        if await child.stop(self._hurry) not in (0, -signal.SIGTERM):
            self._unclean.append(name)

    async def _wait_until_ready(self, name: str, ready: Callable[[], Awaitable[bool]] | None) -> None:
        child = self._children[name]
        deadline = time.monotonic() + _READY_TIMEOUT_S
        while time.monotonic() < deadline:
            if child.returncode is not None:
                raise EngineError(f"{name} ended with status {child.returncode}\n{child.log_tail()}".strip())
            if ready is None or await ready():
                return
            await asyncio.sleep(_LOOK_EVERY_S)
        raise EngineError(f"{name} was not ready in {_READY_TIMEOUT_S:.0f} s\n{child.log_tail()}".strip())

    async def _api_answers(self) -> bool:
        listening = self._address()
        return await answers(listening.host, listening.port, listening.tls_cert)

    def _keep_running(self) -> None:
        for name, engine in self.engines.embedded.items():

            async def start_engine(engine_name: str = name) -> ChildProcess | None:
                await self.engines.embedded[engine_name].start()
                return self.engines.embedded[engine_name].child

            self._keep(name, engine.child, start_engine)
        for name, child in self._children.items():

            async def start_child(spec: ChildSpec = child.spec) -> ChildProcess | None:
                return await self._start_child(spec)

            self._keep(name, child, start_child)

    def _keep(
        self, name: str, child: ChildProcess | None, start: Callable[[], Awaitable[ChildProcess | None]]
    ) -> None:
        self._keepers[name] = asyncio.create_task(keep_running(name, child, start), name=f"keep {name}")
