"""Believable configurations: what someone would have set up on a router at such a site, seeded."""

from __future__ import annotations

from rossim.clock import Clock
from rossim.configuration import core, lan_site, tower
from rossim.configuration.builder import Builder
from rossim.menus import menus_for
from rossim.platforms import platform_for
from rossim.router import Router
from rossim.specs import RouterSpec

_PROFILES = {
    "office": lan_site.configure,
    "hotel": lan_site.configure,
    "warehouse": lan_site.configure,
    "tower": tower.configure,
    "core": core.configure,
}
PROFILES = tuple(_PROFILES)

_DAY_S = 86400.0


def build_router(spec: RouterSpec, clock: Clock) -> Router:
    """Make a router from its spec, configured, with the faults that the scenario gives it."""
    platform = platform_for(spec.model, spec.version)
    router = Router(spec, clock, platform, menus_for(platform))
    builder = Builder(router)
    builder.system()
    builder.ports()
    try:
        configure = _PROFILES[spec.profile]
    except KeyError:
        raise ValueError(f"no such profile: {spec.profile!r}; there are {', '.join(PROFILES)}") from None
    configure(builder)
    builder.history()
    # what flaps has done so since yesterday, so that its counters show it
    yesterday_s = (clock() // _DAY_S - 1) * _DAY_S
    for fault in spec.faults:
        router.set_fault(fault, since_s=max(router.boot_s, yesterday_s))
    return router
