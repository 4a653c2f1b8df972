"""Prints the API's description: `python -m drover.entrypoints.openapi > web/openapi.json` (`make openapi`)."""

from __future__ import annotations

import json
import sys
from typing import Any

from drover.entrypoints.wiring import ROUTERS
from drover.platform.http import create_app


def describe() -> dict[str, Any]:
    """The OpenAPI document of all slices' routes: the contract that the web client is generated from."""
    app = create_app()
    for router in ROUTERS:
        app.include_router(router)
    return app.openapi()


def render() -> str:
    """The document as it is kept in the repository."""
    return json.dumps(describe(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render())
