"""kill -9 of everything in the middle of polling and backups: nothing corrupt, nothing twice, and it goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import psutil
import pytest

from tests.demo_fixture import Demo, running_demo

pytestmark = pytest.mark.timeout(600)
DEADLINE_S = 90.0


def until(check: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not check():
        assert time.monotonic() < deadline, what
        time.sleep(0.25)


class Msp:
    """The MSP's admin over HTTP."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        login = demo.login("admin")
        self.http = httpx.Client(base_url=demo.info["url"], timeout=30, trust_env=False)
        reply = self.http.post("/api/session", json={"email": login["email"], "password": login["password"]})
        self.http.headers["X-CSRF-Token"] = reply.raise_for_status().json()["csrf_token"]

    def get(self, path: str) -> Any:
        return self.http.get(path).raise_for_status().json()

    def devices(self) -> list[tuple[int, dict[str, Any]]]:
        return [
            (t["id"], device)
            for t in self.demo.info["tenants"]
            for device in self.get(f"/api/tenants/{t['id']}/devices")["devices"]
        ]

    def versions(self) -> dict[tuple[int, int], int]:
        return {
            (tenant, d["id"]): self.get(f"/api/tenants/{tenant}/devices/{d['id']}/snapshots")["total"]
            for tenant, d in self.devices()
        }


def test_killed_whole_and_started_again_nothing_is_lost_or_doubled() -> None:
    with running_demo(devices=12) as demo:
        msp = Msp(demo)
        until(lambda: sum(d["state"] == "online" for _, d in msp.devices()) >= 10, "the fleet came online")
        for tenant, device in msp.devices():  # backups are under way when the power goes
            msp.http.post(f"/api/tenants/{tenant}/devices/{device['id']}/snapshots")
        killed_at = time.time()
        demo.kill()
        msp.http.close()
        until(lambda: not belongings(demo), "nothing of it is left running")

        demo.start()
        msp = Msp(demo)
        until(
            lambda: sum(d["last_snapshot_at"] is not None for _, d in msp.devices()) >= 10, "backups went on"
        )
        until(
            lambda: (
                not any(
                    job["state"] in ("queued", "running")
                    for t in demo.info["tenants"]
                    for job in msp.get(f"/api/tenants/{t['id']}/jobs")
                )
            ),
            "no job is stuck",
        )
        # Nobody changed a router: one version each, whatever was captured twice.
        assert set(msp.versions().values()) <= {0, 1}
        assert sum(msp.versions().values()) >= 11

        def polled_since() -> bool:
            return (
                sum(d["state"] == "online" and stamp(d["last_poll_at"]) > killed_at for _, d in msp.devices())
                >= 10
            )

        until(polled_since, "polling went on")
        verified = subprocess.run(
            [sys.executable, "-m", "drover.entrypoints.cli", "audit", "verify", "--state-dir", str(demo.state_dir)],
            check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert verified.stdout.count("whole") == 5
        msp.http.close()
        assert demo.stop() == 0
        assert not belongings(demo)


def stamp(at: str | None) -> float:
    return datetime.fromisoformat(at).timestamp() if at else 0.0


def belongings(demo: Demo) -> list[int]:
    """Processes that still run out of the demonstration's folder."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "cwd"]):
        line = " ".join(process.info["cmdline"] or []) + " " + (process.info["cwd"] or "")
        if str(demo.state_dir) in line:
            found.append(process.info["pid"])
    return found
