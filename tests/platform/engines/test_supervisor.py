"""`drover up`: starts all, gives each its own, ends in order, survives being killed."""

import asyncio
import os
import re
import signal
import socket
from pathlib import Path

import psycopg
import pytest

from tests.platform.engines import running
from tests.platform.engines.certificates import make_certificate
from tests.platform.engines.running import END_TIMEOUT_S, installation, refusal, state_folder, until

SERVICES = ("api", "poller", "ingest", "worker")


@pytest.fixture(params=running.accounts())
def account(request: pytest.FixtureRequest) -> str:
    """Who runs Drover: root and an ordinary account, when the tests may be both."""
    return str(request.param)


async def test_starts_everything_and_leaves_nothing_when_told_to_stop(account: str) -> None:
    async with installation(account=account) as drover:
        pids = [drover.service(name)["pid"] for name in SERVICES] + list(drover.ready["pids"].values())
        assert all(running.is_running(pid) for pid in pids)
        assert await drover.end(signal.SIGTERM) == 0
        assert drover.children() == []
        assert not any(running.is_running(pid) for pid in pids)


async def test_ends_well_on_ctrl_c(account: str) -> None:
    async with installation(account=account) as drover:
        assert await drover.end(signal.SIGINT) == 0
        assert drover.children() == []


async def test_engines_never_run_as_root() -> None:
    async with installation() as drover:
        for pid in drover.ready["pids"].values():
            assert os.stat(f"/proc/{pid}").st_uid != 0


async def test_killing_the_whole_group_leaves_nothing_and_the_next_start_recovers(account: str) -> None:
    with state_folder(account) as state:
        drover = await running.start(state, account=account)
        with psycopg.connect(drover.ready["owner"], autocommit=True) as conn:
            conn.execute("CREATE TABLE drover_meta.kept AS SELECT 42 AS answer")
        assert len(drover.children()) > len(SERVICES)
        drover.kill_group()
        await drover.process.wait()
        await until(lambda: not drover.children())

        again = await running.start(state, account=account)
        with psycopg.connect(again.ready["owner"]) as conn:
            assert conn.execute("SELECT answer FROM drover_meta.kept").fetchone() == (42,)
        assert await again.end() == 0
        assert again.children() == []


async def test_a_start_right_after_a_kill_waits_for_what_is_still_ending() -> None:
    with state_folder() as state:
        drover = await running.start(state)
        drover.kill_group()
        again = await running.start(state)
        assert await again.end() == 0
        assert again.children() == []


async def test_what_services_started_in_turn_is_ended_too() -> None:
    with state_folder() as state:
        state.run.mkdir(parents=True)
        (state.run / "start-a-grandchild").touch()
        drover = await running.start(state)
        (grandchild,) = [pid for pid in drover.children() if _command(pid).endswith("time.sleep(600)")]
        drover.kill_group()
        await drover.process.wait()
        await until(lambda: drover.children() == [grandchild])  # no parent's death reaches it

        again = await running.start(state)
        assert not running.is_running(grandchild)
        assert await again.end() == 0
        assert again.children() == []


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()


async def test_each_service_is_told_only_its_own_credentials() -> None:
    async with installation(SECRET_OF_THE_SHELL="x") as drover:
        credentials = drover.state.credentials()
        for name in SERVICES:
            told = " ".join(drover.service(name)["env"].values())
            own_roles = {f"drover_{name}"} | ({"drover_auth"} if name == "api" else set())
            for role, password in credentials.postgres.items():
                assert (password.get_secret_value() in told) == (role in own_roles), (name, role)
            for user, password in credentials.nats.items():
                assert (password.get_secret_value() in told) == (user == name), (name, user)
            assert "SECRET_OF_THE_SHELL" not in drover.service(name)["env"]
        files = {name: drover.service(name)["env"].keys() for name in SERVICES}
        assert [n for n in SERVICES if "DROVER_SECRETS_MASTER_KEY_FILE" in files[n]] == ["poller", "worker"]
        assert [n for n in SERVICES if "DROVER_DOCUMENTS_MASTER_KEY_FILE" in files[n]] == ["api", "worker"]
        assert [n for n in SERVICES if "DROVER_CHECKPOINT_KEY_FILE" in files[n]] == ["worker"]


@pytest.mark.parametrize("victim", ["poller", "nats", "postgres"])
async def test_starts_again_what_crashed(victim: str) -> None:
    async with installation() as drover:

        def pid_now() -> int:
            if victim in SERVICES:
                return int(drover.service(victim)["pid"])
            folder = {"nats": "nats", "postgres": "pg"}[victim]
            found = running.running_in(drover.state.data / folder)
            return min(found, default=0)

        before = pid_now()
        os.kill(before, signal.SIGKILL)
        await until(lambda: pid_now() not in (0, before) and running.is_running(pid_now()))
        if victim == "postgres":
            await until(lambda: _signs_in(drover.ready["owner"]))
        assert await drover.end() == 0


def _signs_in(dsn: str) -> bool:
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return False
    return True


async def test_a_second_supervisor_on_the_same_folder_is_refused() -> None:
    async with installation() as drover:
        said = await refusal(drover.state)
        assert "already running" in said
        assert str(drover.process.pid) in said


async def test_listening_beyond_loopback_without_tls_is_refused() -> None:
    with state_folder() as state:
        said = await refusal(state, "--host", "0.0.0.0")
        assert "--tls-cert" in said
        assert not state.root.exists()


async def test_listening_beyond_loopback_with_tls_is_served(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "drover.example")
    arguments = ("--host", "0.0.0.0", "--tls-cert", str(certificate), "--tls-key", str(key))
    async with installation(*arguments) as drover:
        assert drover.ready["url"].startswith("https://localhost:")


async def test_takes_another_port_when_the_default_is_taken_and_says_localhost() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", 8080))
            other.listen()
        except OSError:
            pass  # somebody has it already, which is as good
        async with installation() as drover:
            assert drover.ready["port"] != 8080
            assert drover.ready["url"] == f"http://localhost:{drover.ready['port']}"


async def test_a_port_that_was_asked_for_and_is_taken_is_refused() -> None:
    with socket.socket() as other, state_folder() as state:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port}" in await refusal(state, "--port", str(port))
        assert running.running_in(state.root, state.data) == []


async def test_external_engines_set_in_part_are_refused_by_name() -> None:
    with state_folder() as state:
        said = await refusal(state, DROVER_OWNER_DATABASE_URL="postgresql:///drover?host=/nowhere")
        assert "DROVER_API_DATABASE_URL" in said


async def test_external_engines_are_used_instead_of_our_own() -> None:
    async with installation() as provider:
        credentials = provider.state.credentials()
        env = {
            f"DROVER_{role}_DATABASE_URL": re.sub(
                "user=.*",
                f"user=drover_{role.lower()} password="
                + credentials.postgres[f"drover_{role.lower()}"].get_secret_value(),
                provider.ready["owner"],
            )
            for role in ("OWNER", "AUTH", "API", "POLLER", "INGEST", "WORKER")
        }
        env["DROVER_NATS_URL"] = provider.service("api")["env"]["DROVER_NATS_URL"]
        for user, password in credentials.nats.items():
            env[f"DROVER_NATS_{user.upper()}_PASSWORD"] = password.get_secret_value()
        async with installation(**env) as drover:
            assert drover.ready["pids"] == {}
            told = drover.service("poller")["env"]
            assert told["DROVER_DATABASE_URL"] == env["DROVER_POLLER_DATABASE_URL"]
            assert told["DROVER_NATS_URL"] == env["DROVER_NATS_URL"]
            assert await drover.end() == 0


async def test_a_second_signal_hurries_a_service_that_will_not_end() -> None:
    async with installation() as drover:
        stubborn = drover.service("worker")["pid"]
        os.kill(stubborn, signal.SIGSTOP)
        drover.process.send_signal(signal.SIGINT)
        await until(lambda: not running.is_running(drover.service("api")["pid"]))
        # Ended within END_TIMEOUT_S but not cleanly, and the exit status says so.
        assert await drover.end(signal.SIGINT) == 1
        assert drover.children() == []


async def test_a_service_that_ends_at_once_fails_the_start_with_its_name() -> None:
    with state_folder() as state:
        state.run.mkdir(parents=True)
        (state.run / "ingest.json").mkdir()  # the stub can't write its note and ends
        said = await refusal(state)
        assert "ingest ended with status 1" in said
        assert running.running_in(state.root, state.data) == []


async def test_stopping_while_it_starts_leaves_nothing() -> None:
    with state_folder() as state:
        process = await running.spawn(state)
        await until((state.root / "log" / "postgres.log").exists)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), END_TIMEOUT_S) in (0, 1)
        assert running.running_in(state.root, state.data) == []
