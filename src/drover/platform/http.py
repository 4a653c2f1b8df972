"""The HTTP application's frame: request ids, error bodies, security headers, and the check that every route is guarded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drover.platform.errors import DroverError
from drover.platform.guards import COOKIE, Guard
from drover.platform.schemas import ErrorBody, ErrorReply

log = structlog.get_logger(__name__)

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "request.too_large"}
MAX_BODY_BYTES = 8 * 1024 * 1024  # the largest CSV import, in any alphabet


def _reply(
    request: Request, status: int, code: str, message: str, fields: dict[str, str] | None = None
) -> JSONResponse:
    body = ErrorReply(
        error=ErrorBody(code=code, message=message, fields=fields or {}, request_id=request.state.request_id)
    )
    headers = {"Retry-After": fields["retry_after_s"]} if fields and "retry_after_s" in fields else None
    return JSONResponse(body.model_dump(), status_code=status, headers=headers)


async def _on_drover_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DroverError)  # noqa: S101
    if error.status >= 500:
        log.error(
            "request failed",
            code=error.code,
            path=_shown_path(request),
            request_id=request.state.request_id,
            exc_info=error,
        )
    return _reply(request, error.status, error.code, error.message, error.fields)


async def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    """422 with a field map. The rejected input is not echoed: it may be a password."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = {
        ".".join(str(part) for part in item["loc"] if part not in ("body", "query", "path")): str(item["msg"])
        for item in error.errors()
    }
    return _reply(request, 422, "input.invalid", "some fields need another value", fields)


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    return _reply(request, error.status_code, _CODES.get(error.status_code, "http.error"), str(error.detail))


async def _on_any_error(request: Request, error: Exception) -> JSONResponse:
    log.error(
        "request failed", path=_shown_path(request), request_id=request.state.request_id, exc_info=error
    )
    return _reply(
        request, 500, "internal", "something went wrong on the server; the request id finds it in the log"
    )


def _shown_path(request: Request) -> str:
    """The path for the log; a one-time link's token is a secret."""
    path = request.url.path
    return "/api/links/***" if path.startswith("/api/links/") else path


def _is_refused_unread(request: Request) -> bool:
    """Whether a request that would change something comes from nobody: its body is not worth reading."""
    path = request.url.path
    public = path == "/api/session" or path.startswith("/api/links/")
    return (
        request.method not in ("GET", "HEAD", "OPTIONS")
        and path.startswith("/api/")
        and not public
        and COOKIE not in request.cookies
    )


class BodyLimit:
    """Refuses bodies over `max_bytes` (413), before they are in memory."""

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        size = 0

        async def limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._max_bytes:
                raise HTTPException(
                    413, f"the request is larger than {self._max_bytes} bytes: send less at once"
                )
            return message

        await self._app(scope, limited, send)


@dataclass(frozen=True)
class ApiRoute:
    """One route as the check sees it; `guards` must be exactly one."""

    path: str
    methods: frozenset[str]
    guards: tuple[Guard, ...]


def api_routes(app: FastAPI) -> list[ApiRoute]:
    """All routes under /api, wherever routers were nested."""
    found = []
    for context in iter_route_contexts(app.routes):
        path = context.path
        if path is None or not path.startswith("/api/"):
            continue
        calls: list[object] = [dependant.call for dependant in context.dependant.dependencies]
        guards = tuple(call for call in calls if isinstance(call, Guard))
        found.append(ApiRoute(path, frozenset(context.methods or ()), guards))
    return found


def check_guards(app: FastAPI) -> None:
    """Default deny: refuse to start with an unguarded route, or a mutating one that names no audit action."""
    routes = api_routes(app)
    if not routes:
        raise RuntimeError("no route under /api was found: the check of guards would be empty")
    for route in routes:
        if len(route.guards) != 1:
            raise RuntimeError(f"{sorted(route.methods)} {route.path} has no guard (or more than one)")
        if route.guards[0].action is None and route.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            raise RuntimeError(f"{sorted(route.methods)} {route.path} names no audit action")


def create_app(**arguments: Any) -> FastAPI:
    """A FastAPI application with our frame; routers and state are added by the entry point."""
    app = FastAPI(
        title="Drover",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
        responses={"default": {"model": ErrorReply, "description": "An error; switch on its code."}},
        **arguments,
    )
    app.add_exception_handler(DroverError, _on_drover_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)

    app.add_middleware(BodyLimit)

    @app.middleware("http")
    async def frame(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        request.state.request_id = uuid4().hex
        try:
            if _is_refused_unread(request):
                response: Response = _reply(request, 401, "session.over", "sign in first")
            else:
                response = await call_next(request)
        except Exception as error:  # noqa: BLE001  the outermost edge: log, answer 500, never leak
            response = await _on_any_error(request, error)
        response.headers.update(_HEADERS)
        response.headers["X-Request-Id"] = request.state.request_id
        if request.url.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app
