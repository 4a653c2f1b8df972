"""RouterOS configuration exports (`/export`, `.rsc` files): read without loss, written as routers write them.

    tree = parse_export(text)
    for command in tree.commands():
        print(command.path, command.verb, {p.key: p.value for p in command.properties})
    for secret in secret_spans(tree):
        ...  # text[secret.start:secret.end] is what has to be hidden

Text is str decoded as UTF-8 with surrogateescape, so that bytes of any code page survive; offsets count its
characters.
"""

from __future__ import annotations

from routeros.export.header import (
    Header,
    find_export_errors,
    parse_header,
)
from routeros.export.normalise import normalise_for_comparison
from routeros.export.parser import parse_export
from routeros.export.secrets import SecretSpan, is_secret_key, secret_spans
from routeros.export.tree import (
    Blank,
    Command,
    Comment,
    Condition,
    ExportSyntaxError,
    ExportTree,
    Find,
    Menu,
    Property,
    Script,
    Statement,
    Unparsed,
    print_tree,
)
from routeros.export.writer import format_command, format_value, wrap_line

__all__ = [
    "Blank",
    "Command",
    "Comment",
    "Condition",
    "ExportSyntaxError",
    "ExportTree",
    "Find",
    "Header",
    "Menu",
    "Property",
    "Script",
    "SecretSpan",
    "Statement",
    "Unparsed",
    "find_export_errors",
    "format_command",
    "format_value",
    "is_secret_key",
    "normalise_for_comparison",
    "parse_export",
    "parse_header",
    "print_tree",
    "secret_spans",
    "wrap_line",
]
