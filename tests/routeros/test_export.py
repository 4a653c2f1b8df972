"""The parts of an export, one by one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeros.export import (
    Blank,
    Command,
    Comment,
    Condition,
    Header,
    Menu,
    Script,
    Unparsed,
    find_export_errors,
    normalise_for_comparison,
    parse_export,
    parse_header,
    print_tree,
    secret_spans,
)
from routeros.version import RouterOSVersion

FIXTURES = Path(__file__).parents[1] / "fixtures/exports"


def fixture(name: str) -> str:
    return (FIXTURES / name).read_bytes().decode("utf-8", "surrogateescape")


def command(text: str) -> Command:
    [found] = parse_export(text, strict=True).commands()
    return found


def values(text: str) -> dict[str, str]:
    return {prop.key: prop.value for prop in command(text).properties}


# --- commands -----------------------------------------------------------------------------------


def test_a_menu_line_is_the_path_of_what_follows() -> None:
    tree = parse_export("/ip firewall filter\nadd chain=input\n/ip/address\nset 0 disabled=yes\n")
    assert [type(one) for one in tree.statements] == [Menu, Command, Menu, Command]
    assert [one.path for one in tree.commands()] == ["/ip/firewall/filter", "/ip/address"]


@pytest.mark.parametrize(
    ("text", "path", "verb"),
    [
        ("/ip address add address=192.0.2.1/24\n", "/ip/address", "add"),
        ("/ip/address/add address=192.0.2.1/24\n", "/ip/address", "add"),
        ("/ip/firewall filter add chain=input\n", "/ip/firewall/filter", "add"),
        ("/system identity set name=set\n", "/system/identity", "set"),
        ("/import file-name=x.rsc\n", "/", "import"),
        ("/certificate import file-name=x.pem\n", "/certificate", "import"),
        ("/system backup save name=x\n", "/system/backup", "save"),
    ],
)
def test_the_terse_form_has_its_own_path_and_leaves_the_menu(text: str, path: str, verb: str) -> None:
    tree = parse_export("/port\n" + text + "set 0 name=serial0\n", strict=True)
    first, second = tree.commands()
    assert (first.path, first.verb, first.has_own_path) == (path, verb, True)
    assert (second.path, second.verb, second.has_own_path) == ("/port", "set", False)


@pytest.mark.parametrize(
    ("line", "targets", "conditions"),
    [
        ("set 0 name=x", ("0",), None),
        ("set telnet disabled=yes", ("telnet",), None),
        ('set "my name" disabled=yes', ("my name",), None),
        ("set *3 disabled=yes", ("*3",), None),
        ("set [ find default-name=ether1 ] name=x", (), [("default-name", "=", "ether1")]),
        ("set [find default=yes] name=x", (), [("default", "=", "yes")]),
        (
            'set [ find where name~"^wl an" and !dynamic ] name=x',
            (),
            [("name", "~", "^wl an"), ("and", "", ""), ("!dynamic", "", "")],
        ),
        ("remove [ find ]", (), []),
    ],
)
def test_what_a_command_applies_to(
    line: str, targets: tuple[str, ...], conditions: list[tuple[str, str, str]] | None
) -> None:
    found = command(line)
    assert found.targets == targets
    if conditions is None:
        assert found.find is None
    else:
        assert found.find is not None
        assert line[found.find.start] == "["
        assert line[found.find.end - 1] == "]"
        assert found.find.conditions == tuple(Condition(*one) for one in conditions)


def test_a_find_that_is_an_expression_is_kept_whole() -> None:
    found = command('set [ find name=($a . "x") ] disabled=yes')
    assert found.find is not None
    assert found.find.conditions == ()


def test_an_abbreviated_name_takes_the_prefix_of_the_one_before() -> None:
    assert values(
        "set x channel.band=5ghz-ax .width=20mhz configuration.mode=ap .ssid=home disabled=no "
        "security.ft=yes .passphrase=p"
    ) == {
        "channel.band": "5ghz-ax",
        "channel.width": "20mhz",
        "configuration.mode": "ap",
        "configuration.ssid": "home",
        "disabled": "no",
        "security.ft": "yes",
        "security.passphrase": "p",
    }


def test_unset_properties_and_flags() -> None:
    found = command("add action=accept !connection-bytes chain=input passive no-summaries")
    assert [(prop.key, prop.unset) for prop in found.properties] == [
        ("action", False),
        ("connection-bytes", True),
        ("chain", False),
    ]
    assert found.flags == ("passive", "no-summaries")
    assert found.targets == ()
    assert found.get("connection-bytes") is None
    assert found.get("chain") == "input"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("!LAN", "!LAN"),
        ('""', ""),
        ("", ""),
        ('"two words"', "two words"),
        (r'"\"quoted\" \\ \$x \?"', '"quoted" \\ $x ?'),
        (r'"a\r\n\tb\_c"', "a\r\n\tb c"),
        (r'"\C3\A9 \F0\9F\98\80"', "\u00e9 \U0001f600"),
        (r'"\C7\E0\EF"', "\udcc7\udce0\udcef"),
        (r'"\E2\82"', "\udce2\udc82"),
        ('"# no comment; {no} [code]"', "# no comment; {no} [code]"),
        ("{1;2;3}", "{1;2;3}"),
        ("[/system identity get name]", "[/system identity get name]"),
        ('("a" . "b")', '("a" . "b")'),
        ('pre"quoted part"post', "prequoted partpost"),
    ],
)
def test_a_value_is_read_as_the_router_means_it(raw: str, value: str) -> None:
    text = f"add x={raw} y=1"
    [first, second] = command(text).properties
    assert first.value == value
    assert text[first.start : first.end] == raw
    assert second.value == "1"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_wraps_are_taken_out_of_values_and_kept_in_spans(end: str) -> None:
    text = f'add name=\\{end}    abc comment="one \\{end}    two\\{end}    \\_three" x=lo\\{end}    ng{end}'
    found = command(text)
    assert {prop.key: prop.value for prop in found.properties} == {
        "name": "abc",
        "comment": "one two three",
        "x": "long",
    }
    name, comment, long = found.properties
    assert text[name.start : name.end] == "abc"
    assert text[comment.start : comment.end] == f'"one \\{end}    two\\{end}    \\_three"'
    assert text[long.start : long.end] == f"lo\\{end}    ng"


def test_a_pair_of_backslashes_before_the_end_of_a_line_is_no_wrap() -> None:
    tree = parse_export("add name=a\\\\\nadd name=b\n")
    assert [one.get("name") for one in tree.commands()] == ["a\\", "b"]


# --- what is not a command ----------------------------------------------------------------------


def test_scripts_are_kept_whole() -> None:
    text = fixture("v7_edited_by_hand.rsc")
    scripts = [text[one.start : one.end] for one in parse_export(text).statements if isinstance(one, Script)]
    assert [script.split("\n", 1)[0] for script in scripts] == [
        ':global apiToken "handtoken12"',
        ":foreach i in=[/interface find] do={",
    ]
    assert scripts[1].endswith("}\n}\n") or scripts[1].endswith("    }\n}\n")


def test_lines_that_are_not_understood_have_their_place_and_stop_nothing() -> None:
    text = fixture("v7_edited_by_hand.rsc")
    tree = parse_export(text)
    assert [(error.line, error.column, error.reason) for error in tree.errors()] == [
        (6, 1, "not a command"),
        (20, 1, "not a command"),
        (25, 25, "an unclosed quote"),
    ]
    *_, last = tree.commands()
    assert (last.path, last.get("address")) == ("/ip/address", "192.0.2.2/24")


def test_an_empty_text_has_an_empty_tree() -> None:
    assert parse_export("").statements == ()
    assert [type(one) for one in parse_export("\n \n#").statements] == [Blank, Blank, Comment]


@given(st.text('add set/ip="\\[]{}#:\n\r\t .x\udcc7', max_size=80))
def test_any_text_has_a_tree_that_prints_as_it_was(text: str) -> None:
    tree = parse_export(text)
    assert print_tree(tree) == text
    for span in secret_spans(tree):
        assert 0 <= span.start < span.end <= len(text)
    for one in tree.statements:
        if isinstance(one, Unparsed):
            assert one.error.line >= 1
            assert one.error.column >= 1


HOSTILE = [
    "add x={" + "\n",
    'add x="a\n',
    "add x=[ {\n",
    ":if {\n",
    "\\\n",
    'add x="\\',
    "((((",
    'pass="',
    'password=\\"a ',
    "a" * 50,
    "/ip ",
    "[[[",
    "add a.b=1 .c=2 ",
    "://a:",
    ":local pass ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        tree = parse_export(text)
        secret_spans(tree)
        assert print_tree(tree) == text
        return time.process_time() - start

    # sixteen times the text may take sixteen times as long, and not two hundred and fifty-six times
    small = max(seconds(10_000), 0.002)
    assert seconds(160_000) < small * 100 + 1.0


# --- header and comparing -----------------------------------------------------------------------


def test_headers_of_v6_and_v7() -> None:
    assert parse_header(fixture("v6_wireless_crlf.rsc")) == Header(
        taken_at_text="nov/14/2022 17:12:03",
        version=RouterOSVersion(6, 49, 7),
        software_id="TEST-0001",
        model="RB4011iGS+5HacQ2HnD",
        serial="TEST00000001",
    )
    assert parse_header(fixture("v7_terse.rsc")) == Header(
        taken_at_text="2026-02-01 08:00:00", version=RouterOSVersion(7, 21, 2), system_id="TESTsystemid"
    )
    assert parse_header("/ip address\n") == Header()
    assert parse_header("# by RouterOS\n# 1 by RouterOS x\n") == Header()


def test_menus_that_failed_to_export_are_found() -> None:
    assert find_export_errors(fixture("v6_wireless_crlf.rsc")) == ["/ip firewall calea"]
    assert find_export_errors("#error exporting /ip/service (timeout)\r\n") == ["/ip/service (timeout)"]
    assert find_export_errors('add comment="\n#error"\n') == []


def test_time_and_state_make_no_other_text() -> None:
    text = fixture("v6_wireless_crlf.rsc")
    later = (
        text.replace("nov/14/2022 17:12:03", "dec/24/2022 00:00:01")
        .replace("# managed by CAPsMAN\r\n", "")
        .replace("2412/20-Ce", "2462/20-eC")
        .replace("\r\n", "\n")
    )
    assert later != text
    assert normalise_for_comparison(later) == normalise_for_comparison(text)
    assert "# model = RB4011iGS+5HacQ2HnD\n" in normalise_for_comparison(text)


def test_any_change_of_the_configuration_makes_another_text() -> None:
    text = fixture("v6_wireless_crlf.rsc")
    for old, new in [("name=bridge\r", "name=bridge2\r"), ("TEST00000001", "TEST00000009")]:
        assert normalise_for_comparison(text.replace(old, new)) != normalise_for_comparison(text)


def test_a_line_inside_a_value_is_never_taken_for_a_comment() -> None:
    text = '/system script\nadd name=a source="x\n# y\n" comment=\\\n    #z\n'
    assert normalise_for_comparison(text) == text
