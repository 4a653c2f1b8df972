"""Faults, as a client meets them."""

from __future__ import annotations

import asyncio
import ssl
import time

import pytest

from tests.rossim.api_client import ApiClient

WAIT_S = 10.0


async def signed_in(router):
    client = await ApiClient.connect(router)
    await client.login(router.spec.username, router.spec.password)
    return client


async def test_a_router_that_is_down_refuses_and_comes_back_on_its_port(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    client = await signed_in(router)
    port = router.api_port
    router.set_fault("down")
    assert await client.receive() is None
    with pytest.raises(ConnectionRefusedError):
        await ApiClient.connect(router)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(router.address, router.ssh_port)
    router.clear_fault("down")
    assert router.api_port == port
    await client.close()
    client = await signed_in(router)
    assert await client.rows("/system/identity/print")
    await client.close()


async def test_a_router_can_be_down_from_the_start(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec(faults=("down",), api_port=41999))))
    with pytest.raises(ConnectionRefusedError):
        await ApiClient.connect(router)
    router.clear_fault("down")
    await (await signed_in(router)).close()


async def test_a_router_that_hangs_accepts_and_says_nothing(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    router.set_fault("hang")
    reader, writer = await asyncio.open_connection(router.address, router.api_port)
    writer.write(b"\x16\x03\x01")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader.read(1)
    writer.close()
    router.clear_fault("hang")
    await (await signed_in(router)).close()


async def test_a_slow_router_answers_late(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    client = await signed_in(router)
    router.set_fault("slow:0.3")
    begun_s = time.monotonic()
    assert await client.rows("/system/identity/print") == [{"name": router.spec.identity}]
    assert time.monotonic() - begun_s >= 0.29
    await client.close()


async def test_a_reset_cuts_a_sentence(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    client = await signed_in(router)
    router.set_fault("reset:60")
    sentences = await client.talk("/system/resource/print")
    assert not any(words[0] == "!done" for words in sentences)
    await client.close()


async def test_dripping_bytes_make_the_same_sentences(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    router.set_fault("drip")
    client = await signed_in(router)
    assert await client.rows("/system/identity/print") == [{"name": router.spec.identity}]
    await client.close()


async def test_a_changed_key_is_another_key_and_goes_back(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    before = router.certificate_sha256_spki
    router.set_fault("wrong-certificate")
    with pytest.raises(ssl.SSLCertVerificationError):
        await ApiClient.connect(router)
    router.clear_fault("wrong-certificate")
    await (await signed_in(router)).close()
    assert router.certificate_sha256_spki == before


async def test_keys_stay_when_a_fleet_is_started_again(fleet_factory, router_spec):
    spec = router_spec()
    router = next(iter(await fleet_factory(spec)))
    pins = (router.certificate_sha256_spki, router.ssh_host_key_sha256)
    await router.stop()
    again = next(iter(await fleet_factory(spec)))
    assert (again.certificate_sha256_spki, again.ssh_host_key_sha256) == pins


async def test_a_router_from_the_box_offers_anonymous_tls_only(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec(has_certificate=False))))
    with pytest.raises(ssl.SSLError):
        await ApiClient.connect(router)
    client = await ApiClient.connect(router, anonymous=True)
    assert await client.login(router.spec.username, router.spec.password) == [["!done"]]
    await client.close()


async def test_a_reboot_drops_connections_and_begins_uptime_again(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    router.boot_s = 0.05
    client = await signed_in(router)
    (before,) = await client.rows("/interface/print", "?name=ether1")
    router.set_fault("reboot")
    assert await client.receive() is None
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                client = await signed_in(router)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)
    (resource,) = await client.rows("/system/resource/print")
    assert resource["uptime"] in ("0s", "1s", "2s")
    (after,) = await client.rows("/interface/print", "?name=ether1")
    assert int(after["rx-byte"]) < int(before["rx-byte"])
    await client.close()


async def test_a_full_disk_shows_in_resources_and_log(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec(faults=("full-disk",)))))
    client = await signed_in(router)
    (resource,) = await client.rows("/system/resource/print")
    assert int(resource["free-hdd-space"]) < 10_000
    messages = [row["message"] for row in await client.rows("/log/print")]
    assert "error while writing to disk, no space left" in messages
    await client.close()


async def test_a_flapping_link_of_the_scenario_has_flapped_before(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec(faults=("flap:ether2:300:20",)))))
    client = await signed_in(router)
    (row,) = await client.rows("/interface/print", "?name=ether2")
    assert int(row["link-downs"]) > 5
    assert "last-link-down-time" in row
    messages = [row["message"] for row in await client.rows("/log/print", "?topics=interface,info")]
    assert messages.count("ether2 link down") >= 5
    assert abs(messages.count("ether2 link down") - messages.count("ether2 link up")) <= 1
    again = [row["message"] for row in await client.rows("/log/print", "?topics=interface,info")]
    assert len(again) - len(messages) <= 1
    await client.close()


async def test_an_unknown_fault_is_refused(fleet_factory, router_spec):
    router = next(iter(await fleet_factory(router_spec())))
    with pytest.raises(ValueError, match="no such fault: 'gremlins'"):
        router.set_fault("gremlins")
