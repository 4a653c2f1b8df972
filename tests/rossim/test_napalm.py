"""napalm-ros, which reads many menus and checks their shapes as it goes."""

from __future__ import annotations

import asyncio
import ssl

import pytest
from napalm_ros import ROSDriver

# paramiko and librouteros warn about old ciphers and leave sockets to the collector: no concern of ours
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.usefixtures("leftovers_collected"),
]


def open_driver(router, spec) -> ROSDriver:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(router.keys.certificate_path)
    driver = ROSDriver(
        router.address,
        spec.username,
        spec.password,
        timeout=10,
        optional_args={
            "ssl_wrapper": context.wrap_socket,
            "port": router.api_port,
            "ssh_port": router.ssh_port,
            "paramiko_allow_agent": False,
        },
    )
    driver.open()
    return driver


async def test_napalm_gathers_facts_interfaces_and_more(fleet_factory, any_spec):
    router = (await fleet_factory(any_spec)).router(any_spec.address)

    def work():
        driver = open_driver(router, any_spec)
        facts = driver.get_facts()
        assert facts["hostname"] == any_spec.identity
        assert facts["serial_number"] == any_spec.serial
        assert facts["os_version"].startswith(any_spec.version)
        assert facts["uptime"] > 0
        assert "ether1" in facts["interface_list"]
        assert driver.get_interfaces()["ether1"]["is_enabled"]
        assert driver.get_interfaces_counters()["bridge"]["rx_octets"] > 0
        assert driver.get_interfaces_ip()
        assert driver.get_arp_table() is not None
        environment = driver.get_environment()
        assert environment["memory"]["available_ram"] > 0
        # it knows only the table of v7, not the flat row of v6
        assert bool(environment["temperature"]) == any_spec.version.startswith("7")
        assert driver.get_users()[any_spec.username]["level"] == 15
        assert driver.get_snmp_information()["community"]
        assert driver.get_lldp_neighbors()
        config = driver.get_config()["running"]
        assert f"/system identity set name={any_spec.identity}" in config
        driver.close()

    await asyncio.to_thread(work)
