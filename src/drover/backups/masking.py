"""Takes a configuration apart into masked text and secret values, and joins them again. Pure; tokens are the caller's.

What an export's structure tells is a secret is lifted out, and so is every other mention of the same value: a passphrase that
somebody repeated in a comment. Tokens are found again by their place, not by their look: text that happens to look like one
is only text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from drover.backups.contracts import Lifted, SplitText
from routeros.export import normalise_for_comparison, parse_export, secret_spans

Secret = tuple[int, int, str]

# A mention is hidden when the value can't be an ordinary word: long enough, and more than letters and hyphens.
_SHORTEST_MENTIONED = 8
_ORDINARY = re.compile(r"[A-Za-z-]*\Z")
_WORD = re.compile(r"[A-Za-z0-9\x80-\U0010ffff]+")


def find_secrets(text: str) -> list[Secret]:
    """Each secret's start and end in the text, quotes included, and what the router means by it; in order, apart."""
    named = [(span.start, span.end, span.value) for span in secret_spans(parse_export(text))]
    telling = {
        value for _, _, value in named if len(value) >= _SHORTEST_MENTIONED and not _ORDINARY.match(value)
    }
    return sorted([*named, *_mentions(text, named, telling)]) if telling else named


def _mentions(text: str, named: list[Secret], values: set[str]) -> Iterator[Secret]:
    """Values of secrets where nothing names them as such: whole words, between the places that are known."""
    # By their first words: each word of a large text is looked up once, however many secrets there are.
    by_word: dict[str, list[tuple[int, str]]] = defaultdict(list)
    # Longest first: a value that begins another one must not hide half of it.
    for value in sorted(values, key=len, reverse=True):
        word = _WORD.search(value)
        if word is not None:
            by_word[word[0]].append((word.start(), value))
    position = 0
    for start, end in [*((start, end) for start, end, _ in named), (len(text), len(text))]:
        for word in _WORD.finditer(text, position, start):
            for offset, value in by_word.get(word[0], ()):
                first, last = word.start() - offset, word.start() - offset + len(value)
                if (
                    position <= first
                    and last <= start
                    and text.startswith(value, first)
                    and not _WORD.match(text, last, last + 1)
                ):
                    yield first, last, value
                    position = last
                    break
        position = end


def split(text: str, secrets: list[Secret], tokens: Mapping[str, str]) -> SplitText:
    """Replace each secret by its token. `tokens` has one for every value."""
    pieces: list[str] = []
    lifted: list[Lifted] = []
    position = size = 0
    for start, end, value in secrets:
        token = tokens[value]
        pieces += (text[position:start], token)
        size += start - position
        lifted.append(Lifted(size, size + len(token), text[start:end]))
        size += len(token)
        position = end
    pieces.append(text[position:])
    return SplitText("".join(pieces), tuple(lifted))


def join(parts: SplitText) -> str:
    """The captured text again."""
    pieces: list[str] = []
    position = 0
    for secret in parts.lifted:
        pieces += (parts.masked[position : secret.at], secret.value)
        position = secret.end
    pieces.append(parts.masked[position:])
    return "".join(pieces)


def comparable_lines(masked: str) -> list[str]:
    """The lines that make a version: without the header's time and without comments that tell states."""
    text = normalise_for_comparison(masked)
    return text.removesuffix("\n").split("\n") if text else []


def line_numbers(masked: str, comparable: list[str]) -> list[int]:
    """Where in the whole text each comparable line stands, counting from 1."""
    whole = enumerate(masked.replace("\r\n", "\n").split("\n"), 1)
    # What is kept is kept in order, so the next equal line is the one.
    return [next(number for number, line in whole if line == wanted) for wanted in comparable]


def shown(text: str) -> str:
    """Text that any encoder takes: a byte that is no UTF-8 is shown as `\\xNN`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
