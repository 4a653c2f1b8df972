"""The TLS contexts of connections to routers, each made once: they are costly in time and memory."""

from __future__ import annotations

import ssl
from functools import cache, lru_cache

# TLS 1.2 with AES in CBC mode or RSA key exchange is what 6.49 may offer; anonymous suites stay out.
_CIPHERS = "HIGH:!aNULL:!eNULL:!PSK:!SRP:!aDSS"
_ANONYMOUS_CIPHERS = "ADH:@SECLEVEL=0"  # "DEFAULT:ADH" would not enable them


def _base_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    return context


@cache
def unverified_context() -> ssl.SSLContext:
    """For fetching a certificate and for pins, which are compared by us before anything is sent."""
    context = _base_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@cache
def anonymous_context() -> ssl.SSLContext:
    context = _base_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # 1.3 has no anonymous suites
    context.set_ciphers(_ANONYMOUS_CIPHERS)
    return context


@lru_cache(maxsize=64)
def ca_context(ca_pem: str, check_name: bool) -> ssl.SSLContext:
    context = _base_context()
    context.check_hostname = check_name
    context.verify_mode = ssl.CERT_REQUIRED
    # Certificates made on routers lack extensions that strict mode (a default since Python 3.13) demands.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.load_verify_locations(cadata=ca_pem)
    return context
