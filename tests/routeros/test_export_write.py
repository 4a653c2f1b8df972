"""Values, commands and wraps as routers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeros.export import (
    Command,
    format_command,
    format_value,
    parse_export,
    wrap_line,
)


def command(text: str) -> Command:
    [found] = parse_export(text, strict=True).commands()
    return found


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("", '""'),
        ("ether1", "ether1"),
        ("10.0.0.0/8,192.0.2.1", "10.0.0.0/8,192.0.2.1"),
        ("!LAN", "!LAN"),
        ("two words", '"two words"'),
        ("a=b", '"a=b"'),
        ("it's", '"it\'s"'),
        ("a;b", '"a;b"'),
        ("(x)", '"(x)"'),
        ('say "$x?" \\', r'"say \"\$x\?\" \\"'),
        ("a\r\n\tb", r'"a\r\n\tb"'),
        ("\u00e9", r'"\C3\A9"'),
        ("\udcc7\udce0", r'"\C7\E0"'),
    ],
)
def test_a_value_is_written_as_routers_write_it(value: str, written: str) -> None:
    assert format_value(value) == written


def test_commands_are_written_in_both_forms() -> None:
    properties = [("name", "a b"), ("disabled", "no"), ("comment", None)]
    assert format_command("add", properties) == 'add name="a b" disabled=no !comment'
    assert (
        format_command("set", properties, path="/interface/wifi", selector="[ find default-name=wifi1 ]")
        == '/interface wifi set [ find default-name=wifi1 ] name="a b" disabled=no !comment'
    )


# Re-typed from exports of real routers.
WRAPPED = [
    'set full policy="local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,pas\\\n'
    '    sword,web,sniff,sensitive,api,romon,dude,tikapp"',
    "add address-pool=servers-pool disabled=no interface=vlan20-servers name=\\\n    dhcp-servers",
    "add action=accept chain=input dst-port=51820 in-interface-list=WAN protocol=\\\n    udp",
    'set note="Using nice.rsc from www.mikrotik.co.id, 6 September 2022 12:00:07 WI\\\n'
    '    B, 7462 lines." show-at-login=no',
    'add interval=12h name=##backup&cek-kabel on-event=\\\n    "/system script run ##backup\\r\\\n'
    '    \\n/system script run ##cek-kabel" policy=\\\n'
    "    ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon \\\n"
    "    start-date=jan/01/2020 start-time=00:00:00",
    'add comment="Management Network" distance=1 dst-address=172.20.0.0/22 \\\n    gateway=172.20.0.254',
]


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_a_line_is_wrapped_where_routers_wrap_it(wrapped: str) -> None:
    line = wrapped.replace("\\\n    ", "")
    assert wrap_line(line) == wrapped
    [read_wrapped] = parse_export(wrapped, strict=True).commands()
    [read_line] = parse_export(line, strict=True).commands()
    assert [(one.key, one.value) for one in read_wrapped.properties] == [
        (one.key, one.value) for one in read_line.properties
    ]


@given(
    st.lists(
        st.tuples(
            st.text("abcdefgh-", min_size=1, max_size=10).filter(lambda key: not key.startswith("-")),
            st.one_of(
                st.none(), st.binary(max_size=150).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
            ),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([None, 40, 80]),
)
def test_what_is_written_is_read_back(properties: list[tuple[str, str | None]], width: int | None) -> None:
    text = format_command("add", properties, path="/ip/address", width=width)
    found = command(text + "\n")
    assert found.path == "/ip/address"
    assert [(prop.key, None if prop.unset else prop.value) for prop in found.properties] == properties
