"""The embedded NATS server: loopback only, JetStream on disk, a user with least subjects per service."""

import asyncio
import json
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import bcrypt
from pydantic import SecretStr

from drover.platform.engines.account import EngineAccount
from drover.platform.engines.binaries import nats_server
from drover.platform.engines.errors import EngineError
from drover.platform.engines.process import ChildProcess, ChildSpec, StopStep, stop_orphans
from drover.platform.engines.state import NATS_ADMIN, NATS_SERVICES, write_private

STREAM = "TELEMETRY"
STREAM_SUBJECT = "t.*.telemetry"
CONSUMER = "ingest"
_HOST = "127.0.0.1"
_READY_TIMEOUT_S = 60.0
_GREETING_TIMEOUT_S = 5.0
_LOOK_EVERY_S = 0.02
_STOP_STEPS = (StopStep(signal.SIGTERM, 15.0),)
_PORT_ATTEMPTS = 5


@dataclass(frozen=True)
class NatsLogin:
    """What one service needs to connect; the inbox prefix is the only one its user may listen on."""

    url: str
    user: str
    password: SecretStr = field(repr=False)
    inbox_prefix: str


def inbox_prefix(user: str) -> str:
    return f"_INBOX_{user}"


def user_permissions(user: str) -> dict[str, list[str]]:
    """The subjects a user may publish and subscribe to; everything else is refused."""
    # Both forms of the acknowledgement subject: without and with domain and account.
    acks = [f"$JS.ACK.{STREAM}.{CONSUMER}.>", f"$JS.ACK.*.*.{STREAM}.{CONSUMER}.>"]
    publish: dict[str, list[str]] = {
        "poller": ["t.*.telemetry", "t.*.poller.>"],
        "ingest": [
            "t.*.live",
            f"$JS.API.STREAM.INFO.{STREAM}",
            f"$JS.API.CONSUMER.INFO.{STREAM}.{CONSUMER}",
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{CONSUMER}",
            *acks,
        ],
        "api": ["t.*.devices"],
        "worker": ["t.*.live", "t.*.devices"],
        NATS_ADMIN: ["$JS.API.>"],
    }
    subscribe: dict[str, list[str]] = {"poller": ["t.*.devices"], "api": ["t.*.live"]}
    return {
        "publish": publish[user],
        "subscribe": [*subscribe.get(user, []), f"{inbox_prefix(user)}.>"],
    }


def server_config(store: Path, passwords: Mapping[str, SecretStr], *, durable: bool = True) -> str:
    """The server's configuration; passwords are in it only as hashes."""
    users = [
        {
            "user": user,
            # The cheapest bcrypt: these passwords are 256 random bits, guessing is no use.
            "password": bcrypt.hashpw(
                passwords[user].get_secret_value().encode(), bcrypt.gensalt(rounds=4)
            ).decode(),
            "permissions": {kind: {"allow": allowed} for kind, allowed in user_permissions(user).items()},
        }
        for user in (NATS_ADMIN, *NATS_SERVICES)
    ]
    # JSON is a subset of the server's configuration language.
    return json.dumps(
        {
            "server_name": "drover",
            "host": _HOST,
            "max_connections": 256,
            "max_payload": 2 * 1024**2,
            "jetstream": {
                "store_dir": str(store / "jetstream"),
                "max_memory_store": 64 * 1024**2,
                "max_file_store": 8 * 1024**3,
                # What a power cut may lose of the telemetry that is not in the database yet.
                "sync_interval": "10s" if durable else "2m",
            },
            "authorization": {"timeout": 5, "users": users},
        },
        indent=2,
    )


class EmbeddedNats:
    """One NATS server with its store in `data/nats`, on a free loopback port it keeps while we run."""

    def __init__(
        self,
        data: Path,
        account: EngineAccount,
        passwords: Mapping[str, SecretStr],
        log: Path,
        *,
        durable: bool = True,
    ) -> None:
        self._data = data
        self._store = data / "nats"
        self._account = account
        self._passwords = passwords
        self._log = log
        self._durable = durable
        self._port: int | None = None
        self._child: ChildProcess | None = None

    @property
    def child(self) -> ChildProcess | None:
        return self._child

    @property
    def url(self) -> str:
        if self._port is None:
            raise EngineError("NATS has no address before it is started")
        return f"nats://{_HOST}:{self._port}"

    def login(self, user: str) -> NatsLogin:
        return NatsLogin(self.url, user, self._passwords[user], inbox_prefix(user))

    async def start(self) -> None:
        program = await asyncio.to_thread(nats_server, self._account, self._data / "bin")
        self._account.own_folder(self._store)
        await stop_orphans("nats-server", self._store, None, _STOP_STEPS)
        config = self._store / "nats.json"
        write_private(config, server_config(self._store, self._passwords, durable=self._durable))
        if self._account.drops:
            shutil.chown(config, self._account.uid, self._account.gid)
        # A port is free when we look and may be taken when the server binds it: try again elsewhere.
        # A restart keeps its port, because the services know it.
        ports = [self._port] if self._port is not None else [_free_port() for _ in range(_PORT_ATTEMPTS)]
        for port in ports:
            self._child = await ChildProcess.start(self._spec(program, config, port))
            if await _listens(self._child, port):
                self._port = port
                return
        tail = self._child.log_tail() if self._child else ""
        raise EngineError(f"NATS did not start; see {self._log}:\n{tail}")

    async def stop(self, hurry: asyncio.Event | None = None) -> None:
        if self._child is not None:
            await self._child.stop(hurry)

    def _spec(self, program: Path, config: Path, port: int) -> ChildSpec:
        return ChildSpec(
            name="nats",
            command=[str(program), "--config", str(config), "--port", str(port)],
            env={"PATH": "/usr/bin:/bin"},
            cwd=self._store,
            output=self._log,
            death_signal=signal.SIGTERM,
            stop_steps=_STOP_STEPS,
            account=self._account,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


async def _listens(child: ChildProcess, port: int) -> bool:
    """Wait until our server, not somebody else's, answers on the port."""
    deadline = time.monotonic() + _READY_TIMEOUT_S
    while time.monotonic() < deadline and child.returncode is None:
        if await _greets(port):
            return child.returncode is None
        await asyncio.sleep(_LOOK_EVERY_S)
    await child.stop()
    return False


async def _greets(port: int) -> bool:
    try:
        async with asyncio.timeout(_GREETING_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(_HOST, port)
            try:
                return (await reader.readline()).startswith(b"INFO ")
            finally:
                writer.close()
    except OSError:  # a timeout is one
        return False
