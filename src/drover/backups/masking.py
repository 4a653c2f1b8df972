"""Takes a configuration apart into masked text and secret values, and joins them again. Pure; tokens are the caller's."""

from __future__ import annotations

from collections.abc import Mapping

from drover.backups.contracts import Lifted, SplitText
from routeros.export import normalise_for_comparison, parse_export, secret_spans


def find_secrets(text: str) -> list[tuple[int, int, str]]:
    """Each secret's start and end in the text, quotes included, and what the router means by it."""
    return [(span.start, span.end, span.value) for span in secret_spans(parse_export(text))]


def split(text: str, secrets: list[tuple[int, int, str]], tokens: Mapping[str, str]) -> SplitText:
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


def shown(text: str) -> str:
    """Text that any encoder takes: a byte that is no UTF-8 is shown as `\\xNN`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
