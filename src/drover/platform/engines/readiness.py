"""How a service tells its supervisor that it does its work, and not just that it was started."""

import os
from pathlib import Path

READY_FILE = "DROVER_READY_FILE"


def tell_ready() -> None:
    """Say that this process is ready; does nothing when no supervisor asked."""
    path = os.environ.get(READY_FILE)
    if path:
        Path(path).touch(mode=0o600)
