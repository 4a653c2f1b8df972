"""Keys of routers: a self-signed certificate for the API, a host key for SSH, kept in a folder.

They are made when a router is first started with that folder and stay the same after that, as pinned keys
must. A file per router and purpose, readable by its owner only.
"""

from __future__ import annotations

import base64
import datetime
import ipaddress
import os
import ssl
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

# RFC 7919, ffdhe2048
_FFDHE2048 = int(
    "FFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695A9E13641146433FBCC939DCE249B3EF9"
    "7D2FE363630C75D8F681B202AEC4617AD3DF1ED5D5FD65612433F51F5F066ED0856365553DED1AF3B557135E7F57C935"
    "984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE73530ACCA4F483A797ABC0AB182B324FB61D108A94BB2C8E3FB"
    "B96ADAB760D7F4681D4F42A3DE394DF4AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F61"
    "9172FE9CE98583FF8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005C58EF1837D1683B2C6F34A26C1B2EFFA"
    "886B423861285C97FFFFFFFFFFFFFFFF",
    16,
)
_VALID_FROM = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
_VALID_DAYS = 3650


@dataclass(frozen=True, slots=True)
class RouterKeys:
    """Where one router's keys are."""

    folder: Path
    serial: str

    @property
    def certificate_path(self) -> Path:
        return self.folder / f"{self.serial}.tls.pem"

    @property
    def other_certificate_path(self) -> Path:
        """The certificate that a router shows when its key has changed."""
        return self.folder / f"{self.serial}.tls-other.pem"

    @property
    def host_key_path(self) -> Path:
        return self.folder / f"{self.serial}.ssh"

    def ensure(self, address: str) -> None:
        """Make whatever isn't there yet."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.certificate_path.exists():
            _write_private(self.certificate_path, make_certificate(address))
        if not self.host_key_path.exists():
            key = ed25519.Ed25519PrivateKey.generate()
            _write_private(
                self.host_key_path, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
            )

    def ensure_other(self, address: str) -> None:
        if not self.other_certificate_path.exists():
            _write_private(self.other_certificate_path, make_certificate(address))


def make_certificate(address: str) -> bytes:
    """An EC P-256 key and its self-signed certificate, as RouterOS's own are, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_FROM + datetime.timedelta(days=_VALID_DAYS))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(
        Encoding.PEM
    )


def spki_sha256(certificate_path: Path) -> str:
    """SHA-256 of a certificate's public key (SubjectPublicKeyInfo), in lower-case hex."""
    certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(spki).hexdigest()


def server_context(certificate_path: Path) -> ssl.SSLContext:
    """TLS as api-ssl offers it once it has a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate_path)
    return context


def anonymous_context(folder: Path) -> ssl.SSLContext:
    """TLS as api-ssl offers it from the box: no certificate, anonymous Diffie-Hellman only."""
    path = folder / "dh.pem"
    if not path.exists():
        _write_private(path, _dh_parameters(_FFDHE2048, 2))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_dh_params(str(path))
    context.set_ciphers("ADH:@SECLEVEL=0")
    return context


def _dh_parameters(prime: int, generator: int) -> bytes:
    """PKCS #3 in PEM: a SEQUENCE of the two INTEGERs."""

    def der(tag: int, content: bytes) -> bytes:
        size = len(content)
        length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
        return bytes([tag]) + length + content

    def integer(number: int) -> bytes:
        return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))

    body = base64.encodebytes(der(0x30, integer(prime) + integer(generator)))
    return b"-----BEGIN DH PARAMETERS-----\n" + body + b"-----END DH PARAMETERS-----\n"


def _write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    temporary.replace(path)
