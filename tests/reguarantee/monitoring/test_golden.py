"""The consolidated book over 20,000 real loans against figures computed outside this program."""

from __future__ import annotations

import csv
import json
import lzma
from collections import defaultdict
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kernel.calendar import add_months
from kernel.money import half_up
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.monitoring import queries, services
from reguarantee.monitoring.queries.book import read

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason="the sample and its golden figures are not beside this checkout"),
]
TODAY = date(2012, 12, 31)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

# The loans come as rows of the reported shape; customer and product are one each, for the book does not depend on them.
LOAD = """
insert into products_product (code, name_zh, name_en, for_kind, rate_max, amount_max_fen, term_max_months,
  guaranteed_share, green_channel_max_fen, required_documents, is_open)
values ('SBA', 'S', 'S', '', 1, 1000000000000, 999, 0.8, 0, '[]', true);
insert into customers_customer (kind, name, id_number, region_code, industry, industry_code, size_class, is_farmer,
  legal_rep, mobile, address, status, status_reason, registered_on)
values ('COMPANY', 'S', '', '', '', '', '', false, '', '', '', 'ACTIVE', '', '2020-01-01');
insert into guarantees_guarantee (number, customer_id, product_id, bank_code, bank_name, region_code, industry,
  approved_on, issued_on, loan_fen, guaranteed_fen, term_months, fee_rate, start_on, due_on, ended_on, state, drawn_fen,
  repaid_fen, compensated_principal_fen, outstanding_fen, balance_fen, compensation_fen, compensated_on,
  release_certificate, end_reason, amortisation, external_ref, source, coverage, ceded_fen, coverage_reason_code,
  coverage_reason, filing_status, treaty_code)
select l.number, c.id, p.id, '', l.bank_name, l.region_code, l.industry, l.approved_on, l.approved_on, l.loan_fen,
  l.guaranteed_fen, l.term_months, 0, l.start_on, l.due_on, l.ended_on, l.state, l.loan_fen, l.loan_fen, 0, 0, 0,
  l.compensation_fen, l.compensated_on, '', '', 'STRAIGHT_LINE', l.number, 'IMPORT', 'UNCOVERED', 0, '', '', '', ''
from loan l, customers_customer c, products_product p where p.code = 'SBA'
"""
COLUMNS = ("number", "bank_name", "region_code", "industry", "approved_on", "loan_fen", "guaranteed_fen", "term_months",
           "start_on", "due_on", "ended_on", "state", "compensation_fen", "compensated_on")  # fmt: skip


def loan(row: dict[str, str]) -> tuple[Any, ...]:
    """One line of the sample under the golden file's rules; money in cents."""
    approved, paid_out, charged = (_day(row[name]) for name in ("ApprovalDate", "DisbursementDate", "ChgOffDate"))
    assert approved is not None
    start = paid_out or approved
    term = int(row["Term"])
    total, share, lost = (_cents(row[name]) for name in ("GrAppv", "SBA_Appv", "ChgOffPrinGr"))
    status = row["MIS_Status"].strip()
    state = {"P I F": "RELEASED", "CHGOFF": "COMPENSATED", "": "LAPSED"}[status]
    claim = min(half_up(lost * share, total), share) if status == "CHGOFF" else 0
    ended = charged if charged and status != "P I F" else add_months(start, term)
    return (row["LoanNr_ChkDgt"], row["Bank"] or "(blank)", row["State"], "", approved, total, share, term, start,
            add_months(start, term), ended, state, claim, ended if status == "CHGOFF" else None)  # fmt: skip


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    day, month, year = text.strip().split("-")  # 28-Feb-97; the sample knows no year before 1969
    return date(int(year) + (1900 if int(year) >= 69 else 2000), _MONTHS.index(month) + 1, int(day))


def _cents(text: str) -> int:
    return int(Decimal(text.strip().strip("$").replace(",", "")) * 100)


@pytest.fixture
def golden(states: None) -> dict[str, Any]:
    """Loads each state's loans into its member, projects, and returns the golden figures."""
    by_state: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    with lzma.open(DATA / "sba_sample20k.csv.xz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            found = loan(row)
            by_state[found[2]].append(found)
    for state, rows in by_state.items():
        member = registry.institution(state)
        text = StringIO()
        csv.writer(text).writerows(rows)
        text.seek(0)
        with inside(member), connection.cursor() as cursor:
            cursor.execute(f"create temp table loan as select {', '.join(COLUMNS)} from reported_guarantees limit 0")
            cursor.copy_expert("copy loan from stdin (format csv, force_not_null (industry))", text)
            cursor.execute(LOAD)
            cursor.execute("drop table loan")
    services.catch_up(today=TODAY)
    return json.loads((DATA / "sba_sample20k_golden.json").read_text(encoding="utf-8"))


def _same(ours: dict[str, int], theirs: dict[str, Any]) -> bool:
    return (
        ours["count"],
        ours["loan_fen"],
        ours["guaranteed_fen"],
        ours["released_count"],
        ours["compensated_count"],
        ours["compensation_fen"],
    ) == tuple(theirs[name] for name in ("count", "loan_cents", "guaranteed_cents", "n_PIF", "n_CHGOFF", "claim_cents"))


def test_every_figure_equals_the_golden_file(golden: dict[str, Any]) -> None:
    with inside(registry.group()):
        members = queries.consolidated(by="member", as_of=TODAY)
        banks = queries.consolidated(by="bank", as_of=TODAY)
        months = queries.consolidated(by="month", as_of=TODAY)
        assert _same(members["total"], golden["total"])
        ours = {row["key"]: row for row in members["rows"]}
        assert set(ours) == set(golden["by_state"]) and len(ours) == 51
        assert [code for code, row in ours.items() if not _same(row, golden["by_state"][code])] == []
        _years(months["rows"], golden["by_approval_year"])
        _banks(banks["rows"], golden)
        _days(golden["in_force"])
        assert services.compare(today=TODAY).breaks == 0


def _years(rows: list[dict[str, Any]], golden: dict[str, Any]) -> None:
    years: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        for name, value in row.items():
            if name != "key":
                years[row["key"][:4]][name] += value
    assert set(years) == set(golden)
    assert [year for year, figures in years.items() if not _same(figures, golden[year])] == []


def _banks(rows: list[dict[str, Any]], golden: dict[str, Any]) -> None:
    assert len(rows) == golden["n_banks"]
    for name, order in (("bank_top20_by_guaranteed", "guaranteed_fen"), ("bank_top20_by_count", "count")):
        top = sorted(rows, key=lambda row: (-row[order], row["key"]))[:20]
        assert [row["key"] for row in top] == [row["bank"] for row in golden[name]]
        assert all(_same(row, theirs) for row, theirs in zip(top, golden[name], strict=True))


def _days(golden: dict[str, Any]) -> None:
    assert len(golden) == 7
    for day, figures in golden.items():
        as_of = date.fromisoformat(day)
        found = queries.consolidated(by="member", as_of=as_of)
        _standing(found["total"], figures["total"])
        rows = {row["key"]: row for row in found["rows"] if row["in_force_count"]}
        assert set(rows) == set(figures["by_state"])
        for code, row in rows.items():
            _standing(row, figures["by_state"][code])
        # Rolled to that day, the marginals say the same as the pass over the facts did.
        scanned = read(("TOTAL", "MEMBER"), as_of=as_of)
        assert services.roll(today=as_of)
        assert read(("TOTAL", "MEMBER"), as_of=as_of) == scanned


def _standing(ours: dict[str, int], theirs: dict[str, int]) -> None:
    assert (
        ours["in_force_count"],
        ours["in_force_loan_fen"],
        ours["in_force_guaranteed_fen"],
        ours["in_force_balance_fen"],
    ) == tuple(theirs[name] for name in ("count", "loan_cents", "guaranteed_cents", "guaranteed_straightline_cents"))
