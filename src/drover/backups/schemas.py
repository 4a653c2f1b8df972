"""HTTP shapes of configuration snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from drover.platform.schemas import Shape


class Snapshot(Shape):
    """One version on a device's timeline. The text in it is masked: secret values are not there."""

    id: int
    taken_at: datetime = Field(description="When this version was first seen.")
    last_seen_at: datetime = Field(description="When a capture last found it unchanged.")
    trigger: Literal["enrolment", "schedule", "manual"]
    version: str | None
    size_bytes: int
    lines_added: int | None = Field(description="Against the version before; null for the first.")
    lines_removed: int | None


class SnapshotPage(Shape):
    snapshots: list[Snapshot]
    total: int


class SnapshotText(Snapshot):
    text: str = Field(
        description="Masked configuration; each secret is `<secret:…>`, equal only when the value is."
    )


class DiffLine(Shape):
    kind: Literal["context", "added", "removed"]
    old_line: int | None
    new_line: int | None
    text: str


class DiffHunk(Shape):
    heading: str | None = Field(description="The menu of the first line, e.g. `/ip firewall filter`.")
    lines: list[DiffLine]


class SnapshotDiff(Shape):
    from_id: int
    to_id: int
    added: int
    removed: int
    hunks: list[DiffHunk]
