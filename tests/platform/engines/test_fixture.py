"""The engines that all other tests stand on."""

import psycopg
import pytest

from drover.platform.engines.state import DATABASE_ROLES
from tests.engines_fixture import Engines


@pytest.mark.parametrize("role", DATABASE_ROLES)
async def test_every_role_signs_in_with_its_password(engines: Engines, role: str) -> None:
    async with await psycopg.AsyncConnection.connect(engines.dsn(role)) as conn:
        row = await (await conn.execute("SELECT current_user")).fetchone()
        assert row == (role,)
