"""Whole exports: our own always, and real routers' wherever the shared data lies beside the repository."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from routeros.export import (
    Command,
    ExportSyntaxError,
    Menu,
    find_export_errors,
    format_command,
    normalise_for_comparison,
    parse_export,
    parse_header,
    print_tree,
    secret_spans,
    wrap_line,
)
from routeros.export.lexical import Unwrapped

ROOT = Path(__file__).parents[2]
OWN = sorted((ROOT / "tests/fixtures/exports").glob("*.rsc"))
SHARED = sorted((ROOT.parent / "shared/data/exports").rglob("*.rsc"))
EVERY = [pytest.param(path, id=path.name) for path in OWN + SHARED]


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def is_as_exported(path: Path) -> bool:
    """Whether a file is what a router printed, and not a page of notes or a script."""
    return not any(note in path.name for note in ("by_hand", "tikoci", "vincitamore", "ey2alas"))


@pytest.mark.parametrize("path", EVERY)
def test_an_export_is_printed_as_it_was_read(path: Path) -> None:
    text = read(path)
    tree = parse_export(text)
    assert print_tree(tree).encode("utf-8", "surrogateescape") == path.read_bytes()
    position = 0
    for statement in tree.statements:
        assert statement.start == position
        assert statement.end > statement.start
        position = statement.end


@pytest.mark.parametrize("path", EVERY)
def test_the_header_is_found_and_menus_have_paths(path: Path) -> None:
    text = read(path)
    header = parse_header(text)
    assert header.version is not None
    assert header.taken_at_text is not None
    for statement in parse_export(text).statements:
        if isinstance(statement, Menu | Command):
            assert statement.path.startswith("/")
            assert " " not in statement.path


@pytest.mark.parametrize("path", EVERY)
def test_values_lie_where_their_spans_say(path: Path) -> None:
    text = read(path)
    for command in parse_export(text).commands():
        for prop in command.properties:
            assert command.start < prop.start <= prop.end <= command.end
            raw = Unwrapped(text, prop.start, prop.end).text
            if "\\" not in raw:
                assert raw.strip('"') == prop.value.strip('"')


@pytest.mark.parametrize("path", EVERY)
def test_hiding_every_secret_leaves_an_export_without_any(path: Path) -> None:
    text = read(path)
    spans = secret_spans(parse_export(text))
    masked = text
    for span in reversed(spans):
        assert text[span.start : span.end]
        masked = masked[: span.start] + "*" + masked[span.end :]
    assert {span.value for span in secret_spans(parse_export(masked))} <= {"*"}
    assert [menu.path for menu in parse_export(masked).commands()] == [
        menu.path for menu in parse_export(text).commands()
    ]


@pytest.mark.parametrize("path", EVERY)
def test_normalising_twice_changes_nothing_more(path: Path) -> None:
    once = normalise_for_comparison(read(path))
    assert normalise_for_comparison(once) in (once, once.replace("#\n", ""))
    assert " by RouterOS " not in once.split("\n", 1)[0]


def test_what_is_not_understood_in_real_exports_was_put_there_by_people() -> None:
    for path in OWN + SHARED:
        tree = parse_export(read(path))
        for error in tree.errors():
            line = tree.text.split("\n")[error.line - 1].strip()
            known = line.startswith(("[", "```", "ssh-keys import", "------"))
            assert known or not is_as_exported(path), f"{path.name}: {error}"


def test_commands_are_written_as_routers_write_them() -> None:
    """Take commands apart, write them again, compare with what the router wrote, wraps and all.

    Only routers' own files can say how routers write; ours were typed by hand, with oddities on purpose.
    """
    counts = {True: [0, 0], False: [0, 0]}  # by hand or not: [the same, other]
    for path in OWN + SHARED:
        text = read(path).replace("\r\n", "\n")
        width = 80 if max(map(len, text.split("\n"))) <= 80 else None
        tree = parse_export(text)
        for command in tree.commands():
            # by hand, or damaged when secrets were taken out of the files
            if command.flags or not is_as_exported(path) or "REDACTED" in tree.source(command):
                continue
            selector = list(command.targets)
            if command.find is not None:
                selector.append(text[command.find.start : command.find.end])
            written = format_command(
                command.verb,
                [(prop.key, None if prop.unset else prop.value) for prop in command.properties],
                path=command.path if command.has_own_path else "",
                selector=" ".join(selector),
            )
            source = Unwrapped(text, command.start, command.end).text.rstrip("\n")
            if width is not None and source.isascii():
                written, source = wrap_line(written), wrap_line(source)
            counts[path in OWN][written != source] += 1
    by_hand, by_router = counts[True], counts[False]
    assert by_hand[0] >= 30, by_hand
    assert by_router[1] <= by_router[0] * 0.01, by_router


def test_lines_are_wrapped_as_routers_wrap_them() -> None:
    same = other = 0
    for path in OWN + SHARED:
        text = read(path).replace("\r\n", "\n")
        if max(map(len, text.split("\n"))) > 80 or not is_as_exported(path) or path in OWN:
            continue
        tree = parse_export(text)
        for command in tree.commands():
            source = tree.source(command).rstrip("\n")
            if "\\\n" in source and "REDACTED" not in source:
                wrapped = wrap_line(Unwrapped(source, 0, len(source)).text)
                same += wrapped == source
                other += wrapped != source
    assert other <= same * 0.02, (same, other)


def test_a_report_of_what_was_read(
    record_property: pytest.RecordProperty, capsys: pytest.CaptureFixture[str]
) -> None:  # type: ignore[name-defined]
    counts: Counter[str] = Counter()
    menus: set[str] = set()
    versions: set[str] = set()
    for path in OWN + SHARED:
        text = read(path)
        tree = parse_export(text)
        counts["files"] += 1
        counts["bytes"] += path.stat().st_size
        counts["secrets"] += len(secret_spans(tree))
        counts["failed menus"] += len(find_export_errors(text))
        versions.add(str(parse_header(text).version))
        for statement in tree.statements:
            counts[type(statement).__name__] += 1
            if isinstance(statement, Command):
                counts["properties"] += len(statement.properties)
                menus.add(statement.path)
    report = {**counts, "menus": len(menus), "versions": len(versions)}
    for name, count in report.items():
        record_property(name, count)
    with capsys.disabled():
        print(f"\nexports read: {report}")
    assert counts["files"] == len(OWN) + len(SHARED) >= 4


def test_strict_reading_raises_the_first_error_with_its_place() -> None:
    text = read(ROOT / "tests/fixtures/exports/v7_edited_by_hand.rsc")
    with pytest.raises(ExportSyntaxError) as caught:
        parse_export(text, strict=True)
    assert (caught.value.line, caught.value.column) == (6, 1)
