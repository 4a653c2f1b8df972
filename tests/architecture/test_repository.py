"""What the repository promises of itself: contracts in step, files that can be read, nothing that must not be in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from drover.entrypoints.openapi import render

ROOT = Path(__file__).resolve().parents[2]
# Files past the hard limit, each with its reason; the list may only shrink.
PAST_THE_LIMIT: dict[str, str] = {}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def lines_of(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


def test_the_web_client_is_generated_from_this_api() -> None:
    assert (ROOT / "web" / "openapi.json").read_text("utf-8") == render(), "run `make openapi`"


def test_files_stay_short_enough_to_read() -> None:
    limits = [(path, 450) for path in tracked("src/*.py", "tests/*.py")]
    limits += [(path, 250) for path in tracked("web/src/*.tsx")]
    long = {str(path.relative_to(ROOT)) for path, limit in limits if lines_of(path) > limit}
    assert long == set(PAST_THE_LIMIT)


def test_every_named_query_says_its_purpose() -> None:
    for file in tracked("src/drover/*/queries.sql"):
        text = file.read_text("utf-8")
        for name, after in re.findall(r"^-- name: (\S+)\n(.*)$", text, re.MULTILINE):
            assert after.startswith("-- "), f"{file.parent.name}: {name}"


def test_nothing_names_a_registry_or_a_machine() -> None:
    hosts = (
        "registry.npmjs" + ".org",
        "files.pythonhosted" + ".org",
        "pypi.org" + "/simple",
        "deb.debian" + ".org",
        '"resolved"' + ': "http',
    )
    for file in tracked():
        if file.suffix in {".png", ".ico", ".woff2"}:
            continue
        text = file.read_text("utf-8", "surrogateescape")
        assert not [host for host in hosts if host in text], file


def test_the_simulator_and_the_product_share_no_secret() -> None:
    suspicious = re.compile(r"(password|secret|token)\s*=\s*[\"'][A-Za-z0-9]{8,}[\"']", re.IGNORECASE)
    for file in tracked("src/drover/*.py"):
        assert not suspicious.search(file.read_text("utf-8")), file
