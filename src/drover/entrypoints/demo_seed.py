"""Makes the demonstration's clients, people and devices through the HTTP API."""

from __future__ import annotations

import asyncio
import csv
import io
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

_CLIENTS = (
    ("alder-finch", "Alder & Finch Dental"),
    ("northfield", "Northfield Wireless"),
    ("harbour", "Harbour Hotels"),
    ("kestrel", "Kestrel Logistics"),
)
_PEOPLE = (("admin", "Robin Hale"), ("operator", "Sam Okafor"), ("viewer", "Lee Marsh"))
_DEADLINE_S = 120.0


class DemoError(Exception):
    """The demonstration can't be made; the message says why."""


@dataclass(frozen=True)
class Client:
    id: int
    slug: str
    name: str


@dataclass(frozen=True)
class Login:
    role: str
    email: str
    password: str = field(repr=False)
    tenant: str | None = None
    shown: bool = True


class _Person:
    """One signed-in browser's worth of HTTP."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=30, trust_env=False)
        self.session: dict[str, Any] = {}

    async def __aenter__(self) -> _Person:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """One request; DemoError with the server's message when it refuses."""
        headers = {"X-CSRF-Token": self.session["csrf_token"]} if self.session else {}
        try:
            reply = await self._http.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise DemoError(f"{method} {path}: {type(error).__name__}") from error
        if reply.is_error:
            raise DemoError(f"{method} {path}: {reply.status_code} {reply.text[:300]}")
        return reply.json() if reply.content else None

    async def use_link(self, path: str, *, name: str, password: str, email: str | None = None) -> None:
        token = urlsplit(path).path.rsplit("/", 1)[1]
        self.session = {}  # a link is used by nobody in particular
        self.session = await self.call(
            "POST", f"/api/links/{token}", {"name": name, "password": password, "email": email}
        )

    async def until(self, path: str, is_done: Callable[[Any], bool], what: str) -> Any:
        """Ask again until done; DemoError after the deadline."""
        try:
            async with asyncio.timeout(_DEADLINE_S):
                while True:
                    found = await self.call("GET", path)
                    if is_done(found):
                        return found
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise DemoError(f"{what} took longer than {_DEADLINE_S:.0f} s") from None


def _new_password() -> str:
    return secrets.token_urlsafe(12)


async def seed(url: str, link: str, routers: list[dict[str, Any]]) -> tuple[list[Client], list[Login]]:
    """Make everything; the clients and the logins made."""
    logins = [Login("super_admin", "root@msp.example", _new_password())]
    msp = Login("admin", "morgan@msp.example", _new_password())
    async with _Person(url) as root, _Person(url) as morgan:
        await root.use_link(link, name="Alex Root", password=logins[0].password, email=logins[0].email)
        clients: list[Client] = []
        invitations: list[str] = []
        for number, (slug, name) in enumerate(_CLIENTS):
            client, invitation = await _make_client(root, slug, name, 16 + number, msp.email)
            clients.append(client)
            invitations.append(invitation)
        for invitation in invitations:  # the first sets the password, the others are accepted with it
            await morgan.use_link(invitation, name="Morgan Reyes", password=msp.password)
        logins.append(msp)
        morgan.session = await morgan.call("GET", "/api/session")
        people: list[Awaitable[list[Login]]] = [
            _add_people(url, morgan, client, shown=number == 0) for number, client in enumerate(clients)
        ]
        devices = [
            _add_devices(
                morgan, client, [r for r in routers if r["tenant"] == client.slug and not r["is_spare"]]
            )
            for client in clients
        ]
        results = await asyncio.gather(asyncio.gather(*people), asyncio.gather(*devices))
        for made in results[0]:
            logins.extend(made)
    return clients, logins


async def _make_client(root: _Person, slug: str, name: str, octet: int, admin: str) -> tuple[Client, str]:
    made = await root.call(
        "POST",
        "/api/platform/tenants",
        {
            "slug": slug,
            "name": name,
            "management_networks": [f"127.{octet}.0.0/16"],
            "first_admin": {"email": admin, "name": "Morgan Reyes"},
        },
    )
    job = await root.until(
        f"/api/platform/jobs/{made['job_id']}",
        lambda job: job["state"] in ("done", "failed"),
        f"making {name}",
    )
    if job["state"] == "failed":
        raise DemoError(f"making {name} failed: {job['error_message']}")
    return Client(made["tenant_id"], slug, name), made["invitation_url"]


async def _add_people(url: str, morgan: _Person, client: Client, *, shown: bool) -> list[Login]:
    logins = []
    for role, name in _PEOPLE:
        login = Login(role, f"{role}@{client.slug}.example", _new_password(), client.slug, shown)
        added = await morgan.call(
            "POST", f"/api/tenants/{client.id}/people", {"email": login.email, "name": name, "role": role}
        )
        async with _Person(url) as person:
            await person.use_link(added["invitation_url"], name=name, password=login.password)
        logins.append(login)
    return logins


async def _add_devices(morgan: _Person, client: Client, routers: list[dict[str, Any]]) -> None:
    """Import a client's routers from CSV and confirm the fingerprints that were read."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["address", "api_port", "ssh_port", "username", "password", "name", "group", "tags"])
    for router in routers:
        writer.writerow(
            [
                router[key]
                for key in (
                    "address",
                    "api_port",
                    "ssh_port",
                    "username",
                    "password",
                    "identity",
                    "site",
                    "profile",
                )
            ]
        )
    root = f"/api/tenants/{client.id}/device-imports"
    made = await morgan.call("POST", root, {"csv": text.getvalue()})
    wrong = [row for row in made["rows"] if row["state"] == "invalid"]
    if wrong:
        raise DemoError(f"{client.name}: line {wrong[0]['line']}: {wrong[0]['error_message']}")
    await morgan.call("POST", f"{root}/{made['id']}/start")
    busy = ("ready", "connecting")
    found = await morgan.until(
        f"{root}/{made['id']}",
        lambda i: all(row["state"] not in busy for row in i["rows"]),
        f"connecting {client.name}",
    )
    waiting = [row["enrolment_id"] for row in found["rows"] if row["state"] == "awaiting_confirmation"]
    await morgan.call("POST", f"{root}/{made['id']}/confirm", {"enrolment_ids": waiting})
    found = await morgan.until(
        f"{root}/{made['id']}",
        lambda i: all(row["state"] in ("done", "failed", "expired") for row in i["rows"]),
        f"adding {client.name}'s routers",
    )
    failed = [row for row in found["rows"] if row["state"] != "done"]
    if failed:
        raise DemoError(f"{client.name}: {failed[0]['address']}: {failed[0]['error_message']}")
