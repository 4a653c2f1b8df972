"""/system/resource and its cores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rossim.clock import format_uptime
from rossim.platforms import Platform
from rossim.router import Router
from rossim.tree import Menu, Row, Values

# What one unit of a site's load costs, by profile, in percent of all cores.
_COST = {"office": 5.0, "hotel": 11.0, "warehouse": 6.0, "tower": 14.0, "core": 17.0}
_IDLE_PERCENT = 1.5

_BUILD_TIMES = {
    "6.49.18": "Feb/27/2025 15:55:06",
    "7.16.2": "2024-11-26 12:09:40",
    "7.18.2": "2025-03-11 11:59:04",
    "7.19.3": "2025-07-03 09:10:57",
    "7.20.6": "2025-12-04 10:46:02",
}


def cpu_percent(router: Router) -> int:
    """The load of all cores together: it follows the traffic."""
    if router.faults.busy:
        return 97 + int(3 * router.noise(3, 2))
    cost = _COST.get(router.spec.profile, 6.0)
    jitter = 0.75 + 0.5 * router.noise(1, 4)
    spike = 22.0 if router.noise(2, 7) > 0.985 else 0.0
    return max(0, min(100, round((_IDLE_PERCENT + cost * router.level()) * jitter + spike)))


def free_disk_bytes(router: Router) -> int:
    if router.faults.full_disk:
        return 4096
    total = router.platform.hardware.disk_bytes
    system = int(min(total * 0.72, 52 << 20) if total > 16 << 20 else total * 0.86)
    wear = int(router.spec.seed % 997) * 512
    return max(4096, total - system - wear - router.files.used_bytes())


def free_memory_bytes(router: Router) -> int:
    total = router.platform.hardware.memory_bytes
    share = 0.12 + 0.06 * (router.spec.seed % 7) / 7 + 0.02 * min(3.0, router.level())
    wobble = 0.01 * router.noise(4, 30)
    used = min(total - (8 << 20), (70 << 20) + int(total * (share * 0.35 + wobble)))
    return (total - used) // 4096 * 4096


def _resource(router: Router, _row: Row) -> Values:
    platform, hardware = router.platform, router.platform.hardware
    uptime_s = router.uptime_s()
    values = {
        "uptime": format_uptime(uptime_s),
        "version": platform.version_text,
        "build-time": _build_time(platform),
    }
    if platform.v7 and hardware.factory_version:
        values["factory-software"] = hardware.factory_version
    values |= {
        "free-memory": str(free_memory_bytes(router)),
        "total-memory": str(hardware.memory_bytes),
        "cpu": hardware.cpu,
        "cpu-count": str(hardware.cpu_count),
        "cpu-frequency": str(hardware.cpu_mhz),
        "cpu-load": str(cpu_percent(router)),
        "free-hdd-space": str(free_disk_bytes(router)),
        "total-hdd-space": str(hardware.disk_bytes),
    }
    if not hardware.is_virtual:
        written = int(uptime_s / 420) + router.spec.seed % 400
        values["write-sect-since-reboot"] = str(written)
        values["write-sect-total"] = str(written + 20000 + router.spec.seed * 7919 % 900000)
        values["bad-blocks"] = "0"
    return values | {
        "architecture-name": hardware.architecture,
        "board-name": hardware.board,
        "platform": "MikroTik",
    }


def _build_time(platform: Platform) -> str:
    known = _BUILD_TIMES.get(str(platform.version))
    if known is not None:
        return known
    return "2025-08-20 09:41:15" if platform.iso_dates else "Jul/19/2022 11:25:54"


def _cores(router: Router) -> Iterable[Values]:
    load = cpu_percent(router)
    count = router.platform.hardware.cpu_count
    for index in range(count):
        own = load * (0.5 + router.noise(20 + index, 4))
        yield {
            ".id": f"*{index:X}",
            "cpu": f"cpu{index}",
            "load": str(max(0, min(100, round(own)))),
            "irq": str(round(own / 6)),
            "disk": "0",
        }


def menus(_platform: Platform) -> Iterator[Menu]:
    yield Menu("/system/resource", single=True, computed=_resource, fixed=True, exported=False)
    yield Menu("/system/resource/cpu", readable_only=True, dynamic=_cores)
