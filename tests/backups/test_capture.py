"""What a capture keeps, what makes a version, and what of it can be read where."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from drover.backups import masking, service
from drover.platform.clock import SystemClock
from drover.platform.secrets import Envelopes
from rossim.specs import RouterSpec
from routeros.export import parse_export, secret_spans
from tests.backups.conftest import NEVER, ShelfMaker
from tests.engines_fixture import Engines
from tests.factories.devices import make_device
from tests.factories.tenants import MadeTenant, keyring, make_person, make_tenant

ROOT = Path(__file__).parents[2]
OWN = sorted((ROOT / "tests/fixtures/exports").glob("*.rsc"))
SHARED = sorted((ROOT.parent / "shared/data/exports").rglob("*.rsc"))

Spec = Callable[..., RouterSpec]


def read(path: Path) -> bytes:
    return path.read_bytes()


def secrets_of(text: str) -> set[str]:
    return {span.value for span in secret_spans(parse_export(text))}


@pytest.mark.parametrize(
    ("model", "version", "profile"),
    [("hap-ax3", "7.18.2", "office"), ("rb4011", "6.49.18", "tower"), ("ccr2004", "7.16.2", "core")],
)
async def test_a_capture_is_the_routers_text_byte_for_byte(
    make_shelf: ShelfMaker, router_spec: Spec, model: str, version: str, profile: str
) -> None:
    shelf = await make_shelf(router_spec(model=model, version=version, profile=profile), version=version)
    result = await shelf.capture()
    assert result["changed"]
    masked, whole = await shelf.whole(result["snapshot_id"])
    assert whole == shelf.printed()
    assert secrets_of(whole)
    assert not [value for value in secrets_of(whole) if len(value) > 4 and value in masked]
    assert await shelf.versions() == [(result["snapshot_id"], "schedule", version, None, None)]
    assert await shelf.snapshot_state() == ("ok", None)
    assert await shelf.events() == []  # the first version is no change


@pytest.mark.parametrize(
    ("runs", "believed"),
    [("7.18.2", "6.49.18 (long-term)"), ("6.49.18", "7.18.2"), ("7.18.2", None), ("6.49.18", None),
     ("7.18.2", "seven, a version of tomorrow"), ("6.49.18", "")],
)  # fmt: skip
async def test_a_router_of_another_version_than_we_believe_is_captured_with_its_secrets(
    make_shelf: ShelfMaker, router_spec: Spec, runs: str, believed: str | None
) -> None:
    model, profile = ("rb4011", "tower") if runs.startswith("6") else ("hap-ax3", "office")
    shelf = await make_shelf(router_spec(model=model, version=runs, profile=profile), version=believed)
    result = await shelf.capture()
    _, whole = await shelf.whole(result["snapshot_id"])
    assert whole == shelf.printed()
    [(_, _, version, _, _)] = await shelf.versions()
    assert version == runs


@pytest.fixture(scope="module")
async def pair(engines: Engines) -> tuple[MadeTenant, MadeTenant]:
    return await make_tenant(engines), await make_tenant(engines)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in OWN + SHARED])
async def test_masked_text_and_values_join_to_the_captured_text(
    engines: Engines, pair: tuple[MadeTenant, MadeTenant], path: Path
) -> None:
    captured = read(path)
    keys = keyring(engines)
    envelopes = Envelopes(keys, SystemClock())
    tenant_id = pair[0].id
    parts = await service.take_apart(keys, tenant_id, captured.decode("utf-8", "surrogateescape"))
    sealed = await service.seal(keys, envelopes, tenant_id, parts)
    whole = await service.open_whole(envelopes, tenant_id, sealed.digest, sealed.documents, sealed.secrets)
    assert whole.encode("utf-8", "surrogateescape") == captured
    masked = await service.open_masked(envelopes, tenant_id, sealed.digest, sealed.documents)
    for secret in parts.lifted:
        assert masked[secret.at : secret.end].startswith("<secret:")
    text = masking.shown(masked)
    assert text.encode("utf-8"), "what the API sends can be sent"
    lines = masking.comparable_lines(text)
    whole_lines = text.replace("\r\n", "\n").split("\n")
    assert [whole_lines[number - 1] for number in masking.line_numbers(text, lines)] == lines
    again = await service.take_apart(keys, tenant_id, captured.decode("utf-8", "surrogateescape"))
    assert (await service.seal(keys, envelopes, tenant_id, again)).digest == sealed.digest


async def test_equal_values_look_equal_in_a_tenant_changed_ones_changed_and_no_tenant_like_another(
    engines: Engines, pair: tuple[MadeTenant, MadeTenant]
) -> None:
    keys = keyring(engines)
    text = "/ppp secret add name=a password=same-value\n/ppp secret add name=b password={}\n"

    async def tokens(tenant: MadeTenant, second: str) -> list[str]:
        parts = await service.take_apart(keys, tenant.id, text.format(second))
        return [parts.masked[one.at : one.end] for one in parts.lifted]

    first, quoted = await tokens(pair[0], '"same-value"')
    assert first == quoted
    unchanged, changed = await tokens(pair[0], "other-value")
    assert unchanged == first
    assert changed != first
    assert first not in await tokens(pair[1], "same-value")


async def test_no_secret_is_in_any_table_job_event_entry_or_log(
    make_shelf: ShelfMaker, router_spec: Spec, engines: Engines, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        shelf = await make_shelf(router_spec(model="rb4011", version="6.49.18", profile="tower"))
        person = await make_person(engines, {shelf.tenant.id: "operator"})
        first = await shelf.capture(person=person)
        shelf.change("/ppp/secret", password="another-secret-value")
        second = await shelf.capture(person=person)
        shelf.router.set_fault("down")
        with pytest.raises(Exception, match="nothing listens"):
            await shelf.capture()
    texts = [await shelf.whole(each["snapshot_id"]) for each in (first, second)]
    values = {shelf.router.spec.password, "another-secret-value"}
    for _, whole in texts:
        values |= {value for value in secrets_of(whole) if len(value) >= 6}
    assert len(values) > 5
    hidden = [*values, *(value.encode().hex() for value in values)]
    places = {"logs": caplog.text + str(logs), "masked": "".join(masked for masked, _ in texts)}
    async with await psycopg.AsyncConnection.connect(engines.dsn("drover_owner")) as owner:
        tables = await (
            await owner.execute(
                "select c.oid::regclass::text, exists (select from pg_attribute a"
                " where a.attrelid = c.oid and a.attname = 'tenant_id') from pg_class c"
                " where c.relkind in ('r', 'p') and not c.relispartition and has_table_privilege(c.oid, 'select')"
                " and c.relnamespace::regnamespace::text in ('drover', 'audit', 'auth', 'tenancy', 'procrastinate')"
            )
        ).fetchall()
        for table, has_tenant in tables:
            where = f" where tenant_id = {shelf.tenant.id}" if has_tenant else ""
            found = await (await owner.execute(f"select t::text from {table} t{where}")).fetchall()
            places[table] = "\n".join(row for (row,) in found)
    for table in (
        "drover.config_blobs",
        "drover.config_versions",
        "drover.jobs",
        "drover.events",
        "drover.devices",
        "drover.device_credentials",
        "audit.entries",
    ):
        assert places[table], f"nothing was looked at in {table}"
    assert {place: value for place, text in places.items() for value in hidden if value in text} == {}


async def test_the_time_and_comments_that_tell_states_make_no_version(
    make_shelf: ShelfMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = await make_shelf()
    first = await shelf.capture()
    before = shelf.printed()
    shelf.clock.advance(86_400)
    assert shelf.printed() != before
    with_state(monkeypatch, "# poe-out status: short_circuit")
    second = await shelf.capture()
    assert first["changed"]
    assert second == {"snapshot_id": None, "changed": False}
    assert len(await shelf.versions()) == 1
    assert await shelf.events() == []
    [seen] = await shelf.rows(
        "select last_seen_at > taken_at from drover.config_versions where tenant_id = %s", shelf.tenant.id
    )
    assert seen == (True,)


def with_state(monkeypatch: pytest.MonkeyPatch, comment: str) -> None:
    from rossim.export import export

    def export_with_state(*args: Any) -> str:
        lines = export(*args).split("\r\n")
        return "\r\n".join([*lines[:-3], comment, *lines[-3:]])

    monkeypatch.setattr("rossim.console.export", export_with_state)


async def test_a_change_makes_one_version_with_its_counts_event_and_entry(
    make_shelf: ShelfMaker, engines: Engines
) -> None:
    shelf = await make_shelf()
    person = await make_person(engines, {shelf.tenant.id: "operator"})
    await shelf.capture()
    shelf.add("/ip/firewall/address-list", address="192.0.2.1", list="blocked")
    second = await shelf.capture(person=person, trigger="manual")
    third = await shelf.capture()
    assert not third["changed"]
    assert [row[1:] for row in await shelf.versions()] == [
        ("schedule", "7.18.2", None, None),
        ("manual", "7.18.2", 1, 0),
    ]
    assert await shelf.events() == [
        ("configuration.changed", f"Configuration of {shelf.device.name} changed: 1 line added, 0 removed")
    ]
    entries = await shelf.audit()
    assert [outcome for outcome, _, _ in entries] == ["intent", "success"] * 3
    assert [details["new_version"] for outcome, details, _ in entries if outcome == "success"] == [
        (await shelf.versions())[0][0],
        second["snapshot_id"],
        None,
    ]
    assert [kind for _, _, kind in entries] == ["service"] * 2 + ["user"] * 2 + ["service"] * 2
    shelf.add("/ip/firewall/address-list", address="192.0.2.2", list="blocked")
    shelf.add("/ip/firewall/address-list", address="192.0.2.3", list="blocked")
    await shelf.capture()
    assert (await shelf.events())[-1][1].endswith("changed: 2 lines added, 0 removed")


async def test_going_back_to_an_earlier_configuration_is_a_version_of_the_same_content(
    make_shelf: ShelfMaker,
) -> None:
    shelf = await make_shelf()
    await shelf.capture()
    name = shelf.router.state.identity
    for each in ("another-name", name):
        shelf.router.state.tree.update("/system/identity", {"name": each})
        assert (await shelf.capture())["changed"]
    assert [row[3:] for row in await shelf.versions()] == [(None, None), (1, 1), (1, 1)]
    assert await shelf.rows(
        "select count(*) from drover.config_blobs where tenant_id = %s", shelf.tenant.id
    ) == [(2,)]


async def test_captures_at_the_same_time_make_one_version(make_shelf: ShelfMaker) -> None:
    shelf = await make_shelf()
    for expected in (1, 2):
        async with shelf.job() as job_id:  # taken over while its first worker still lived
            results = await asyncio.gather(*(shelf.run(job_id) for _ in range(4)))
        assert sorted(result["changed"] for result in results) == [False, False, False, True]
        assert len(await shelf.versions()) == expected
        shelf.add("/ip/firewall/address-list", address="192.0.2.1", list="blocked")
    assert len(await shelf.events()) == 1


async def test_two_tenants_with_the_same_configuration_share_nothing(make_shelf: ShelfMaker) -> None:
    first = await make_shelf()
    tenant = await make_tenant(first.engines)
    device = await make_device(first.engines, tenant, first.router, next_snapshot_at=NEVER)
    second = replace(first, tenant=tenant, device=device)
    await first.capture()
    await second.capture()
    contents = [
        await each.rows("select digest from drover.config_blobs where tenant_id = %s", each.tenant.id)
        for each in (first, second)
    ]
    assert len(contents[0]) == len(contents[1]) == 1
    assert contents[0] != contents[1]
