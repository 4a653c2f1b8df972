"""Scenarios: which routers there are. A file of them, and the demonstration's."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rossim.randomness import seeded
from rossim.specs import RouterSpec


def load_scenario(path: Path) -> list[RouterSpec]:
    """Read `{"routers": [...]}`; raises ValueError for what isn't one."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return [RouterSpec.from_mapping(entry) for entry in document["routers"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not a scenario: {error}") from error


def dump_scenario(specs: Sequence[RouterSpec]) -> str:
    """The text of a scenario file; it holds the routers' passwords."""
    return json.dumps({"routers": [spec.to_mapping() for spec in specs]}, indent=1)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One sort of router at a client, and how many of ten routers are of it."""

    tenths: int
    model: str
    versions: tuple[str, ...]
    profile: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoTenant:
    """A client of the demonstration."""

    slug: str
    name: str
    sites: tuple[str, ...]
    kinds: tuple[_Kind, ...]


_V7 = ("7.16.2", "7.18.2", "7.19.3", "7.20.6")

DEMO_TENANTS = (
    DemoTenant(
        "alder-finch",
        "Alder & Finch Dental",
        ("Bath", "Bristol", "Cheltenham", "Exeter", "Gloucester", "Taunton", "Wells"),
        (
            _Kind(7, "hap-ax3", _V7, "office", "surgery"),
            _Kind(3, "rb5009", _V7, "office", "office"),
        ),
    ),
    DemoTenant(
        "northfield",
        "Northfield Wireless",
        ("Hilltop", "Ridge Farm", "Water Tower", "St Mary", "Quarry", "Beacon"),
        (
            _Kind(8, "rb4011", ("6.49.18",), "tower", "ap"),
            _Kind(2, "ccr2004", ("7.16.2", "7.19.3"), "core", "core"),
        ),
    ),
    DemoTenant(
        "harbour",
        "Harbour Hotels",
        ("Quayside", "Lighthouse", "Old Custom House", "Marina"),
        (
            _Kind(2, "ccr2004", ("7.18.2", "7.19.3"), "core", "core"),
            _Kind(8, "hap-ax3", _V7, "hotel", "floor"),
        ),
    ),
    DemoTenant(
        "kestrel",
        "Kestrel Logistics",
        ("Avonmouth", "Daventry", "Felixstowe", "Magna Park", "Tilbury"),
        (
            _Kind(6, "rb5009", _V7, "warehouse", "depot"),
            _Kind(4, "hex-s", ("7.16.2", "7.20.6"), "warehouse", "gate"),
        ),
    ),
)

_SERIAL_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_USERNAME = "drover"


def demo_scenario(
    *,
    devices: int = 60,
    seed: int = 1,
    api_port: int = 8729,
    ssh_port: int = 2222,
    password_source: Callable[[], str],
) -> list[RouterSpec]:
    """The demonstration's routers: `devices` of them for four clients, then a spare one for each client.

    Client i has 127.(16+i).0.0/16. `password_source` is called once for each router. Among them are a
    flapping link, a router that is down and a full disk.
    """
    specs: list[RouterSpec] = []
    spares: list[RouterSpec] = []
    for index, tenant in enumerate(DEMO_TENANTS):
        count = devices // len(DEMO_TENANTS) + (index < devices % len(DEMO_TENANTS))
        members = [
            _member(tenant, index, number, seed, api_port, ssh_port, password_source())
            for number in range(count + 1)
        ]
        specs += members[:-1]
        spares.append(_spare(members[-1]))
    return _with_faults(specs) + spares


def _member(
    tenant: DemoTenant, index: int, number: int, seed: int, api_port: int, ssh_port: int, password: str
) -> RouterSpec:
    kind = _kind(tenant, number)
    rng = seeded("demo", seed, tenant.slug, number)
    site = tenant.sites[number % len(tenant.sites)]
    place = site.lower().replace(" ", "-")
    host = number + 2
    return RouterSpec(
        address=f"127.{16 + index}.{host // 250}.{host % 250 + 1}",
        model=kind.model,
        version=rng.choice(kind.versions),
        identity=f"{place}-{kind.name}-{number // len(tenant.sites) + 1:02d}",
        serial="H" + "".join(rng.choice(_SERIAL_LETTERS) for _ in range(10)),
        username=_USERNAME,
        password=password,
        api_port=api_port,
        ssh_port=ssh_port,
        site=site,
        profile=kind.profile,
        seed=rng.randrange(1, 1 << 31),
        subnet=number + 1,
        tenant=tenant.slug,
    )


def _kind(tenant: DemoTenant, number: int) -> _Kind:
    """Spread the kinds evenly over a client's routers, in the proportions that it has them."""
    place = (number * 7 + 3) % 10
    for kind in tenant.kinds:
        if place < kind.tenths:
            return kind
        place -= kind.tenths
    return tenant.kinds[-1]


def _spare(spec: RouterSpec) -> RouterSpec:
    return replace(spec, is_spare=True)


_DEMO_FAULTS = {
    "alder-finch": ("rb5009", "flap:ether2:540:20"),
    "harbour": ("hap-ax3", "full-disk"),
    "kestrel": ("hex-s", "down"),
}


def _with_faults(specs: list[RouterSpec]) -> list[RouterSpec]:
    """Give one router of each of three clients something to be seen."""
    left = dict(_DEMO_FAULTS)
    faulty: list[RouterSpec] = []
    for spec in specs:
        model, fault = left.get(spec.tenant, ("", ""))
        if spec.model == model:
            del left[spec.tenant]
            faulty.append(replace(spec, faults=(fault,)))
        else:
            faulty.append(spec)
    return faulty
