"""Several commands of one session at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

_T = TypeVar("_T")


async def run_together(coroutines: Sequence[Coroutine[Any, Any, _T]]) -> list[_T]:
    """The results in order. The first error ends the others and is raised as itself, not in a group."""
    if len(coroutines) == 1:
        return [await coroutines[0]]
    tasks = [asyncio.ensure_future(one) for one in coroutines]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
