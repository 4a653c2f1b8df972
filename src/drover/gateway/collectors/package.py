"""/system/package: which packages are installed and enabled."""

from __future__ import annotations

from drover.gateway.collectors.fields import Fields

PATH = "/system/package/print"
PROPLIST = ("name", "version", "disabled", "available")


def collect(rows: list[dict[str, str]], problems: list[str]) -> dict[str, str | None]:
    """Enabled packages and their versions. Since 7.18 packages that could be installed are listed too: not these."""
    fields = Fields("/system/package", problems)
    found: dict[str, str | None] = {}
    for row in rows:
        name = fields.text(row, "name")
        if name is None or fields.boolean(row, "disabled") or fields.boolean(row, "available"):
            continue
        found[name] = fields.text(row, "version")
    return found
