"""An export without what changes while the configuration doesn't."""

from __future__ import annotations

from routeros.export.header import is_header_start
from routeros.export.parser import parse_export
from routeros.export.tree import Blank, Comment


def normalise_for_comparison(text: str) -> str:
    """Leave out the time and the state comments, so that equal texts mean equal configurations.

    Left out are the line with the time and version of the export and, after the header, all comment lines:
    they tell states (`# managed by CAPsMAN`, `# poe-out status: short_circuit`). Lines inside a wrapped or
    quoted value are never taken for comments. Line ends become LF.
    """
    kept: list[str] = []
    in_header = True
    for statement in parse_export(text).statements:
        source = text[statement.start : statement.end]
        if isinstance(statement, Comment):
            if in_header and not is_header_start(source):
                kept.append(source)
            continue
        in_header = in_header and isinstance(statement, Blank)
        kept.append(source)
    return "".join(kept).replace("\r\n", "\n")
