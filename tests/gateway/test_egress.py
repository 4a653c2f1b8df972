"""Where a router may be reached: judged by address, at every connect, whatever it was called."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drover.gateway import egress as egress_module
from drover.gateway.contracts import Egress
from drover.gateway.egress import engine_endpoints, parse_networks, refusal, resolve
from drover.gateway.errors import NameNotResolvedError, OutsideNetworksError
from drover.platform.settings import ServiceSettings

OFFICE = Egress(parse_networks(["10.20.0.0/16", "2001:db8:7::/48"]))
EVERYWHERE = Egress(parse_networks(["0.0.0.0/0", "::/0"]))
DEMO = Egress(parse_networks(["127.16.0.0/16"]), parse_networks(["127.16.0.0/12"]))


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Have every name resolve to these."""

    def getaddrinfo(name: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]

    monkeypatch.setattr(egress_module.socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("address", ["10.20.0.1", "10.20.255.254", "2001:db8:7::1", "[2001:db8:7::1]"])
async def test_an_address_inside_the_clients_networks_may_be_reached(address):
    assert await resolve(OFFICE, address, 8729) == [address.strip("[]")]


@pytest.mark.parametrize("address", ["10.21.0.1", "192.168.88.1", "2001:db8:8::1", "8.8.8.8"])
async def test_an_address_outside_of_them_is_refused_and_says_what_to_do(address):
    with pytest.raises(OutsideNetworksError) as caught:
        await resolve(OFFICE, address, 8729)
    assert caught.value.code == "device.outside_networks"
    assert "super_admin" in caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.16.0.1",
        "::1",
        "0.0.0.0",
        "::",
        "255.255.255.255",
        "224.0.0.5",
        "ff02::1",
        "169.254.169.254",
        "fe80::1",
        "::ffff:10.20.0.1",
        "::ffff:127.0.0.1",
        "::10.20.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::7f00:1",
    ],
)
async def test_what_is_no_router_is_refused_even_when_the_networks_are_everything(address):
    with pytest.raises(OutsideNetworksError):
        await resolve(EVERYWHERE, address, 8729)


async def test_loopback_is_reached_only_where_the_installation_and_the_client_both_allow_it():
    assert await resolve(DEMO, "127.16.3.4", 8729) == ["127.16.3.4"]
    for address in ("127.17.0.1", "127.0.0.1"):
        with pytest.raises(OutsideNetworksError):
            await resolve(DEMO, address, 8729)


async def test_our_own_engines_are_refused_inside_whatever_network():
    networks = parse_networks(["127.0.0.0/8"])
    egress = Egress(networks, networks, frozenset({("127.0.0.1", 4222)}))
    with pytest.raises(OutsideNetworksError, match="own services"):
        await resolve(egress, "127.0.0.1", 4222)
    assert await resolve(egress, "127.0.0.1", 8729) == ["127.0.0.1"]


def test_the_engines_addresses_are_taken_from_a_process_settings():
    settings = ServiceSettings(
        database_url="postgresql://drover_poller:x@127.0.0.1:5433/drover",
        nats_url="nats://127.0.0.1:4333",
        nats_user="poller",
        nats_password="x",
        nats_inbox_prefix="_INBOX_poller",
    )
    assert engine_endpoints(settings) == {("127.0.0.1", 5433), ("127.0.0.1", 4333)}


def test_another_address_of_this_machine_is_this_machine():
    """The kernel answers for it from that very address: true of 127.0.0.1 and of no other machine's."""
    assert egress_module.is_own_address(ipaddress.ip_address("127.0.0.1"))
    assert not egress_module.is_own_address(ipaddress.ip_address("192.0.2.1"))


async def test_a_name_is_judged_by_what_it_resolves_to(monkeypatch):
    names(monkeypatch, "10.20.0.9")
    assert await resolve(OFFICE, "router.example.net", 8729) == ["10.20.0.9"]
    names(monkeypatch, "127.0.0.1")
    with pytest.raises(OutsideNetworksError, match=r"router.example.net \(127.0.0.1\)"):
        await resolve(OFFICE, "router.example.net", 8729)


async def test_of_a_names_addresses_only_the_allowed_ones_are_used(monkeypatch):
    names(monkeypatch, "192.0.2.7", "10.20.0.9", "::ffff:10.20.0.9", "10.20.0.9", "2001:db8:7::9")
    assert await resolve(OFFICE, "router.example.net", 8729) == ["10.20.0.9", "2001:db8:7::9"]


async def test_a_scoped_address_is_still_link_local(monkeypatch):
    names(monkeypatch, "fe80::1%eth0")
    with pytest.raises(OutsideNetworksError, match="link-local"):
        await resolve(EVERYWHERE, "router.example.net", 8729)


async def test_a_number_in_disguise_is_resolved_before_it_is_judged():
    for disguise in ("2130706433", "0x7f.1", "127.1"):
        with pytest.raises((OutsideNetworksError, NameNotResolvedError)):
            await resolve(EVERYWHERE, disguise, 8729)


async def test_a_name_without_address_says_so(monkeypatch):
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(egress_module.socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NameNotResolvedError) as caught:
        await resolve(OFFICE, "nowhere.example.net", 8729)
    assert caught.value.code == "device.name_not_resolved"
    assert caught.value.status == 422


async def test_a_silent_name_server_is_not_waited_for(monkeypatch):
    import threading

    done = threading.Event()
    monkeypatch.setattr(egress_module.socket, "getaddrinfo", lambda *_, **__: done.wait(10))
    try:
        with pytest.raises(NameNotResolvedError, match="no answer from the name server"):
            await resolve(OFFICE, "slow.example.net", 8729, timeout_s=0.05)
    finally:
        done.set()


@pytest.mark.parametrize(
    "name", ["", ".", "a" * 300, "x..y", "router example", "[::1", "fe80::1%", "\N{SNOWMAN}" * 70]
)
async def test_what_is_no_name_is_an_error_of_ours(name):
    with pytest.raises((NameNotResolvedError, OutsideNetworksError)):
        await resolve(OFFICE, name, 8729)


@given(st.ip_addresses())
def test_no_address_outside_the_networks_is_ever_allowed(address):
    if refusal(OFFICE, address, 8729) is None:
        assert any(address in network for network in OFFICE.networks if network.version == address.version)


@given(st.ip_addresses(v=6))
def test_no_address_that_carries_a_loopback_one_is_ever_allowed(address):
    embedded = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    if embedded and embedded.is_loopback:
        assert refusal(EVERYWHERE, address, 8729) is not None
