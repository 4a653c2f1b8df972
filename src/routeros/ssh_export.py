"""Taking a router's whole configuration over SSH, and knowing that it is whole."""

from __future__ import annotations

from typing import Protocol

from routeros.errors import ExportIncomplete
from routeros.export import find_export_errors, parse_header
from routeros.version import RouterOSVersion


class _Result(Protocol):
    @property
    def stdout(self) -> str: ...
    @property
    def exit_status(self) -> int | None: ...


class _Session(Protocol):
    async def run(self, command: str, timeout_s: float) -> _Result: ...


def export_command(version: RouterOSVersion) -> str:
    """The command that prints everything with secrets, one full line per item.

    Before 7.0 secrets are shown unless hidden; since then they are hidden unless shown, which needs the
    `sensitive` policy.
    """
    return "/export terse" if version.major < 7 else "/export terse show-sensitive"


async def export_config(session: _Session, version: RouterOSVersion, *, timeout_s: float = 60.0) -> str:
    """Return the configuration's text as the router printed it; raises ExportIncomplete for anything less."""
    result = await session.run(export_command(version), timeout_s)
    check_export_complete(result.stdout)
    if result.exit_status:
        raise ExportIncomplete(f"the export ended with status {result.exit_status}")
    return result.stdout


def check_export_complete(text: str) -> None:
    """Raise ExportIncomplete unless `text` has its header, no menu that failed, and an end."""
    if parse_header(text).version is None:
        raise ExportIncomplete("the export has no header")
    failed = find_export_errors(text)
    if failed:
        raise ExportIncomplete("the router couldn't export " + ", ".join(failed))
    if not text.endswith("\n"):
        raise ExportIncomplete("the export's last line has no end")
