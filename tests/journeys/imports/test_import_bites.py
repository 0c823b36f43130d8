"""A mapping that reads a column wrongly cannot reconcile: each mistake is made on purpose, on the real loans."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from kernel.calendar import whole_months
from kernel.intake.mapping import Mapping, load
from kernel.intake.reading import open_table
from kernel.intake.refusals import Refused
from kernel.money import straight_line
from tests.journeys.imports.importing import GOLDEN, SAMPLE

pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the sample of real loans is not on this machine")
DAY = "2005-12-31"
SBA = json.loads((Path(settings.INTAKE_MAPPINGS) / "sba.json").read_text(encoding="utf-8"))

DATES = ("approved_on", "start_on", "charged_off_on")
MISTAKES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "amounts exchanged": lambda f: (f["loan_fen"].update(column="SBA_Appv"), f["guaranteed_fen"].update(column="GrAppv")),
    "the loan taken for the guarantee": lambda f: f["guaranteed_fen"].update(column="GrAppv"),
    "fen taken for yuan": lambda f: f["loss_fen"].update(unit="WAN"),
    "another loss": lambda f: f["loss_fen"].update(column="BalanceGross"),
    "outcomes exchanged": lambda f: f["outcome"].update(codes={"P I F": "COMPENSATED", "CHGOFF": "RELEASED"}),
    "no outcome taken for released": lambda f: f["outcome"].update(blank="RELEASED"),
    "the bank's state for the state": lambda f: f["member"].update(column="BankState", blank="CA"),
    "the approval for the drawdown": lambda f: f["start_on"].update(column="ApprovalDate"),
    "charge-off dates forgotten": lambda f: f.pop("charged_off_on"),
    "a pivot to come": lambda f: [f[name].update(latest_year=2080) for name in DATES],
    "a pivot in the past": lambda f: [f[name].update(latest_year=2005) for name in DATES],
    "another term": lambda f: f["term_months"].update(column="NoEmp"),
}


def figures(mapping: Mapping) -> dict[str, Any]:
    """What the mapping makes of the sample: cumulative by state and by year, and in force by state on one day."""
    table = open_table(SAMPLE)
    convert, shape = mapping.compile(table.header), mapping.target.shape(mapping.options, date(2026, 11, 26))
    names = [name for name, _ in mapping.target.stage]
    by_state: dict[str, Counter[str]] = {}
    by_year: dict[str, Counter[str]] = {}
    in_force: dict[str, Counter[str]] = {}
    on = date.fromisoformat(DAY)
    for batch in table.batches():
        for _, cells in batch:
            try:
                staged = shape(convert(cells))
            except Refused:
                continue
            row = dict(zip(names, (*staged.columns, *staged.passing), strict=True))
            one = {
                "count": 1, "loan_cents": row["loan_fen"], "guaranteed_cents": row["guaranteed_fen"],
                "claim_cents": row["compensation_fen"], "n_PIF": row["state"] == "RELEASED",
                "n_CHGOFF": row["state"] == "COMPENSATED", "n_UNKNOWN": row["state"] == "LAPSED",
            }  # fmt: skip
            by_state.setdefault(staged.house, Counter()).update(one)
            by_year.setdefault(str(row["approved_on"].year), Counter()).update(one)
            if row["start_on"] <= on < row["ended_on"]:
                left = straight_line(row["guaranteed_fen"], row["term_months"], whole_months(row["start_on"], on))
                in_force.setdefault(staged.house, Counter()).update(
                    count=1, guaranteed_cents=row["guaranteed_fen"], guaranteed_straightline_cents=left
                )
    return {"by_state": by_state, "by_approval_year": by_year, "in_force": in_force}


def agrees(ours: dict[str, Any]) -> bool:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    golden["in_force"] = golden["in_force"][DAY]["by_state"]
    return all(
        set(ours[part]) == set(golden[part])
        and all(each[name] == golden[part][key][name] for key, each in ours[part].items() for name in each)
        for part in ours
    )


def test_the_shipped_mapping_agrees() -> None:
    assert agrees(figures(load(SBA)))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_mapping_does_not(mistake: str) -> None:
    document = copy.deepcopy(SBA)
    MISTAKES[mistake](document["fields"])
    assert not agrees(figures(load(document)))
