"""The live stream: hints of one's own client, as long as one may read it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest_asyncio

from drover.metrics import live
from drover.platform.bus import Bus
from drover.platform.settings import ServiceSettings
from tests.factories.tenants import MadePerson, make_person, make_tenant

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def bus(engines) -> AsyncIterator[Bus]:
    login = engines.nats["ingest"]
    settings = ServiceSettings(
        database_url=engines.dsn("drover_ingest"),
        nats_url=login.url,
        nats_user=login.user,
        nats_password=login.password,
        nats_inbox_prefix=login.inbox_prefix,
    )
    bus = await Bus.connect(settings, name="test live")
    yield bus
    await bus.close()


class Page:
    """An open stream; `hint` is the next hint."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def line(self, start: str) -> str:
        async with asyncio.timeout(10):
            async for line in self._lines:
                if line.startswith(start):
                    return line
        raise EOFError

    async def hint(self) -> dict[str, Any]:
        hint: dict[str, Any] = json.loads((await self.line("data: ")).removeprefix("data: "))
        return hint


async def open_page(stack, api, person: MadePerson, tenant_id: int) -> Page:
    http = await stack.enter_async_context(api.client(person))
    reply = await stack.enter_async_context(http.stream("GET", f"/api/tenants/{tenant_id}/live"))
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    page = Page(reply.aiter_lines())
    await page.line(": open")
    return page


async def test_hints_reach_the_pages_of_their_client_and_no_others(engines, api, bus):
    from contextlib import AsyncExitStack

    first, second = await make_tenant(engines), await make_tenant(engines)
    person = await make_person(engines, {first.id: "viewer", second.id: "viewer"})
    async with AsyncExitStack() as stack:
        pages = [await open_page(stack, api, person, first.id) for _ in range(2)]
        other = await open_page(stack, api, person, second.id)
        assert api.app.state.live_hub.subscriptions() >= {first.id, second.id}
        await bus.publish_live(first.id, "device.polled", AT, device_id=7)
        await bus.publish_live(second.id, "event.added", AT, device_id=8, ref="99")
        for page in pages:
            assert await page.hint() == {
                "kind": "device.polled",
                "device_id": 7,
                "ref": None,
                "at": "2026-11-24T12:00:00Z",
            }
        assert (await other.hint())["ref"] == "99"
    async with asyncio.timeout(10):
        while api.app.state.live_hub.subscriptions() & {first.id, second.id}:
            await asyncio.sleep(0.05)


async def test_a_stream_ends_soon_after_the_membership(engines, api, bus, monkeypatch):
    from contextlib import AsyncExitStack

    monkeypatch.setattr(live, "RECHECK_S", 0.1)
    tenant = await make_tenant(engines)
    person = await make_person(engines, {tenant.id: "viewer"})
    async with AsyncExitStack() as stack:
        page = await open_page(stack, api, person, tenant.id)
        async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
            await owner.execute("delete from auth.memberships where user_id = %s", (person.user_id,))
        async with asyncio.timeout(5):
            try:
                await page.line("never")
            except EOFError:
                return


async def test_a_quiet_stream_shows_that_it_lives(engines, api, monkeypatch):
    from contextlib import AsyncExitStack

    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)
    tenant = await make_tenant(engines)
    person = await make_person(engines, {tenant.id: "viewer"})
    async with AsyncExitStack() as stack:
        page = await open_page(stack, api, person, tenant.id)
        await page.line(": still here")


def test_what_is_no_hint_is_not_passed_on():
    for data in (b"", b"{}", b'{"kind": "x", "at": "2026-11-24T12:00:00Z"}', b"data: x\n\ndata: y", b"[1]"):
        assert live.as_event(data) is None


async def test_a_slow_page_loses_the_oldest_hints_only():
    queue = live.HintQueue()
    for number in range(live.MAX_WAITING + 10):
        queue.put(b"%d" % number)
    lines = queue.take()
    assert len(lines) == live.MAX_WAITING
    assert lines[-1] == b"%d" % (live.MAX_WAITING + 9)
