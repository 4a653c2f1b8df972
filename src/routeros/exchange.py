"""One API connection without its socket: commands in, bytes out; bytes in, events out.

Theory of operation. Each command gets a tag of our own, so many can be under way at once and their replies
may come in any order. A command's life: `send`, any number of `RowArrived`, then exactly one of
`CommandDone`, `CommandFailed` or (for the whole connection) `ConnectionEnded`. Three habits of routers
are dealt with here, so that nobody above needs to know them:

- `!trap` doesn't end a command: its `!done` still follows. The trap is kept and told with that `!done`.
- `!empty` (7.18+) announces that there are no rows, and its `!done` still follows too. It is ignored.
- After `/cancel` the `!done` of the cancel may come before the end of the cancelled command. The cancel has
  its own tag, whose replies make no event.

Replies with a tag that isn't under way, or with none, are counted and dropped: some builds send rows after
the `!done`, and that isn't a reason to lose the connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from routeros.codec import Decoder, encode_sentence
from routeros.errors import LocalProtocolError, RemoteProtocolError
from routeros.sentences import ReplyKind, Row, build_command, parse_reply


class RowArrived(NamedTuple):
    """A `!re` of a command that goes on."""

    tag: str
    row: Row


class CommandDone(NamedTuple):
    """A command ended well; `attributes` are those of its `!done`, such as `ret`."""

    tag: str
    attributes: Row


class CommandFailed(NamedTuple):
    """A command ended with a trap: the first one, when the router gave several."""

    tag: str
    path: str
    message: str
    category: int | None


class ConnectionEnded(NamedTuple):
    """The router said `!fatal`; every command under way is over and no more can be sent."""

    reason: str


Event = RowArrived | CommandDone | CommandFailed | ConnectionEnded


class _Trap(NamedTuple):
    message: str
    category: int | None


class Exchange:
    """The client's side of one connection."""

    def __init__(self, decoder: Decoder | None = None) -> None:
        self._decoder = decoder or Decoder()
        self._last_tag = 0
        self._paths: dict[str, str] = {}  # commands under way
        self._traps: dict[str, _Trap] = {}
        self._cancels: set[str] = set()  # tags of our own /cancel commands
        self._ended: str | None = None
        self._greeting: bytes | None = b""  # the first two bytes, until both are here
        self.dropped_replies = 0

    @property
    def ended(self) -> str | None:
        """The reason the router gave with `!fatal`, or None."""
        return self._ended

    @property
    def under_way(self) -> dict[str, str]:
        """The commands under way: tag to path."""
        return dict(self._paths)

    def is_under_way(self, tag: str) -> bool:
        return tag in self._paths

    def send(
        self,
        path: str,
        attributes: Mapping[str, str] | None = None,
        queries: Iterable[str] = (),
    ) -> tuple[str, bytes]:
        """Register a command and return its tag and the bytes to send."""
        if self._ended is not None:
            raise LocalProtocolError(f"the router has ended this connection: {self._ended}")
        tag = self._next_tag()
        data = encode_sentence(build_command(path, attributes, queries, tag))
        self._paths[tag] = path
        return tag, data

    def cancel(self, tag: str) -> bytes:
        """Return the bytes that ask the router to give up a command; the command's end still has to come."""
        if tag not in self._paths:
            raise LocalProtocolError(f"no command with tag {tag} is under way")
        cancel_tag = self._next_tag()
        data = encode_sentence(build_command("/cancel", {"tag": tag}, tag=cancel_tag))
        self._cancels.add(cancel_tag)
        return data

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the router; raises RemoteProtocolError, after which the connection is of no use."""
        if self._greeting is not None:
            self._check_greeting(data)
        events: list[Event] = []
        paths = self._paths
        for words in self._decoder.feed(data):
            kind, tag, attributes, bare = parse_reply(words)
            if kind is ReplyKind.FATAL:
                self._ended = " ".join(bare) or attributes.get("message", "no reason given")
                paths.clear()
                events.append(ConnectionEnded(self._ended))
                break  # nothing may follow
            if tag is None or tag not in paths:
                self._ignore(kind, tag)
            elif kind is ReplyKind.RE:
                events.append(RowArrived(tag, attributes))
            elif kind is ReplyKind.DONE:
                events.append(self._finish(tag, attributes))
            elif kind is ReplyKind.TRAP and tag not in self._traps:
                category = attributes.get("category", "")
                self._traps[tag] = _Trap(
                    attributes.get("message", "no message given"),
                    int(category) if category.isascii() and category.isdigit() else None,
                )
        return events

    def _check_greeting(self, data: bytes) -> None:
        """Tell another protocol at once: its text may announce a word that never gets whole."""
        greeting = (self._greeting or b"") + data[:2]
        if len(greeting) < 2:
            self._greeting = greeting
            return
        if greeting[1:2] != b"!":  # every reply is a short word that begins so
            raise RemoteProtocolError(f"not a reply: the first bytes are {greeting[:2].hex(' ')}")
        self._greeting = None

    def _next_tag(self) -> str:
        self._last_tag += 1
        return str(self._last_tag)

    def _finish(self, tag: str, attributes: Row) -> CommandDone | CommandFailed:
        path = self._paths.pop(tag)
        trap = self._traps.pop(tag, None)
        if trap is None:
            return CommandDone(tag, attributes)
        return CommandFailed(tag, path, trap.message, trap.category)

    def _ignore(self, kind: ReplyKind, tag: str | None) -> None:
        if tag in self._cancels:
            if kind is ReplyKind.DONE:
                self._cancels.discard(tag)
        else:
            self.dropped_replies += 1
