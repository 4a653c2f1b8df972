"""Wireless clients that come, wander and go, as a pure function of seed and time.

Each client's time is cut into slots of its own length. In a slot it is there or not, more likely when the
site is busy; a visit is a run of slots in which it is there. Its signal wanders around where it sits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from rossim.randomness import mac_address, seeded, unit
from rossim.traffic import Curve

# even who never leaves has to sign in anew some day; this is also as far as a visit is looked back
_LONGEST_VISIT_SLOTS = 24

# (name pattern, vendor prefix); %s is a few letters of the client's own
_KINDS = (
    ("iPhone", "F0:D1:A9"),
    ("iPhone", "3C:22:FB"),
    ("iPad", "A4:83:E7"),
    ("Galaxy-S23", "5C:CB:99"),
    ("Galaxy-A54", "8C:79:F5"),
    ("Pixel-8", "DC:E5:5B"),
    ("DESKTOP-%s", "E4:A7:A0"),
    ("LAPTOP-%s", "98:AF:65"),
    ("MacBook-%s", "F8:FF:C2"),
    ("HP%s", "10:E7:C6"),
    ("ESP-%s", "24:6F:28"),
    ("android-%s", "40:4E:36"),
    ("", "B8:27:EB"),
)
_SUBSCRIBER_VENDOR = "6C:3B:6B"


@dataclass(frozen=True, slots=True)
class Client:
    """One device that sometimes is here."""

    index: int
    mac: str
    host_name: str
    signal_dbm: float
    slot_s: float
    phase_s: float
    eagerness: float
    share: float


class Visit(NamedTuple):
    """A client that is here now: since when, and when to look again."""

    client: Client
    since_s: float
    until_s: float


class Population:
    """The clients of one radio.

    Subscribers of a wireless provider are nearly always there; people's devices follow the site's day.
    """

    __slots__ = ("_seed", "_shift_s", "_valid", "_visits", "clients", "curve", "total_bps")

    def __init__(
        self,
        seed: int,
        name: str,
        count: int,
        curve: Curve,
        shift_s: float,
        total_bps: float,
        *,
        subscribers: bool = False,
        first_number: int = 1,
    ) -> None:
        rng = seeded("clients", seed, name)
        self._seed = rng.getrandbits(60)
        self.curve = curve
        self._shift_s = shift_s
        self.total_bps = total_bps
        members = []
        for index in range(count):
            pattern, vendor = rng.choice(_KINDS)
            letters = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(7))
            host_name = f"sub-{first_number + index:03d}" if subscribers else pattern.replace("%s", letters)
            members.append(
                Client(
                    index=index,
                    mac=mac_address(rng, _SUBSCRIBER_VENDOR if subscribers else vendor),
                    host_name=host_name,
                    signal_dbm=rng.gauss(-64, 5) if subscribers else min(-38.0, rng.gauss(-60, 9)),
                    slot_s=rng.uniform(30000, 90000) if subscribers else rng.uniform(700, 4200),
                    phase_s=rng.uniform(0, 90000),
                    eagerness=0.97 if subscribers else rng.uniform(0.15, 0.9),
                    share=rng.lognormvariate(0, 0.9),
                )
            )
        total = sum(member.share for member in members) or 1.0
        self.clients = tuple(members)
        for member in members:
            object.__setattr__(member, "share", member.share / total)
        self._visits: tuple[Visit, ...] = ()
        self._valid = (0.0, 0.0)  # the visits hold between these moments

    def _is_here(self, client: Client, slot: int) -> bool:
        if client.eagerness > 0.95:
            chance = client.eagerness
        else:
            begin_s = slot * client.slot_s - client.phase_s
            chance = min(0.95, client.eagerness * (0.12 + 0.75 * self.curve.level(begin_s + self._shift_s)))
        return unit(self._seed, client.index, slot) < chance

    def visits(self, now_s: float) -> tuple[Visit, ...]:
        """Who is here, in the clients' order."""
        if self._valid[0] <= now_s < self._valid[1]:
            return self._visits
        visits = []
        begin_s, end_s = -math.inf, math.inf
        for client in self.clients:
            slot = math.floor((now_s + client.phase_s) / client.slot_s)
            slot_begin_s = slot * client.slot_s - client.phase_s
            begin_s = max(begin_s, slot_begin_s)
            end_s = min(end_s, slot_begin_s + client.slot_s)
            if not self._is_here(client, slot):
                continue
            first = slot
            while first % _LONGEST_VISIT_SLOTS and self._is_here(client, first - 1):
                first -= 1
            # people don't arrive on the slot's stroke
            late_s = unit(self._seed, client.index, first, 7) * client.slot_s * 0.5
            since_s = first * client.slot_s - client.phase_s + late_s
            if since_s > now_s:
                end_s = min(end_s, since_s)
                continue
            visits.append(Visit(client, since_s, slot_begin_s + client.slot_s))
        self._visits = tuple(visits)
        self._valid = (begin_s, end_s)
        return self._visits

    def signal_dbm(self, client: Client, now_s: float) -> int:
        """Where the signal has wandered to."""
        phase = client.phase_s
        wander = (
            2.6 * math.sin((now_s + phase) / 47.0)
            + 2.1 * math.sin((now_s + 3 * phase) / 311.0)
            + 1.5 * math.sin((now_s + 7 * phase) / 2203.0)
        )
        return max(-92, min(-28, round(client.signal_dbm + wander)))

    def bytes_moved(self, visit: Visit, now_s: float) -> tuple[int, int]:
        """What was sent to and received from a client since it came."""
        area = self.curve.integral(now_s + self._shift_s) - self.curve.integral(visit.since_s + self._shift_s)
        to_client = self.total_bps * visit.client.share / 8 * area
        return int(to_client), int(to_client * 0.12)

    def rates_bps(self, client: Client, now_s: float) -> tuple[int, int]:
        """Bits per second to and from a client now."""
        level = self.curve.level(now_s + self._shift_s)
        jitter = 0.4 + 1.2 * unit(self._seed, client.index, int(now_s / 5))
        to_client = self.total_bps * client.share * level * jitter
        return int(to_client), int(to_client * 0.12)
