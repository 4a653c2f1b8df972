"""Commands and replies matched by tag, played from transcripts of real routers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeros.errors import LocalProtocolError, RemoteProtocolError
from routeros.exchange import CommandDone, CommandFailed, ConnectionEnded, Exchange, RowArrived

from .conftest import wire


def exchange_with(*paths: str) -> Exchange:
    """Commands under way with the tags 1, 2, ..."""
    exchange = Exchange()
    for path in paths:
        exchange.send(path)
    return exchange


def test_each_command_gets_its_own_tag() -> None:
    exchange = Exchange()
    assert exchange.send("/interface/print", {".proplist": "name"}, ("?type=ether",)) == (
        "1",
        wire("/interface/print", ".tag=1", "=.proplist=name", "?type=ether"),
    )
    assert exchange.send("/system/resource/print") == ("2", wire("/system/resource/print", ".tag=2"))
    assert exchange.under_way == {"1": "/interface/print", "2": "/system/resource/print"}


def test_rows_and_the_end_of_two_commands_interleave() -> None:
    exchange = exchange_with("/a", "/b")
    events = exchange.receive(
        wire("!re", ".tag=2", "=x=1")
        + wire("!re", ".tag=1", "=y=1")
        + wire("!done", ".tag=2", "=ret=*3")
        + wire("!re", "=y=2", ".tag=1")
        + wire("!done", ".tag=1")
    )
    assert events == [
        RowArrived("2", {"x": "1"}),
        RowArrived("1", {"y": "1"}),
        CommandDone("2", {"ret": "*3"}),
        RowArrived("1", {"y": "2"}),
        CommandDone("1", {}),
    ]
    assert exchange.under_way == {}


def test_an_empty_reply_of_7_18_ends_with_its_done() -> None:
    exchange = exchange_with("/interface/pptp-server/print")
    assert exchange.receive(wire("!empty", ".tag=1")) == []
    assert exchange.receive(wire("!done", ".tag=1")) == [CommandDone("1", {})]


def test_a_trap_is_told_with_the_done_that_follows() -> None:
    exchange = exchange_with("/system/health/print")
    assert exchange.receive(wire("!trap", ".tag=1", "=category=0", "=message=no such command prefix")) == []
    assert exchange.receive(wire("!done", ".tag=1")) == [
        CommandFailed("1", "/system/health/print", "no such command prefix", 0)
    ]


@pytest.mark.parametrize("category", ["", "x", "-1", "\u0663"])
def test_a_category_that_is_not_a_number_is_none(category: str) -> None:
    exchange = exchange_with("/a")
    events = exchange.receive(
        wire("!trap", ".tag=1", f"=category={category}", "=message=m") + wire("!done", ".tag=1")
    )
    assert events == [CommandFailed("1", "/a", "m", None)]


def test_the_first_of_several_traps_is_told() -> None:
    exchange = exchange_with("/a")
    events = exchange.receive(
        wire("!trap", ".tag=1", "=message=cause")
        + wire("!trap", ".tag=1", "=message=consequence")
        + wire("!done", ".tag=1")
    )
    assert events == [CommandFailed("1", "/a", "cause", None)]


def test_a_cancelled_listen_ends_after_the_cancel_itself() -> None:
    exchange = exchange_with("/ip/address/listen")
    assert exchange.receive(wire("!re", ".tag=1", "=.id=*A", "=.dead=true")) == [
        RowArrived("1", {".id": "*A", ".dead": "true"})
    ]
    assert exchange.cancel("1") == wire("/cancel", ".tag=2", "=tag=1")
    events = exchange.receive(
        wire("!trap", ".tag=1", "=category=2", "=message=interrupted")
        + wire("!done", ".tag=2")
        + wire("!done", ".tag=1")
    )
    assert events == [CommandFailed("1", "/ip/address/listen", "interrupted", 2)]
    assert exchange.dropped_replies == 0


def test_a_cancel_that_came_too_late_is_no_event() -> None:
    exchange = exchange_with("/a")
    exchange.cancel("1")
    assert exchange.receive(wire("!done", ".tag=1")) == [CommandDone("1", {})]
    assert exchange.receive(wire("!trap", ".tag=2", "=message=no such item") + wire("!done", ".tag=2")) == []
    assert exchange.dropped_replies == 0


def test_cancelling_what_is_not_under_way_is_refused() -> None:
    with pytest.raises(LocalProtocolError):
        Exchange().cancel("1")


def test_replies_that_belong_to_nobody_are_dropped_and_counted() -> None:
    exchange = exchange_with("/a")
    events = exchange.receive(
        wire("!re", ".tag=99", "=x=1")
        + wire("!re", "=x=1")
        + wire("!done", ".tag=1")
        + wire("!re", ".tag=1", "=late=1")
        + wire("!done", ".tag=1")
    )
    assert events == [CommandDone("1", {})]
    assert exchange.dropped_replies == 4


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("!fatal", "not logged in"), "not logged in"),
        (("!fatal", "session terminated on request"), "session terminated on request"),
        (("!fatal", "=message=too many"), "too many"),
        (("!fatal",), "no reason given"),
        (("!fatal", ".tag=1", "why"), "why"),
    ],
)
def test_a_fatal_ends_everything_with_its_reason(words: tuple[str, ...], reason: str) -> None:
    exchange = exchange_with("/a", "/b")
    assert exchange.receive(wire(*words) + wire("!done", ".tag=1")) == [ConnectionEnded(reason)]
    assert exchange.ended == reason
    assert exchange.under_way == {}
    with pytest.raises(LocalProtocolError, match=reason):
        exchange.send("/c")


def test_what_is_no_reply_is_a_protocol_error() -> None:
    with pytest.raises(RemoteProtocolError):
        exchange_with("/a").receive(wire("/login"))


@pytest.mark.parametrize(
    "data", [b"HTTP/1.1 400 Bad Request", b"SSH-2.0-x", b"\0\0", b"\x15\x03\x01", b"\xf8!"]
)
def test_another_protocol_is_told_by_its_first_bytes(data: bytes) -> None:
    for step in (1, 2, len(data)):
        exchange = exchange_with("/login")
        with pytest.raises(RemoteProtocolError):
            for offset in range(0, len(data), step):
                exchange.receive(data[offset : offset + step])


def test_a_command_that_can_not_be_said_is_not_under_way() -> None:
    exchange = Exchange()
    with pytest.raises(LocalProtocolError):
        exchange.send("/a", {"b=c": "d"})
    assert exchange.under_way == {}


@given(st.data())
def test_the_events_do_not_depend_on_how_the_bytes_are_cut(data: st.DataObject) -> None:
    stream = b"".join(
        wire(*data.draw(st.sampled_from(REPLY_CHOICES)), f".tag={data.draw(st.integers(1, 4))}")
        for _ in range(data.draw(st.integers(0, 12)))
    )
    whole = exchange_with("/a", "/b", "/c")
    expected = whole.receive(stream)

    cut = exchange_with("/a", "/b", "/c")
    found = [event for offset in range(len(stream)) for event in cut.receive(stream[offset : offset + 1])]
    assert found == expected
    assert cut.dropped_replies == whole.dropped_replies
    ends = [event.tag for event in found if isinstance(event, CommandDone | CommandFailed)]
    assert len(ends) == len(set(ends))


REPLY_CHOICES = [
    ("!re", "=x=1"),
    ("!done",),
    ("!done", "=ret=1"),
    ("!empty",),
    ("!trap", "=message=m", "=category=1"),
]
