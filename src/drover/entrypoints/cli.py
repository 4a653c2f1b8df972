"""The `drover` command: each process of the product is one of its subcommands."""

import functools
import importlib
import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from drover.entrypoints.http_port import PortTakenError
from drover.entrypoints.migrate import MigrationError, migrate
from drover.entrypoints.up import up
from drover.platform.engines.errors import EngineError
from drover.platform.engines.state import StateFolder
from drover.platform.settings import InstallationSettings, SettingsError, load_settings

app = typer.Typer(
    name="drover",
    help="Self-hosted, multi-tenant management of MikroTik RouterOS fleets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_P = ParamSpec("_P")
_OWN_OPTIONS = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

StateDir = Annotated[
    Path | None,
    typer.Option(help="The installation's folder: data, keys, passwords, logs.", envvar="DROVER_STATE_DIR"),
]


def _plainly(command: Callable[_P, None]) -> Callable[_P, None]:
    """Show what the operator can put right as a message, without a traceback; exit status 1."""

    @functools.wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (SettingsError, EngineError, MigrationError, PortTakenError) as error:
            print(f"drover: {error}", file=sys.stderr)
            raise typer.Exit(1) from None

    return run


@app.command("up")
@_plainly
def run_up(
    state_dir: StateDir = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; anything but loopback needs TLS.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="Port to listen on. [default: 8080, or the next free one]")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="PEM certificate chain for HTTPS.", exists=True, dir_okay=False)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="PEM private key of that certificate.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Run the whole product here: database, message bus and all services, until Ctrl-C.

    Makes the installation's folder at the first start and prints a one-time link for the first super_admin.
    External engines are used instead of the embedded ones when their settings say so: docs/self-hosting.
    """
    raise typer.Exit(up(state_dir, host, port, tls_cert, tls_key))


@app.command("init")
@_plainly
def run_init(state_dir: StateDir = None) -> None:
    """Make the installation's folder: passwords of the engines, master keys, and where data will lie.

    Does nothing to what is there already. `drover up` does it by itself.
    """
    state = StateFolder(state_dir or load_settings(InstallationSettings).state_dir)
    fresh = not state.is_initialised
    state.initialise()
    print(f"{'Made' if fresh else 'Already there:'} {state.root}")
    print(f"  engines' data  {state.data} (of the account {state.account().name})")
    print(f"  keys           {state.keys}: back these up, apart from the data")


@app.command("erase")
@_plainly
def run_erase(
    state_dir: StateDir = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Remove an installation: database, keys, passwords and logs. There is no way back."""
    state = StateFolder(state_dir or load_settings(InstallationSettings).state_dir)
    if not state.root.is_dir():
        print(f"Nothing there: {state.root}")
        return
    if not yes:
        typer.confirm(f"Remove {state.root} and {state.data} for good?", abort=True)
    with state.locked():
        state.erase()
    print(f"Removed {state.root}")


@app.command("migrate")
@_plainly
def run_migrate() -> None:
    """Bring an external database to this version (DROVER_OWNER_DATABASE_URL).

    The embedded database is migrated by `drover up` at every start.
    """
    owner = load_settings(InstallationSettings).owner_database_url
    if owner is None:
        raise SettingsError(
            "DROVER_OWNER_DATABASE_URL and the other roles' are not set:"
            " `drover up` migrates the embedded database by itself"
        )
    for name in migrate(owner):
        print(f"applied {name}")


@app.command()
@_plainly
def api() -> None:
    """Serve the HTTP API and the web app."""
    _run("drover.entrypoints.api")


@app.command()
@_plainly
def poller() -> None:
    """Poll routers and hand their telemetry to the message bus."""
    _run("drover.entrypoints.poller")


@app.command()
@_plainly
def ingest() -> None:
    """Write telemetry from the message bus into the database."""
    _run("drover.entrypoints.ingest")


@app.command()
@_plainly
def worker() -> None:
    """Run jobs: backups, tenants' creation, roll-ups, notifications."""
    _run("drover.entrypoints.worker")


@app.command(context_settings=_OWN_OPTIONS, add_help_option=False)
@_plainly
def demo(ctx: typer.Context) -> None:
    """Run the product with simulated routers and a client base to look around in."""
    commands = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    commands.command()(importlib.import_module("drover.entrypoints.demo").demo)
    commands(args=ctx.args, prog_name="drover demo")


@app.command(context_settings=_OWN_OPTIONS, add_help_option=False)
@_plainly
def audit(ctx: typer.Context) -> None:
    """Verify the audit trail against its signed checkpoints."""
    importlib.import_module("drover.entrypoints.audit_cli").app(args=ctx.args, prog_name="drover audit")


@app.command()
def version() -> None:
    """Print Drover's version."""
    print(importlib.metadata.version("drover"))


def _run(module: str) -> None:
    importlib.import_module(module).run()


if __name__ == "__main__":
    app()
