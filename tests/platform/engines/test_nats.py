"""The embedded NATS: a password for every service, and only the subjects it needs."""

import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.js.api import RetentionPolicy, StorageType

from drover.platform.engines.nats import EmbeddedNats, NatsLogin, user_permissions
from drover.platform.engines.state import NATS_ADMIN, NATS_SERVICES
from drover.platform.engines.stream import ensure_stream
from tests.engines_fixture import Engines
from tests.platform.engines.running import ROOT, state_folder, until

USERS = (*NATS_SERVICES, NATS_ADMIN)

MAY_PUBLISH = {
    "poller": {"t.7.telemetry", "t.7.poller.lag"},
    "ingest": {"t.7.live"},
    "api": {"t.7.devices"},
    "worker": {"t.7.live", "t.7.devices"},
    "admin": set(),
}
MAY_SUBSCRIBE = {
    "poller": {"t.*.devices", "t.7.devices", "_INBOX_poller.x"},
    "ingest": {"_INBOX_ingest.x"},
    "api": {"t.*.live", "t.7.live", "_INBOX_api.x"},
    "worker": {"_INBOX_worker.x"},
    "admin": {"_INBOX_admin.x"},
}
PUBLISHED = {
    "t.7.telemetry",
    "t.7.live",
    "t.7.devices",
    "t.7.poller.lag",
    "t.7.other",
    "anything",
    "_INBOX_api.x",
    "_INBOX_poller.x",
    "$SYS.REQ.SERVER.PING",
}
JETSTREAM_ADMIN = {
    "$JS.API.STREAM.DELETE.TELEMETRY",
    "$JS.API.STREAM.PURGE.TELEMETRY",
    "$JS.API.STREAM.UPDATE.TELEMETRY",
    "$JS.API.STREAM.MSG.GET.TELEMETRY",
    "$JS.API.STREAM.CREATE.OTHER",
    "$JS.API.CONSUMER.CREATE.TELEMETRY.spy",
    "$JS.API.CONSUMER.DELETE.TELEMETRY.ingest",
}
SUBSCRIBED = {
    ">",
    "t.>",
    "t.*.telemetry",
    "t.*.live",
    "t.7.live",
    "t.*.devices",
    "t.7.devices",
    "_INBOX.>",
    "_INBOX_api.x",
    "_INBOX_ingest.x",
    "_INBOX_poller.x",
    "_INBOX_worker.x",
    "_INBOX_admin.x",
    "$JS.>",
    "$SYS.>",
}


def _converse(login: NatsLogin, commands: list[str], password: str | None) -> list[str]:
    """Speak the server's protocol as a user, and return the errors it sends before its PONG or its goodbye.

    The wire itself rather than a client: a client reports refusals some time later, or not at all.
    """
    host, _, port = login.url.removeprefix("nats://").rpartition(":")
    options = {"verbose": False, "pedantic": False, "lang": "test", "version": "1", "protocol": 1}
    if password is not None:
        options |= {"user": login.user, "pass": password}
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        lines = connection.makefile("rb")
        assert lines.readline().startswith(b"INFO ")
        text = "".join(f"{line}\r\n" for line in (f"CONNECT {json.dumps(options)}", *commands, "PING"))
        connection.sendall(text.encode())
        errors = []
        for line in lines:
            if line.startswith(b"PONG"):
                break
            if line.startswith(b"-ERR"):
                errors.append(line.decode().strip())
        return errors


def _refused(login: NatsLogin, commands: dict[str, str]) -> set[str]:
    """Those of the commands' subjects that the server refuses this user."""
    errors = _converse(login, list(commands.values()), login.password.get_secret_value())
    refused = {
        match[1] for error in errors if (match := re.search(r'Permissions Violation for .*"(.*)"', error))
    }
    assert len(refused) == len(errors), errors
    return refused


@pytest.mark.parametrize("user", USERS)
def test_publishes_only_on_its_own_subjects(engines: Engines, user: str) -> None:
    subjects = PUBLISHED | JETSTREAM_ADMIN
    allowed = MAY_PUBLISH[user] | (JETSTREAM_ADMIN if user == NATS_ADMIN else set())
    # What a user may do is not done here (it would change the stream), only what it may not.
    refused = _refused(engines.nats[user], {s: f"PUB {s} 1\r\nx" for s in subjects - allowed})
    assert refused == subjects - allowed
    harmless = {"t.7.live", "t.7.devices", "t.7.poller.lag"} & allowed
    assert _refused(engines.nats[user], {s: f"PUB {s} 1\r\nx" for s in harmless}) == set()


@pytest.mark.parametrize("user", USERS)
def test_listens_only_on_its_own_subjects(engines: Engines, user: str) -> None:
    commands = {subject: f"SUB {subject} {number}" for number, subject in enumerate(sorted(SUBSCRIBED))}
    assert _refused(engines.nats[user], commands) == SUBSCRIBED - MAY_SUBSCRIBE[user]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("password", [None, "", "wrong", "another user's"])
def test_no_user_connects_without_its_own_password(engines: Engines, user: str, password: str | None) -> None:
    if password == "another user's":
        password = engines.nats["api" if user != "api" else "worker"].password.get_secret_value()
    (error,) = _converse(engines.nats[user], [], password)
    assert "Authorization Violation" in error


@asynccontextmanager
async def connected(login: NatsLogin) -> AsyncIterator[Client]:
    """A connection as a service makes it."""

    async def on_error(error: Exception) -> None:
        pass  # the test sees it by what fails

    client = await nats.connect(
        login.url,
        user=login.user,
        password=login.password.get_secret_value(),
        inbox_prefix=login.inbox_prefix.encode(),
        error_cb=on_error,
        allow_reconnect=False,
    )
    try:
        yield client
    finally:
        await client.close()


@pytest_asyncio.fixture
async def own_server() -> AsyncIterator[EmbeddedNats]:
    """A server of the test's own, with the stream: other tests' messages are not in it."""
    with state_folder() as state:
        state.initialise()
        server = EmbeddedNats(
            state.data, state.account(), state.credentials().nats, state.log / "nats.log", durable=False
        )
        await server.start()
        try:
            await ensure_stream(server.login(NATS_ADMIN))
            yield server
        finally:
            await server.stop()


async def test_telemetry_goes_from_the_poller_to_ingest_once_and_is_gone(own_server: EmbeddedNats) -> None:
    async with (
        connected(own_server.login("poller")) as poller,
        connected(own_server.login("ingest")) as ingest,
    ):
        for _ in range(2):  # the second is a duplicate by its id
            ack = await poller.jetstream().publish("t.7.telemetry", b"batch", headers={"Nats-Msg-Id": "b-1"})
        assert ack.duplicate
        pull = await ingest.jetstream().pull_subscribe_bind("ingest", "TELEMETRY")
        (message,) = await pull.fetch(10, timeout=5)
        assert (message.subject, message.data) == ("t.7.telemetry", b"batch")
        await message.ack_sync(timeout=5)
        info = await ingest.jetstream().stream_info("TELEMETRY")
        assert info.state.messages == 0


async def test_the_stream_is_a_work_queue_on_disk_and_setting_it_up_twice_keeps_it(
    own_server: EmbeddedNats,
) -> None:
    async with connected(own_server.login("poller")) as poller:
        await poller.jetstream().publish("t.7.telemetry", b"kept")
    await ensure_stream(own_server.login(NATS_ADMIN))
    async with connected(own_server.login("ingest")) as ingest:
        info = await ingest.jetstream().stream_info("TELEMETRY")
    assert info.config.subjects == ["t.*.telemetry"]
    assert info.config.retention == RetentionPolicy.WORK_QUEUE
    assert info.config.storage == StorageType.FILE
    assert info.config.max_bytes
    assert info.config.duplicate_window == 120
    assert info.state.messages == 1


async def test_a_restart_keeps_address_and_messages(own_server: EmbeddedNats) -> None:
    async with connected(own_server.login("poller")) as poller:
        await poller.jetstream().publish("t.1.telemetry", b"kept")
    address, orphan = own_server.url, own_server.child
    assert orphan is not None
    # As after a supervisor's death: the old server still runs, and must go first.
    await own_server.start()
    await until(lambda: orphan.returncode is not None)
    assert own_server.url == address
    async with connected(own_server.login("ingest")) as ingest:
        info = await ingest.jetstream().stream_info("TELEMETRY")
    assert info.state.messages == 1


def test_listens_on_loopback_only_and_has_no_monitoring_port(engines: Engines) -> None:
    url = engines.nats["api"].url
    port = int(url.rpartition(":")[2])
    assert url.startswith("nats://127.0.0.1:")
    listening = []
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        address, state = line.split()[1], line.split()[3]
        if state == "0A" and int(address.partition(":")[2], 16) == port:
            listening.append(socket.inet_ntoa(bytes.fromhex(address.partition(":")[0])[::-1]))
    assert listening == ["127.0.0.1"]
    log = (engines.state.log / "nats.log").read_text()
    assert "monitor" not in log.lower()


def test_the_configuration_holds_no_password_and_is_closed(engines: Engines) -> None:
    path = engines.state.data / "nats" / "nats.json"
    assert path.stat().st_mode & 0o077 == 0
    for password in engines.state.credentials().nats.values():
        assert password.get_secret_value() not in path.read_text()


def test_the_users_for_an_external_server_are_those_of_our_own() -> None:
    shipped = json.loads((ROOT / "deploy" / "nats" / "authorization.json").read_text())
    users = {user["user"]: user["permissions"] for user in shipped["authorization"]["users"]}
    assert users == {
        user: {kind: {"allow": subjects} for kind, subjects in user_permissions(user).items()}
        for user in USERS
    }
