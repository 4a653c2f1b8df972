"""What the words of a sentence mean, for both sides of the wire.

Client to router: `/path/command`, `=name=value`, `?query`, `.tag=x`. Router to client: one of `!re`,
`!done`, `!trap`, `!fatal`, `!empty`, then `.tag=x` and `=name=value` words in any order, and for
`!fatal` a bare reason. Values may be empty and may contain `=`: only the second `=` separates.

Values are str, decoded as UTF-8 with surrogateescape: routers also hold comments in the code page of the
PC that ran WinBox 3, and encoding such a str again gives the router's own bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from routeros.errors import LocalProtocolError, RemoteProtocolError

Row = dict[str, str]


class ReplyKind(StrEnum):
    RE = "!re"
    DONE = "!done"
    TRAP = "!trap"
    FATAL = "!fatal"
    EMPTY = "!empty"  # since 7.18, before the `!done` of a reply without rows


class Reply(NamedTuple):
    """One sentence from a router (a NamedTuple because a poll makes hundreds of them).

    `words` holds what has no `=name=value` form, such as the reason of `!fatal`.
    """

    kind: ReplyKind
    tag: str | None
    attributes: Row
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One sentence to a router, as its server side sees it; `words` holds words of no known form."""

    path: str
    attributes: dict[str, str]
    queries: tuple[str, ...]
    tag: str | None
    words: tuple[str, ...] = ()


_KINDS = {kind.value: kind for kind in ReplyKind}


def encode_text(text: str) -> bytes:
    """Encode `text` as it travels; raises LocalProtocolError for a lone surrogate that no byte stands for."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise LocalProtocolError(f"not encodable: character {error.start} of a word") from None


def decode_words(words: Sequence[bytes]) -> list[str]:
    """Decode each word, in one call for all: NUL can't be inside a UTF-8 sequence, so words never merge."""
    texts = b"\0".join(words).decode("utf-8", "surrogateescape").split("\0")
    if len(texts) != len(words):  # some word holds a NUL itself
        return [word.decode("utf-8", "surrogateescape") for word in words]
    return texts


def build_command(
    path: str,
    attributes: Mapping[str, str] | None = None,
    queries: Iterable[str] = (),
    tag: str | None = None,
) -> list[bytes]:
    """Build the words of a command; queries keep their order and begin with `?`."""
    if not path.startswith("/") or "=" in path or " " in path or len(path) < 2:
        raise LocalProtocolError(f"not a command path: {path!r}")
    words = [encode_text(path)]
    if tag is not None:
        words.append(_tag_word(tag))
    if attributes:
        words += [_attribute_word(name, value) for name, value in attributes.items()]
    for query in queries:
        if not query.startswith("?"):
            raise LocalProtocolError(f"a query word begins with '?': {query!r}")
        words.append(encode_text(query))
    return words


def parse_reply(words: Sequence[bytes]) -> Reply:
    """Read a router's sentence; a name that comes twice keeps its last value."""
    texts = decode_words(words)
    kind = _KINDS.get(texts[0])
    if kind is None:
        raise RemoteProtocolError(f"not a reply: a sentence begins with {_clip(texts[0])}")
    tag: str | None = None
    attributes: Row = {}
    bare: list[str] = []
    for text in texts[1:]:
        parts = text.split("=", 2)
        if len(parts) == 3 and not parts[0]:
            attributes[parts[1]] = parts[2]
        elif parts[0] == ".tag" and len(parts) > 1:
            tag = text[5:]
        else:
            bare.append(text)
    return Reply(kind, tag, attributes, tuple(bare))


def parse_command(words: Sequence[bytes]) -> Command:
    """Read a client's sentence, as lenient as a router: an attribute without a second `=` is an empty one."""
    texts = decode_words(words)
    tag: str | None = None
    attributes: dict[str, str] = {}
    queries: list[str] = []
    bare: list[str] = []
    for text in texts[1:]:
        if text.startswith("="):
            name, _, value = text[1:].partition("=")
            attributes[name] = value
        elif text.startswith("?"):
            queries.append(text)
        elif text.startswith(".tag="):
            tag = text[5:]
        else:
            bare.append(text)
    return Command(texts[0], attributes, tuple(queries), tag, tuple(bare))


def build_reply(
    kind: ReplyKind,
    attributes: Mapping[str, str] | None = None,
    tag: str | None = None,
    words: Iterable[str] = (),
) -> list[bytes]:
    """Build the words of a reply, the tag before the attributes as routers put it."""
    reply = [kind.value.encode()]
    if tag is not None:
        reply.append(_tag_word(tag))
    reply += [encode_text(word) for word in words]
    if attributes:
        reply += [_attribute_word(name, value) for name, value in attributes.items()]
    return reply


def _tag_word(tag: str) -> bytes:
    if not tag:
        raise LocalProtocolError("a tag can't be empty")
    return encode_text(f".tag={tag}")


def _attribute_word(name: str, value: str) -> bytes:
    if not name or "=" in name:
        raise LocalProtocolError(f"not an attribute name: {name!r}")
    return encode_text(f"={name}={value}")


def _clip(text: str) -> str:
    return ascii(text if len(text) <= 40 else text[:40] + "...")
