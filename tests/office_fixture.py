"""A client with an operator, and the enrolment of a simulated router through HTTP and the worker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio

from rossim.server import RunningRouter
from tests.api_fixture import Api
from tests.engines_fixture import Engines
from tests.factories.tenants import MadePerson, MadeTenant, make_person, make_tenant

BUSY = ("connecting", "verifying")


@dataclass
class Office:
    """One client, seen by its admin."""

    tenant: MadeTenant
    admin: MadePerson
    http: httpx.AsyncClient

    @property
    def root(self) -> str:
        return f"/api/tenants/{self.tenant.id}"

    async def begin(self, router: RunningRouter, **changes: Any) -> dict[str, Any]:
        """Start an enrolment and wait until it needs somebody."""
        body = {
            "address": router.address,
            "api_port": router.api_port,
            "ssh_port": router.ssh_port,
            "username": router.spec.username,
            "password": router.spec.password,
            **changes,
        }
        reply = await self.http.post(f"{self.root}/enrolments", json=body)
        assert reply.status_code == 202, reply.text
        return await self.settled(reply.json()["id"])

    async def settled(self, enrolment_id: str) -> dict[str, Any]:
        async with asyncio.timeout(30):
            while True:
                found: dict[str, Any] = (await self.http.get(f"{self.root}/enrolments/{enrolment_id}")).json()
                if found["state"] not in BUSY:
                    return found
                await asyncio.sleep(0.05)

    async def confirm(self, enrolment: dict[str, Any]) -> dict[str, Any]:
        pins = {key: enrolment[key] for key in ("spki_sha256", "ssh_host_key_sha256")}
        reply = await self.http.post(f"{self.root}/enrolments/{enrolment['id']}/confirm", json=pins)
        assert reply.status_code == 202, reply.text
        return await self.settled(enrolment["id"])

    async def add(self, router: RunningRouter, **changes: Any) -> int:
        """Add a router for good; the device's id."""
        done = await self.confirm(await self.begin(router, **changes))
        assert done["state"] == "done", done
        return int(done["device_id"])

    async def devices(self, query: str = "") -> list[dict[str, Any]]:
        return list((await self.http.get(f"{self.root}/devices?{query}")).json()["devices"])


@pytest_asyncio.fixture
async def office(api: Api, engines: Engines, worker: None) -> Any:
    tenant = await make_tenant(engines)
    admin = await make_person(engines, {tenant.id: "admin"})
    async with api.client(admin) as http:
        yield Office(tenant, admin, http)
