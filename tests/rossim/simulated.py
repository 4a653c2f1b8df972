"""Routers without their wires, for tests of what is behind them."""

from __future__ import annotations

from typing import Any

from rossim.clock import ManualClock
from rossim.commands import execute
from rossim.configuration import build_router
from rossim.configuration.builder import Builder
from rossim.menus import menus_for
from rossim.platforms import platform_for
from rossim.router import Router
from rossim.sessions import Session, sign_in
from rossim.specs import RouterSpec
from rossim.tree import Answer
from routeros.sentences import Command

# a Wednesday, 14:30
NOW_S = 1_795_012_200.0

# every model with a version and a profile that it is found with
KINDS = [
    ("hap-ax3", "7.18.2", "office"),
    ("hap-ax3", "7.20.6", "hotel"),
    ("rb5009", "7.16.2", "warehouse"),
    ("ccr2004", "7.19.3", "core"),
    ("rb4011", "6.49.18", "tower"),
    ("rb4011", "7.16.2", "tower"),
    ("hex-s", "7.20.6", "warehouse"),
    ("chr", "7.20.6", "office"),
]


def make_spec(
    model: str = "hap-ax3", version: str = "7.18.2", profile: str = "office", **changes: Any
) -> RouterSpec:
    values: dict[str, Any] = {
        "address": "127.77.200.1",
        "identity": "alpha",
        "serial": "HTEST99999",
        "username": "admin",
        "password": "not a secret",
        "site": "Bath",
        "seed": 7,
    }
    return RouterSpec(model=model, version=version, profile=profile, **(values | changes))


def make_router(*kind: str, clock: ManualClock | None = None, **changes: Any) -> Router:
    return build_router(make_spec(*kind, **changes), clock or ManualClock(NOW_S))


def make_blank_router(*kind: str) -> Router:
    """A router with its ports and nothing set up."""
    spec = make_spec(*kind)
    platform = platform_for(spec.model, spec.version)
    router = Router(spec, ManualClock(NOW_S), platform, menus_for(platform))
    Builder(router).ports()
    return router


def make_session(router: Router) -> Session:
    session = sign_in(router, router.spec.username, router.spec.password, "192.0.2.1", "api")
    assert session is not None
    return session


def run(router: Router, session: Session, path: str, *queries: str, **attributes: str) -> Answer:
    """Run a command; `_` in a property's name stands for `-`, and `id_` for `.id`."""
    named = {
        ".id" if name == "id_" else ".proplist" if name == "proplist" else name.replace("_", "-"): value
        for name, value in attributes.items()
    }
    answer = execute(router, session, Command(path, named, queries, None))
    assert isinstance(answer, Answer)
    return answer
