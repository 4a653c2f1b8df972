"""The binary API of one connection: sentences in, sentences out.

Commands are answered in the order in which they came; those that go on (listen, monitors) run beside
them as tasks, each until it ends, is cancelled, or the connection goes.
"""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Sequence
from hashlib import md5
from typing import TYPE_CHECKING

from rossim import sessions, traps
from rossim.commands import execute
from rossim.tree import Answer, Stream, Values
from rossim.wire import Outlet
from routeros.codec import Decoder, encode_length, encode_sentence
from routeros.errors import RemoteProtocolError
from routeros.sentences import Command, ReplyKind, build_reply, parse_command

if TYPE_CHECKING:
    from rossim.router import Router

_SENTENCES_BEFORE_LOGIN = 16
_BYTES_BEFORE_LOGIN = 4096


class ApiConnection:
    """One client's connection, from before its login on."""

    def __init__(self, router: Router, outlet: Outlet, peer: str) -> None:
        self._router = router
        self._outlet = outlet
        self._peer = peer
        self._decoder = Decoder(max_sentence_bytes=_BYTES_BEFORE_LOGIN)
        self._session: sessions.Session | None = None
        self._challenge: bytes | None = None
        self._sentences = 0
        self._streams: dict[str | None, asyncio.Task[None]] = {}
        self._closed = False

    def data_received(self, data: bytes) -> None:
        try:
            sentences = self._decoder.feed(data)
        except RemoteProtocolError:
            self._fatal("protocol error")
            return
        replies: list[bytes] = []
        for words in sentences:
            if self._closed:
                return
            try:
                replies += self._handle(parse_command(words))
            except traps.Fatal as fatal:
                replies.append(_sentence(ReplyKind.FATAL, None, None, (fatal.reason,)))
                self._outlet.send(b"".join(replies))
                self._close()
                return
        if replies:
            self._outlet.send(b"".join(replies))

    def connection_lost(self) -> None:
        self._closed = True
        for task in self._streams.values():
            task.cancel()
        self._streams.clear()
        if self._session is not None:
            sessions.sign_out(self._router, self._session)

    def _close(self) -> None:
        self._closed = True
        self._outlet.close()

    def _fatal(self, reason: str) -> None:
        self._outlet.send(_sentence(ReplyKind.FATAL, None, None, (reason,)))
        self._close()

    def _handle(self, command: Command) -> list[bytes]:
        if command.path == "/quit":
            raise traps.Fatal("session terminated on request")
        if command.path == "/login":
            return self._login(command)
        if self._session is None:
            raise traps.Fatal(traps.NOT_LOGGED_IN)
        if command.path == "/cancel":
            return self._cancel(command)
        try:
            answer = execute(self._router, self._session, command)
        except traps.Trap as trap:
            return _refusal(trap, command.tag)
        if isinstance(answer, Answer):
            return _answer(answer, command.tag, says_empty=self._router.platform.empty_reply)
        self._start(answer, command.tag)
        return []

    def _start(self, stream: Stream, tag: str | None) -> None:
        task = asyncio.get_running_loop().create_task(self._run(stream, tag))
        self._streams[tag] = task

    async def _run(self, stream: Stream, tag: str | None) -> None:
        try:
            async for values in stream:
                self._outlet.send(_sentence(ReplyKind.RE, values, tag))
        except traps.Trap as trap:
            self._outlet.send(b"".join(_refusal(trap, tag)))
        else:
            self._outlet.send(_sentence(ReplyKind.DONE, None, tag))
        self._streams.pop(tag, None)

    def _cancel(self, command: Command) -> list[bytes]:
        """Interrupt one command, or all; its own `!done` comes before theirs, as it can on a router."""
        wanted = command.attributes.get("tag")
        tags = list(self._streams) if wanted is None else [tag for tag in self._streams if tag == wanted]
        if wanted is not None and not tags:
            return _refusal(traps.no_such_item(), command.tag)
        replies = []
        for tag in tags:
            self._streams.pop(tag).cancel()
            interrupted = traps.interrupted()
            replies.append(_trap(interrupted, tag))
        replies.append(_sentence(ReplyKind.DONE, None, command.tag))
        replies += [_sentence(ReplyKind.DONE, None, tag) for tag in tags]
        return replies

    def _login(self, command: Command) -> list[bytes]:
        self._sentences += 1
        if self._sentences > _SENTENCES_BEFORE_LOGIN:
            raise traps.Fatal("too many commands before login")
        attributes = command.attributes
        name = attributes.get("name", "")
        new = self._router.platform.new_login
        if "response" in attributes:
            return self._answer_challenge(name, attributes["response"], command.tag)
        # before 6.43 a password beside the name was ignored; since then one is asked for by a challenge
        # only when the client gave none
        if not new or "password" not in attributes:
            self._challenge = os.urandom(16)
            return [_sentence(ReplyKind.DONE, {"ret": self._challenge.hex()}, command.tag)]
        session = sessions.sign_in(self._router, name, attributes["password"], self._peer, "api")
        return self._admitted(session, command.tag)

    def _answer_challenge(self, name: str, response: str, tag: str | None) -> list[bytes]:
        challenge, self._challenge = self._challenge, None
        row = sessions.find_user(self._router, name)
        session = None
        if row is not None and challenge is not None and not self._router.platform.new_login:
            secret = row.get("password", "").encode("utf-8", "surrogateescape")
            # the protocol's own; nothing rests on its strength here
            digest = md5(b"\0" + secret + challenge, usedforsecurity=False)
            if hmac.compare_digest("00" + digest.hexdigest(), response):
                session = sessions.admit(self._router, name, self._peer, "api", answer=response)
        return self._admitted(session, tag)

    def _admitted(self, session: sessions.Session | None, tag: str | None) -> list[bytes]:
        if session is None:
            new = self._router.platform.new_login
            message = traps.WRONG_LOGIN if new else traps.WRONG_LOGIN_BEFORE_6_43
            return _refusal(traps.Trap(message), tag)
        if self._session is not None:
            sessions.sign_out(self._router, self._session)
        self._session = session
        self._decoder = Decoder()
        return [_sentence(ReplyKind.DONE, None, tag)]


def _sentence(
    kind: ReplyKind, attributes: Values | None, tag: str | None, words: tuple[str, ...] = ()
) -> bytes:
    return encode_sentence(build_reply(kind, attributes, tag, words))


def _rows(rows: Sequence[Values], tag: str | None) -> list[bytes]:
    """Rows as sentences: most of what a router says, so the words are put together in one go."""
    begin = encode_sentence(build_reply(ReplyKind.RE, None, tag))[:-1]
    sentences = []
    for row in rows:
        parts = [begin]
        for name, value in row.items():
            word = f"={name}={value}".encode("utf-8", "surrogateescape")
            parts.append(encode_length(len(word)))
            parts.append(word)
        parts.append(b"\0")
        sentences.append(b"".join(parts))
    return sentences


def _trap(trap: traps.Trap, tag: str | None) -> bytes:
    attributes = {} if trap.category is None else {"category": str(trap.category)}
    return _sentence(ReplyKind.TRAP, {**attributes, "message": trap.message}, tag)


def _refusal(trap: traps.Trap, tag: str | None) -> list[bytes]:
    return [_trap(trap, tag), _sentence(ReplyKind.DONE, None, tag)]


def _answer(answer: Answer, tag: str | None, *, says_empty: bool) -> list[bytes]:
    replies = _rows(answer.rows, tag)
    if answer.is_print and not replies and says_empty:
        replies.append(_sentence(ReplyKind.EMPTY, None, tag))
    done = None if answer.ret is None else {"ret": answer.ret}
    replies.append(_sentence(ReplyKind.DONE, done, tag))
    return replies
