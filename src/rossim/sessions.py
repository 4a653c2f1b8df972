"""Who is signed in to a router, and what they may do."""

from __future__ import annotations

import hmac
import ipaddress
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rossim import traps

if TYPE_CHECKING:
    from rossim.router import Router

_POLICY_WORDS = (
    "local telnet ssh ftp reboot read write policy test winbox password web sniff sensitive api romon"
)
_POLICIES = _POLICY_WORDS.split()
POLICIES_V6 = (*_POLICIES, "dude", "tikapp")
POLICIES_V7 = (*_POLICIES, "rest-api")

_numbers = itertools.count(1)


@dataclass(slots=True)
class Session:
    """One signed-in connection."""

    username: str
    peer: str
    via: str
    since_s: float
    policies: frozenset[str]
    number: int = field(default_factory=lambda: next(_numbers))

    def require(self, policy: str) -> None:
        """Refuse what the user's group doesn't allow."""
        if policy not in self.policies:
            raise traps.not_permitted()


def sign_in(router: Router, username: str, password: str, peer: str, via: str) -> Session | None:
    """Check name and password; None when refused, and the log says so as a router's does."""
    return admit(router, username, peer, via, password=password)


def admit(
    router: Router,
    username: str,
    peer: str,
    via: str,
    *,
    password: str | None = None,
    answer: str | None = None,
) -> Session | None:
    """Sign in by `password`, or by the `answer` that the caller has already found right."""
    row = find_user(router, username)
    policies = frozenset(policies_of(router, row)) if row is not None else frozenset[str]()
    right = row is not None and (
        answer is not None
        or hmac.compare_digest(
            row.get("password", "").encode("utf-8", "surrogateescape"),
            (password or "").encode("utf-8", "surrogateescape"),
        )
    )
    if not right or via not in policies or not _may_come_from(row, peer):
        router.log.add("system,error,critical", f"login failure for user {username} from {peer} via {via}")
        return None
    session = Session(username, peer, via, router.now_s(), policies)
    router.sessions[session.number] = session
    router.log.add("system,info,account", f"user {username} logged in from {peer} via {via}")
    return session


def _may_come_from(user: dict[str, str] | None, peer: str) -> bool:
    """Whether the user's `address=` allows where it comes from; a refusal looks like a wrong password."""
    allowed = user.get("address", "") if user is not None else ""
    return not allowed or any(
        ipaddress.ip_address(peer) in ipaddress.ip_network(network, strict=False)
        for network in allowed.split(",")
    )


def sign_out(router: Router, session: Session) -> None:
    router.safe_mode.session_ended(router, session)
    if router.sessions.pop(session.number, None) is not None:
        router.log.add(
            "system,info,account",
            f"user {session.username} logged out from {session.peer} via {session.via}",
        )


def find_user(router: Router, username: str) -> dict[str, str] | None:
    """The row of an enabled user."""
    for row in router.tree.table("/user").rows.values():
        if row.values.get("name") == username and row.values.get("disabled") != "true":
            return dict(row.values)
    return None


def policies_of(router: Router, user: dict[str, str]) -> list[str]:
    for row in router.tree.table("/user/group").rows.values():
        if row.values.get("name") == user.get("group"):
            return [word for word in row.values.get("policy", "").split(",") if not word.startswith("!")]
    return []
