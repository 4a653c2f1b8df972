"""Which values are secrets, by name and by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from routeros.export import (
    is_secret_key,
    parse_export,
    secret_spans,
)

FIXTURES = Path(__file__).parents[1] / "fixtures/exports"


def fixture(name: str) -> str:
    return (FIXTURES / name).read_bytes().decode("utf-8", "surrogateescape")


SECRET_VALUES = {
    "v6_wireless_crlf.rsc": [
        "correct horse $battery? staple",
        "0123456789",
        "guestguest",
        "12345",
        "a long pre-shared key that does not fit one line and is therefore broken in the middle, with a blank"
        " at the break",
        "snmpauth1",
        "snmpencr1",
        "n0tpublic",
        "perclient1",
        "p\\\\w",
        "radsecret",
        "mailpass1",
        "ftp secret",
        "urlpass1",
        "bot123456789:" + "A" * 35,
        "abcdef0123456789",
    ],
    "v7_wifi.rsc": [
        "wifi pass phrase",
        "A" * 43 + "=",
        "B" * 43 + "=",
        "ospfkey1",
        "bgpkey1",
        "envvalue1",
        "futuretoken1",
        "futurekey1",
        "aaaaaaaaaa:0:public:private",
    ],
    "v7_terse.rsc": ["terse1", "scriptpass1", "x", "notetoken12"],
    "v7_edited_by_hand.rsc": ["handtoken12", "handpass1"],
}


@pytest.mark.parametrize("name", SECRET_VALUES)
def test_the_secrets_of_an_export_are_found(name: str) -> None:
    assert [span.value for span in secret_spans(parse_export(fixture(name)))] == SECRET_VALUES[name]


KEYS = """
/interface/pppoe-client password|/ppp/secret password|/radius secret|/ip/ipsec/identity secret
/interface/wifi security.passphrase|/interface/wifi/security passphrase|/caps-man/security passphrase
/interface/wireless/security-profiles wpa-pre-shared-key|/interface/wireless/security-profiles wpa2-pre-shared-key
/interface/wireless/security-profiles static-key-3|/interface/wireless/security-profiles static-sta-private-key
/interface/wireguard private-key|/interface/wireguard/peers preshared-key|/interface/eoip ipsec-secret
/snmp/community authentication-password|/snmp/community encryption-password|/snmp/community name
/snmp trap-community|/tool/sms sim-pin|/interface/lte pin|/routing/bgp/connection tcp-md5-key
/routing/rip/keys key|/routing/ospf/interface authentication-key|/system/ntp/key key-val|/ip/ipsec/key/psk key
/interface/macsec cak|/ip/hotspot/user otp-secret|/disk encryption-key|/tool/e-mail password
/ip/cloud/back-to-home-user private-key|/future/thing api-key|/future/thing user-passwd|/future/thing xToken
/future/thing shared-key|/future/thing key|/future/thing key2|/future/thing pin|/future/thing http-auth
"""
PUBLIC_KEYS = """
/interface/wireguard/peers public-key|/certificate key-usage|/certificate key-size|/ip/ssh host-key-size
/ip/ssh host-key-type|/ip/ipsec/identity key|/ip/ipsec/identity remote-key|/user/ssh-keys key
/container/envs key|/user/settings minimum-password-length|/ip/ssh always-allow-password-login
/ip/firewall/mangle passthrough|/routing/ospf/interface-template passive|/interface/wifi name
/interface/wifi configuration.ssid|/interface/wireless/security-profiles group-key-update
/interface/wireless/security-profiles static-transmit-key|/interface/bonding lacp-user-key
/ip/proxy max-cache-object-size|/interface/gre keepalive|/system/keyboard keymap|/routing/bgp/connection name
/ip/hotspot/ip-binding bypassed|/routing/bgp/connection output.remove-private-as|/ip/dns allow-remote-requests
/user/ssh-keys authorized-public-key-hash
"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [
        (path, key) for path, key in (entry.split() for entry in text.replace("\n", "|").split("|") if entry)
    ]


@pytest.mark.parametrize(("path", "key"), pairs(KEYS))
def test_a_key_holds_a_secret(path: str, key: str) -> None:
    assert is_secret_key(path, key)


@pytest.mark.parametrize(("path", "key"), pairs(PUBLIC_KEYS))
def test_a_key_is_public(path: str, key: str) -> None:
    assert not is_secret_key(path, key)


@pytest.mark.parametrize(
    ("line", "secrets"),
    [
        ('add source="/tool fetch user=u password=abc123 url=x"', ["abc123"]),
        (r'add source="/tool fetch password=\"a b\" url=x"', ["a b"]),
        (r'add source="/tool fetch password=\"a\\\"b\" url=x"', [r"a\"b"]),
        (r'add source=":local p {\"password\"=\"abc\"; \"user\"=\"u\"}"', ["abc"]),
        (r'add source="http-data=\"{\\\"api_key\\\":\\\"abc\\\"}\""', ["abc"]),
        (r'add source=":global Telegram_Token \"abc\"\r\n:put 1"', ["abc"]),
        (r'add source=":set \"wifiPass\" abc;:put 1"', ["abc"]),
        (r'add source="/tool fetch url=\"https://x/y\?token=abc&z=1\""', ["abc"]),
        (r'add source="/tool fetch url=\"https://u:p\$w@x/y\""', ["p$w"]),
        (r'add source="/tool fetch http-header-field=\"X-Auth-Key: abc\""', ["abc"]),
        (r'add source="password=\$pass; :local pass \$other; :local key; password=\"\""', []),
        (r'add source=":if (\$x) do={ :set passthrough yes }"', []),
        ("set x use-token=yes password=yes", ["yes"]),
        ('set x password="" secret=$variable passphrase=""', []),
        ('add comment="ask for password: hunter2!"', ["hunter2!"]),
        ("# password=incomment", ["incomment"]),
        (":local pass inscript1", ["inscript1"]),
        ("no command with secret=hidden1 in it", ["hidden1"]),
        ('add source="/tool fetch pass\\\n    word=sp\\\n    lit1"', ["split1"]),
    ],
)
def test_secrets_inside_other_text_are_found(line: str, secrets: list[str]) -> None:
    assert [span.value for span in secret_spans(parse_export(line + "\n"))] == secrets


def test_a_secret_is_never_in_a_repr() -> None:
    tree = parse_export("/ppp secret\nadd name=u password=hunter2\n")
    [span] = secret_spans(tree)
    assert "hunter2" not in repr(span) + repr(tree)
