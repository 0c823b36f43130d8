"""docs/features.md: each feature of the areas that are built, where it lies and which test would notice its loss.

The source is `docs/features.tsv`, one feature per line: id, title, what it does here, where, test, state. `where` and
`test` hold several entries parted by "; ". `state` is `done`, or `partly: what is missing`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

AREAS = {
    "PAR": "Partners and admission",
    "AGR": "Agreements and shares of risk",
    "BUS": "Re-guarantee business",
    "CLM": "Claims",
    "REC": "Recoveries",
    "FEE": "Premiums",
}
_FIELDS = 6


@dataclass(frozen=True)
class Feature:
    id: str
    title: str
    what: str
    where: tuple[str, ...]
    tests: tuple[str, ...]
    state: str

    @property
    def area(self) -> str:
        return self.id.partition("-")[0]

    @property
    def missing(self) -> str:
        return self.state.partition(":")[2].strip()


def read(path: Path | None = None) -> list[Feature]:
    """The features in the order of the file. Raises ValueError with the line that is no feature."""
    found = []
    for number, line in enumerate(
        (path or settings.BASE_DIR / "docs" / "features.tsv").read_text(encoding="utf-8").splitlines(), 1
    ):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 or not line.strip():
            continue
        if len(cells) != _FIELDS or cells[0].partition("-")[0] not in AREAS or not all(cells[:3]):
            raise ValueError(f"features.tsv line {number} is no feature: {line[:80]}")
        if cells[5] != "done" and not (cells[5].startswith("partly:") and cells[5][7:].strip()):
            raise ValueError(f"features.tsv line {number}: the state is “done” or “partly: what is missing”")
        found.append(Feature(cells[0], cells[1], cells[2], _entries(cells[3]), _entries(cells[4]), cells[5]))
    return found


def _entries(cell: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in cell.split(";") if entry.strip())


def render() -> str:
    """The document."""
    features = read()
    done = Counter(feature.area for feature in features if feature.state == "done")
    whole = Counter(feature.area for feature in features)
    lines = [
        "# Features",
        "",
        "Each feature of the group's areas: what it does here, where it lies, the test that would notice its loss. Written by",
        "`manage.py write_docs` from `features.tsv`; `tests/laws/test_features.py` checks that each place and each test exists.",
        "",
        "| area | features | done |",
        "|---|---|---|",
        *(f"| {area} {title} | {whole[area]} | {done[area]} |" for area, title in AREAS.items()),
    ]
    for area, title in AREAS.items():
        lines += ["", f"## {area} · {title}", "", "| id | feature | what it does here | where | test |", "|---|---|---|---|---|"]
        lines += [_row(feature) for feature in features if feature.area == area]
    return "\n".join(lines) + "\n"


def _row(feature: Feature) -> str:
    what = feature.what + (f" *Partly: {feature.missing}*" if feature.missing else "")
    where = "<br>".join(f"`{entry}`" for entry in feature.where)
    tests = "<br>".join(f"`{entry.removeprefix('tests/')}`" for entry in feature.tests)
    return f"| {feature.id} | {feature.title} | {what.replace('|', '/')} | {where} | {tests} |"
