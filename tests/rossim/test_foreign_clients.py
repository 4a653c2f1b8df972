"""Clients that others wrote, against our routers as against a router of iron.

They block, so they run in a thread beside the routers' loop.
"""

from __future__ import annotations

import asyncio
import ssl

import librouteros
import librouteros.login
import librouteros.query
import paramiko
import pytest
import routeros_api
from librouteros.exceptions import LibRouterosError, TrapError
from netmiko import ConnectHandler

# Each of these libraries warns about things of its own that are no concern of ours.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # paramiko, netmiko: old ciphers, telnetlib
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning"
    ),  # librouteros, routeros_api: sockets left to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the same, seen late
    pytest.mark.usefixtures("leftovers_collected"),
]


def pinned_context(router) -> ssl.SSLContext:
    """TLS that accepts this router's certificate and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(router.keys.certificate_path)
    return context


def librouteros_connect(router, spec, password=None):
    return librouteros.connect(
        host=router.address,
        port=router.api_port,
        username=spec.username,
        password=password or spec.password,
        ssl_wrapper=pinned_context(router).wrap_socket,
        login_method=librouteros.login.plain,
        encoding="utf-8",
        timeout=10,
    )


async def test_librouteros_reads_adds_changes_and_removes(fleet_factory, any_spec):
    router = (await fleet_factory(any_spec)).router(any_spec.address)

    def work():
        api = librouteros_connect(router, any_spec)
        assert list(api("/system/identity/print")) == [{"name": any_spec.identity}]
        addresses = api.path("/ip/firewall/address-list")
        before = len(tuple(addresses))
        made = addresses.add(list="guests", address="192.0.2.9", comment="née Ångström")
        assert made.startswith("*")
        key = librouteros.query.Key
        (row,) = addresses.select(key("comment"), key("address")).where(key("list") == "guests")
        assert row["address"] == "192.0.2.9"
        addresses.update(**{".id": made, "disabled": True})
        (row,) = addresses.select(key("disabled")).where(key(".id") == made)
        assert row == {"disabled": True}
        addresses.remove(made)
        assert len(tuple(addresses)) == before
        assert tuple(api("/interface/bridge/vlan/print")) == ()
        with pytest.raises(TrapError, match="unknown parameter nonsense"):
            addresses.add(list="guests", address="192.0.2.9", nonsense="x")
        with pytest.raises(TrapError, match="no such command prefix"):
            tuple(api("/nothing/here/print"))
        names = [row["name"] for row in api("/interface/print")]
        assert "ether1" in names
        api.close()

    await asyncio.to_thread(work)


async def test_librouteros_is_refused_with_a_wrong_password(fleet_factory, any_spec):
    router = (await fleet_factory(any_spec)).router(any_spec.address)

    def work():
        with pytest.raises(LibRouterosError, match=r"invalid user name or password \(6\)"):
            librouteros_connect(router, any_spec, password="wrong")

    await asyncio.to_thread(work)


async def test_librouteros_signs_in_by_challenge_before_6_43(fleet_factory, router_spec):
    spec = router_spec(model="rb4011", version="6.42.12", profile="tower")
    router = (await fleet_factory(spec)).router(spec.address)

    def work():
        api = librouteros.connect(
            host=router.address,
            port=router.api_port,
            username=spec.username,
            password=spec.password,
            ssl_wrapper=pinned_context(router).wrap_socket,
            login_method=librouteros.login.token,
            timeout=10,
        )
        assert list(api("/system/identity/print")) == [{"name": spec.identity}]
        api.close()

    await asyncio.to_thread(work)


async def test_librouteros_takes_an_export_by_way_of_a_file(fleet_factory, router_spec):
    spec = router_spec(version="7.20.6", profile="hotel")
    router = (await fleet_factory(spec)).router(spec.address)

    def work():
        api = librouteros_connect(router, spec)
        text = api.config().export(terse=True, show_sensitive=True)
        api.close()
        return text

    text = await asyncio.to_thread(work)
    assert "/interface wifi set [ find default-name=wifi1 ]" in text
    assert not router.state.files.files, "the client removes its file"


async def test_routeros_api_tells_its_tagged_commands_apart(fleet_factory, any_spec):
    router = (await fleet_factory(any_spec)).router(any_spec.address)

    def work():
        pool = routeros_api.RouterOsApiPool(
            router.address,
            username=any_spec.username,
            password=any_spec.password,
            port=router.api_port,
            plaintext_login=True,
            use_ssl=True,
            ssl_context=pinned_context(router),
        )
        api = pool.get_api()
        queues = api.get_resource("/queue/simple")
        queues.add(name="test", target="192.0.2.0/24", max_limit="1M/1M")
        (row,) = queues.get(name="test")
        assert row["max-limit"] == "1M/1M"
        queues.set(id=row["id"], comment="changed")
        assert queues.get(name="test")[0]["comment"] == "changed"
        queues.remove(id=row["id"])
        assert queues.get(name="test") == []
        running = api.get_resource("/interface").get(running="true")
        assert running
        assert all(row["running"] == "true" for row in running)
        with pytest.raises(routeros_api.exceptions.RouterOsApiCommunicationError, match="no such item"):
            queues.remove(id="*FFFF")
        pool.disconnect()

    await asyncio.to_thread(work)


async def test_netmiko_finds_the_prompt_and_reads_what_commands_print(fleet_factory, any_spec):
    router = (await fleet_factory(any_spec)).router(any_spec.address)

    def work():
        with ConnectHandler(
            device_type="mikrotik_routeros",
            host=router.address,
            port=router.ssh_port,
            username=any_spec.username,
            password=any_spec.password,
        ) as connection:
            assert connection.find_prompt() == f"[{any_spec.username}@{any_spec.identity}] >"
            assert f"name: {any_spec.identity}" in connection.send_command("/system identity print")
            resource = connection.send_command("system resource print")
            assert f"version: {any_spec.version} (" in resource
            export = connection.send_command("/export terse")
            assert f"by RouterOS {any_spec.version}" in export
            assert f"/system identity set name={any_spec.identity}" in export

    await asyncio.to_thread(work)


async def test_paramiko_moves_files(fleet_factory, any_spec):
    router = (await fleet_factory(any_spec)).router(any_spec.address)

    def work():
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect(
            router.address,
            port=router.ssh_port,
            username=any_spec.username,
            password=any_spec.password,
            look_for_keys=False,
            allow_agent=False,
            timeout=10,
        )
        with client.open_sftp() as sftp:
            with sftp.open("note.txt", "wb") as file:
                file.write(b"hello")
            assert sftp.listdir("/") == ["note.txt"]
            with sftp.open("note.txt", "rb") as file:
                assert file.read() == b"hello"
            assert sftp.stat("note.txt").st_size == 5
            sftp.remove("note.txt")
            assert sftp.listdir("/") == []
        _, output, _ = client.exec_command("/export hide-sensitive", timeout=10)
        assert output.read().decode().endswith("\r\n")
        client.close()

    await asyncio.to_thread(work)
