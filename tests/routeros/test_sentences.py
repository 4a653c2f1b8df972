"""What words mean, on both sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeros.errors import LocalProtocolError, RemoteProtocolError
from routeros.sentences import (
    Command,
    Reply,
    ReplyKind,
    build_command,
    build_reply,
    parse_command,
    parse_reply,
)

# Replies re-typed from public transcripts.
REPLIES = [
    ([b"!done"], Reply(ReplyKind.DONE, None, {})),
    (
        [b"!done", b"=ret=e9fe595b073f138ffbaa802c8c346667"],
        Reply(ReplyKind.DONE, None, {"ret": "e9fe595b073f138ffbaa802c8c346667"}),
    ),
    ([b"!empty", b".tag=4"], Reply(ReplyKind.EMPTY, "4", {})),
    ([b"!fatal", b"not logged in"], Reply(ReplyKind.FATAL, None, {}, ("not logged in",))),
    (
        [b"!trap", b"=message=cannot log in"],
        Reply(ReplyKind.TRAP, None, {"message": "cannot log in"}),
    ),
    (
        [b"!re", b".tag=10", b"=.id=*A", b"=.dead=true"],
        Reply(ReplyKind.RE, "10", {".id": "*A", ".dead": "true"}),
    ),
    ([b"!re", b"=name=ether1", b".tag=x y"], Reply(ReplyKind.RE, "x y", {"name": "ether1"})),
    # only the second = separates
    ([b"!re", b"=comment=a=b==", b"=x="], Reply(ReplyKind.RE, None, {"comment": "a=b==", "x": ""})),
    # an attribute that is called tag isn't the tag
    ([b"!re", b"=tag=5", b"=.tag=6"], Reply(ReplyKind.RE, None, {"tag": "5", ".tag": "6"})),
    # UTF-8 and the code page 1251
    (
        [b"!re", b"=a=\xc5\xbelu\xc5\xa5", b"=b=\xc7\xe0\xef"],
        Reply(ReplyKind.RE, None, {"a": "\u017elu\u0165", "b": "\udcc7\udce0\udcef"}),
    ),
    # a NUL, and a UTF-8 sequence that a word's end cuts off
    ([b"!re", b"=a=\0", b"=b=\xc5"], Reply(ReplyKind.RE, None, {"a": "\0", "b": "\udcc5"})),
    ([b"!re", b"=b=\xc5", b"=\xbe=1"], Reply(ReplyKind.RE, None, {"b": "\udcc5", "\udcbe": "1"})),
    # nothing is lost of what has no form
    ([b"!re", b"=once", b"odd", b".x=1"], Reply(ReplyKind.RE, None, {}, ("=once", "odd", ".x=1"))),
]

COMMANDS = [
    ([b"/login"], Command("/login", {}, (), None)),
    (
        [b"/login", b"=name=admin", b"=password="],
        Command("/login", {"name": "admin", "password": ""}, (), None),
    ),
    ([b"/cancel", b"=tag=10", b".tag=20"], Command("/cancel", {"tag": "10"}, (), "20")),
    (
        [b"/interface/print", b".tag=7", b"=.proplist=name,type", b"?type=ether", b"?>comment=", b"?#|!"],
        Command(
            "/interface/print",
            {".proplist": "name,type"},
            ("?type=ether", "?>comment=", "?#|!"),
            "7",
        ),
    ),
    (
        [b"/interface/print", b"=stats", b"extra"],
        Command("/interface/print", {"stats": ""}, (), None, ("extra",)),
    ),
]


@pytest.mark.parametrize(("words", "reply"), REPLIES)
def test_a_reply_is_read(words: list[bytes], reply: Reply) -> None:
    assert parse_reply(words) == reply


@pytest.mark.parametrize(("words", "command"), COMMANDS)
def test_a_command_is_read(words: list[bytes], command: Command) -> None:
    assert parse_command(words) == command


def test_a_command_is_built_in_the_order_of_the_protocol() -> None:
    assert build_command(
        "/interface/print", {"stats": "", ".proplist": "name"}, ("?type=ether", "?#!"), "7"
    ) == [b"/interface/print", b".tag=7", b"=stats=", b"=.proplist=name", b"?type=ether", b"?#!"]


def test_a_reply_is_built_with_the_tag_before_the_attributes() -> None:
    assert build_reply(ReplyKind.TRAP, {"category": "2", "message": "interrupted"}, "10") == [
        b"!trap",
        b".tag=10",
        b"=category=2",
        b"=message=interrupted",
    ]
    assert build_reply(ReplyKind.FATAL, words=["not logged in"]) == [b"!fatal", b"not logged in"]


@pytest.mark.parametrize("first", [b"HTTP/1.1 400 Bad Request", b"!RE", b"", b"/login", b"\xff" * 100])
def test_a_sentence_that_begins_otherwise_is_not_a_reply(first: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        parse_reply([first, b"=a=b"])


@pytest.mark.parametrize(
    ("path", "attributes", "queries", "tag"),
    [
        ("interface/print", None, (), None),
        ("/", None, (), None),
        ("/a b", None, (), None),
        ("/a=b", None, (), None),
        ("/a", {"": "x"}, (), None),
        ("/a", {"x=y": "x"}, (), None),
        ("/a", {"x": "\ud800"}, (), None),
        ("/a", None, ("type=ether",), None),
        ("/a", None, (), ""),
    ],
)
def test_what_the_protocol_can_not_say_is_refused(
    path: str, attributes: dict[str, str] | None, queries: tuple[str, ...], tag: str | None
) -> None:
    with pytest.raises(LocalProtocolError):
        build_command(path, attributes, queries, tag)


router_text = st.binary(max_size=30).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
names = st.text("abcdefghij-.", min_size=1, max_size=12)


@given(st.dictionaries(names, router_text, max_size=6), st.none() | names, st.lists(names.map("?".__add__)))
def test_a_command_is_read_as_it_was_built(
    attributes: dict[str, str], tag: str | None, queries: list[str]
) -> None:
    words = build_command("/a/print", attributes, queries, tag)
    assert parse_command(words) == Command("/a/print", attributes, tuple(queries), tag)


@given(st.sampled_from(ReplyKind), st.dictionaries(names, router_text, max_size=6), st.none() | names)
def test_a_reply_is_read_as_it_was_built(
    kind: ReplyKind, attributes: dict[str, str], tag: str | None
) -> None:
    assert parse_reply(build_reply(kind, attributes, tag)) == Reply(kind, tag, attributes)


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=6))
def test_every_byte_of_a_reply_survives(tails: list[bytes]) -> None:
    reply = parse_reply([b"!re", *(b"=a%d=" % number + tail for number, tail in enumerate(tails))])
    values = [reply.attributes[f"a{number}"] for number in range(len(tails))]
    assert [value.encode("utf-8", "surrogateescape") for value in values] == tails
