"""`drover audit`: prove the trails of an installation against their checkpoints."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from drover.audit import service
from drover.audit.contracts import CheckpointFolder, read_signing_key
from drover.platform.db import Database
from drover.platform.engines.engine_set import EngineSet
from drover.platform.engines.state import StateFolder
from drover.platform.errors import DroverError
from drover.platform.settings import InstallationSettings, load_settings

app = typer.Typer(
    help="The audit trail.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def main() -> None:
    """The audit trail."""


@app.command()
def verify(
    state_dir: Annotated[
        Path | None, typer.Option(help="The installation's folder.", envvar="DROVER_STATE_DIR")
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print the reports as JSON.")] = False,
) -> None:
    """Recompute every client's chain and the platform's, and hold each against its signed checkpoints.

    The installation must be running. Exit status 1 when anything is wrong.
    """
    installation = load_settings(InstallationSettings)
    state = StateFolder(state_dir or installation.state_dir)
    try:
        dsn = EngineSet(installation, state).dsn("worker").get_secret_value()
        public_key = read_signing_key(state.checkpoint_key).public_key()
        reports = asyncio.run(_verify_all(dsn, CheckpointFolder(state.checkpoints, public_key)))
    except DroverError as error:
        typer.echo(f"drover audit verify: {error.message}", err=True)
        raise typer.Exit(2) from None
    if json_output:
        typer.echo(json.dumps(reports, indent=2))
    else:
        for report in reports:
            who = f"client {report['tenant_id']}" if report["tenant_id"] else "platform"
            verdict = "whole" if report["ok"] else "BROKEN"
            typer.echo(
                f"{who:>12}: {verdict}, {report['entries']} entries, checkpoint at {report['checkpoint_seq'] or 'none'}, "
                f"{report['uncovered']} newer than it"
            )
            for problem in report["problems"]:
                typer.echo(f"{'':>14}{problem}")
    raise typer.Exit(0 if all(report["ok"] for report in reports) else 1)


async def _verify_all(dsn: str, folder: CheckpointFolder) -> list[dict[str, Any]]:
    database = Database(dsn, name="drover audit verify", max_size=1)
    await database.open()
    try:
        async with database.platform_service() as tx:
            reports = [{"tenant_id": 0, **await service.verify(tx, folder)}]
        leases = await database.list_leases()
        for tenant_id, lease in leases.items():
            async with database.service(lease) as tx:
                reports.append({"tenant_id": tenant_id, **await service.verify(tx, folder)})
        lost = sorted(await service.list_trails(database, folder) - leases.keys() - {0})
        return reports + [{"tenant_id": tenant_id, **service.unreadable_trail()} for tenant_id in lost]
    finally:
        await database.close()
