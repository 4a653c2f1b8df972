"""Differences: applying the hunks reproduces the other text, counts are theirs, headings name menus, large texts are quick."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drover.backups import diffing

FEW = st.lists(st.sampled_from("abcdef"), max_size=40)
MANY = st.lists(st.integers(0, 60).map(lambda n: f"/ip route add distance={n}"), max_size=60)


def apply(old: list[str], found: list[dict[str, Any]]) -> list[str]:
    """The new text, from the old one and the hunks alone; every line number is checked on the way."""
    made: list[str] = []
    position = 0
    for hunk in found:
        for line in hunk["lines"]:
            if line["old_line"] is not None:
                made += old[position : line["old_line"] - 1]
                position = line["old_line"]
                assert old[position - 1] == line["text"]
            if line["kind"] == "context":
                made.append(line["text"])
            elif line["kind"] == "added":
                if line is hunk["lines"][0] or line["new_line"] > len(made) + 1:
                    missing = line["new_line"] - 1 - len(made)
                    made += old[position : position + missing]
                    position += missing
                made.append(line["text"])
            if line["new_line"] is not None:
                assert len(made) == line["new_line"]
    return made + old[position:]


def check(old: list[str], new: list[str]) -> diffing.Change:
    opcodes = diffing.compare(old, new)
    found = diffing.hunks(old, new, opcodes)
    assert apply(old, found) == new
    kinds = [line["kind"] for hunk in found for line in hunk["lines"]]
    change = diffing.count_changes(opcodes)
    assert change == diffing.Change(kinds.count("added"), kinds.count("removed"))
    assert len(old) + change.added - change.removed == len(new)
    for hunk in found:
        first, *_, last = [n for n, line in enumerate(hunk["lines"]) if line["kind"] != "context"] * 2
        assert first <= 3
        assert len(hunk["lines"]) - 1 - last <= 3
    return change


@given(st.one_of(st.tuples(FEW, FEW), st.tuples(MANY, MANY)))
def test_applying_the_hunks_gives_the_new_text_and_the_counts_are_the_hunks(
    texts: tuple[list[str], list[str]],
) -> None:
    check(*texts)


@settings(deadline=None)
@given(st.one_of(st.tuples(FEW, FEW), st.tuples(MANY, MANY)))
def test_the_split_at_anchors_is_as_right(texts: tuple[list[str], list[str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diffing, "_SMALL", 0)
        check(*texts)


@given(MANY)
def test_equal_texts_have_no_hunks(text: list[str]) -> None:
    assert diffing.hunks(text, list(text), diffing.compare(text, list(text))) == []


def test_one_changed_line_in_a_large_text_is_one_hunk_with_three_lines_around() -> None:
    old = [f"/ip firewall address-list add address=192.0.2.{n} list=a" for n in range(5000)]
    new = [*old]
    new[2500] = "/ip firewall address-list add address=198.51.100.1 list=b"
    [hunk] = diffing.hunks(old, new, diffing.compare(old, new))
    assert hunk["heading"] == "/ip firewall address-list"
    assert [(line["kind"], line["old_line"], line["new_line"]) for line in hunk["lines"]] == [
        ("context", 2498, 2498),
        ("context", 2499, 2499),
        ("context", 2500, 2500),
        ("removed", 2501, None),
        ("added", None, 2501),
        ("context", 2502, 2502),
        ("context", 2503, 2503),
        ("context", 2504, 2504),
    ]


@pytest.mark.parametrize("apart", [1, 6, 7, 30])
def test_changes_share_a_hunk_when_six_lines_or_fewer_lie_between(apart: int) -> None:
    old = [f"line {n}" for n in range(60)]
    new = [*old]
    new[10], new[11 + apart] = "first", "second"
    assert len(diffing.hunks(old, new, diffing.compare(old, new))) == (1 if apart <= 6 else 2)


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("/ip firewall filter add action=drop chain=input", "/ip firewall filter"),
        ("/interface wifi set [ find default-name=wifi1 ] disabled=no", "/interface wifi"),
        ("/ip/firewall/filter add action=drop", "/ip/firewall/filter"),
        ("/system identity set name=hq", "/system identity"),
        ("    \\n:put done", None),
        ("# model = RB5009", None),
    ],
)
def test_a_hunk_is_headed_by_the_menu_of_its_first_change(line: str, heading: str | None) -> None:
    [hunk] = diffing.hunks(["a"], ["a", line], diffing.compare(["a"], ["a", line]))
    assert hunk["heading"] == heading


def shuffled(lines: list[str], seed: int) -> list[str]:
    return random.Random(seed).sample(lines, len(lines))


NUMBERED = [f"/ip route add dst-address=10.{n // 250}.{n % 250}.0/24" for n in range(5000)]
LARGE = {
    "all other": (NUMBERED, [line + " distance=2" for line in NUMBERED]),
    "another order": (NUMBERED, shuffled(NUMBERED, 1)),
    "backwards": (NUMBERED, NUMBERED[::-1]),
    "one line only": (["x"] * 5000, ["y", *["x"] * 4990, "y"]),
    "two lines": (shuffled(["x", "y"] * 2500, 2), shuffled(["x", "y"] * 2500, 3)),
    "ten lines": (shuffled(list("abcdefghij") * 500, 4), shuffled(list("abcdefghij") * 500, 5)),
    "fifty lines": (
        shuffled([f"l{n}" for n in range(50)] * 100, 6),
        shuffled([f"l{n}" for n in range(50)] * 100, 7),
    ),
    "two of each": (shuffled(NUMBERED[:2500] * 2, 8), shuffled(NUMBERED[:2500] * 2, 9)),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_worst_of_five_thousand_lines_is_compared_right(name: str) -> None:
    check(*LARGE[name])


def test_what_is_not_touched_between_many_changes_stays() -> None:
    old = shuffled(NUMBERED, 10)
    new = [line if n % 3 else line + " distance=9" for n, line in enumerate(old)]
    assert check(old, new) == diffing.Change(1667, 1667)
