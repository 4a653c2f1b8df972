"""Keeps one child running: the engines and the services alike."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from drover.platform.engines.errors import EngineError
from drover.platform.engines.process import ChildProcess

# A child that ran this long was well: its next crash is a new story.
_WELL_AFTER_S = 60.0
_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 30.0

log = structlog.get_logger(__name__)


async def keep_running(
    name: str, child: ChildProcess | None, start: Callable[[], Awaitable[ChildProcess | None]]
) -> None:
    """Start a child again whenever it ends, waiting longer each time it ends soon."""
    delay_s = _FIRST_DELAY_S
    while True:
        if child is not None:
            began = time.monotonic()
            status = await child.wait()
            if time.monotonic() - began > _WELL_AFTER_S:
                delay_s = _FIRST_DELAY_S
            log.error("child.ended", child=name, status=status, restart_in_s=delay_s)
        await asyncio.sleep(delay_s)
        delay_s = min(delay_s * 2, _LONGEST_DELAY_S)
        try:
            child = await start()
            log.info("child.started_again", child=name)
        except (EngineError, OSError) as error:
            child = None
            log.warning("child.not_started", child=name, reason=str(error), restart_in_s=delay_s)
