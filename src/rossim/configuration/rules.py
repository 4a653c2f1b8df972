"""The firewall that routers have from the factory, and what installers commonly add; shared by all."""

from __future__ import annotations

from collections.abc import Mapping

Values = Mapping[str, str]


def _rule(chain: str, action: str, comment: str = "", **matchers: str) -> Values:
    values = {"chain": chain, "action": action}
    if comment:
        values["comment"] = comment
    return values | {name.replace("_", "-"): value for name, value in matchers.items()}


_ESTABLISHED = "established,related,untracked"

_INPUT = (
    _rule(
        "input",
        "accept",
        "defconf: accept established,related,untracked",
        connection_state=_ESTABLISHED,
    ),
    _rule("input", "drop", "defconf: drop invalid", connection_state="invalid"),
    _rule("input", "accept", "defconf: accept ICMP", protocol="icmp"),
    _rule(
        "input",
        "accept",
        "defconf: accept to local loopback (for CAPsMAN)",
        dst_address="127.0.0.1",
    ),
    _rule(
        "input",
        "accept",
        "management",
        dst_port="22,8291,8729",
        protocol="tcp",
        src_address_list="management",
    ),
    _rule("input", "drop", "defconf: drop all not coming from LAN", in_interface_list="!LAN"),
    _rule("forward", "accept", "defconf: accept in ipsec policy", ipsec_policy="in,ipsec"),
    _rule("forward", "accept", "defconf: accept out ipsec policy", ipsec_policy="out,ipsec"),
)
_FORWARD = (
    _rule(
        "forward",
        "accept",
        "defconf: accept established,related, untracked",
        connection_state=_ESTABLISHED,
    ),
    _rule("forward", "drop", "defconf: drop invalid", connection_state="invalid"),
    _rule(
        "forward",
        "drop",
        "defconf: drop all from WAN not DSTNATed",
        connection_nat_state="!dstnat",
        connection_state="new",
        in_interface_list="WAN",
    ),
)
_FASTTRACK = {
    "chain": "forward",
    "action": "fasttrack-connection",
    "comment": "defconf: fasttrack",
    "connection-state": "established,related",
}
FILTER_V6 = (*_INPUT, _FASTTRACK, *_FORWARD)
FILTER_V7 = (*_INPUT, {**_FASTTRACK, "hw-offload": "true"}, *_FORWARD)

NAT = (
    _rule(
        "srcnat",
        "masquerade",
        "defconf: masquerade",
        ipsec_policy="out,none",
        out_interface_list="WAN",
    ),
)

BAD_IPV6: tuple[Values, ...] = tuple(
    {"list": "bad_ipv6", "address": address, "comment": f"defconf: {what}"}
    for address, what in (
        ("::/128", "unspecified address"),
        ("::1/128", "lo"),
        ("fec0::/10", "site-local"),
        ("::ffff:0.0.0.0/96", "ipv4-mapped"),
        ("::/96", "ipv4 compat"),
        ("100::/64", "discard only "),
        ("2001:db8::/32", "documentation"),
        ("2001:10::/28", "ORCHID"),
        ("3ffe::/16", "6bone"),
    )
)

FILTER_IPV6 = (
    _rule(
        "input",
        "accept",
        "defconf: accept established,related,untracked",
        connection_state=_ESTABLISHED,
    ),
    _rule("input", "drop", "defconf: drop invalid", connection_state="invalid"),
    _rule("input", "accept", "defconf: accept ICMPv6", protocol="icmpv6"),
    _rule("input", "accept", "defconf: accept UDP traceroute", dst_port="33434-33534", protocol="udp"),
    _rule(
        "input",
        "accept",
        "defconf: accept DHCPv6-Client prefix delegation.",
        dst_port="546",
        protocol="udp",
        src_address="fe80::/10",
    ),
    _rule("input", "drop", "defconf: drop everything else not coming from LAN", in_interface_list="!LAN"),
    _rule(
        "forward",
        "accept",
        "defconf: accept established,related,untracked",
        connection_state=_ESTABLISHED,
    ),
    _rule("forward", "drop", "defconf: drop invalid", connection_state="invalid"),
    _rule("forward", "drop", "defconf: drop packets with bad src ipv6", src_address_list="bad_ipv6"),
    _rule("forward", "drop", "defconf: drop packets with bad dst ipv6", dst_address_list="bad_ipv6"),
    _rule("forward", "drop", "defconf: rfc4890 drop hop-limit=1", hop_limit="equal:1", protocol="icmpv6"),
    _rule("forward", "accept", "defconf: accept ICMPv6", protocol="icmpv6"),
    _rule("forward", "drop", "defconf: drop everything else not coming from LAN", in_interface_list="!LAN"),
)
