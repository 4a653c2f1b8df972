"""The `?` words of a print: a stack machine over each row.

    ?name      has the property          ?-name     lacks it
    ?name=x    equals                    ?=name=x   equals
    ?<name=x   is less                   ?>name=x   is more
    ?#ops      `!` not, `&` and, `|` or, digits copy that entry of the stack (at the end of the word:
               all is replaced by it), `.` after another operation copies the top

The stack has an endless store of true below it, and a row matches when no false is left on it.
(https://help.mikrotik.com/docs/display/ROS/API, "Queries")
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rossim.traps import ARGUMENT, Trap
from routeros.values import parse_duration

Row = Mapping[str, str]
_Step = Callable[[Row, list[bool]], None]

_OPERATIONS = re.compile(r"[0-9]+|[!&|.]")
_TRUTHS = {"yes": "true", "no": "false"}


def compile_query(words: Sequence[str]) -> Callable[[Row], bool]:
    """Turn the `?` words of a command into a test of rows; raises Trap for what is no query."""
    steps = [_compile_word(word[1:]) for word in words]

    def matches(row: Row) -> bool:
        stack: list[bool] = []
        for step in steps:
            step(row, stack)
        return all(stack)

    return matches


def _compile_word(text: str) -> _Step:
    if text.startswith("#"):
        return _compile_operations(text[1:])
    if text.startswith("-"):
        name = text[1:]
        return lambda row, stack: stack.append(name not in row)
    compare = _equal
    if text[:1] in ("<", ">", "="):
        compare = {"<": _less, ">": _more, "=": _equal}[text[0]]
        text = text[1:]
    name, separator, value = text.partition("=")
    if not separator:
        return lambda row, stack: stack.append(name in row)
    wanted = value
    return lambda row, stack: stack.append(name in row and compare(row[name], wanted))


def _equal(value: str, wanted: str) -> bool:
    return value == wanted or value == _TRUTHS.get(wanted)


def _less(value: str, wanted: str) -> bool:
    return _order(value, wanted) < 0


def _more(value: str, wanted: str) -> bool:
    return _order(value, wanted) > 0


def _order(value: str, wanted: str) -> float:
    """Below, at or above zero as `value` is less, the same or more.

    They are compared as numbers or as durations if both are, else as text.
    """
    for read in (float, parse_duration):
        try:
            left, right = read(value), read(wanted)
        except ValueError:
            continue
        if left is not None and right is not None:
            return left - right
    return (value > wanted) - (value < wanted)


def _compile_operations(text: str) -> _Step:
    operations = _OPERATIONS.findall(text)
    if "".join(operations) != text:
        raise Trap("invalid query operation", ARGUMENT)

    def run(_row: Row, stack: list[bool]) -> None:
        for index, operation in enumerate(operations):
            if operation.isdigit():
                entry = stack[-1 - int(operation)] if int(operation) < len(stack) else True
                if index == len(operations) - 1:
                    stack.clear()
                stack.append(entry)
            elif operation == "!":
                stack.append(not (stack.pop() if stack else True))
            elif operation == ".":
                stack.append(stack[-1] if stack else True)
            else:
                right = stack.pop() if stack else True
                left = stack.pop() if stack else True
                stack.append((left and right) if operation == "&" else (left or right))

    return run
