"""What a router answers when it refuses, in RouterOS's own words.

The wording was read from real replies and from the vendor's help; clients match on it, so it is kept to
the letter.
"""

from __future__ import annotations

MISSING = 0
ARGUMENT = 1
INTERRUPTED = 2
GENERAL = 4


class Trap(Exception):
    """A command is refused with `!trap`; the session goes on."""

    def __init__(self, message: str, category: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.category = category


class Fatal(Exception):
    """The router says `!fatal` and closes the connection."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def no_such_command() -> Trap:
    return Trap("no such command", MISSING)


def no_such_menu() -> Trap:
    return Trap("no such command prefix", MISSING)


def no_such_item() -> Trap:
    return Trap("no such item", MISSING)


def unknown_parameter(name: str) -> Trap:
    return Trap(f"unknown parameter {name}", MISSING)


def missing(name: str) -> Trap:
    return Trap(f"missing ={name}=", MISSING)


def no_match(name: str) -> Trap:
    return Trap(f"input does not match any value of {name}", ARGUMENT)


def out_of_range(name: str, low: int, high: int) -> Trap:
    return Trap(f"value of {name} out of range ({low} .. {high})", ARGUMENT)


def invalid_value(name: str) -> Trap:
    return Trap(f"invalid value for argument {name}", ARGUMENT)


def invalid_address() -> Trap:
    return Trap("invalid value for argument address", ARGUMENT)


def failure(reason: str) -> Trap:
    return Trap(f"failure: {reason}", GENERAL)


def not_permitted() -> Trap:
    return Trap("not enough permissions (9)", GENERAL)


def interrupted() -> Trap:
    return Trap("interrupted", INTERRUPTED)


WRONG_LOGIN = "invalid user name or password (6)"
WRONG_LOGIN_BEFORE_6_43 = "cannot log in"
NOT_LOGGED_IN = "not logged in"
