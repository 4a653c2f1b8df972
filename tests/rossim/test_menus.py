"""Menus behave as a router's do: rows, numbers, checks, and the words of a refusal."""

from __future__ import annotations

import pytest

from rossim.commands import execute
from rossim.menus import menus_for
from rossim.platforms import platform_for
from rossim.traps import Trap
from routeros.sentences import Command
from tests.rossim.simulated import KINDS, make_router, make_session, run


@pytest.fixture
def router():
    return make_router()


@pytest.fixture
def session(router):
    return make_session(router)


def rows(router, session, path, *queries, **attributes):
    return [dict(row) for row in run(router, session, f"{path}/print", *queries, **attributes).rows]


def test_numbers_are_never_used_twice(router, session):
    first = run(router, session, "/ip/pool/add", name="a", ranges="192.0.2.1-192.0.2.9").ret
    run(router, session, "/ip/pool/remove", id_=first)
    second = run(router, session, "/ip/pool/add", name="a", ranges="192.0.2.1-192.0.2.9").ret
    assert first != second


def test_a_rule_goes_where_it_is_placed_and_moves(router, session):
    before = [row[".id"] for row in rows(router, session, "/ip/firewall/filter")]
    made = run(router, session, "/ip/firewall/filter/add", chain="input", place_before=before[2]).ret
    assert [row[".id"] for row in rows(router, session, "/ip/firewall/filter")] == [
        *before[:2],
        made,
        *before[2:],
    ]
    run(router, session, "/ip/firewall/filter/move", numbers=made, destination=before[0])
    assert rows(router, session, "/ip/firewall/filter")[0][".id"] == made
    run(router, session, "/ip/firewall/filter/move", numbers=made)
    assert rows(router, session, "/ip/firewall/filter")[-1][".id"] == made


def test_disabling_an_interface_stops_its_counters(router, session):
    def counted():
        (row,) = rows(router, session, "/interface", "?name=ether1")
        return row["running"], row["rx-byte"], row["link-downs"]

    before = counted()
    run(router, session, "/interface/disable", id_="ether1")
    router.clock.advance(3600)
    assert counted() == ("false", before[1], "1")
    run(router, session, "/interface/enable", id_="ether1")
    router.clock.advance(3600)
    assert counted()[0] == "true"
    assert int(counted()[1]) > int(before[1])


def test_renaming_an_interface_renames_it_where_it_is_used(router, session):
    run(router, session, "/interface/set", id_="bridge", name="lan")
    assert {row["bridge"] for row in rows(router, session, "/interface/bridge/port")} == {"lan"}
    assert rows(router, session, "/ip/address", "?interface=bridge") == []


@pytest.mark.parametrize(
    ("path", "attributes", "message", "category"),
    [
        ("/ip/address/add", {"interface": "bridge"}, "missing =address=", 0),
        ("/ip/address/add", {"address": "1.2.3.4/24", "interface": "nope"}, "input does not match any value of interface", 1),
        ("/ip/address/add", {"address": "1.2.3.400", "interface": "bridge"}, "invalid value for argument address", 1),
        ("/ip/address/add", {"address": "1.2.3.4/24", "interface": "bridge", "colour": "red"}, "unknown parameter colour", 0),
        ("/ip/address/remove", {"id_": "*FFFF"}, "no such item", 0),
        ("/ip/address/remove", {}, "missing =.id=", 0),
        ("/interface/vlan/add", {"name": "x", "vlan_id": "5000", "interface": "bridge"}, "value of vlan-id out of range (1 .. 4095)", 1),
        ("/interface/vlan/add", {"name": "ether1", "vlan_id": "7", "interface": "bridge"}, "failure: already have interface with such name", 4),
        ("/ip/firewall/filter/add", {"chain": "input", "dst_port": "80"}, "failure: ports can be specified if proto is tcp, udp, udp-lite, dccp or sctp", 4),
        ("/interface/set", {"id_": "ether1", "disabled": "perhaps"}, "input does not match any value of disabled", 1),
        ("/ip/nonsense/print", {}, "no such command prefix", 0),
        ("/ip/address/nonsense", {}, "no such command", 0),
        ("/system/identity/remove", {}, "no such command", 0),
        ("/system/resource/set", {"cpu_load": "0"}, "unknown parameter cpu-load", 0),
        ("/user/group/remove", {"id_": "full"}, "failure: can not remove default entry", 4),
    ],
)  # fmt: skip
def test_refusals_are_in_the_routers_words(router, session, path, attributes, message, category):
    with pytest.raises(Trap) as caught:
        run(router, session, path, **attributes)
    assert (caught.value.message, caught.value.category) == (message, category)


def test_a_row_that_the_router_made_itself_cannot_be_changed(router, session):
    (dynamic,) = rows(router, session, "/ip/address", "?dynamic=true")
    with pytest.raises(Trap, match="can not change dynamic entry"):
        run(router, session, "/ip/address/remove", id_=dynamic[".id"])


def test_a_chr_has_no_health_menu():
    router = make_router("chr", "7.20.6", "office")
    with pytest.raises(Trap, match="no such command prefix"):
        run(router, make_session(router), "/system/health/print")


def test_counting_answers_without_rows(router, session):
    answer = run(router, session, "/ip/route/print", count_only="")
    assert answer.rows == ()
    assert int(answer.ret) == len(rows(router, session, "/ip/route"))


def test_a_property_that_nobody_has_gives_empty_rows(router, session):
    assert rows(router, session, "/ip/service", proplist="nonsense") == [{}] * 8


def test_passwords_are_never_printed(router, session):
    run(router, session, "/user/add", name="eve", group="read", password="hunter2")
    assert "hunter2" not in str(rows(router, session, "/user"))


def test_secrets_are_masked_for_who_may_not_see_them(router, session):
    (group,) = rows(router, session, "/user/group", "?name=monitoring")
    assert "sensitive" not in [word for word in group["policy"].split(",") if not word.startswith("!")]
    run(router, session, "/user/add", name="monitor", group="monitoring", password="pw")
    router.spec = type(router.spec)(**{**router.spec.to_mapping(), "username": "monitor", "password": "pw"})
    monitor = make_session(router)
    assert {row["password"] for row in rows(router, monitor, "/ppp/secret")} == {"*****"}
    with pytest.raises(Trap, match="not enough permissions"):
        run(router, monitor, "/system/identity/set", name="x")


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_every_menu_prints_on_every_platform(kind):
    router = make_router(*kind)
    session = make_session(router)
    for path, menu in menus_for(platform_for(*kind[:2])).items():
        if path in ("", "/tool", "/system"):
            continue
        answer = execute(router, session, Command(f"{path}/print", {}, (), None))
        numbers = [row[".id"] for row in answer.rows if not menu.single]
        assert len(numbers) == len(set(numbers)), f"{path}: two rows have one number"
        for row in answer.rows:
            assert all(isinstance(value, str) for value in row.values()), path


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_the_same_spec_gives_the_same_router(kind):
    def state():
        router = make_router(*kind)
        return [
            rows(router, make_session(router), path) for path in ("/interface", "/ppp/secret", "/ip/address")
        ]

    assert state() == state()
