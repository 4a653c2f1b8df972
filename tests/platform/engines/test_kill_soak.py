"""Killing an installation at any moment of its life, again and again, costs nothing that was committed."""

import asyncio
import random

import psycopg
import pytest

from tests.platform.engines import running
from tests.platform.engines.running import state_folder, until

ROUNDS = 60
LONGEST_LIFE_S = 3.0


@pytest.mark.prove
async def test_killed_at_random_moments_it_recovers_every_time() -> None:
    moments = random.Random(20261124)
    committed = 0
    with state_folder() as state:
        for _ in range(ROUNDS):
            process = await running.spawn(state)
            try:
                async with asyncio.timeout(moments.uniform(0.0, LONGEST_LIFE_S)):
                    assert process.stdout is not None
                    await process.stdout.readline()
                    await process.wait()
            except TimeoutError:
                pass
            running.Installation(process, state, {}).kill_group()
            await process.communicate()
            await until(lambda: not running.running_in(state.root, state.data))

            drover = await running.start(state)
            with psycopg.connect(drover.ready["owner"]) as conn:
                conn.execute("CREATE TABLE IF NOT EXISTS drover_meta.soak (round int)")
                conn.execute("INSERT INTO drover_meta.soak VALUES (%s)", [committed])
            committed += 1
            drover.kill_group()
            await drover.process.communicate()
        last = await running.start(state)
        with psycopg.connect(last.ready["owner"]) as conn:
            assert conn.execute("SELECT count(*) FROM drover_meta.soak").fetchone() == (committed,)
        assert await last.end() == 0
