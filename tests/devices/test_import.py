"""CSV import: a preview that contacts nobody, a result per line, nothing half-saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from drover.devices.errors import BadCsvError
from drover.devices.imports import is_address, read_csv
from rossim.specs import RouterSpec
from tests.devices.conftest import Office
from tests.rossim_fixture import FleetFactory

NETWORKS = ["10.0.0.0/8", "fd00::/8"]


def read(text: str, taken: set[tuple[str, int]] | None = None) -> Any:
    return read_csv(text, NETWORKS, taken or set())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("10.0.0.1,admin,pw,8729,22,,,,", None),
        ("router.example.net,admin,pw,,,,,,", None),
        ("fd00::1,admin,pw,,,,,,", None),
        ("300.1.1.1,admin,pw,,,,,,", "device.bad_address"),
        ("not an address,admin,pw,,,,,,", "device.bad_address"),
        ("192.168.1.1,admin,pw,,,,,,", "device.outside_networks"),
        ("10.0.0.1,,pw,,,,,,", "import.username"),
        ("10.0.0.1,admin,pw,70000,,,,,", "import.bad_port"),
        ("10.0.0.1,admin,pw,,ssh,,,,", "import.bad_port"),
        ("10.0.0.1,admin,pw,,,,,,zz", "import.spki"),
        ("10.0.0.1,admin,pw", "import.columns"),
        ("10.0.0.9,admin,pw,,,,,,", "device.duplicate_address"),
    ],
)
def test_each_line_is_good_or_says_why_not(line: str, code: str | None) -> None:
    header = "address,username,password,api_port,ssh_port,name,group,tags,spki_sha256"
    (found,) = read(f"{header}\n{line}\n", {("10.0.0.9", 8729)})
    assert (found.problem and found.problem[0]) == code
    assert code is None or not found.password


def test_the_same_address_twice_is_found_within_the_file() -> None:
    lines = read("address,username,password\n10.0.0.1,a,b\n10.0.0.1,a,b\n\n10.0.0.2,a,b\n")
    assert [line.problem and line.problem[0] for line in lines] == [None, "device.duplicate_address", None]
    assert [line.line for line in lines] == [2, 3, 5]


def test_a_byte_order_mark_quotes_and_colons_in_fingerprints_are_fine() -> None:
    pin = ":".join(["AB"] * 32)
    (line,) = read(
        f'\ufeffAddress,Username,Password,spki_sha256,tags\n10.0.0.1,admin,"a,""b"" ",{pin},edge; north\n'
    )
    assert (line.password, line.spki_sha256, line.tags) == ('a,"b" ', "ab" * 32, ("edge", "north"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "address,username\n10.0.0.1,a\n",
        "address,username,password,pin\n",
        "address,address,username,password\n",
    ],
)
def test_a_header_that_does_not_say_what_is_what_is_refused(text: str) -> None:
    with pytest.raises(BadCsvError, match="first line"):
        read(text)


def test_what_could_be_an_address() -> None:
    assert all(is_address(text) for text in ("10.0.0.1", "::1", "a", "a.b-c.d_e.example.", "1a.example"))
    assert not any(
        is_address(text) for text in ("", "-a", "a..b", "1.2.3", "a b", "http://a", "a/24", "x" * 64)
    )


async def wait_for(office: Office, import_id: str) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            found: dict[str, Any] = (
                await office.http.get(f"{office.root}/device-imports/{import_id}")
            ).json()
            if not any(row["state"] in ("connecting", "verifying", "ready") for row in found["rows"]):
                return found
            await asyncio.sleep(0.05)


async def test_an_import_end_to_end(
    office: Office, fleet_factory: FleetFactory, router_spec: Callable[..., RouterSpec]
) -> None:
    pinned, shown, wrong_pin, wrong_password, down = fleet = list(
        await fleet_factory(*(router_spec() for _ in range(5)))
    )
    down.set_fault("down")
    lines = ["address,api_port,ssh_port,username,password,name,group,tags,spki_sha256,ssh_host_key_sha256"]
    for router, password, spki, key in (
        (pinned, pinned.spec.password, pinned.certificate_sha256_spki, pinned.ssh_host_key_sha256),
        (shown, shown.spec.password, "", ""),
        (wrong_pin, wrong_pin.spec.password, "0" * 64, ""),
        (wrong_password, "wrong", "", ""),
        (down, down.spec.password, "", ""),
    ):
        lines.append(
            f"{router.address},{router.api_port},{router.ssh_port},{router.spec.username},{password},,North,edge;spare,{spki},{key}"
        )
    lines.append("10.0.0.1,99999,22,admin,pw,,,,,")
    made = await office.http.post(f"{office.root}/device-imports", json={"csv": "\n".join(lines)})
    assert made.status_code == 201
    preview = made.json()
    assert [row["state"] for row in preview["rows"]] == ["ready"] * 5 + ["invalid"]
    assert not await office.devices()
    assert all(router.spec.password not in made.text for router in fleet)

    await office.http.post(f"{office.root}/device-imports/{preview['id']}/start")
    again = await office.http.post(f"{office.root}/device-imports/{preview['id']}/start")
    assert again.json()["error"]["code"] == "import.started"
    found = await wait_for(office, preview["id"])
    assert [(r["state"], r["error_code"]) for r in found["rows"]] == [
        ("done", None),
        ("awaiting_confirmation", None),
        ("failed", "device.certificate_changed"),
        ("awaiting_confirmation", None),
        ("failed", "device.port_closed"),
        ("invalid", "import.bad_port"),
    ]
    waiting = [row["enrolment_id"] for row in found["rows"] if row["state"] == "awaiting_confirmation"]
    await office.http.post(
        f"{office.root}/device-imports/{preview['id']}/confirm", json={"enrolment_ids": waiting}
    )
    found = await wait_for(office, preview["id"])
    assert [r["state"] for r in found["rows"]] == ["done", "done", "failed", "failed", "failed", "invalid"]
    assert found["rows"][3]["error_code"] == "device.wrong_password"
    devices = await office.devices()
    assert sorted(d["serial"] for d in devices) == sorted([pinned.spec.serial, shown.spec.serial])
    assert {(d["group_name"], tuple(d["tags"])) for d in devices} == {("North", ("edge", "spare"))}
