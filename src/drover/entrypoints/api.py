"""The HTTP process: the API of every slice, and the web app as static files."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response

from drover.entrypoints.wiring import ROUTERS, api_keys
from drover.platform.bus import Bus
from drover.platform.clock import SystemClock
from drover.platform.db import Database
from drover.platform.errors import DroverError, NotFoundError
from drover.platform.http import check_guards, create_app
from drover.platform.log import configure_logging
from drover.platform.secrets import Envelopes
from drover.platform.settings import ApiSettings, SettingsError, find_web_dir, load_settings

_HASHED = "assets"  # Vite's folder of files whose name holds their hash


def build_app(settings: ApiSettings) -> FastAPI:
    """The application with all routes; engines are connected when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            database = Database(settings.database_url.get_secret_value(), name="drover api", max_size=16)
            auth_database = Database(
                settings.auth_database_url.get_secret_value(), name="drover auth", max_size=4
            )
            for pool in (database, auth_database):
                await pool.open()
                stack.push_async_callback(pool.close)
            bus = await Bus.connect(settings, name="drover api")
            stack.push_async_callback(bus.close)
            app.state.database = database
            app.state.auth_database = auth_database
            app.state.bus = bus
            app.state.clock = clock
            app.state.envelopes = Envelopes(api_keys(settings), clock)
            yield

    clock = SystemClock()
    app = create_app(lifespan=lifespan)
    app.state.settings = settings
    for router in ROUTERS:
        app.include_router(router)
    check_guards(app)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> PlainTextResponse:
        """Says that the process serves; nothing else."""
        return PlainTextResponse("ok")

    _serve_web(app, find_web_dir(settings.web_dir))
    return app


def _serve_web(app: FastAPI, folder: Path | None) -> None:
    """Static files of the built web app; any other path is the app's own route and gets index.html."""

    @app.get("/{path:path}", include_in_schema=False)
    def web(path: str) -> Response:
        if path.startswith("api/"):
            raise NotFoundError(f"there is no /{path[:100]}")
        if folder is None or not (folder / "index.html").is_file():
            return PlainTextResponse(
                "The web app is not built: run `make web` (the API is under /api).", status_code=503
            )
        found = (folder / path).resolve()
        if path and found.is_relative_to(folder.resolve()) and found.is_file():
            forever = found.relative_to(folder.resolve()).parts[0] == _HASHED
            return FileResponse(
                found,
                headers={"Cache-Control": "public, max-age=31536000, immutable" if forever else "no-cache"},
            )
        return FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})


def run() -> None:
    """Serve until told to stop."""
    try:
        settings = load_settings(ApiSettings)
        configure_logging(settings.log_format, "api")
        app = build_app(settings)
    except (SettingsError, DroverError) as error:
        sys.exit(f"drover api: {error}")
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
