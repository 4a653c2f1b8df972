"""What a poll costs: CPU of the poller, ingest, PostgreSQL and NATS per device-poll, and the poller's memory per device.

The routers are simulated in a process of their own (RB5009: nine ports and a bridge). DEVICES and SECONDS change the size.
"""

# ruff: noqa: T201, S101, ASYNC220 - printing is what it is for, and it runs alone

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from ipaddress import ip_network
from pathlib import Path

import psycopg

from drover.entrypoints.migrate import migrate
from drover.entrypoints.service_env import Listening, service_environment
from drover.platform.clock import SystemClock
from drover.platform.engines.engine_set import EngineSet
from drover.platform.engines.state import NATS_ADMIN, StateFolder
from drover.platform.engines.stream import ensure_stream
from drover.platform.keyring import EmbeddedKeyring, read_master_key
from drover.platform.secrets import Envelopes, Place, Purpose
from drover.platform.settings import InstallationSettings, ServiceName
from rossim import keys
from rossim.scenario import dump_scenario
from rossim.specs import RouterSpec

DEVICES = int(os.environ.get("DEVICES", "300"))
SECONDS = int(os.environ.get("SECONDS", "30"))
INTERVAL_S = 10
TENANTS = 4
_TICKS = os.sysconf("SC_CLK_TCK")


def make_specs() -> list[RouterSpec]:
    return [
        RouterSpec(
            address=f"127.66.{number // 250}.{number % 250 + 1}",
            model="rb5009",
            version="7.18.2",
            identity=f"bench-{number}",
            serial=f"HBENCH{number:05d}",
            username="admin",
            password="bench-password",  # noqa: S106  of a simulated router
            api_port=18729,
            ssh_port=18022,
            site="Bath",
            seed=number,
            subnet=number % 250,
        )
        for number in range(DEVICES)
    ]


async def make_devices(
    engines: EngineSet, state: StateFolder, specs: list[RouterSpec], keys_dir: Path
) -> None:
    """Tenants by the production functions, then their devices with sealed passwords."""
    masters = {Purpose.SECRETS: state.secrets_master_key, Purpose.DOCUMENTS: state.documents_master_key}
    keyring = EmbeddedKeyring(state.keyring, {name: read_master_key(file) for name, file in masters.items()})
    envelopes = Envelopes(keyring, SystemClock())
    tenants = []
    async with await psycopg.AsyncConnection.connect(engines.dsn("owner").get_secret_value()) as owner:
        for number in range(TENANTS):
            row = await (
                await owner.execute(
                    "insert into tenancy.tenants (slug, name, colour, management_networks)"
                    " values (%s, %s, '#4c6ef5', '{127.66.0.0/16}') returning id",
                    (f"bench-{number}", f"Bench {number}"),
                )
            ).fetchone()
            assert row is not None
            tenants.append(row[0])
    async with await psycopg.AsyncConnection.connect(engines.dsn("worker").get_secret_value()) as worker:
        for number, tenant_id in enumerate(tenants):
            await keyring.create_tenant(tenant_id)
            await worker.execute("select drover.create_partitions(%s)", (tenant_id,))
            await worker.execute("select audit.open_chain(%s)", (tenant_id,))
            lease = await (
                await worker.execute("select tenancy.activate_tenant(%s)", (tenant_id,))
            ).fetchone()
            assert lease is not None
            await worker.execute("select tenancy.enter_service(%s)", lease)
            for spec in specs[number::TENANTS]:
                spki = keys.spki_sha256(keys.RouterKeys(keys_dir, spec.serial).certificate_path)
                row = await (
                    await worker.execute(
                        "insert into drover.devices (tenant_id, name, address, api_port, ssh_port, username, spki_sha256,"
                        " poll_interval_s)"
                        " values (%s, %s, %s, %s, %s, %s, %s, %s) returning id",
                        (
                            tenant_id,
                            spec.identity,
                            spec.address,
                            spec.api_port,
                            spec.ssh_port,
                            spec.username,
                            spki,
                            INTERVAL_S,
                        ),
                    )
                ).fetchone()
                assert row is not None
                place = Place(tenant_id, "device_credentials", str(row[0]), "sealed", 1)
                sealed = await envelopes.seal(place, Purpose.SECRETS, spec.password.encode())
                await worker.execute(
                    "insert into drover.device_credentials (tenant_id, device_id, sealed) values (%s, %s, %s)",
                    (tenant_id, row[0], sealed),
                )
            await worker.commit()


def cpu_s(pid: int) -> float:
    """User and system time of a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def idle_kb() -> int:
    """The memory of a poller that has loaded everything and polls nothing."""
    code = "import drover.entrypoints.poller; print(open('/proc/self/status').read())"
    status = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return int(status.partition("VmRSS:")[2].split()[0])


def engine_pids(name: str, base: Path) -> list[int]:
    """All processes of our own engine: the one that runs on our folder, and its children."""
    parents: set[str] = set()
    for _ in range(2):
        for folder in Path("/proc").iterdir():
            try:
                command = (folder / "cmdline").read_text()
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except (OSError, IndexError):
                continue
            if (name in command.split("\0")[0] and str(base) in command) or parent in parents:
                parents.add(folder.name)
    return [int(pid) for pid in parents]


async def count_samples(engines: EngineSet) -> int:
    async with await psycopg.AsyncConnection.connect(engines.dsn("owner").get_secret_value()) as owner:
        row = await (await owner.execute("select count(*) from drover.device_samples")).fetchone()
    assert row is not None
    return int(row[0])


async def measure(state: StateFolder, base: Path) -> None:
    specs, keys_dir, scenario = make_specs(), base / "routers", base / "scenario.json"
    scenario.write_text(dump_scenario(specs))
    state.initialise()
    settings = InstallationSettings(
        state_dir=state.root, allowed_loopback_networks=(ip_network("127.66.0.0/16"),), log_format="json"
    )
    engines = EngineSet(settings, state)
    listening = Listening("127.0.0.1", 1, "http://localhost")
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        await engines.start()
        await ensure_stream(engines.nats_login(NATS_ADMIN))
        await asyncio.to_thread(migrate, engines.dsn("owner"))
        rossim = [sys.executable, "-m", "rossim", "--scenario", str(scenario), "--keys-dir", str(keys_dir)]
        simulator = processes["rossim"] = subprocess.Popen(rossim, stdout=subprocess.PIPE)
        assert simulator.stdout is not None
        await asyncio.to_thread(simulator.stdout.readline)
        await make_devices(engines, state, specs, keys_dir)
        services: tuple[ServiceName, ...] = ("poller", "ingest")
        for service in services:
            env = service_environment(
                service,
                installation=settings,
                state=state,
                engines=engines,
                listening=listening,
                environ=os.environ,
            )
            with (base / f"{service}.log").open("wb") as output:
                processes[service] = subprocess.Popen(
                    [sys.executable, "-m", "drover.entrypoints.cli", service],
                    env=env,
                    stdout=output,
                    stderr=output,
                )
        while await count_samples(engines) < DEVICES * 2:  # noqa: ASYNC110  other processes make them
            await asyncio.sleep(0.5)
        watched = {
            "poller": [processes["poller"].pid],
            "ingest": [processes["ingest"].pid],
            "PostgreSQL": engine_pids("postgres", base),
            "NATS": engine_pids("nats-server", base),
        }
        before, samples, began_s = (
            {name: sum(map(cpu_s, pids)) for name, pids in watched.items()},
            await count_samples(engines),
            time.monotonic(),
        )
        await asyncio.sleep(SECONDS)
        used = {name: sum(map(cpu_s, pids)) - before[name] for name, pids in watched.items()}
        polls, took_s = await count_samples(engines) - samples, time.monotonic() - began_s
        print(
            f"polling, {DEVICES} devices of 10 interfaces each {INTERVAL_S} s: {polls} polls in {took_s:.0f} s"
            f" ({DEVICES / INTERVAL_S:.0f}/s due)"
        )
        print(
            "  CPU per poll: "
            + ", ".join(f"{name} {used_s / polls * 1000:.2f} ms" for name, used_s in used.items())
            + f", in all {sum(used.values()) / polls * 1000:.2f} ms"
        )
        poller_kb = memory_kb(processes["poller"].pid)
        print(
            f"  poller: {poller_kb / 1024:.0f} MB, of which {(poller_kb - idle_kb()) / DEVICES:.0f} KB per connected device"
        )
    finally:
        for process in reversed(processes.values()):
            process.terminate()
        for process in processes.values():
            process.wait(10)
        await engines.stop()


def main() -> None:
    base = Path(tempfile.mkdtemp(prefix="drover-bench-"))
    base.chmod(0o711)  # as root the engines run as another account, which must walk to its data
    state = StateFolder(base / "state")
    try:
        asyncio.run(measure(state, base))
    finally:
        state.erase()
        shutil.rmtree(base)


if __name__ == "__main__":
    main()
