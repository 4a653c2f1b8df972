"""A client of the API for tests, with a codec of its own: one shared with the simulator would hide its bugs."""

from __future__ import annotations

import asyncio
import ssl
from hashlib import md5
from typing import Any

_TIMEOUT_S = 10.0


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    if size < 0x4000:
        return (size | 0x8000).to_bytes(2, "big")
    return (size | 0xC00000).to_bytes(3, "big")


class ApiClient:
    """One connection, one sentence at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, running: Any, *, anonymous: bool = False) -> ApiClient:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        if anonymous:
            context.verify_mode = ssl.CERT_NONE
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers("ADH:@SECLEVEL=0")
        else:
            context.load_verify_locations(running.keys.certificate_path)
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(running.address, running.api_port, ssl=context)
        return cls(reader, writer)

    async def send(self, *words: str) -> None:
        sentence = b"".join(_length(len(word.encode())) + word.encode() for word in words) + b"\0"
        self._writer.write(sentence)
        async with asyncio.timeout(_TIMEOUT_S):
            await self._writer.drain()

    async def receive(self) -> list[str] | None:
        """The next sentence; None at the end of the connection."""
        words: list[str] = []
        async with asyncio.timeout(_TIMEOUT_S):
            while True:
                try:
                    first = (await self._reader.readexactly(1))[0]
                    more = 0 if first < 0x80 else 1 if first < 0xC0 else 2
                    size = first & (0x7F if not more else 0x3F if more == 1 else 0x1F)
                    for byte in await self._reader.readexactly(more):
                        size = size << 8 | byte
                    if size == 0:
                        return words
                    words.append((await self._reader.readexactly(size)).decode("utf-8", "surrogateescape"))
                except (asyncio.IncompleteReadError, ConnectionError):
                    return None

    async def talk(self, *words: str) -> list[list[str]]:
        """Send a sentence and gather what comes up to and with `!done`."""
        await self.send(*words)
        sentences = []
        while True:
            sentence = await self.receive()
            if sentence is None:
                return sentences
            sentences.append(sentence)
            if sentence[0] in ("!done", "!fatal"):
                return sentences

    async def rows(self, *words: str) -> list[dict[str, str]]:
        sentences = await self.talk(*words)
        assert all(sentence[0] in ("!re", "!done", "!empty") for sentence in sentences), sentences
        return [
            dict(word[1:].split("=", 1) for word in sentence[1:] if word.startswith("="))
            for sentence in sentences
            if sentence[0] == "!re"
        ]

    async def login(self, name: str, password: str) -> list[list[str]]:
        return await self.talk("/login", f"=name={name}", f"=password={password}")

    async def login_by_challenge(self, name: str, password: str) -> list[list[str]]:
        challenge = (await self.talk("/login"))[0][1].removeprefix("=ret=")
        digest = md5(b"\0" + password.encode() + bytes.fromhex(challenge)).hexdigest()
        return await self.talk("/login", f"=name={name}", f"=response=00{digest}")

    async def close(self) -> None:
        self._writer.close()
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await self._writer.wait_closed()
        except (ConnectionError, ssl.SSLError):
            pass
