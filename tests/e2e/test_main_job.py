"""The main job in a real browser, against a running demonstration."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from routeros.client import open_client
from routeros.transport import SpkiPin, fetch_certificate
from tests.demo_fixture import Demo, running_demo

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(__file__).resolve().parents[2] / "artifacts" / "screenshots"
SLOW_MS = 30_000

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def demo() -> Any:
    with running_demo(devices=12) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def page(demo: Demo) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(
            base_url=demo.info["url"], viewport={"width": 1440, "height": 900}
        )
        context.set_default_timeout(SLOW_MS)
        opened = await context.new_page()
        yield opened
        await browser.close()


async def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SHOTS / f"{name}.png")


async def sign_in(page: Page, login: dict[str, Any]) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("Email").fill(login["email"])
    await page.get_by_label("Password", exact=True).fill(login["password"])
    await page.get_by_role("button", name="Sign in").click()


async def rename_router(spare: dict[str, Any], name: str) -> None:
    """Change something on the router itself, through its own API."""
    certificate = await fetch_certificate(spare["address"], spare["port"], timeout_s=5)
    client = await open_client(
        spare["address"],
        spare["port"],
        username=spare["username"],
        password=spare["password"],
        pin=SpkiPin(certificate.spki_sha256),
    )
    await client.run("/system/identity/set", {"name": name}, timeout_s=5)
    await client.close()


async def test_add_a_router_see_it_live_change_it_see_the_diff_and_nothing_from_elsewhere(
    page: Page, demo: Demo
) -> None:
    tenant = demo.info["tenants"][0]
    spare = next(router for router in demo.info["spare_routers"] if router["tenant"] == tenant["slug"])
    await shoot_sign_in(page)
    await sign_in(page, demo.login("admin"))

    await page.get_by_role("link", name=re.compile(re.escape(tenant["name"]))).first.click()
    await page.wait_for_url(f"**/t/{tenant['slug']}")
    await shoot(page, "dashboard")

    await page.get_by_role("link", name="Devices").click()
    await page.get_by_role("button", name="Add router").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Address").fill(spare["address"])
    await dialog.get_by_label("API port").fill(str(spare["port"]))
    await dialog.get_by_label("SSH port").fill(str(spare["ssh_port"]))
    await dialog.get_by_label("User name").fill(spare["username"])
    await dialog.get_by_label("Password", exact=True).fill(spare["password"])
    await dialog.get_by_role("button", name="Connect").click()
    confirm = dialog.get_by_role("button", name="Confirm and add")
    await expect(confirm).to_be_visible(timeout=SLOW_MS)
    await shoot(page, "add-router-fingerprints")
    await confirm.click()
    await dialog.get_by_role("link", name="Open the router").click()
    await page.wait_for_url(re.compile(r"/devices/\d+"), timeout=SLOW_MS)

    # Online with values, and the first backup on the timeline, within ten seconds of being added.
    await expect(page.get_by_text("Online").first).to_be_visible(timeout=10_000)
    await expect(page.get_by_role("region", name="CPU")).to_contain_text(
        re.compile(r"\d+\s*%"), timeout=10_000
    )
    await shoot(page, "device-overview")
    await page.get_by_role("tab", name="Configuration").click()
    versions = page.get_by_role("navigation", name="Versions").get_by_role("listitem")
    await expect(versions).to_have_count(1, timeout=10_000)

    await rename_router(spare, "changed-by-hand")
    await page.get_by_role("button", name="Back up now").click()
    await expect(versions).to_have_count(2, timeout=SLOW_MS)
    await expect(page.get_by_text("changed-by-hand").first).to_be_visible(timeout=SLOW_MS)
    await shoot(page, "configuration-diff")

    for tab in ("Interfaces", "Wireless", "Audit"):
        await page.get_by_role("tab", name=tab).click()
        await expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        await expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=SLOW_MS)
        await shoot(page, f"device-{tab.lower()}")

    # Another client: nothing of it is there, by name, by address, or by id.
    other = demo.info["tenants"][1]
    device_path = page.url.split("/devices/")[1].split("/")[0].split("?")[0]
    await page.goto(f"/t/{other['slug']}/devices")
    await expect(page.get_by_role("button", name="Add router")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"\d+\s(of\s\d+\s)?routers?")).first).to_be_visible()
    await expect(page.get_by_text(spare["address"], exact=True)).to_have_count(0)
    await expect(page.get_by_text("changed-by-hand")).to_have_count(0)
    reply = await page.request.get(f"/api/tenants/{other['id']}/devices/{device_path}")
    assert reply.status == 404


async def shoot_sign_in(page: Page) -> None:
    await page.goto("/sign-in")
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await shoot(page, "sign-in")


async def test_a_viewer_of_one_client_sees_no_other_and_may_change_nothing(page: Page, demo: Demo) -> None:
    mine, other = demo.info["tenants"][0], demo.info["tenants"][1]
    await sign_in(page, demo.login("viewer", mine["slug"]))
    await page.wait_for_url(re.compile(r"/($|t/)"))
    await page.goto(f"/t/{mine['slug']}/devices")
    await expect(page.get_by_role("grid").or_(page.get_by_role("table")).first).to_be_visible()
    await expect(page.get_by_role("button", name="Add router")).to_have_count(0)
    await page.goto(f"/t/{other['slug']}")
    await expect(page.get_by_text(other["name"])).to_have_count(0)
    reply = await page.request.get(f"/api/tenants/{other['id']}/devices")
    assert reply.status == 404


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
async def test_every_screen_is_drawn_without_an_error(page: Page, demo: Demo, theme: str, width: int) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.set_viewport_size({"width": width, "height": 900})
    await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    await sign_in(page, demo.login("admin"))
    await page.wait_for_url(re.compile(r"/$"))
    slug = demo.info["tenants"][1]["slug"]
    problems.clear()  # before signing in, asking who is signed in answers 401
    screens = {
        "overview": "/",
        "dashboard": f"/t/{slug}",
        "devices": f"/t/{slug}/devices",
        "people": f"/t/{slug}/people",
        "audit": f"/t/{slug}/audit",
    }
    for name, path in screens.items():
        await page.goto(path)
        await page.wait_for_load_state("load")
        await expect(page.get_by_role("main")).to_be_visible()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=SLOW_MS)
        await expect(page.get_by_role("alert")).to_have_count(0)
        await shoot(page, f"{name}-{theme}-{width}")
    assert problems == []
