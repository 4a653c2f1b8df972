"""Properties of menus: how a written value is checked and kept, and what it is when nobody set it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rossim import traps
from rossim.clock import format_uptime
from routeros.values import parse_duration, parse_mac

if TYPE_CHECKING:
    from rossim.tree import Tree

# Checks a written value and returns it as the router keeps and prints it: (property, value, tree).
Check = Callable[[str, str, "Tree"], str]


def text(_name: str, value: str, _tree: Tree) -> str:
    return value


def boolean(name: str, value: str, _tree: Tree) -> str:
    if value in ("yes", "true"):
        return "true"
    if value in ("no", "false"):
        return "false"
    raise traps.no_match(name)


def integer(low: int, high: int) -> Check:
    def check(name: str, value: str, _tree: Tree) -> str:
        try:
            number = int(value, 16) if value.startswith("0x") else int(value)
        except ValueError:
            raise traps.invalid_value(name) from None
        if not low <= number <= high:
            raise traps.out_of_range(name, low, high)
        return str(number)

    return check


def choice(*choices: str) -> Check:
    """One of the words, or an unambiguous beginning of one, as the console completes it."""

    def check(name: str, value: str, _tree: Tree) -> str:
        if value in choices:
            return value
        begun = [word for word in choices if value and word.startswith(value)]
        if len(begun) > 1:
            raise traps.Trap(f"ambiguous value of {name}, more than one possible value matches input", 1)
        if not begun:
            raise traps.no_match(name)
        return begun[0]

    return check


def words(*choices: str) -> Check:
    """A comma-separated set of the words, each perhaps with `!` before it."""

    def check(name: str, value: str, _tree: Tree) -> str:
        for word in value.split(","):
            if word.removeprefix("!") not in choices and word:
                raise traps.no_match(name)
        return value

    return check


def ip_address(name: str, value: str, _tree: Tree) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise traps.invalid_value(name) from None


def ip_prefix(name: str, value: str, _tree: Tree) -> str:
    """An address with its prefix; a bare one is a host, and the host bits stay."""
    try:
        interface = ipaddress.ip_interface(value)
    except ValueError:
        raise traps.invalid_value(name) from None
    return str(interface)


def ip_network(name: str, value: str, _tree: Tree) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        raise traps.invalid_value(name) from None


def ip_list(name: str, value: str, _tree: Tree) -> str:
    """Addresses or prefixes with commas between; kept as written."""
    for part in filter(None, value.split(",")):
        try:
            ipaddress.ip_interface(part.removeprefix("!"))
        except ValueError:
            raise traps.invalid_value(name) from None
    return value


_RANGE = re.compile(r"!?[0-9a-fA-F.:]+(?:-[0-9a-fA-F.:]+|/\d+)?\Z")


def ip_ranges(name: str, value: str, _tree: Tree) -> str:
    for part in value.split(","):
        if part and _RANGE.match(part) is None:
            raise traps.invalid_value(name)
    return value


def mac(name: str, value: str, _tree: Tree) -> str:
    try:
        return parse_mac(value)
    except ValueError:
        raise traps.invalid_value(name) from None


_BARE_SECONDS = re.compile(r"\d+\Z")


def duration(name: str, value: str, _tree: Tree) -> str:
    """Written as `1d`, `00:10:00` or bare seconds, kept as `1d2h`."""
    if _BARE_SECONDS.match(value):
        return format_uptime(int(value))
    try:
        duration_s = parse_duration(value)
    except ValueError:
        raise traps.invalid_value(name) from None
    return value if duration_s is None else format_uptime(duration_s)


def interface(name: str, value: str, tree: Tree) -> str:
    """The name or `.id` of an interface; `all` and the like are up to the menus."""
    found = tree.interface_name(value)
    if found is None:
        raise traps.no_match(name)
    return found


def interface_or(*extra: str) -> Check:
    def check(name: str, value: str, tree: Tree) -> str:
        return value if value in extra else interface(name, value, tree)

    return check


def interfaces(name: str, value: str, tree: Tree) -> str:
    return ",".join(interface(name, part, tree) for part in value.split(",")) if value else value


def interface_list(name: str, value: str, tree: Tree) -> str:
    sign = "!" if value.startswith("!") else ""
    wanted = value.removeprefix("!")
    if any(row.values.get("name") == wanted for row in tree.table("/interface/list").rows.values()):
        return sign + wanted
    raise traps.no_match(name)


def reference(path: str, key: str = "name", *extra: str) -> Check:
    """The name of a row of another menu."""

    def check(name: str, value: str, tree: Tree) -> str:
        if value in extra or any(row.values.get(key) == value for row in tree.table(path).rows.values()):
            return value
        raise traps.no_match(name)

    return check


@dataclass(frozen=True, slots=True)
class Field:
    """A property that can be written.

    `default` is what print shows while it isn't set, and what an export leaves out; None: it isn't there
    at all. `secret` ones are kept out of exports that hide them. `hidden` ones are never shown again. A few are
    exported though they have their default.
    """

    name: str
    check: Check = text
    default: str | None = None
    required: bool = False
    secret: bool = False
    hidden: bool = False
    exported: bool = True
    always_exported: bool = False

    @property
    def is_boolean(self) -> bool:
        return self.check is boolean


COMMENT = Field("comment")
DISABLED = Field("disabled", boolean, "false")
NAME = Field("name", required=True)


def fields(*members: Field) -> dict[str, Field]:
    return {member.name: member for member in members}


def plain(names: str, check: Check = text, default: str | None = None) -> Iterable[Field]:
    """Several properties that need nothing but a name, from names with blanks between."""
    return (Field(name, check, default) for name in names.split())
