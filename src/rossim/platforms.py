"""What a model and a RouterOS version decide together; immutable and shared by all routers that are alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from rossim.hardware import HARDWARE, Hardware
from routeros.version import RouterOSVersion


@dataclass(frozen=True)
class Platform:
    """A hardware model running a version."""

    hardware: Hardware
    version: RouterOSVersion

    @cached_property
    def v7(self) -> bool:
        return self.version.major >= 7

    @cached_property
    def iso_dates(self) -> bool:
        """Since 7.10 dates are `2025-03-11`, before `mar/11/2025`."""
        return (self.version.major, self.version.minor) >= (7, 10)

    @cached_property
    def empty_reply(self) -> bool:
        """Since 7.18 a reply without rows has `!empty` before its `!done`."""
        return (self.version.major, self.version.minor) >= (7, 18)

    @cached_property
    def new_login(self) -> bool:
        """Since 6.43 `/login` takes the password itself and refuses the challenge's answer."""
        return (self.version.major, self.version.minor) >= (6, 43)

    @cached_property
    def dotted_shorthand(self) -> bool:
        """Since 7.13 an export writes `configuration.mode=ap .ssid=x`."""
        return (self.version.major, self.version.minor) >= (7, 13)

    @cached_property
    def has_device_mode(self) -> bool:
        return (self.version.major, self.version.minor) >= (7, 17)

    @cached_property
    def has_safe_mode_command(self) -> bool:
        """Since 7.18 safe mode is taken by a command too, not only by Ctrl-X in a terminal."""
        return (self.version.major, self.version.minor) >= (7, 18)

    @cached_property
    def has_wifi(self) -> bool:
        """Whether the radios are under /interface/wifi (7.13+, its driver installed)."""
        return self.dotted_shorthand and any(radio.driver == "wifi" for radio in self.hardware.radios)

    @cached_property
    def has_wireless(self) -> bool:
        return bool(self.hardware.radios) and not self.has_wifi

    @cached_property
    def channel(self) -> str:
        """The release channel as /system/resource writes it behind the number."""
        if self.version.stage is not None:
            return "testing"
        return "long-term" if (self.version.major, self.version.minor) == (6, 49) else "stable"

    @cached_property
    def version_text(self) -> str:
        return f"{self.version} ({self.channel})"


@cache
def platform_for(model: str, version: str) -> Platform:
    """Find the platform by the model's name, as in `HARDWARE`, and the version's text."""
    try:
        hardware = HARDWARE[model]
    except KeyError:
        raise ValueError(f"no such model: {model!r}; there are {', '.join(sorted(HARDWARE))}") from None
    return Platform(hardware, RouterOSVersion.parse(version))
