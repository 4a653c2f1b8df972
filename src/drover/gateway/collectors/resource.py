"""/system/resource: load, memory, disk, uptime and version; the same fields on v6 and v7."""

from __future__ import annotations

from drover.gateway.collectors.fields import Fields, first_row
from drover.gateway.contracts import ResourceReading

PATH = "/system/resource/print"
PROPLIST = (
    "uptime",
    "version",
    "cpu-load",
    "free-memory",
    "total-memory",
    "free-hdd-space",
    "total-hdd-space",
    "board-name",
    "architecture-name",
)


def collect(rows: list[dict[str, str]], problems: list[str]) -> ResourceReading:
    """Percentages are of what is used; the version is without its channel: `7.16.2`."""
    fields = Fields("/system/resource", problems)
    row = first_row(rows)
    memory_total = fields.integer(row, "total-memory")
    disk_total = fields.integer(row, "total-hdd-space")
    version = fields.text(row, "version")
    return ResourceReading(
        cpu_percent=fields.within(row, "cpu-load", 0, 100),
        memory_percent=_used_percent(fields.integer(row, "free-memory"), memory_total),
        disk_percent=_used_percent(fields.integer(row, "free-hdd-space"), disk_total),
        uptime_s=fields.seconds(row, "uptime"),
        version=version.partition(" ")[0] if version else None,
        board_name=fields.text(row, "board-name"),
        architecture=fields.text(row, "architecture-name"),
        memory_total_bytes=memory_total,
        disk_total_bytes=disk_total,
    )


def _used_percent(free: int | None, total: int | None) -> float | None:
    if free is None or total is None or total <= 0 or not 0 <= free <= total:
        return None
    return round(100.0 * (total - free) / total, 2)
