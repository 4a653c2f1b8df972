"""The demonstration's scenario, scenario files and the command line."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from ipaddress import ip_address, ip_network

import pytest

from rossim.faults import FaultSetting
from rossim.scenario import DEMO_TENANTS, demo_scenario, dump_scenario, load_scenario
from tests.rossim.api_client import ApiClient
from tests.rossim.simulated import make_router
from tests.rossim_fixture import make_router_spec


def make_scenario(**changes):
    numbers = iter(range(10_000))
    return demo_scenario(password_source=lambda: f"password-{next(numbers)}", **changes)


def test_the_demonstration_has_its_routers_spares_and_faults():
    specs = make_scenario()
    members = [spec for spec in specs if not spec.is_spare]
    assert len(members) == 60
    assert Counter(spec.tenant for spec in specs if spec.is_spare) == dict.fromkeys(
        (tenant.slug for tenant in DEMO_TENANTS), 1
    )
    assert len({spec.password for spec in specs}) == 64
    assert {len({getattr(spec, name) for spec in specs}) for name in ("address", "serial")} == {64}
    for index, tenant in enumerate(DEMO_TENANTS):
        network = ip_network(f"127.{16 + index}.0.0/16")
        assert all(ip_address(spec.address) in network for spec in specs if spec.tenant == tenant.slug)
    faults = {FaultSetting.parse(fault).name for spec in specs for fault in spec.faults}
    assert faults == {"flap", "down", "full-disk"}
    assert {spec.model for spec in members} == {"hap-ax3", "rb5009", "ccr2004", "rb4011", "hex-s"}


@pytest.mark.parametrize("devices", [0, 1, 7, 400, 2000])
def test_any_number_of_routers_has_addresses_of_their_own(devices):
    specs = make_scenario(devices=devices)
    assert len(specs) == devices + 4
    assert len({spec.address for spec in specs}) == devices + 4


def test_the_same_seed_gives_the_same_routers():
    assert make_scenario(seed=3) == make_scenario(seed=3)
    assert make_scenario(seed=3) != make_scenario(seed=4)


def test_every_router_of_the_demonstration_can_be_built():
    for spec in make_scenario():
        changes = spec.to_mapping()
        kind = [changes.pop(name) for name in ("model", "version", "profile")]
        assert make_router(*kind, **changes | {"faults": spec.faults}).identity == spec.identity


def test_a_password_is_not_in_the_representation():
    (spec, *_) = make_scenario()
    assert spec.password not in repr(spec)


def test_a_scenario_file_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "scenario.json"
    specs = make_scenario(devices=8)
    path.write_text(dump_scenario(specs))
    assert load_scenario(path) == specs


@pytest.mark.parametrize(
    "text", ["", "[]", '{"routers": [{"address": "127.0.0.1"}]}', '{"routers": [{"colour": 1}]}']
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path, text):
    path = tmp_path / "scenario.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="not a scenario"):
        load_scenario(path)


async def test_the_command_line_runs_a_fleet_until_it_is_told_to_stop(tmp_path):
    spec = make_router_spec(api_port=42871, ssh_port=42872)
    scenario = tmp_path / "scenario.json"
    scenario.write_text(json.dumps({"routers": [spec.to_mapping()]}))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rossim", "--scenario", scenario, "--keys-dir", tmp_path / "keys"),
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        assert await process.stdout.readline() == b"rossim: ready 1 routers\n"

        class Running:
            address, api_port = spec.address, spec.api_port

            class keys:
                certificate_path = tmp_path / "keys" / f"{spec.serial}.tls.pem"

        client = await ApiClient.connect(Running)
        assert await client.login(spec.username, spec.password) == [["!done"]]
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert await client.receive() is None
        await client.close()
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
