"""A router in a few lines: a TCP or TLS server that plays a script, with bytes encoded by hand.

Nothing here uses the library's own codec: a fault in it must not cancel out.
"""

from __future__ import annotations

import asyncio
import base64
import datetime
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

WAIT_S = 10.0


def wire(*words: str | bytes) -> bytes:
    """One sentence of words shorter than 128 bytes."""
    encoded = [word.encode() if isinstance(word, str) else word for word in words]
    assert all(0 < len(word) < 0x80 for word in encoded)
    return b"".join(bytes((len(word),)) + word for word in encoded) + b"\0"


@dataclass
class Peer:
    """The router's side of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: list[list[str]] = field(default_factory=list)

    async def read(self) -> list[str]:
        """The words of the next command; raises IncompleteReadError at the end."""
        words = []
        while True:
            length = (await self.reader.readexactly(1))[0]
            if length == 0:
                self.heard.append(words)
                return words
            if length >= 0x80:
                length = (length & 0x3F) << 8 | (await self.reader.readexactly(1))[0]
            words.append((await self.reader.readexactly(length)).decode())

    async def say(self, *words: str | bytes) -> None:
        self.writer.write(wire(*words))
        await self.writer.drain()

    async def login(self) -> None:
        words = await self.read()
        await self.say("!done", tag_of(words))


def tag_of(words: list[str]) -> str:
    """The `.tag=` word of a command."""
    return next(word for word in words if word.startswith(".tag="))


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class Router:
    host: str
    port: int
    peers: list[Peer]
    application_bytes: bytes = b""


@asynccontextmanager
async def serve(script: Script, context: ssl.SSLContext | None = None) -> AsyncIterator[Router]:
    """Play `script` on every connection; one that the client leaves ends quietly."""
    peers: list[Peer] = []
    tasks: set[asyncio.Task[None]] = set()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        peer = Peer(reader, writer)
        peers.append(peer)
        try:
            await script(peer)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            tasks.discard(task)

    server = await asyncio.start_server(play, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Router("127.0.0.1", port, peers)
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(list(tasks), timeout=WAIT_S)
        await server.wait_closed()


@asynccontextmanager
async def serve_blocking(context: ssl.SSLContext, connections: int) -> AsyncIterator[Router]:
    """TLS handshakes by a thread, noting the application bytes that follow.

    asyncio's server side drops the alert when a handshake fails.
    """
    router = Router("127.0.0.1", 0, [])

    def shake_hands(listener: socket.socket) -> None:
        for _ in range(connections):
            sock, _address = listener.accept()
            sock.settimeout(WAIT_S)
            with sock, suppress(OSError), context.wrap_socket(sock, server_side=True) as tls:
                router.application_bytes += tls.recv(100)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(WAIT_S)
        thread = threading.Thread(target=shake_hands, args=(listener,))
        thread.start()
        try:
            router.port = listener.getsockname()[1]
            yield router
        finally:
            await asyncio.to_thread(thread.join, WAIT_S)


@dataclass
class Identity:
    """A key, its self-signed certificate, and a TLS server context that uses them."""

    certificate_pem: str
    spki_sha256: str
    context: ssl.SSLContext


def make_identity(folder: Path, name: str, *, days: int = 365, serial: int | None = None) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=400))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("router.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    path = folder / f"{name}.pem"
    path.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(spki)
    return Identity(pem.decode(), digest.finalize().hex(), context)


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return make_identity(tmp_path_factory.mktemp("tls"), "router")


@pytest.fixture(scope="session")
def other_identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return make_identity(tmp_path_factory.mktemp("tls"), "impostor")


@pytest.fixture(scope="session")
def anonymous_context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A router without a certificate: it has anonymous Diffie-Hellman and nothing else."""
    # SEQUENCE { INTEGER p, INTEGER g }; the cryptography package is leaving finite-field groups
    prime = b"\x02\x82\x01\x01\x00" + bytes.fromhex(_GROUP_14)
    der = b"\x30\x82" + (len(prime) + 3).to_bytes(2, "big") + prime + b"\x02\x01\x02"
    path = tmp_path_factory.mktemp("tls") / "dh.pem"
    path.write_bytes(
        b"-----BEGIN DH PARAMETERS-----\n" + base64.encodebytes(der) + b"-----END DH PARAMETERS-----\n"
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_dh_params(path)
    context.set_ciphers("ADH:@SECLEVEL=0")
    return context


# RFC 3526, group 14
_GROUP_14 = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF"
)
