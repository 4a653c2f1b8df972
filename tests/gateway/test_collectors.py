"""Collectors: every recorded reply is accepted, and each form gives its values."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drover.gateway.collectors import (
    ethernet,
    health,
    identity,
    interface,
    lease,
    licence,
    package,
    resource,
    routerboard,
    wifi,
    wireless,
)
from drover.gateway.collectors.fields import MAX_PROBLEMS, MAX_ROWS, clean_text
from tests.gateway.recorded import (
    COLLECTORS,
    SHARED,
    Recording,
    all_recordings,
    count_values,
    own_recordings,
)

COLLECTED = [one for one in all_recordings() if one.path in COLLECTORS]


def own(command: str, index: int = 0) -> list[dict[str, str]]:
    return [one for one in own_recordings() if one.path == command][index].rows


def says_nothing(row: dict[str, str]) -> bool:
    """No RouterBOARD, or a port without a link: an answer, but no value."""
    return not set(row) - {".id"} or row.get("routerboard") == "false" or row.get("status") == "no-link"


@pytest.mark.parametrize("recording", COLLECTED, ids=lambda one: f"{one.path} {one.source}")
def test_a_recorded_reply_is_accepted_without_a_problem(recording: Recording):
    problems: list[str] = []
    found = COLLECTORS[recording.path](recording.rows, problems)
    assert problems == []
    if not all(says_nothing(row) for row in recording.rows):
        assert count_values(found) > 0


def test_report_of_recordings(capsys):
    """Says which files were read and what was found (run with -s to see it)."""
    found: Counter[str] = Counter()
    files: Counter[str] = Counter()
    sources: Counter[str] = Counter(one.source.partition(":")[0] for one in COLLECTED)
    for recording in COLLECTED:
        files[recording.path] += 1
        found[recording.path] += count_values(COLLECTORS[recording.path](recording.rows, []))
    print(
        f"\n{len(COLLECTED)} of {len(all_recordings())} recorded replies are of menus that we collect: {dict(sources)}"
    )
    for path in sorted(files):
        print(f"  {path:50} {files[path]:3} replies {found[path]:5} values")
    assert set(files) == set(COLLECTORS) - ({wifi.WAVE2_PATH} if not SHARED.is_dir() else set())


def test_resources_are_percentages_of_what_is_used():
    found = resource.collect(own(resource.PATH), [])
    assert (found.cpu_percent, found.memory_percent, found.disk_percent) == (7, 25.1, 40.74)
    assert (found.version, found.uptime_s) == ("7.18.2", 3 * 604800 + 2 * 86400 + 4 * 3600 + 5 * 60 + 6)


def test_a_chr_has_no_serial_but_an_id():
    board = routerboard.collect(own(routerboard.PATH, 1), [])
    assert (board.model, board.serial, board.firmware) == (None, None, None)
    assert licence.collect(own(licence.PATH, 0), []) == "jHgFdSaQwEr"
    assert licence.collect(own(licence.PATH, 1), []) == "ABCD-EFGH"


def test_the_old_name_of_a_model_loses_its_prefix():
    rows = [{"routerboard": "true", "model": "RouterBOARD 3011UiAS", "serial-number": "1"}]
    assert routerboard.collect(rows, []).model == "3011UiAS"


def test_packages_that_could_be_installed_are_not_installed():
    assert package.collect(own(package.PATH), []) == {"routeros": "7.18.2", "wifi-qcom": "7.18.2"}


@pytest.mark.parametrize(
    ("index", "form", "temperature", "voltage"),
    [(0, "flat", 44.0, 24.1), (1, "rows", 51.0, 12.1), (2, "none", None, None)],
)
def test_health_in_each_form(index, form, temperature, voltage):
    rows = own(health.PATH, index)
    assert health.form_of(rows) == form
    found = health.collect(rows, [])
    assert (found.temperature_c, found.voltage_v) == (temperature, voltage)


def test_a_sensor_value_that_cannot_be_true_is_noted_and_not_scaled_on_a_guess():
    problems: list[str] = []
    found = health.collect([{"voltage": "245", "temperature": "460"}], problems)
    assert (found.temperature_c, found.voltage_v) == (None, None)
    assert len(problems) == 2


def test_interfaces_keep_absent_counters_unknown():
    ether, loopback, pppoe = interface.collect(own(interface.PATH), [])
    assert (ether.rx_bytes, ether.tx_drops, ether.rx_errors, ether.comment) == (
        6158587496658,
        4637,
        12,
        "WAN",
    )
    assert (loopback.rx_bytes, loopback.rx_errors, loopback.tx_drops) == (0, None, None)
    assert (pppoe.name, pppoe.rx_bytes, pppoe.running) == ("<pppoe-anna>", None, True)


def test_link_rates_and_no_link():
    rates = ethernet.collect(own(ethernet.PATH), [])
    assert rates == {"ether1": 2_500_000_000, "ether2": None, "sfp-sfpplus1": 10**10, "ether3": 10**8}


def test_old_wireless_clients():
    first, second = wireless.collect(own(wireless.PATH), [], ssids={"wlan1": "tower-north"})
    assert (first.signal_dbm, first.snr_db, first.ccq_percent) == (-62, 52, 93)
    assert (first.tx_rate_bps, first.rx_rate_bps, first.uptime_s) == (144_400_000, 130_000_000, 20976)
    assert (first.ssid, second.signal_dbm, second.ccq_percent) == ("tower-north", -91, None)
    assert wireless.collect_ssids(own(wireless.SSID_PATH), []) == {"wlan1": "tower-north"}


def test_new_wifi_clients_have_no_ccq():
    [client] = wifi.collect(own(wifi.PATH), [])
    assert (client.signal_dbm, client.tx_rate_bps, client.ssid) == (-47, 1_201_000_000, "office")
    assert (client.ccq_percent, client.snr_db) == (None, None)


def test_the_wifi_table_is_asked_without_a_list_of_properties():
    assert wifi.PROPLIST == ()


def test_leases_name_who_gave_a_name():
    assert lease.collect(own(lease.PATH), []) == {"A4:83:E7:00:00:01": "annas-laptop"}


def test_a_malformed_value_is_noted_and_only_that_one_is_lost():
    problems: list[str] = []
    found = resource.collect(
        [{"cpu-load": "busy", "uptime": "1h", "free-memory": "5", "total-memory": "ten"}], problems
    )
    assert (found.cpu_percent, found.uptime_s, found.memory_percent) == (None, 3600, None)
    assert len(problems) == 2
    assert all(problem.startswith("/system/resource: ") for problem in problems)


def test_an_empty_reply_is_unknown_and_no_error():
    problems: list[str] = []
    assert count_values(resource.collect([], problems)) == 0
    assert identity.collect([], problems) is None
    assert interface.collect([], problems) == []
    assert problems == []


def test_text_of_another_code_page_keeps_every_byte_telling():
    as_read = b"\xc7\xe0\xef\xe0\xe4".decode("utf-8", "surrogateescape")
    cleaned = clean_text(as_read)
    assert len(cleaned) == 5
    cleaned.encode("utf-8")
    assert clean_text("Прага") == "Прага"
    assert "\0" not in clean_text("a\0b")


def test_a_hostile_router_fills_neither_memory_nor_the_list_of_problems():
    problems: list[str] = []
    rows = [
        {"name": f"x{number}", "rx-byte": "9" * 4000, "link-downs": "-5", "comment": "c" * 10**5}
        for number in range(MAX_ROWS + 50)
    ]
    found = interface.collect(rows, problems)
    assert len(found) == MAX_ROWS
    assert len(problems) == MAX_PROBLEMS
    assert all(len(problem) < 300 for problem in problems)
    assert len(found[0].comment or "") <= 1000
    assert found[0].rx_bytes is None


words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "true", "yes", "-", "1", "-1", "9" * 40, "1w2d", "never", "-62@1Mbps", "A4:83:E7:00:00:01"]
    ),
    st.integers().map(str),
)
NAMES = sorted(
    {
        *identity.PROPLIST, *resource.PROPLIST, *routerboard.PROPLIST, *licence.PROPLIST, *package.PROPLIST,
        *health.PROPLIST, *interface.PROPLIST, *ethernet.PROPLIST, *wireless.PROPLIST, *lease.PROPLIST,
        "signal", "ssid",
    }
)  # fmt: skip


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), words, max_size=12), max_size=5))
def test_no_reply_whatever_makes_a_collector_fail(rows):
    for collect in COLLECTORS.values():
        problems: list[str] = []
        collect(rows, problems)
        assert len(problems) <= MAX_PROBLEMS
