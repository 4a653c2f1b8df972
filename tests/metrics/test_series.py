"""Ranges, steps and gaps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from drover.metrics.series import to_columns, window_of

NOW = datetime(2026, 11, 24, 12, 34, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "step_s", "count"),
    [("1h", 60, 60), ("6h", 60, 360), ("24h", 300, 288), ("7d", 1800, 336), ("30d", 7200, 360)],
)
def test_a_range_has_at_most_400_steps_on_whole_multiples(name, step_s, count):
    window = window_of(name, NOW)
    assert window.step_s == step_s
    assert (window.until - window.since).total_seconds() == count * step_s
    assert window.since.timestamp() % step_s == 0
    assert window.since < NOW < window.until


def test_a_step_is_never_shorter_than_the_interval_of_polls():
    assert window_of("1h", NOW, interval_s=90).step_s == 120
    assert window_of("1h", NOW, interval_s=3600).step_s == 3600
    assert window_of("1h", NOW, interval_s=10).step_s == 60


def test_a_sum_ends_with_a_step_whose_results_are_in():
    window = window_of("1h", datetime(2026, 11, 24, 12, 34, 10, tzinfo=UTC), settle_s=15)
    assert window.until == datetime(2026, 11, 24, 12, 33, tzinfo=UTC)


def test_steps_without_rows_are_null_in_every_column():
    window = window_of("1h", NOW)
    first = int(window.since.timestamp())
    rows = [
        {"step_at": first + 120, "rx_bps": 5.0, "tx_bps": None},
        {"step_at": first - 60, "rx_bps": 1.0, "tx_bps": 1.0},
    ]
    series = to_columns(window, ("rx_bps", "tx_bps"), rows)
    assert len(series["at"]) == len(series["columns"]["rx_bps"]) == 60
    assert series["columns"]["rx_bps"][:4] == [None, None, 5.0, None]
    assert set(series["columns"]["tx_bps"]) == {None}
