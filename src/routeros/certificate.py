"""What a peer's TLS certificate says, and how its public key is compared with a pin."""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_SHA256_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class PeerCertificate:
    """A certificate as a person confirms it: `spki_sha256` (64 hex digits) is what a pin holds."""

    spki_sha256: str
    subject: str
    not_after: datetime  # aware UTC
    der: bytes


@dataclass(frozen=True, slots=True)
class SpkiPin:
    """Trust exactly one public key: the SHA-256 of its SubjectPublicKeyInfo, in hex.

    The key and not the certificate, so that a router may renew its certificate.
    """

    sha256_hex: str

    def __post_init__(self) -> None:
        if _SHA256_HEX.match(self.sha256_hex) is None:
            raise ValueError("a pin is 64 lower-case hex digits")


Pin = SpkiPin


def read_certificate(der: bytes) -> PeerCertificate:
    """Read a certificate; raises ValueError when it or its kind of key can't be read."""
    with warnings.catch_warnings():
        # A router's own CA may break a rule of RFC 5280 (a serial of zero): the key is still the key.
        warnings.simplefilter("ignore")
        try:
            certificate = x509.load_der_x509_certificate(der)
            key = certificate.public_key()
            subject = certificate.subject.rfc4514_string()
            not_after = certificate.not_valid_after_utc
        except UnsupportedAlgorithm as error:
            raise ValueError(f"the certificate's key can't be read: {error}") from None
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PeerCertificate(
        spki_sha256=hashlib.sha256(spki).hexdigest(),
        subject=subject,
        not_after=not_after,
        der=der,
    )
