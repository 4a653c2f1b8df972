"""The one base of all errors that a person may see: a stable code, an HTTP status, a message safe to show."""

from __future__ import annotations

from collections.abc import Mapping


class DroverError(Exception):
    """Base class; subclasses set `code` and `status`, raisers give a message that says what to do.

    The message and the fields never hold a secret or another tenant's data: they are shown and logged.
    """

    code = "internal"
    status = 500

    def __init__(
        self, message: str, *, code: str | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.fields = dict(fields or {})


class InvalidInputError(DroverError):
    """The payload is wrong: fields say where and what to do (422)."""

    code = "input.invalid"
    status = 422


class NotFoundError(DroverError):
    """The object does not exist, or is another tenant's: the two answer alike (404)."""

    code = "not_found"
    status = 404


class ForbiddenError(DroverError):
    """Signed in, but the role does not allow this (403)."""

    code = "forbidden"
    status = 403


class SessionOverError(DroverError):
    """No live session: sign in again (401)."""

    code = "session.over"
    status = 401


class ConflictError(DroverError):
    """The request is fine but clashes with what is there (409)."""

    code = "conflict"
    status = 409


class TooManyAttemptsError(DroverError):
    """Throttled: fields name `retry_after_s` (429)."""

    code = "too_many_attempts"
    status = 429


class ContextRefusedError(DroverError):
    """The database refused the tenant context: absent, forged, copied or old. A bug of ours, never the user's."""

    code = "tenancy.context_refused"
    status = 500


class KeysUnavailableError(DroverError):
    """The key store can't be reached or lacks the key: what needs it fails, everything else goes on (503)."""

    code = "keys.unavailable"
    status = 503


class EngineUnavailableError(DroverError):
    """PostgreSQL or NATS can't be reached (503)."""

    code = "engine.unavailable"
    status = 503
