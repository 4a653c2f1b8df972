"""The query words of print."""

from __future__ import annotations

import pytest

from rossim.queries import compile_query
from rossim.traps import Trap

ROWS = [
    {"name": "a", "mtu": "1500", "running": "true", "uptime": "1d2h"},
    {"name": "b", "mtu": "900", "running": "false", "comment": "x", "uptime": "59m"},
    {"name": "c", "mtu": "1500", "running": "false", "comment": "7"},
]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], "abc"),
        (["?name=b"], "b"),
        (["?=name=b"], "b"),
        (["?comment"], "bc"),
        (["?-comment"], "a"),
        (["?mtu=1500", "?running=true"], "a"),
        (["?running=yes"], "a"),
        (["?>mtu=1000"], "ac"),
        (["?<mtu=1000"], "b"),
        (["?>comment="], "bc"),
        (["?>uptime=1h"], "a"),
        (["?name=a", "?name=b", "?#|"], "ab"),
        (["?name=a", "?#!"], "bc"),
        (["?name=a", "?name=c", "?#|!"], "b"),
        (["?mtu=1500", "?running=true", "?#&"], "a"),
        (["?mtu=1500", "?#!", "?running=false", "?#&"], "b"),
        (["?name=a", "?#.|"], "a"),
        (["?name=a", "?name=b", "?#1"], "a"),
    ],
)
def test_queries_choose_rows(words, names):
    matches = compile_query(words)
    assert "".join(row["name"] for row in ROWS if matches(row)) == names


def test_an_unknown_operation_is_refused():
    with pytest.raises(Trap):
        compile_query(["?#x"])
