"""Named SQL: each slice keeps its statements in `queries.sql`, loaded once by its repository.

A statement starts with `-- name: some_name` and one comment line of purpose. Statements carry `tenant_id = %(tenant_id)s`
beside row-level security: that is what lets PostgreSQL prune to one tenant's partitions.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\n", re.MULTILINE)


class Queries:
    """The named statements of one slice; an unknown name is an error at once."""

    def __init__(self, package: str, text: str) -> None:
        self._package = package
        parts = _NAME.split(text)
        self._statements = {
            name: body.strip().rstrip(";") for name, body in zip(parts[1::2], parts[2::2], strict=True)
        }

    @classmethod
    def load(cls, package: str) -> Queries:
        """Read `queries.sql` of a package, e.g. `drover.devices`."""
        return cls(package, resources.files(package).joinpath("queries.sql").read_text("utf-8"))

    def __getitem__(self, name: str) -> LiteralString:
        """The statement's text. It is a file of ours, so it counts as literal for psycopg's type check."""
        try:
            return cast("LiteralString", self._statements[name])
        except KeyError:
            raise KeyError(f"{self._package}/queries.sql has no statement named {name}") from None

    def names(self) -> list[str]:
        """All names, in order of appearance."""
        return list(self._statements)
