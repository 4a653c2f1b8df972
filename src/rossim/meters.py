"""Counters of one interface: exact at any moment, frozen while the link is down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rossim.traffic import Load


class Counters(NamedTuple):
    """What an interface has counted since boot or the last reset."""

    rx_bytes: int
    tx_bytes: int
    rx_packets: int
    tx_packets: int


@dataclass(frozen=True, slots=True)
class Flap:
    """A link that drops for `down_s` at the end of every `period_s`, from `since_s` on."""

    since_s: float
    period_s: float
    down_s: float

    def is_up(self, at_s: float) -> bool:
        return at_s < self.since_s or (at_s - self.since_s) % self.period_s < self.period_s - self.down_s

    def drops(self, at_s: float) -> int:
        """How often it has gone down until now."""
        if at_s < self.since_s:
            return 0
        periods, rest_s = divmod(at_s - self.since_s, self.period_s)
        return int(periods) + (rest_s >= self.period_s - self.down_s)

    def changes(self, at_s: float) -> int:
        """How often it has gone down or come up again until now."""
        drops = self.drops(at_s)
        return 2 * drops - (drops > 0 and not self.is_up(at_s))

    def change(self, index: int) -> tuple[float, bool]:
        """When the link changed for the `index`-th time, and whether it came up then."""
        drop, is_up = divmod(index, 2)
        end_s = self.since_s + (drop + 1) * self.period_s
        return (end_s, True) if is_up else (end_s - self.down_s, False)

    def last_down_s(self, at_s: float) -> float | None:
        drops = self.drops(at_s)
        return self.since_s + drops * self.period_s - self.down_s if drops else None

    def last_up_s(self, at_s: float) -> float | None:
        periods = int((at_s - self.since_s) // self.period_s) if at_s >= self.since_s else 0
        return self.since_s + periods * self.period_s if periods else None


class Meter:
    """Integrates a load over the time that a link was up.

    `set_up` is called when the link's state changes; between changes nothing is done. A flapping link
    has its up-times summed as they are asked for.
    """

    __slots__ = (
        "_areas",
        "_flap_seen_s",
        "_paused_flap",
        "_since_s",
        "changes_logged",
        "flap",
        "last_down_s",
        "last_up_s",
        "link_downs",
        "load",
        "up",
    )

    def __init__(self, load: Load, *, up: bool, since_s: float) -> None:
        self.load = load
        self.flap: Flap | None = None
        self.changes_logged = 0  # of the flap's
        self._paused_flap: Flap | None = None
        self._flap_seen_s = 0.0
        self.reset(up=up, now_s=since_s)

    def reset(self, *, up: bool, now_s: float) -> None:
        """Begin again at zero, as a reboot does."""
        self.up = up
        self._areas = 0.0  # load times seconds of the up-times that are over
        self._since_s = now_s
        self.link_downs = 0
        self.last_up_s: float | None = now_s if up else None
        self.last_down_s: float | None = None
        flap, self.flap = self.flap, None
        if flap is not None:
            self.start_flap(flap.period_s, flap.down_s, now_s)

    def reset_counters(self, now_s: float) -> None:
        """Begin the byte and packet counters again; the link and its history stay."""
        self._areas = 0.0
        self._since_s = now_s

    def set_up(self, up: bool, now_s: float) -> None:
        """Tell of a change of the link."""
        if up == self.up:
            return
        if up:
            self._since_s = now_s
            self.last_up_s = now_s
            self.up = True
            if self._paused_flap is not None:
                self.start_flap(self._paused_flap.period_s, self._paused_flap.down_s, now_s)
            return
        self._paused_flap = self.flap
        self.stop_flap(now_s)
        self._areas = self.area(now_s)
        self.link_downs += 1
        self.last_down_s = now_s
        self.up = False

    def start_flap(self, period_s: float, down_s: float, now_s: float) -> None:
        self.stop_flap(now_s)
        self._paused_flap = None
        self.changes_logged = 0
        self._areas = self.area(now_s)
        self._since_s = now_s
        self.flap = Flap(now_s, period_s, down_s)
        self._flap_seen_s = now_s

    def stop_flap(self, now_s: float) -> None:
        if self.flap is None:
            return
        self._areas = self.area(now_s)
        self.link_downs += self.flap.drops(now_s)
        self.last_down_s = self.flap.last_down_s(now_s) or self.last_down_s
        self.last_up_s = self.flap.last_up_s(now_s) or self.last_up_s
        self._since_s = now_s
        self.flap = None

    def is_running(self, now_s: float) -> bool:
        return self.up and (self.flap is None or self.flap.is_up(now_s))

    def area(self, now_s: float) -> float:
        """Load times seconds over all the time that the link was up."""
        if not self.up:
            return self._areas
        flap = self.flap
        if flap is None:
            return self._areas + self.load.integral(now_s) - self.load.integral(self._since_s)
        self._sum_periods(flap, now_s)
        begin_s = self._flap_seen_s
        end_s = min(now_s, begin_s + flap.period_s - flap.down_s)
        return self._areas + self.load.integral(end_s) - self.load.integral(begin_s)

    def _sum_periods(self, flap: Flap, now_s: float) -> None:
        while self._flap_seen_s + flap.period_s <= now_s:
            begin_s = self._flap_seen_s
            self._areas += self.load.integral(begin_s + flap.period_s - flap.down_s)
            self._areas -= self.load.integral(begin_s)
            self._flap_seen_s += flap.period_s

    def counters(self, now_s: float) -> Counters:
        area = self.area(now_s)
        load = self.load
        rx_bytes = load.mean_rx_bps / 8 * area
        tx_bytes = load.mean_tx_bps / 8 * area
        return Counters(
            int(rx_bytes),
            int(tx_bytes),
            int(rx_bytes / load.rx_packet_bytes),
            int(tx_bytes / load.tx_packet_bytes),
        )

    def rates_bps(self, now_s: float) -> tuple[float, float]:
        """Received and sent bits per second at this moment."""
        if not self.is_running(now_s):
            return 0.0, 0.0
        level = self.load.level(now_s)
        return self.load.mean_rx_bps * level, self.load.mean_tx_bps * level

    def total_link_downs(self, now_s: float) -> int:
        return self.link_downs + (self.flap.drops(now_s) if self.flap is not None else 0)

    def last_change_s(self, now_s: float) -> tuple[float | None, float | None]:
        """When the link last came up and last went down."""
        if self.flap is None:
            return self.last_up_s, self.last_down_s
        return (
            self.flap.last_up_s(now_s) or self.last_up_s,
            self.flap.last_down_s(now_s) or self.last_down_s,
        )
