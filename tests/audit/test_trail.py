"""The trail: written with the act, chained, proven against checkpoints, and every tampering found."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drover.audit.contracts import CheckpointFolder
from drover.audit.service import Checkpointer, verify
from drover.platform.clock import SystemClock
from drover.platform.db import Database
from tests.engines_fixture import Engines
from tests.factories.tenants import MadeTenant, make_person, make_tenant


class Trail:
    """One tenant's trail with some entries, and what verifies it."""

    def __init__(self, engines: Engines, tenant: MadeTenant, database: Database, folder: Path) -> None:
        self.engines = engines
        self.tenant = tenant
        self.database = database
        self.folder = CheckpointFolder(folder)
        self.checkpointer = Checkpointer(database, self.folder, Ed25519PrivateKey.generate(), SystemClock())

    async def write(self, count: int, action: str = "device.changed") -> None:
        for number in range(count):
            async with self.database.service(self.tenant.leases["drover_worker"]) as tx:
                await tx.record(
                    action,
                    target=("device", number, f"router {number}"),
                    details={"note": "naïve ünïcode", "n": number},
                )

    async def verify(self) -> dict[str, Any]:
        async with self.database.service(self.tenant.leases["drover_worker"]) as tx:
            return await verify(tx, self.folder)

    async def tamper(self, *statements: str) -> None:
        """As the tables' owner with triggers off: what a rogue database administrator could do."""
        partition = f"audit.entries_{self.tenant.id}"
        async with await psycopg.AsyncConnection.connect(
            self.engines.postgres.dsn("drover_super").get_secret_value()
        ) as owner:
            await owner.execute("set session_replication_role = replica")
            for statement in statements:
                await owner.execute(statement.format(t=partition))  # type: ignore[arg-type]

    async def recompute(self, first: int) -> None:
        """Recompute all hashes from an entry on, and the head: the clever tamperer."""
        tenant = self.tenant.id
        async with await psycopg.AsyncConnection.connect(
            self.engines.postgres.dsn("drover_super").get_secret_value()
        ) as owner:
            await owner.execute("set session_replication_role = replica")
            rows = await (
                await owner.execute(
                    "select seq from audit.entries where tenant_id = %s and seq >= %s order by seq",
                    (tenant, first),
                )
            ).fetchall()
            for (seq,) in rows:
                before = await (
                    await owner.execute(
                        "select hash from audit.entries where tenant_id = %s and seq < %s order by seq desc limit 1",
                        (tenant, seq),
                    )
                ).fetchone()
                previous = before[0] if before else sha256(f"drover audit chain {tenant}".encode()).digest()
                await owner.execute(
                    "update audit.entries set previous_hash = %s where tenant_id = %s and seq = %s",
                    (previous, tenant, seq),
                )
                await owner.execute(
                    "update audit.entries e set hash = sha256(convert_to(audit.canonical(e), 'UTF8')) where tenant_id = %s and seq = %s",
                    (tenant, seq),
                )
            await owner.execute(
                "update audit.heads h set seq = e.seq, hash = e.hash from"
                " (select seq, hash from audit.entries where tenant_id = %s order by seq desc limit 1) e where h.tenant_id = %s",
                (tenant, tenant),
            )


@pytest.fixture
async def trail(engines: Engines, tmp_path: Path) -> Any:
    database = Database(engines.dsn("drover_worker"), name="test", max_size=4)
    await database.open()
    made = Trail(engines, await make_tenant(engines), database, tmp_path / "checkpoints")
    await made.write(6)
    yield made
    await database.close()


async def test_a_whole_trail_verifies_and_says_what_no_checkpoint_covers(trail: Trail) -> None:
    assert (await trail.verify())["uncovered"] == 6
    await trail.checkpointer.run()
    await trail.write(2)
    report = await trail.verify()
    assert report == {
        "ok": True,
        "entries": 8,
        "verified_to_seq": 8,
        "checkpoint_seq": 6,
        "uncovered": 2,
        "problems": [],
    }


@pytest.mark.parametrize("recomputed", [False, True])
@pytest.mark.parametrize(
    "statements",
    [
        ("update {t} set actor_name = 'somebody else' where seq = 3",),
        ("update {t} set details = '{{}}' where seq = 3",),
        ("delete from {t} where seq = 3", "update {t} set seq = seq - 1 where seq > 3"),
        (
            "update {t} set seq = 99 where seq = 3",
            "update {t} set seq = 3 where seq = 4",
            "update {t} set seq = 4 where seq = 99",
        ),
        (
            "update {t} set seq = seq + 1 where seq > 3",
            "insert into {t} select tenant_id, 4, at, actor_kind, actor_id, actor_name, role, via, source_address, 'device.added',"
            " target_kind, target_id, target_name, outcome, details, request_id, previous_hash, hash from {t} where seq = 3",
        ),
    ],
    ids=["edit", "edit details", "delete", "reorder", "insert"],
)
async def test_tampering_is_found(trail: Trail, statements: tuple[str, ...], recomputed: bool) -> None:
    await trail.checkpointer.run()
    await trail.tamper(*statements)
    if recomputed:
        await trail.recompute(3)
    report = await trail.verify()
    assert not report["ok"]
    assert report["problems"]


async def test_a_cut_tail_is_found_even_when_the_head_is_moved_back(trail: Trail) -> None:
    await trail.checkpointer.run()
    await trail.tamper("delete from {t} where seq > 4")
    await trail.recompute(4)
    report = await trail.verify()
    assert not report["ok"]
    assert "cut off" in report["problems"][0]


async def test_a_checkpoint_written_by_somebody_else_is_found(trail: Trail, tmp_path: Path) -> None:
    await trail.checkpointer.run()
    file = tmp_path / "checkpoints" / f"{trail.tenant.id}.jsonl"
    file.write_text(file.read_text().replace('"seq": 6', '"seq": 5'))
    assert not (await trail.verify())["ok"]


@pytest.mark.parametrize("role", ["drover_owner", "drover_api", "drover_worker"])
async def test_not_even_the_owner_may_change_an_entry(trail: Trail, role: str) -> None:
    for statement in (
        "update audit.entries set actor_name = 'x'",
        "delete from audit.entries",
        "truncate audit.entries",
    ):
        async with await psycopg.AsyncConnection.connect(trail.engines.dsn(role)) as connection:
            with pytest.raises(psycopg.DatabaseError):
                await connection.execute(statement)  # type: ignore[arg-type]


async def test_an_act_that_is_rolled_back_leaves_no_entry(trail: Trail) -> None:
    with pytest.raises(ZeroDivisionError):
        async with trail.database.service(trail.tenant.leases["drover_worker"]) as tx:
            await tx.record("device.changed")
            raise ZeroDivisionError
    assert (await trail.verify())["entries"] == 6


async def test_a_forged_function_in_the_database_hides_nothing(trail: Trail) -> None:
    await trail.checkpointer.run()
    async with await psycopg.AsyncConnection.connect(trail.engines.dsn("drover_owner")) as owner:
        row = await (await owner.execute("select pg_get_functiondef('audit.canonical'::regproc)")).fetchone()
    assert row is not None
    await trail.tamper(
        "create table audit.kept as select seq, audit.canonical(e) as text from {t} e",
        "grant select on audit.kept to drover_worker, drover_audit",
        "update {t} set actor_name = 'somebody else' where seq = 3",
        "create or replace function audit.canonical(e audit.entries) returns text language sql stable"
        " as 'select k.text from audit.kept k where k.seq = e.seq'",
    )
    try:
        assert "entry 3 was changed" in (await trail.verify())["problems"]
    finally:
        await trail.tamper(row[0].replace("{", "{{").replace("}", "}}"), "drop table audit.kept")


async def test_a_trail_whose_checkpoints_are_gone_is_suspicious(trail: Trail) -> None:
    await trail.write(100)
    assert "no checkpoint covers" in (await trail.verify())["problems"][0]


async def test_concurrent_writers_keep_the_chain_whole(trail: Trail) -> None:
    await asyncio.gather(*(trail.write(10, f"device.changed_{writer}") for writer in range(12)))
    await trail.checkpointer.run()
    report = await trail.verify()
    assert (report["ok"], report["entries"]) == (True, 126)


async def test_an_entry_names_who_it_was_from_the_signed_context(engines: Engines) -> None:
    tenant = await make_tenant(engines)
    person = await make_person(engines, {tenant.id: "operator"}, name="Grace Herder")
    database = Database(engines.dsn("drover_api"), name="test", max_size=1)
    await database.open()
    async with database.tenant(person.secret, tenant.id) as tx:
        await tx.record("device.changed")
    async with database.tenant(person.secret, tenant.id) as tx:
        row = await tx.get(
            "select actor_kind, actor_id, actor_name, role, via from audit.entries where tenant_id = %(tenant_id)s"
        )
    await database.close()
    assert (row["actor_kind"], row["actor_id"], row["role"], row["via"]) == (
        "user",
        person.user_id,
        "operator",
        "drover_api",
    )
    assert row["actor_name"] == f"Grace Herder <{person.email}>"
