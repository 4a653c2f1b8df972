"""What can go wrong with people."""

from drover.platform.errors import ConflictError, DroverError, NotFoundError, TooManyAttemptsError


class WrongPasswordError(DroverError):
    code = "session.wrong_password"
    status = 401


class ThrottledError(TooManyAttemptsError):
    code = "session.throttled"


class LinkOverError(NotFoundError):
    code = "link.over"


class EmailTakenError(ConflictError):
    code = "person.email_taken"


class WeakPasswordError(DroverError):
    code = "person.weak_password"
    status = 422
