"""Who is on a router's networks right now: the leases that its DHCP server has given out."""

from __future__ import annotations

from dataclasses import dataclass

from rossim.randomness import mac_address, seeded
from rossim.router import Router

_LEASE_S = 1800.0
_WIRED = (
    ("NAS", "00:11:32"),
    ("PRN-OFFICE", "3C:2A:F4"),
    ("POS", "00:1D:D8"),
    ("PC", "E8:D8:D1"),
    ("VOIP", "80:5E:C0"),
    ("CAM", "C4:2F:90"),
)


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that is bound now."""

    number: int
    address: str
    mac: str
    host_name: str
    interface: str
    expires_s: float
    seen_s: float


def leases(router: Router) -> list[Lease]:
    """The dynamic leases, wired devices first, then whoever is on the radios."""
    now_s = router.now_s()
    prefix = f"10.{router.spec.subnet % 256}.10."
    found = []
    wired = _wired(router)
    for index, (host_name, mac) in enumerate(wired):
        found.append(_lease(0x400 + index, prefix, 20 + index, mac, host_name, "", now_s, index * 97.0))
    offset = 20 + len(wired)
    for name, population in router.populations.items():
        for visit in population.visits(now_s):
            client = visit.client
            found.append(
                _lease(
                    0x500 + offset + client.index,
                    prefix,
                    offset + client.index,
                    client.mac,
                    client.host_name,
                    name,
                    now_s,
                    visit.since_s,
                )
            )
        offset += len(population.clients)
    return found


def _wired(router: Router) -> list[tuple[str, str]]:
    rng = seeded("wired", router.spec.seed)
    names = []
    for index in range(router.lease_count):
        kind, vendor = rng.choice(_WIRED)
        names.append((f"{kind}-{index + 1:02d}", mac_address(rng, vendor)))
    return names


def _lease(
    number: int,
    prefix: str,
    host: int,
    mac: str,
    host_name: str,
    interface: str,
    now_s: float,
    since_s: float,
) -> Lease:
    # a client renews when half the time is over
    seen_s = (now_s - since_s) % (_LEASE_S / 2)
    return Lease(number, f"{prefix}{2 + host % 250}", mac, host_name, interface, _LEASE_S - seen_s, seen_s)
