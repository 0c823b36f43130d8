"""What treaties brought: statistics per institution and agreement, each equal to the rows behind it, and a hint."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.letters import GuaranteeEnded
from registry.tenancy import inside
from reguarantee.claims.models import Claim
from reguarantee.console.desks.outcome import advice, figures
from reguarantee.console.desks.outcome.figures import Span
from reguarantee.filings import services as filings
from reguarantee.treaties import services as treaties
from tests.console.conftest import SignIn, file, today
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.factories.pages import statements
from tests.factories.treaties import agree
from tests.reguarantee.claims.shared import bring
from tests.reguarantee.engine.terms import MILLION, document, quota

YEAR = today().year
SPAN = Span(date(YEAR, 1, 1), date(YEAR, 12, 31))
BOUNDS = {
    "claim_rate_high": Decimal("0.03"), "claim_rate_low": Decimal("0.01"), "brought_well": Decimal("0.8"),
    "brought_little": Decimal("0.3"), "line_tight": Decimal("0.9"),
}  # fmt: skip


def project(number: int, sender: str = ANHE, principal: int = MILLION, **more: Any) -> Any:
    told = {"number": f"DB-{number}", "obligor_key": f"k{number}", "guaranteed_fen": principal * 8 // 10, **more}
    return file(sender, guarantee_id=number, principal_fen=principal, **told)


@pytest.fixture
def brought(treaty: str, people: Any) -> str:
    """ANHE: 1, 2 and 1 million in three industries and types; BOYU: 3 million. Lines and volumes agreed for ANHE."""
    project(1, loan_rate="0.04", industry="C", size_class="SMALL")
    project(2, principal=2 * MILLION, loan_rate="0.055", industry="F", size_class="MICRO")
    project(3, industry="C", obligor_kind="PERSON")
    project(4, BOYU, 3 * MILLION, loan_rate="0.06", industry="")
    officer = people["treaty"]
    treaties.set_line(
        actor=officer, today=today(), code=treaty, member_code=ANHE, year=YEAR, line_fen=2 * MILLION, target_fen=5 * MILLION
    )
    return treaty


def test_projects_amounts_and_ratios_per_institution(brought: str) -> None:
    """AGR-03, AGR-04, AGR-05, AGR-06, AGR-07: sums, weighted ratio and rate, volume and limit as amount and rate."""
    rows = figures.by_institution(SPAN)
    anhe = rows[ANHE]
    assert (anhe["count"], anhe["principal_fen"], anhe["ceded_fen"]) == (3, 4 * MILLION, 160_000_000)
    assert anhe["shared"] == Decimal("0.4")
    assert anhe["loan_rate"] == Decimal("0.05")  # (1 x 4 % + 2 x 5.5 %) / 3: the loan without a rate does not count
    assert (anhe["target_fen"], anhe["brought"]) == (5 * MILLION, Decimal("0.8"))
    assert (anhe["line_fen"], anhe["taken_fen"], anhe["used"]) == (2 * MILLION, 160_000_000, Decimal("0.8"))
    assert (rows[BOYU]["count"], rows[BOYU]["brought"], rows[BOYU]["claim_rate"]) == (1, None, None)
    total = figures.total(SPAN)
    for name in ("count", "principal_fen", "ceded_fen"):
        assert total[name] == sum(row[name] for row in rows.values())
        assert total[name] == sum(row[name] for row in figures.by_agreement(SPAN).values())
    last_year = Span(date(YEAR - 1, 1, 1), date(YEAR - 1, 12, 31))
    assert figures.by_institution(last_year) == {}


def test_every_figure_is_the_sum_of_its_rows(brought: str) -> None:
    for code, row in figures.by_institution(SPAN).items():
        rows = list(figures.projects(SPAN, member=code))
        assert row["count"] == len(rows)
        assert row["principal_fen"] == sum(one.principal_fen for one in rows)
        assert row["ceded_fen"] == sum(one.ceded_fen for one in rows)


def test_an_extension_is_no_new_project(brought: str) -> None:
    """AGR-03 to AGR-05: what is prolonged is not brought twice; its line counts it, as the parameter of the line says."""
    before = figures.by_institution(SPAN)[ANHE]
    over = GuaranteeEnded(guarantee_id=2, end="RELEASED", on=today(), released_principal_fen=0)
    filings.open_ended(over, sender=ANHE, actor=Actor("LETTER", ANHE), today=today())
    longer = project(
        5, extends_guarantee_id=2, principal=MILLION, obligor_key="k2", drawdown_on=today(), due_on=today() + timedelta(days=500)
    )
    assert (longer.status, longer.extends.guarantee_id) == ("CONFIRMED", 2)
    after = figures.by_institution(SPAN)[ANHE]
    assert [after[name] for name in ("count", "principal_fen")] == [before[name] for name in ("count", "principal_fen")]


@pytest.mark.parametrize(
    ("by", "parts"), [("industry", {"C": (2, 2), "F": (1, 2)}), ("type", {"SMALL": (1, 1), "MICRO": (1, 2), "PERSON": (1, 1)})]
)
def test_the_parts_of_a_distribution_add_up(brought: str, by: str, parts: dict[str, tuple[int, int]]) -> None:
    """AGR-09, AGR-10: count and amount by industry and by customer type."""
    rows = figures.distribution(SPAN, ANHE, by)
    assert {row["key"]: (row["count"], row["principal_fen"] // MILLION) for row in rows} == parts
    assert sum(row["principal_fen"] for row in rows) == 4 * MILLION


def test_the_claim_rate_is_paid_over_released(brought: str) -> None:
    """AGR-08: claims paid in the time over principal released in it; empty where nothing was released."""
    assert figures.by_institution(SPAN)[ANHE]["claim_rate"] is None
    letter = GuaranteeEnded(guarantee_id=2, end="RELEASED", on=date(YEAR, 3, 1), released_principal_fen=2 * MILLION)
    filings.open_ended(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=today())
    day = date(YEAR, 2, 10)
    claim = bring(ANHE, today=today(), papers=False, guarantee_id=1, paid_on=day, bank_notice_on=day, submitted_on=day)
    Claim.objects.filter(pk=claim.pk).update(
        status="PAID", approved_fen=8_000_000, paid_fen=7_000_000, netted_fen=1_000_000, paid_on=date(YEAR, 4, 1)
    )
    row = figures.by_institution(SPAN)[ANHE]
    assert (row["claimed_fen"], row["released_fen"], row["claim_rate"]) == (8_000_000, 2 * MILLION, Decimal("0.04"))
    assert figures.by_institution(Span(date(YEAR, 1, 1), date(YEAR, 3, 31)))[ANHE]["claimed_fen"] == 0
    assert figures.by_agreement(SPAN)[brought]["claim_rate"] == Decimal("0.04")
    assert figures.total(SPAN)["claimed_fen"] == 8_000_000


def test_per_agreement_each_has_its_own_ratio(brought: str, people: Any) -> None:
    """AGR-06: also listed per agreement."""
    terms = document(quota(bank="0.20", member="0.20", group="0.60"), attaches={"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"})
    agree(actor=people["treaty"], today=today(), code="A-TECH", terms=terms, rank=1, members=[BOYU])
    project(9, BOYU)
    rows = figures.by_agreement(SPAN, BOYU)
    assert {code: (row["count"], row["shared"]) for code, row in rows.items()} == {
        "A-TECH": (1, Decimal("0.6")), brought: (1, Decimal("0.4")),
    }  # fmt: skip


def row(**changes: Any) -> dict[str, Any]:
    return {"claim_rate": Decimal("0.005"), "brought": Decimal("0.9"), "used": Decimal("0.5"), **changes}


@pytest.mark.parametrize(
    ("figures_", "standing", "stopped", "code"),
    [
        (row(), "ACTIVE", False, "WIDEN"),
        (row(brought=None, used=Decimal("0.95")), "ACTIVE", False, "WIDEN"),
        (row(brought=Decimal("0.5")), "ACTIVE", False, "KEEP"),
        (row(claim_rate=Decimal("0.02")), "ACTIVE", False, "KEEP"),
        (row(claim_rate=None), "ACTIVE", False, "KEEP"),
        (row(claim_rate=Decimal("0.03")), "ACTIVE", False, "NARROW"),
        (row(brought=Decimal("0.29")), "ACTIVE", False, "NARROW"),
        (row(), "WATCH", False, "NARROW"),
        (row(), "ACTIVE", True, "NARROW"),
    ],
)
def test_a_hint_has_its_reasons(figures_: dict[str, Any], standing: str, stopped: bool, code: str) -> None:
    """AGR-11: widen, keep or narrow, by rule."""
    hint = advice.hint(figures_, standing=standing, stopped=stopped, bounds=BOUNDS)
    assert hint.code == code and hint.reasons


def test_the_pages_show_figures_that_open_their_rows(brought: str, sign_in: SignIn) -> None:
    client = sign_in("treaty")
    body = client.get("/outcome/").content.decode()
    assert ANHE in body and "400.00" in body and "80.0%" in body and "5.00%" in body
    one = client.get(f"/outcome/{ANHE}/").content.decode()
    assert "微型企业" in one and "建议" in one
    for path in (
        *re.findall(r'href="(/outcome/projects/\?[^"]+)"', one),
        *re.findall(r'href="(/outcome/projects/\?[^"]+)"', body),
    ):
        answer = client.get(path.replace("&amp;", "&"))
        assert answer.status_code == 200, path
    person = next(path for path in re.findall(r'href="(/outcome/projects/\?[^"]+)"', one) if "type=PERSON" in path)
    rows = client.get(person.replace("&amp;", "&")).content.decode()
    assert "DB-3" in rows and "DB-1" not in rows and "DB-4" not in rows
    assert client.get(f"/outcome/?first={YEAR + 1}-01-01&last={YEAR}-01-01").status_code == 200
    assert client.get("/outcome/NOBODY/").status_code == 404


def test_the_pages_ask_as_often_for_many_as_for_few(brought: str, sign_in: SignIn) -> None:
    client = sign_in("treaty")

    def counts() -> list[int]:
        paths = ("/outcome/", f"/outcome/{ANHE}/", "/outcome/projects/?q=", "/treaties/?q=", "/agreements/expiring/?q=")
        return [statements(client, path) for path in paths]

    few = counts()
    for number in range(20, 30):
        project(number, BOYU if number % 2 else ANHE, 100_000_00, industry="ABCDEF"[number % 6])
    with inside(house(GROUP)):
        for n in range(4):
            agree(
                actor=staff(GROUP)["treaty"],
                today=today(),
                code=f"MORE-{n}",
                terms=document(quota(bank="0.20", member="0.80")),
                rank=200,
            )
    assert [(one, other) for one, other in zip(few, counts(), strict=True) if other > one] == []
