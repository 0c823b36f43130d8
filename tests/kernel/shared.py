"""Where the reference files lie that may not be committed: beside the checkout; tests skip when they are not there."""

import csv
import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared_file(name: str) -> Path:
    """Return the reference file, or skip the test."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"reference file {name} is not on this machine")
    return path


def sba_rows() -> Iterator[dict[str, str]]:
    """Yield the sample of real loans, or skip the test."""
    with lzma.open(shared_file("data/sba_sample20k.csv.xz"), "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
