"""The console's lines."""

from __future__ import annotations

import pytest

from rossim.console import Console
from tests.rossim.simulated import make_router, make_session


@pytest.fixture
def router():
    return make_router()


@pytest.fixture
def console(router):
    return Console(router, make_session(router))


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("/system identity print", "  name: alpha\r\n\r\n"),
        ("/system/identity/print", "  name: alpha\r\n\r\n"),
        ("/sys ide pr", "  name: alpha\r\n\r\n"),
        (":put [/system identity get name]", "alpha\r\n"),
        (':put "two words"', "two words\r\n"),
        (":put [/interface get ether1 mtu]", "1500\r\n"),
        (":put [/interface find name=ether1]", "*1\r\n"),
        ("/ip service print count-only", "8\r\n"),
        ("/interface print count-only where name=ether1", "1\r\n"),
        ("/interface print as-value", ""),
        ("", ""),
    ],
)
def test_lines_print(console, line, printed):
    result = console.run(line)
    assert (result.text, result.failed) == (printed, False)


@pytest.mark.parametrize(
    ("line", "path", "property_", "value"),
    [
        ("/ip service set telnet disabled=no", "/ip/service", "disabled", "false"),
        (
            '/ip firewall filter set 0 comment="a \\"b\\"; \\C3\\A9"',
            "/ip/firewall/filter",
            "comment",
            'a "b"; é',
        ),
        ("/ip pool set [find name=pool-lan] comment=x", "/ip/pool", "comment", "x"),
        ("/ip firewall nat set [ find action=masquerade ] comment=y", "/ip/firewall/nat", "comment", "y"),
    ],
)
def test_rows_are_named_by_position_name_and_find(router, console, line, path, property_, value):
    result = console.run(line)
    assert (result.text, result.failed) == ("", False)
    assert next(iter(router.tree.table(path).rows.values())).values[property_] == value


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("/ip nonsense print", "bad command name nonsense (line 1 column 5)\r\n"),
        ("/ip address add address=1.2.3.4/24", "missing =interface=\r\n"),
        ("/ip address remove 99", "no such item\r\n"),
        ("/ip address remove", "missing value(s) of argument(s) numbers\r\n"),
        ('/system identity set name="open', "expected end of command (line 1 column 32)\r\n"),
        ("/interface print [", "expected end of command (line 1 column 19)\r\n"),
    ],
)
def test_refused_lines_say_why(console, line, printed):
    result = console.run(line)
    assert (result.text, result.failed) == (printed, True)


def test_finding_nothing_is_no_error(console):
    result = console.run("/ip pool remove [find name=nothing]")
    assert (result.text, result.failed) == ("", False)


def test_an_export_into_a_file_is_stored(router, console):
    assert console.run("/export file=today").text == ""
    assert router.files.files["today.rsc"].content.startswith(b"# 2026-11-18 ")


def test_moving_about_in_menus_changes_the_prompt(console):
    console.run("/ip address")
    assert console.prompt == "[admin@alpha] /ip address > "
    assert "bridge" in console.run("print").text
    console.run("..")
    assert console.prompt == "[admin@alpha] /ip > "
    console.run("/")
    assert console.prompt == "[admin@alpha] > "
