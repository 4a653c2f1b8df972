"""One router's state: its configuration tree, its counters, its log, who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rossim.clients import Population
from rossim.clock import Clock
from rossim.faults import Faults, FaultSetting, apply
from rossim.files import FileStore
from rossim.history import History
from rossim.logbook import Logbook
from rossim.meters import Meter
from rossim.platforms import Platform
from rossim.randomness import next_mac, seeded, unit
from rossim.safe_mode import SafeMode
from rossim.sessions import Session
from rossim.specs import RouterSpec
from rossim.traffic import Load, any_curve
from rossim.tree import INTERFACES, Menu, Row, Tree

T = TypeVar("T")

_DAY_S = 86400.0
_MOST_CHANGES = 40  # of a flapping link, written down at once


@dataclass(frozen=True, slots=True)
class Peer:
    """Another device on the same wire, as neighbour discovery sees it."""

    identity: str
    address: str
    mac: str
    board: str
    version: str
    interface: str
    their_interface: str
    software_id: str
    uptime_s: float


class Router:
    """A simulated router without its servers.

    It comes from `rossim.configuration.build_router`, which also configures it. The same spec gives the
    same router in every process, and after a restart it stands where the clock says. Nothing in it ticks.
    """

    def __init__(self, spec: RouterSpec, clock: Clock, platform: Platform, menus: Mapping[str, Menu]) -> None:
        self.spec = spec
        self.clock = clock
        self.platform = platform
        self.tree = Tree(platform, menus)
        rng = seeded("board", spec.seed, spec.serial)
        self.base_mac = next_mac("48:A9:8A:00:00:00", rng.randrange(0x40000) * 0x20)
        self.software_id = _software_id(rng.randrange(1 << 40))
        self.log = Logbook(clock)
        self.history = History()
        self.files = FileStore(clock)
        self.faults = Faults()
        self.safe_mode = SafeMode()
        self.sessions: dict[int, Session] = {}
        self.meters: dict[int, Meter] = {}
        self.unplugged: set[int] = set()
        self.populations: dict[str, Population] = {}  # interface -> its wireless clients
        self.lease_count = 0
        self.route_count = 0
        self.peers: Sequence[Peer] = ()
        self.on_reboot: list[Callable[[], None]] = []
        self.shape, self.shift_s = any_curve(_curve_kind(spec.profile), spec.seed)
        self.boot_s = _boot_moment(spec.seed, clock())
        self._derived: dict[str, tuple[int, object]] = {}
        self.tree.on_change.append(self._after_change)

    def now_s(self) -> float:
        return self.clock()

    @property
    def identity(self) -> str:
        return self.tree.single("/system/identity")["name"]

    def uptime_s(self) -> float:
        return self.clock() - self.boot_s

    def level(self) -> float:
        """The site's load now, 1 on average over the week."""
        return self.shape.level(self.clock() + self.shift_s)

    def noise(self, what: int, step_s: float) -> float:
        """A number in [0, 1) that holds for `step_s` seconds."""
        return unit(self.spec.seed, what, int(self.clock() / step_s))

    def load(self, mean_rx_bps: float, mean_tx_bps: float, **packets: float) -> Load:
        """A load in the site's own shape."""
        return Load(self.shape, self.shift_s, mean_rx_bps, mean_tx_bps, **packets)

    def meter(self, row: Row) -> Meter:
        """The counters of an interface; one that was added later carries nothing."""
        meter = self.meters.get(row.number)
        if meter is None:
            up = row.values.get("disabled") != "true"
            meter = self.meters[row.number] = Meter(self.load(0.0, 0.0), up=up, since_s=self.clock())
        return meter

    def set_meter(self, row: Row, load: Load) -> None:
        """Let a load flow through an interface since boot."""
        up = row.values.get("disabled") != "true" and row.number not in self.unplugged
        self.meters[row.number] = Meter(load, up=up, since_s=self.boot_s)

    def derived(self, name: str, make: Callable[[Tree], T]) -> T:
        """Something computed from the configuration, kept until that changes."""
        kept = self._derived.get(name)
        if kept is not None and kept[0] == self.tree.revision:
            return kept[1]  # type: ignore[return-value]
        made = make(self.tree)
        self._derived[name] = (self.tree.revision, made)
        return made

    def _after_change(self, path: str) -> None:
        menu = self.tree.menus[path]
        if menu.id_space == INTERFACES:
            now_s = self.clock()
            for row in self.tree.table(path).rows.values():
                up = row.values.get("disabled") != "true" and row.number not in self.unplugged
                meter = self.meter(row)
                if up != meter.up:
                    self._log_link(row.values["name"], up, now_s)
                meter.set_up(up, now_s)

    def _log_link(self, name: str, up: bool, at_s: float) -> None:
        self.log.add("interface,info", f"{name} link {'up' if up else 'down'}", at_s)

    def log_flaps(self) -> None:
        """Write down what flapping links have done since this was last done: nothing ticks, so whoever reads asks."""
        now_s = self.clock()
        events: list[tuple[float, str, bool]] = []
        for _, row in self.tree.interfaces():
            meter = self.meters.get(row.number)
            if meter is None or meter.flap is None or not meter.up:
                continue
            changes = meter.flap.changes(now_s)
            for index in range(max(meter.changes_logged, changes - _MOST_CHANGES), changes):
                at_s, up = meter.flap.change(index)
                events.append((at_s, row.values["name"], up))
            meter.changes_logged = changes
        for at_s, name, up in sorted(events):
            self._log_link(name, up, at_s)

    def set_fault(self, written: str, *, on: bool = True, since_s: float | None = None) -> None:
        """Set or clear a fault as in `flap:ether3:600:20`; raises ValueError for an unknown one.

        `since_s` lets a flapping link have flapped before now.
        """
        setting = FaultSetting.parse(written)
        if apply(self.faults, setting, on=on):
            if setting.name == "full-disk" and on:
                self.log.add("system,error,critical", "error while writing to disk, no space left")
            return
        if setting.name == "reboot":
            if on:
                self.reboot()
        else:
            self._flap(setting, since_s if since_s is not None else self.clock(), on=on)

    def _flap(self, setting: FaultSetting, since_s: float, *, on: bool) -> None:
        name = setting.figures[0] if setting.figures else self.platform.hardware.port_names[-1]
        found = self.tree.find_interface(name)
        if found is None:
            raise ValueError(f"no interface {name!r} that could flap")
        meter = self.meter(found[1])
        if on:
            if found[1].number in self.unplugged:  # only what is plugged in can flap
                self.unplugged.discard(found[1].number)
                meter.set_up(found[1].values.get("disabled") != "true", since_s)
            meter.start_flap(setting.figure(1, 300.0), setting.figure(2, 15.0), since_s)
        else:
            meter.stop_flap(self.clock())

    def reboot(self) -> None:
        """Begin again: uptime, counters, log, sessions; the configuration stays."""
        self.boot_s = self.clock()
        for number, meter in self.meters.items():
            row = next((row for _, row in self.tree.interfaces() if row.number == number), None)
            up = row is not None and row.values.get("disabled") != "true" and number not in self.unplugged
            meter.reset(up=up, now_s=self.boot_s)
        self.log.clear()
        self.log.add("system,info", "router rebooted")
        self.sessions.clear()
        self.safe_mode = SafeMode()  # a reboot loses what it would have undone
        for listener in self.on_reboot:
            listener()


def _curve_kind(profile: str) -> str:
    return {"tower": "home"}.get(profile, profile)


def _boot_moment(seed: int, now_s: float) -> float:
    """When it booted last: it does so every few weeks, at a time of its own."""
    rng = seeded("boot", seed)
    every_s = rng.uniform(11, 140) * _DAY_S
    phase_s = rng.uniform(0, every_s)
    booted_s = now_s - (now_s - phase_s) % every_s
    # not in the last minutes, so that a fleet doesn't start in the middle of a reboot
    return booted_s if now_s - booted_s > 1800 else booted_s - every_s


def _software_id(number: int) -> str:
    letters = "0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
    text = ""
    for _ in range(8):
        number, index = divmod(number, len(letters))
        text += letters[index]
    return f"{text[:4]}-{text[4:]}"
