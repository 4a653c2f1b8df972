"""Which values of an export are secrets, and where they are.

Two ways lead to one. By name: properties known to hold a secret (`KNOWN`), and, so that tomorrow's RouterOS
doesn't leak, every property whose name looks like one and isn't known to be public (`PUBLIC`). By content:
any other value, and all code and comments, are searched for credentials inside: `password=...` in a script,
`user:password@` in an address, tokens in a URL or a header, variables with a telling name.

Hiding too much costs a bit of comfort, hiding too little a customer's network: in doubt it is a secret. What
can't be a secret stays readable: empty values, variables (`$password`), and for guessed names `yes`, `no`
and their like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from routeros.export.lexical import Unwrapped, unescape
from routeros.export.tree import Blank, Command, ExportTree, Menu

# Last part of the property's name; `security.passphrase` counts as `passphrase`. Sources: the argument names
# of 6.49 and of 7.16 to 7.22, and the exports of the test corpus.
KNOWN = frozenset(
    {
        "auth-key",
        "authentication-key",
        "authentication-password",
        "cak",
        "challenge-password",
        "eab-hmac-key",
        "eab-key-b64",
        "eap-password",
        "encryption-key",
        "encryption-password",
        "export-passphrase",
        "http-auth",
        "ipsec-secret",
        "key-passphrase",
        "key-val",
        "mac-auth-password",
        "management-protection-key",
        "mschapv2-password",
        "nv2-preshared-key",
        "nv2-sync-secret",
        "nvme-tcp-password",
        "otp-secret",
        "ovpn-password",
        "passphrase",
        "password",
        "pin",
        "ppk-secret",
        "pre-shared-key",
        "preshared-key",
        "private-key",
        "private-passphrase",
        "private-pre-shared-key",
        "psk",
        "secret",
        "secret-download-key",
        "secrets",
        "shared-secret",
        "sim-pin",
        "smb-password",
        "smb-server-password",
        "socks5-password",
        "sshfs-password",
        "static-key-0",
        "static-key-1",
        "static-key-2",
        "static-key-3",
        "static-sta-private-key",
        "tcp-md5-key",
        "trap-community",
        "wireless-enc-key",
        "wireless-psk",
        "wpa-pre-shared-key",
        "wpa2-pre-shared-key",
    }
)

# Names that look like secrets and aren't.
PUBLIC = frozenset(
    {
        "allow-none-crypto",
        "always-allow-password-login",
        "authentication-key-id",
        "authorized-public-key-hash",
        "client-cert-key",
        "enc-key-size",
        "ft-r0-key-lifetime",
        "group-key-update",
        "host-key-size",
        "host-key-type",
        "key-chain",
        "key-file-prefix",
        "key-id",
        "key-ids",
        "key-name",
        "key-owner",
        "key-size",
        "key-type",
        "key-usage",
        "lacp-user-key",
        "minimum-password-length",
        "multi-passphrase-group",
        "no-key-export",
        "password-authentication",
        "password-format",
        "priv-offs",
        "priv-size",
        "private-key-file",
        "public-key",
        "public-key-file",
        "publickey-authentication-options",
        "radius-password",
        "remote-key",
        "remove-private-as",
        "reset-private-key",
        "static-sta-private-algo",
        "static-transmit-key",
    }
)

# Where the meaning of a name depends on the menu: (menu, key) is a secret, or isn't.
_SECRET_IN_MENU = frozenset(
    {
        ("/snmp/community", "name"),
        ("/zerotier", "identity"),
        ("/container/envs", "value"),
        ("/container/env", "value"),
        ("/tool/snmp-get", "community"),
        ("/tool/snmp-walk", "community"),
    }
)
_PUBLIC_IN_MENU = frozenset(
    {
        ("/container/envs", "key"),
        ("/container/env", "key"),
        ("/ip/ipsec/identity", "key"),
        ("/system/ntp/client/servers", "auth-key"),  # the number of a key
        ("/system/ntp/server", "auth-key"),
        ("/user/ssh-keys", "key"),
    }
)

_LOOKS_SECRET = re.compile(
    r"pass(?!thr|ive|ed\b)|pwd|secret|private|psk|token|credential|api[-_]?key|(?<![a-z])key|key(?:[-_]?\d+)?$"
    r"|(?:^|[-_.])pin$|http[-_]auth"
)
_LOOKS_PUBLIC = re.compile(
    r"bypass|public[-_]?key|keepalive|key(?:board|map|name|size|type|file|id|usage|store)"
)
_TRIVIAL = frozenset({"yes", "no", "none", "true", "false", "auto", "default", "disabled", "enabled", "any"})

# --- credentials inside other text --------------------------------------------------------------

_HINT = re.compile(r"pass|pwd|secret|token|psk|key|auth|credential|private|://|bot\d", re.IGNORECASE)

_QUOTED = r'(?P<{0}>\\*")(?P<{1}>.{{0,16384}}?)(?<!\\)(?P={0})'  # closed by a quote that is escaped as deeply
_BARE = r"(?:\\[$?_\\0-9A-F]|[^\s\"'\\;&(){}\[\]]){1,4096}"

_ASSIGNED = re.compile(
    r"(?P<name>[A-Za-z0-9_.-]{1,64})(?:\\*[\"'])?\s{0,4}[=:]\s{0,4}(?:"
    + _QUOTED.format("q", "quoted")
    + r"|(?P<bare>"
    + _BARE
    + r"))",
    re.DOTALL,
)
_VARIABLE = re.compile(
    r":(?:local|global|set)\s+\\*\"?(?P<name>[A-Za-z0-9_.-]{1,64})\\*\"?\s+(?:"
    + _QUOTED.format("q", "quoted")
    + r"|(?P<bare>(?!do=)"
    + _BARE
    + r"))",
    re.DOTALL,
)
_USERINFO = re.compile(r"://[^\s:/@\"\\]{0,256}:(?P<bare>(?:\\[^\"]|[^\s@/\"\\]){1,512})@")
_VARIABLE_NAME = re.compile(r"\$[A-Za-z0-9_]+\Z")
_BEARER = re.compile(
    r"(?:bearer|authorization\\*[\"']?\s{0,4}[:=]\s{0,4}\\*[\"']?(?:basic|token|digest))\s{1,4}"
    r"(?P<bare>[A-Za-z0-9+/=._~-]{6,})",
    re.IGNORECASE,
)
_BOT = re.compile(r"(?P<bare>\b(?:bot)?\d{6,12}:[A-Za-z0-9_-]{30,})")  # a Telegram bot's token


@dataclass(frozen=True, slots=True)
class SecretSpan:
    """A secret: `text[start:end]` is to be hidden, quotes included; `value` is what the router means."""

    path: str
    key: str
    start: int
    end: int
    value: str = field(repr=False)


def is_secret_key(path: str, key: str) -> bool:
    """Whether a property of this name, in the menu `path` (with slashes), holds a secret."""
    return _key_kind(path, key) is not None


def secret_spans(tree: ExportTree) -> list[SecretSpan]:
    """Every secret of an export, in order and without overlaps."""
    found: list[SecretSpan] = []
    for statement in tree.statements:
        if isinstance(statement, Command):
            found += _of_command(tree.text, statement)
        elif not isinstance(statement, Blank | Menu):
            found += _embedded(tree.text, "", "", statement.start, statement.end)
    found.sort(key=lambda span: (span.start, -span.end))
    spans: list[SecretSpan] = []
    for span in found:
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return spans


def _key_kind(path: str, key: str) -> str | None:
    name = key.rpartition(".")[2].lower()
    if (path, name) in _SECRET_IN_MENU or (name in KNOWN and (path, name) not in _PUBLIC_IN_MENU):
        return "known"
    if name in PUBLIC or (path, name) in _PUBLIC_IN_MENU:
        return None
    return "guessed" if _looks_secret(name) else None


def _looks_secret(name: str) -> bool:
    lowered = name.lower()
    if lowered in KNOWN:
        return True
    if lowered in PUBLIC:
        return False
    return _LOOKS_SECRET.search(_LOOKS_PUBLIC.sub("", lowered)) is not None


def _of_command(text: str, command: Command) -> Iterator[SecretSpan]:
    find = command.find
    if find is not None and command.path == "/snmp/community":
        for condition in find.conditions:
            if condition.key == "name" and condition.value != "public":
                yield SecretSpan(command.path, "find", find.start, find.end, condition.value)
    for prop in command.properties:
        if prop.start == prop.end or prop.value == "":
            continue
        kind = _key_kind(command.path, prop.key)
        if kind is None or _VARIABLE_NAME.match(text, prop.start, prop.end):
            yield from _embedded(text, command.path, prop.key, prop.start, prop.end)
        elif kind == "guessed" and prop.value.lower() in _TRIVIAL:
            continue
        elif prop.key == "name" and prop.value == "public":
            continue  # the community that every router comes with
        else:
            yield SecretSpan(command.path, prop.key, prop.start, prop.end, prop.value)


def _embedded(text: str, path: str, key: str, start: int, end: int) -> Iterator[SecretSpan]:
    if _HINT.search(text, start, end) is None and "\\\n" not in text[start:end].replace("\r", ""):
        return
    piece = Unwrapped(text, start, end)
    for pattern in (_ASSIGNED, _VARIABLE, _USERINFO, _BEARER, _BOT):
        position = 0
        while (match := pattern.search(piece.text, position)) is not None:
            position = match.end()
            groups = match.groupdict()
            name = groups.get("name")
            if name is not None and not _looks_secret(name.rpartition(".")[2]):
                # the value of a harmless name may begin the next match: x="password=y"
                position = match.end("name") + 1
                continue
            group = "quoted" if groups.get("quoted") is not None else "bare"
            value = match[group]
            if value == "" or (name is not None and _is_no_secret(value)):
                continue
            first, last = piece.span(match.start(group), match.end(group))
            yield SecretSpan(path, name or key, first, last, unescape(value))


def _is_no_secret(value: str) -> bool:
    return value.lower() in _TRIVIAL or value.startswith(("$", "\\$"))
