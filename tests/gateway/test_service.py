"""Connections to simulated routers: fingerprints without credentials, pins before passwords, errors with codes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from drover.gateway import service
from drover.gateway.contracts import DeviceTarget, Due, Egress
from drover.gateway.egress import parse_networks
from drover.platform.clock import SystemClock
from drover.platform.errors import DroverError
from drover.platform.secrets import SecretText
from rossim.server import RunningRouter

NETWORKS = parse_networks(["127.77.0.0/16", "127.99.0.0/16"])
EGRESS = Egress(NETWORKS, NETWORKS)


def target_of(router: RunningRouter, **changes: object) -> DeviceTarget:
    values: dict[str, object] = {
        "tenant_id": 1,
        "device_id": None,
        "address": router.address,
        "api_port": router.api_port,
        "ssh_port": router.ssh_port,
        "username": router.spec.username,
        "password": SecretText(router.spec.password),
        "spki_sha256": router.certificate_sha256_spki,
        "ssh_host_key_sha256": router.ssh_host_key_sha256,
    }
    return DeviceTarget(**(values | changes))  # type: ignore[arg-type]


@pytest_asyncio.fixture
async def router(fleet_factory, router_spec) -> RunningRouter:
    [router] = await fleet_factory(router_spec())
    return router


async def code_of(awaitable) -> str:
    with pytest.raises(DroverError) as caught:
        await awaitable
    return caught.value.code


async def test_fingerprints_are_those_that_the_router_shows_and_nobody_signs_in(router):
    before = len(router.state.log.entries())
    shown = await service.fetch_fingerprints(EGRESS, router.address, router.api_port, router.ssh_port)
    assert shown.spki_sha256 == router.certificate_sha256_spki
    assert shown.ssh_host_key_sha256 == router.ssh_host_key_sha256
    assert shown.ssh_error is None
    logins = [one.message for one in router.state.log.entries()[before:] if "via api" in one.message]
    assert logins == []


async def test_an_ssh_that_is_closed_is_told_and_is_no_error(router):
    shown = await service.fetch_fingerprints(EGRESS, router.address, router.api_port, 1)
    assert shown.ssh_host_key_sha256 is None
    assert "nothing listens" in (shown.ssh_error or "")


async def test_a_closed_port_a_wrong_password_and_a_changed_key_each_have_their_code(router):
    assert await code_of(service.fetch_fingerprints(EGRESS, router.address, 1, 2)) == "device.port_closed"
    wrong = target_of(router, password=SecretText("wrong"))
    assert await code_of(service.open_api(wrong, EGRESS)) == "device.wrong_password"
    other = target_of(router, spki_sha256="0" * 64)
    assert await code_of(service.open_api(other, EGRESS)) == "device.certificate_changed"
    other = target_of(router, ssh_host_key_sha256="SHA256:" + "A" * 43)
    assert await code_of(service.open_ssh(other, EGRESS)) == "device.host_key_changed"
    unpinned = target_of(router, ssh_host_key_sha256=None)
    assert await code_of(service.open_ssh(unpinned, EGRESS)) == "device.no_host_key"


async def test_outside_the_networks_nothing_is_connected_to(router):
    elsewhere = Egress(parse_networks(["10.0.0.0/8"]), NETWORKS)
    attempts = [
        service.fetch_fingerprints(elsewhere, router.address, router.api_port, router.ssh_port),
        service.open_api(target_of(router), elsewhere),
        service.open_ssh(target_of(router), elsewhere),
        service.check_certificate(target_of(router), elsewhere),
    ]
    for attempt in attempts:
        assert await code_of(attempt) == "device.outside_networks"


async def test_a_silent_router_is_given_up_in_time(router):
    router.set_fault("hang")
    async with asyncio.timeout(3):
        code = await code_of(service.open_api(target_of(router), EGRESS, timeout_s=0.3))
    assert code == "device.timeout"


@pytest_asyncio.fixture
async def web_server() -> AsyncIterator[int]:
    """Something that is no router: it answers whatever is said with HTTP, in the clear."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.99.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def test_what_is_no_router_is_called_so(web_server):
    assert (
        await code_of(service.fetch_fingerprints(EGRESS, "127.99.0.1", web_server, 1))
        == "device.not_routeros"
    )


async def test_a_name_with_a_dead_and_a_living_address_reaches_the_living_one(router, monkeypatch):
    def getaddrinfo(_name: str, port: int, **_: object) -> list[tuple[object, ...]]:
        addresses = ("127.99.0.9", router.address)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr("drover.gateway.egress.socket.getaddrinfo", getaddrinfo)
    client = await service.open_api(target_of(router, address="router.example.net"), EGRESS)
    await client.close()


async def test_a_session_knows_what_the_router_can_do_from_its_own_answers(fleet_factory, router_spec):
    fleet = await fleet_factory(
        router_spec(),
        router_spec(model="rb4011", version="6.49.18", profile="tower"),
        router_spec(model="chr"),
    )
    found = {}
    for router in fleet:
        session = await service.open_session(target_of(router), EGRESS, SystemClock())
        found[router.spec.model] = session.capabilities
        assert set(session.capabilities.evidence) == set(session.capabilities.as_json())
        await session.client.close()
    assert [found[model].wireless_stack for model in ("hap-ax3", "rb4011", "chr")] == [
        "wifi",
        "wireless",
        "none",
    ]
    assert [found[model].health_form for model in ("hap-ax3", "rb4011", "chr")] == ["rows", "flat", "none"]


async def test_facts_are_what_the_router_is(fleet_factory, router_spec):
    fleet = await fleet_factory(router_spec(), router_spec(model="chr"))
    for router in fleet:
        client = await service.open_api(target_of(router), EGRESS)
        facts = await service.read_facts(client)
        await client.close()
        assert facts.identity == router.spec.identity
        assert facts.version == router.spec.version
        assert facts.serial, "a CHR has the id of its system"


async def test_a_menu_that_the_user_may_not_read_costs_that_menu_only(router, monkeypatch):
    session = await service.open_session(target_of(router), EGRESS, SystemClock())
    monkeypatch.setattr("drover.gateway.collectors.health.PATH", "/system/nonsense/print")
    reading = await service.read_device(session, Due())
    await session.client.close()
    assert reading.health is None
    assert reading.interfaces
    assert any("/system/nonsense" in problem for problem in reading.problems)
