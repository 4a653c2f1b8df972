"""Exports: they are what the library's parser reads, and a router made from one exports the same."""

from __future__ import annotations

import pytest

from rossim import editing
from rossim.commands import execute
from rossim.console_words import unescape
from rossim.export import ExportOptions, export_text
from rossim.export_order import ORDER_V6, ORDER_V7
from rossim.export_text import Word, escape, join_wrapped, quoted
from rossim.menus import menus_for
from rossim.platforms import platform_for
from rossim.router import Router
from rossim.sessions import POLICIES_V7, Session
from routeros.export import Command, parse_export, parse_header, secret_spans
from routeros.sentences import Command as ApiCommand
from tests.rossim.simulated import KINDS, make_blank_router, make_router

ANYBODY = Session("admin", "192.0.2.1", "api", 0.0, frozenset(POLICIES_V7))


def replay(router: Router, command: Command) -> None:
    """Carry out an exported command as a router would at /import."""
    menu = router.tree.menus[command.path]
    values = {prop.key: prop.value for prop in command.properties}
    if command.verb == "add":
        editing.add(router.tree, menu, values)
        return
    if not menu.single:
        if command.find is not None:
            (condition,) = command.find.conditions
            wanted = {"yes": "true"}.get(condition.value, condition.value)
            answer = execute(
                router, ANYBODY, ApiCommand(f"{menu.path}/find", {}, (f"?{condition.key}={wanted}",), None)
            )
            values["numbers"] = answer.ret
            assert answer.ret, command
        else:
            (values["numbers"],) = command.targets
    execute(router, ANYBODY, ApiCommand(f"{menu.path}/set", values, (), None))


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
@pytest.mark.parametrize("terse", [False, True], ids=["wrapped", "terse"])
def test_a_router_made_from_an_export_exports_the_same(kind, terse):
    text = export_text(make_router(*kind), ExportOptions(terse=terse, shows_secrets=True))
    tree = parse_export(text, strict=True)
    assert not tree.errors()
    blank = make_blank_router(*kind)
    blank.tree.insert("/certificate", {"name": "management"})  # certificates are never exported
    for command in tree.commands():
        replay(blank, command)
    again = export_text(blank, ExportOptions(terse=terse, shows_secrets=True))

    def body(exported):
        return [line for line in exported.splitlines() if not line.startswith("#")]

    assert body(again) == body(text)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_no_line_is_longer_than_the_screen(kind):
    text = export_text(make_router(*kind), ExportOptions(shows_secrets=True))
    assert max(map(len, text.split("\r\n"))) <= 80


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_secrets_are_hidden_as_the_version_does(kind):
    router = make_router(*kind)
    by_default = export_text(router, ExportOptions())
    shown = export_text(router, ExportOptions(shows_secrets=True))
    hidden = export_text(router, ExportOptions(shows_secrets=False))
    assert by_default == (hidden if kind[1].startswith("7") else shown)
    assert secret_spans(parse_export(shown))
    left = {hidden[span.start : span.end] for span in secret_spans(parse_export(hidden))}
    # a community's name is no secret to a router
    assert left <= {row.values["name"] for row in router.tree.table("/snmp/community").rows.values()}


def test_the_header_is_that_of_the_version():
    old = parse_header(export_text(make_router("rb4011", "6.49.18", "tower"), ExportOptions()))
    new = parse_header(export_text(make_router("hap-ax3", "7.18.2", "office"), ExportOptions()))
    assert (old.model, str(old.version)) == ("RB4011iGS+5HacQ2HnD", "6.49.18")
    assert (new.model, str(new.version), new.serial) == ("C53UiG+5HPaxD2HPaxD", "7.18.2", "HTEST99999")
    assert export_text(make_router("rb4011", "6.49.18", "tower"), ExportOptions()).startswith(
        "# nov/18/2026 "
    )
    assert export_text(make_router(), ExportOptions()).startswith("# 2026-11-18 ")


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_every_menu_that_can_be_configured_has_its_place_in_the_order(kind):
    platform = platform_for(*kind[:2])
    order = ORDER_V7 if platform.v7 else ORDER_V6
    configurable = {
        path
        for path, menu in menus_for(platform).items()
        if menu.exported and not menu.readable_only and menu.view is None
    }
    assert configurable <= set(order)


def test_an_export_of_one_menu_has_that_menu_only():
    text = export_text(make_router(), ExportOptions(terse=True, path="/ip/firewall"))
    commands = list(parse_export(text).commands())
    assert commands
    assert {command.path.split("/")[2] for command in commands} == {"firewall"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain-1.2_3", "plain-1.2_3"),
        ("", '""'),
        ("two words", '"two words"'),
        ('say "$x"', '"say \\"\\$x\\""'),
        ("a\r\nb\tc", '"a\\r\\nb\\tc"'),
        ("new,!write", '"new,!write"'),
        ("!LAN", "!LAN"),
        ("caf\u00e9", '"caf\\C3\\A9"'),
        ("\udcc7\udce0", '"\\C7\\E0"'),
        ("base64==", '"base64=="'),
    ],
)
def test_values_are_quoted_and_read_back(value, written):
    assert quoted(value) == written
    assert unescape(escape(value)) == value


def test_a_blank_that_a_cut_line_begins_with_is_marked():
    lines = list(join_wrapped([Word("set"), Word("comment", "x" * 66 + " y")]))
    assert lines == ['set comment="' + "x" * 66 + "\\", '    \\_y"']
