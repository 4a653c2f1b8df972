"""What can be wrong with a router, in the scenario or set while it runs."""

from __future__ import annotations

from dataclasses import dataclass

NAMES = (
    "down",  # nothing listens: connections are refused
    "hang",  # accepts connections and never says anything, on those that are open neither
    "slow",  # each reply waits; slow:SECONDS
    "reset",  # the connection is reset in the middle of a reply's sentence; reset:AFTER_BYTES
    "drip",  # replies arrive byte by byte
    "wrong-certificate",  # a new key pair on api-ssl
    "flap",  # an interface goes up and down; flap:INTERFACE[:PERIOD_S[:DOWN_S]]
    "full-disk",  # no space left, and the log says so
    "busy",  # the CPU is at its limit
    "reboot",  # once: connections drop, uptime and counters begin again
)


@dataclass(slots=True)
class Faults:
    """The faults of one router that its servers look at; the others live in the router's own state."""

    down: bool = False
    hang: bool = False
    slow_s: float = 0.0
    reset_after_bytes: int | None = None
    drip: bool = False
    wrong_certificate: bool = False
    full_disk: bool = False
    busy: bool = False


@dataclass(frozen=True, slots=True)
class FaultSetting:
    """A fault as written: its name and figures."""

    name: str
    figures: tuple[str, ...] = ()

    @classmethod
    def parse(cls, written: str) -> FaultSetting:
        """Read `flap:ether3:600:20`; raises ValueError for an unknown name."""
        name, *figures = written.split(":")
        if name not in NAMES:
            raise ValueError(f"no such fault: {name!r}; there are {', '.join(NAMES)}")
        return cls(name, tuple(figures))

    def figure(self, index: int, default: float) -> float:
        return float(self.figures[index]) if len(self.figures) > index else default


def apply(faults: Faults, setting: FaultSetting, *, on: bool) -> bool:
    """Set or clear what concerns the servers; tells whether the name was one of those."""
    if setting.name == "slow":
        faults.slow_s = setting.figure(0, 2.0) if on else 0.0
    elif setting.name == "reset":
        faults.reset_after_bytes = int(setting.figure(0, 200)) if on else None
    elif setting.name in ("down", "hang", "drip", "wrong-certificate", "full-disk", "busy"):
        setattr(faults, setting.name.replace("-", "_"), on)
    else:
        return False
    return True
