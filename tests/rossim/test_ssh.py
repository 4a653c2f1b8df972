"""SSH to a router: commands, the terminal, files."""

from __future__ import annotations

import asyncssh
import pytest

from rossim.sftp import RouterFiles


def connect(router, spec, **options):
    return asyncssh.connect(
        router.address,
        router.ssh_port,
        username=options.pop("username", spec.username),
        password=options.pop("password", spec.password),
        known_hosts=None,
        config=None,
        client_keys=None,
        agent_path=None,
        **options,
    )


async def test_a_command_prints_and_exits(fleet_factory, router_spec):
    spec = router_spec(identity="alpha")
    fleet = await fleet_factory(spec)
    async with connect(fleet.router(spec.address), spec) as ssh:
        done = await ssh.run("/system identity print")
        assert (done.stdout, done.exit_status) == ("  name: alpha\r\n\r\n", 0)
        assert (await ssh.run(":put [/system identity get name]")).stdout == "alpha\r\n"
        assert (await ssh.run("/interface print count-only")).stdout.strip().isdigit()
        failed = await ssh.run("/interface nonsense")
        assert failed.exit_status == 1
        assert "bad command name nonsense" in failed.stdout


async def test_an_export_comes_whole_and_hides_secrets_as_the_version_does(fleet_factory, router_spec):
    new = router_spec(profile="office")
    old = router_spec(model="rb4011", version="6.49.18", profile="tower")
    fleet = await fleet_factory(new, old)
    async with connect(fleet.router(new.address), new) as ssh:
        hidden = (await ssh.run("/export terse")).stdout
        shown = (await ssh.run("/export show-sensitive")).stdout
    assert "passphrase" not in hidden
    assert ".passphrase=" in shown.replace("\\\r\n    ", "")
    async with connect(fleet.router(old.address), old) as ssh:
        shown = (await ssh.run("/export")).stdout
        hidden = (await ssh.run("/export hide-sensitive")).stdout
    assert "wpa2-pre-shared-key=" in shown
    assert "wpa2-pre-shared-key=" not in hidden
    assert "password=" not in hidden


async def test_a_change_shows_in_the_next_export(fleet_factory, router_spec):
    spec = router_spec()
    fleet = await fleet_factory(spec)
    async with connect(fleet.router(spec.address), spec) as ssh:
        before = (await ssh.run("/export terse")).stdout.splitlines()[1:]
        await ssh.run('/interface set [find name=ether3] comment="to the lab; rack 2"')
        await ssh.run("/ip firewall address-list add list=blocked address=192.0.2.7")
        after = (await ssh.run("/export terse")).stdout.splitlines()[1:]
    assert set(after) - set(before) == {
        '/interface ethernet set [ find default-name=ether3 ] comment="to the lab; rack 2"',
        "/ip firewall address-list add address=192.0.2.7 list=blocked",
    }


async def test_a_wrong_password_is_refused(fleet_factory, router_spec):
    spec = router_spec()
    fleet = await fleet_factory(spec)
    with pytest.raises(asyncssh.PermissionDenied):
        await connect(fleet.router(spec.address), spec, password="wrong")


async def test_the_host_key_is_the_one_that_the_router_says_it_has(fleet_factory, router_spec):
    spec = router_spec()
    fleet = await fleet_factory(spec)
    router = fleet.router(spec.address)
    async with connect(router, spec) as ssh:
        assert ssh.get_server_host_key().get_fingerprint() == router.ssh_host_key_sha256


async def test_files_go_up_and_down_and_are_listed(fleet_factory, router_spec):
    spec = router_spec()
    fleet = await fleet_factory(spec)
    async with connect(fleet.router(spec.address), spec) as ssh:
        async with ssh.start_sftp_client() as sftp:
            async with sftp.open("flash/test.rsc", "wb") as file:
                await file.write(b"/system identity set name=x\r\n" * 4000)
            async with sftp.open("flash/test.rsc", "rb") as file:
                assert await file.read() == b"/system identity set name=x\r\n" * 4000
            assert await sftp.listdir("/") == ["flash"]
            assert await sftp.listdir("flash") == ["test.rsc"]
            with pytest.raises(asyncssh.SFTPNoSuchFile):
                await sftp.open("/etc/passwd", "rb")
        assert "flash/test.rsc" in (await ssh.run("/file print")).stdout


def test_no_file_operation_reaches_the_machine_that_simulates():
    inherited = {
        name
        for name, member in vars(asyncssh.SFTPServer).items()
        if callable(member) and not name.startswith("_") and name not in vars(RouterFiles)
    }
    # these neither take nor open a path
    assert inherited <= {
        "convert_attrs",
        "exit",
        "format_group",
        "format_longname",
        "format_user",
        "map_path",
        "reverse_map_path",
    }


async def test_the_terminal_has_a_prompt_and_keeps_its_menu(fleet_factory, router_spec):
    spec = router_spec(identity="alpha")
    fleet = await fleet_factory(spec)
    async with (
        connect(fleet.router(spec.address), spec, username=f"{spec.username}+ct80w24h") as ssh,
        ssh.create_process(term_type="vt100") as process,
    ):
        assert (await process.stdout.readuntil("> ")).strip() == f"[{spec.username}@alpha] >"
        process.stdin.write("/system identity\r")
        assert "[admin@alpha] /system identity > " in await process.stdout.readuntil("identity > ")
        process.stdin.write("set name=beta\r")
        assert "[admin@beta]" in await process.stdout.readuntil("identity > ")
        process.stdin.write("quit\r")
        await process.wait(timeout=10)
