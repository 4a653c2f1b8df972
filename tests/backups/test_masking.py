"""A secret is hidden wherever it stands; what is compared and shown can be found again in the whole text."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drover.backups import masking
from drover.backups.contracts import SplitText


def tokens_of(secrets: list[masking.Secret]) -> dict[str, str]:
    return {
        value: f"<secret:{hashlib.sha256(value.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}>"
        for _, _, value in secrets
    }


def take_apart(text: str) -> SplitText:
    secrets = masking.find_secrets(text)
    return masking.split(text, secrets, tokens_of(secrets))


@given(st.text(max_size=300), st.data())
def test_any_text_and_any_places_come_together_again(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    secrets = [(a, b, text[a:b]) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    assert masking.join(masking.split(text, secrets, tokens_of(secrets))) == text


def test_text_that_looks_like_a_token_is_not_taken_for_one() -> None:
    text = "/ppp secret add name=a password=hunter2 comment=<secret:0123456789ab>\n"
    parts = masking.split(text, [(32, 39, "hunter2")], {"hunter2": "<secret:0123456789ab>"})
    assert parts.masked.count("<secret:0123456789ab>") == 2
    assert masking.join(parts) == text


@pytest.mark.parametrize(
    "line",
    [
        'comment="guests: Sunny-Day-42"',
        "comment=Sunny-Day-42",
        'on-event="/log info message=Sunny-Day-42"',
    ],
)
def test_a_secret_that_is_repeated_elsewhere_is_hidden_there_too(line: str) -> None:
    text = f"/interface wifi security add passphrase=Sunny-Day-42\n/system script add name=a {line}\n"
    parts = take_apart(text)
    assert "Sunny" not in parts.masked
    assert masking.join(parts) == text


@pytest.mark.parametrize(
    ("repeated", "masked"),
    [
        ("ab: !x9-yz-7!", "ab: <>"),  # a value that begins and ends with no letter
        ("0!x9-yz-7!", "0<>"),
        ("!x9-yz-7!0", "!x9-yz-7!0"),  # a longer word is another word
        ("Sunny-Day-42-b", "<>"),  # the longer of two values that begin alike
        ("Sunny-Day-42-c", "<>-c"),
        ("Sunny-Day-42,Sunny-Day-42", "<>,<>"),
        ("XSunny-Day-42", "XSunny-Day-42"),
        ("Sunny-Day-421", "Sunny-Day-421"),
    ],
)
def test_values_are_hidden_as_whole_words(repeated: str, masked: str) -> None:
    known = "/ppp secret add name=n password="
    text = (
        f'{known}!x9-yz-7!\n{known}Sunny-Day-42\n{known}Sunny-Day-42-b\n/system note set note="{repeated}"\n'
    )
    parts = take_apart(text)
    assert masking.join(parts) == text
    last = re.sub(r"<secret:[0-9a-f]{12}>", "<>", parts.masked).splitlines()[-1]
    assert last == f'/system note set note="{masked}"'


def test_an_ordinary_word_that_is_somebodys_password_stays_a_word_elsewhere() -> None:
    text = "/ppp secret add name=a password=password service=any\n/ip firewall nat add action=masquerade\n"
    masked = take_apart(text).masked
    assert masked.startswith("/ppp secret add name=a password=<secret:")
    assert masked.endswith("service=any\n/ip firewall nat add action=masquerade\n")


def test_compared_lines_are_found_again_in_the_whole_text() -> None:
    before = "# 2026-01-01 00:00:00 by RouterOS 7.18.2\r\n# model = RB5009\r\n/interface wifi\r\n# channel: 5500/ax\r\nset wifi1\r\n"
    after = "# 2026-02-02 10:00:00 by RouterOS 7.20\n# model = RB5009\n/interface wifi\n# not running\nset wifi1\n"
    lines = masking.comparable_lines(before)
    assert lines == masking.comparable_lines(after) == ["# model = RB5009", "/interface wifi", "set wifi1"]
    assert masking.line_numbers(before, lines) == masking.line_numbers(after, lines) == [2, 3, 5]
    assert masking.comparable_lines("") == masking.line_numbers("", []) == []


def test_bytes_of_any_code_page_survive_and_can_be_shown() -> None:
    captured = b"/ppp secret add comment=\xcf\xf0 name=a password=\xe7\xe0\n"
    parts = take_apart(captured.decode("utf-8", "surrogateescape"))
    assert masking.join(parts).encode("utf-8", "surrogateescape") == captured
    assert "comment=\\xcf\\xf0" in masking.shown(parts.masked)
