"""What a router can do: found out by asking it, with the answer as evidence.

Everything is asked at the same time, so that a router behind a satellite is probed in a round trip or two. What could not be
told (a refused menu, say) is None, and the evidence says why; an error of the session ends the probing.
"""

from __future__ import annotations

from dataclasses import dataclass

from drover.gateway.collectors import health, resource
from drover.gateway.contracts import Capabilities, HealthForm, WirelessStack
from drover.gateway.together import run_together
from routeros.client import ApiClient
from routeros.errors import TrapError

# Menus of radios, best first. Since 7.13 /interface/wifi is there for CAPsMAN even without a radio, so only rows count.
_RADIO_MENUS: tuple[tuple[WirelessStack, str], ...] = (
    ("wifi", "/interface/wifi/print"),
    ("wifiwave2", "/interface/wifiwave2/print"),
    ("wireless", "/interface/wireless/print"),
)
_SAFE_MODE = "/safe-mode/print"
_DEVICE_MODE = "/system/device-mode/print"


@dataclass(frozen=True)
class _Answer:
    """Rows of a menu, or the router's words why there are none."""

    menu: str
    rows: list[dict[str, str]] | None
    refusal: str = ""
    is_missing: bool = False

    def describe(self) -> str:
        if self.rows is None:
            return f"{self.menu}: {self.refusal}"
        return f"{self.menu} has {len(self.rows)} {'row' if len(self.rows) == 1 else 'rows'}"


async def probe_capabilities(client: ApiClient, *, timeout_s: float) -> Capabilities:
    """Ask a router what it can do."""

    async def ask(path: str, proplist: tuple[str, ...] = ()) -> _Answer:
        menu = path.removesuffix("/print")
        try:
            return _Answer(menu, await client.run(path, proplist=proplist, timeout_s=timeout_s))
        except TrapError as error:
            return _Answer(menu, None, error.message[:200], error.is_missing_command)

    resources, sensors, safe_mode, device_mode, *radios = await run_together(
        [
            ask(resource.PATH, resource.PROPLIST),
            ask(health.PATH, health.PROPLIST),
            ask(_SAFE_MODE),
            ask(_DEVICE_MODE),
            *(ask(path, ("name",)) for _, path in _RADIO_MENUS),
        ]
    )
    return Capabilities(
        version=resource.collect(resources.rows or [], []).version,
        wireless_stack=_stack(radios),
        health_form=_form(sensors),
        safe_mode=_exists(safe_mode),
        scheduler=_scheduler(device_mode),
        evidence={
            "version": resources.describe(),
            "wireless_stack": "; ".join(answer.describe() for answer in radios),
            "health_form": sensors.describe(),
            "safe_mode": safe_mode.describe(),
            "scheduler": device_mode.describe(),
        },
    )


def _stack(radios: list[_Answer]) -> WirelessStack | None:
    for (stack, _), answer in zip(_RADIO_MENUS, radios, strict=True):
        if answer.rows:
            return stack
    told = all(answer.rows is not None or answer.is_missing for answer in radios)
    return "none" if told else None


def _form(sensors: _Answer) -> HealthForm | None:
    if sensors.rows is None:
        return "none" if sensors.is_missing else None
    return health.form_of(sensors.rows)


def _exists(answer: _Answer) -> bool | None:
    if answer.rows is not None:
        return True
    return False if answer.is_missing else None


def _scheduler(device_mode: _Answer) -> bool | None:
    """Before device-mode (v6 and old v7) nothing forbids the scheduler."""
    if device_mode.rows is None:
        return True if device_mode.is_missing else None
    allowed = device_mode.rows[0].get("scheduler") if device_mode.rows else None
    return None if allowed is None else allowed in ("true", "yes")
