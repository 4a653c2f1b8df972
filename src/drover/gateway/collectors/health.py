"""/system/health: one flat row on v6, a row per sensor on v7, no such menu on a CHR.

Over the API values are in the units shown (24.5 V, 46 C) in every capture we have, though MikroTik's help page says scripts
get ten times that, as SNMP does. A value that no router can have is therefore noted, not divided by ten on a guess.
"""

from __future__ import annotations

from collections.abc import Iterable

from drover.gateway.collectors.fields import Fields, parse_number
from drover.gateway.contracts import HealthForm, HealthReading

PATH = "/system/health/print"
PROPLIST_ROWS = ("name", "value", "type")
PROPLIST_FLAT = ("voltage", "temperature", "cpu-temperature", "board-temperature", "board-temperature1")
PROPLIST = (*PROPLIST_ROWS, *PROPLIST_FLAT)

# What a device's one temperature and voltage is taken from, best first.
_TEMPERATURES = (
    "cpu-temperature",
    "temperature",
    "board-temperature",
    "board-temperature1",
    "switch-temperature",
)
_VOLTAGES = ("voltage", "psu-voltage", "psu1-voltage", "psu2-voltage")

_TEMPERATURE_RANGE_C = (-60.0, 150.0)
_VOLTAGE_RANGE_V = (0.0, 72.0)  # 57 V is the most that any input takes


def form_of(rows: list[dict[str, str]]) -> HealthForm:
    """Which form a reply has."""
    if any("name" in row and "value" in row for row in rows):
        return "rows"
    return "flat" if any(any(not key.startswith(".") for key in row) for row in rows) else "none"


def collect(rows: list[dict[str, str]], problems: list[str]) -> HealthReading:
    """The temperature and voltage, from whichever form."""
    fields = Fields("/system/health", problems)
    values: dict[str, str] = {}
    for row in rows:
        if "name" in row:
            values[row["name"]] = row.get("value", "")
        else:
            values.update(row)
    return HealthReading(
        temperature_c=_first(fields, values, _TEMPERATURES, _TEMPERATURE_RANGE_C),
        voltage_v=_first(fields, values, _VOLTAGES, _VOLTAGE_RANGE_V),
    )


def _first(
    fields: Fields, values: dict[str, str], names: Iterable[str], plausible: tuple[float, float]
) -> float | None:
    for name in names:
        value = fields.take(values, name, parse_number)
        if value is None:
            continue
        if plausible[0] <= value <= plausible[1]:
            return value
        fields.note(f"{name}: {value:g} can't be true")
    return None
