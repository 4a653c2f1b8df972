"""`drover demo`: the product with simulated routers and four clients to look around in.

The simulator runs as a child process of its own; everything here goes through the HTTP API, as a person would do it. The
first start makes the clients, people and devices; later starts find them and go on. What a visitor (or a test) needs to
know is written to `<state>/demo.json`, readable by its owner only: it holds passwords.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from drover.entrypoints.demo_seed import Client, DemoError, Login, seed
from drover.entrypoints.first_run import setup_link
from drover.entrypoints.supervisor import Binding, ExtraChild, Supervisor
from drover.entrypoints.up import supervise
from drover.platform.engines.errors import EngineError
from drover.platform.engines.state import write_private
from drover.platform.log import configure_logging
from drover.platform.settings import InstallationSettings, load_settings

# 127.16.0.0/16 to 127.31.0.0/16: one for each client of the demonstration.
_SIMULATED = "127.16.0.0/12"


def demo(
    state_dir: Annotated[
        Path | None, typer.Option(help="The installation's folder.", envvar="DROVER_STATE_DIR")
    ] = None,
    devices: Annotated[
        int, typer.Option(help="Simulated routers.", envvar="DEMO_DEVICES", min=4, max=5000)
    ] = 60,
    port: Annotated[
        int | None, typer.Option(help="Port of the web app. [default: 8080 or a free one]")
    ] = None,
    router_api_port: Annotated[int, typer.Option(help="API port of the simulated routers.")] = 8729,
    router_ssh_port: Annotated[int, typer.Option(help="SSH port of the simulated routers.")] = 2222,
) -> None:
    """Run Drover with simulated routers until Ctrl-C. A second start keeps its data; `make demo-reset` drops it."""
    installation = load_settings(InstallationSettings)
    root = (state_dir or installation.state_dir).absolute()
    installation = InstallationSettings.model_validate(
        installation.model_dump() | {"state_dir": root, "allowed_loopback_networks": _SIMULATED}
    )
    configure_logging(installation.log_format, "demo")
    folder = root / "demo"
    root.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    (root / "demo.json").unlink(missing_ok=True)  # there when ready, not before
    scenario = folder / "scenario.json"
    subprocess.run(
        [
            *(sys.executable, "-P", "-m", "rossim.demo", "--out", str(scenario), "--devices", str(devices)),
            *("--api-port", str(router_api_port), "--ssh-port", str(router_ssh_port)),
        ],
        check=True,
        timeout=60,
    )
    raise typer.Exit(_run(installation, folder, scenario, port))


def _run(installation: InstallationSettings, folder: Path, scenario: Path, port: int | None) -> int:
    faults = _Faults(scenario)
    already = folder / "logins.json"
    faults.write(all_of_them=already.exists())
    simulator = ExtraChild(
        "rossim",
        [
            sys.executable,
            "-P",
            "-m",
            "rossim",
            "--scenario",
            str(faults.file),
            "--keys-dir",
            str(folder / "keys"),
        ],
        ready=faults.routers_listen,
    )
    supervisor = Supervisor(
        installation, Binding(port=port), extra_children=[simulator], output_to_files=True
    )

    def on_ready() -> None:
        try:
            _prepare(supervisor, folder, faults)
        except DemoError as error:
            raise EngineError(f"the demonstration could not be set up: {error}") from error

    try:
        return asyncio.run(supervise(supervisor, on_ready))
    except EngineError as error:
        print(f"drover demo: {error}", file=sys.stderr)
        return 1


class _Faults:
    """The running scenario: a copy of the full one, at first without the router that is to be down later."""

    def __init__(self, scenario: Path) -> None:
        self.routers: list[dict[str, Any]] = json.loads(scenario.read_text("utf-8"))["routers"]
        self.file = scenario.with_name("running.json")

    def write(self, *, all_of_them: bool) -> None:
        """Write the copy; a router can only be added while it answers."""
        routers = [
            router if all_of_them else router | {"faults": [f for f in router["faults"] if f != "down"]}
            for router in self.routers
        ]
        write_private(self.file, json.dumps({"routers": routers}))

    async def routers_listen(self) -> bool:
        """Whether the last router of the fleet accepts connections (the simulator starts them in order)."""
        up = [router for router in self.routers if "down" not in router["faults"]]
        try:
            async with asyncio.timeout(1):
                _, writer = await asyncio.open_connection(up[-1]["address"], up[-1]["api_port"])
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True


def _prepare(supervisor: Supervisor, folder: Path, faults: _Faults) -> None:
    """Make what is missing, write demo.json, and say how to get in."""
    url = supervisor.url
    logins_file = folder / "logins.json"
    if logins_file.exists():
        found = json.loads(logins_file.read_text("utf-8"))
        logins = [Login(**login) for login in found["logins"]]
        clients = [Client(**client) for client in found["clients"]]
    else:
        print("Making four clients, their people and their routers ...", flush=True)
        link = setup_link(supervisor.engines.dsn("owner").get_secret_value(), url)
        if link is None:
            raise DemoError(
                "this folder holds an installation that is no demonstration: choose another --state-dir"
            )
        clients, logins = asyncio.run(seed(url, link, faults.routers))
        write_private(
            logins_file,
            json.dumps(
                {"logins": [login.__dict__ for login in logins], "clients": [c.__dict__ for c in clients]}
            ),
        )
        faults.write(all_of_them=True)
        supervisor.signal_child("rossim", signal.SIGHUP)
    _write_demo_json(supervisor.state.root / "demo.json", url, clients, logins, faults.routers)
    _announce(url, logins, supervisor.state.root / "demo.json")


def _write_demo_json(
    path: Path, url: str, clients: list[Client], logins: list[Login], routers: list[dict[str, Any]]
) -> None:
    fields = ("tenant", "address", "username", "password", "model", "version", "ssh_port", "identity")
    shown = [
        {field: router[field] for field in fields} | {"port": router["api_port"], "spare": router["is_spare"]}
        for router in routers
    ]
    write_private(
        path,
        json.dumps(
            {
                "url": url,
                "tenants": [client.__dict__ for client in clients],
                "logins": [login.__dict__ for login in logins],
                "routers": [router for router in shown if not router.pop("spare")],
                "spare_routers": [
                    {field: router[field] for field in fields} | {"port": router["api_port"]}
                    for router in routers
                    if router["is_spare"]
                ],
            },
            indent=1,
        ),
    )


def _announce(url: str, logins: list[Login], path: Path) -> None:
    print(f"\nDrover's demonstration is ready: {url}\n")
    shown = [login for login in logins if login.shown]
    width = max(len(login.email) for login in shown)
    for login in shown:
        where = login.tenant or ("the platform" if login.role == "super_admin" else "all four clients")
        print(f"  {login.role:<12} {login.email:<{width}}  {login.password}  {where}")
    print(
        f"\nAll logins and the routers not yet added: {os.path.relpath(path)}. Ctrl-C stops; data stays.",
        flush=True,
    )
