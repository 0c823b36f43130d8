"""Banks: the grade that every member can read, the minimum of the day, branches with their terms."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.partners import queries, services
from reguarantee.partners.models import Branch, Partner
from tests.factories.houses import ANHE, BANK, GROUP, OTHER_BANK, house, staff
from tests.factories.races import at_once, codes
from tests.reguarantee.admission.conftest import TODAY, people, reach
from tests.reguarantee.filings.test_rules import set_value

__all__ = ["people"]
People = dict[str, User]
WAN = 1_000_000


@pytest.fixture
def bank(people: People) -> Partner:
    return services.enrol(actor=people["admission"], today=TODAY, code=BANK, name="华星银行", kind="BANK", reason="建库")


def grade(people: People, letter: str, *, on: date = TODAY) -> None:
    services.give_grade(actor=people["admission"], today=on, code=BANK, grade=letter, reason="年报评级")


def published(code: str = BANK) -> tuple[str, date | None, bool]:
    with inside(house(ANHE)):  # as a member reads it
        found = registry.bank(code)
    assert found is not None
    return found.grade, found.graded_on, found.below_minimum


def branch(people: People, **more: Any) -> Branch:
    told = {"name": "江城分行", "contact": "陈经理", "phone": "0551-1", "line_fen": 5000 * WAN, "valid_from": TODAY}
    return services.save_branch(actor=people["admission"], today=TODAY, code=BANK, **{**told, **more})


def test_a_grade_is_published_with_its_day_and_verdict(people: People, bank: Partner) -> None:
    """PAR-27: every house reads grade, day and verdict; a better grade takes the warning away; other banks stay as they are."""
    assert published() == ("", None, False)
    grade(people, "D")
    assert published() == ("D", TODAY, True)
    assert published(OTHER_BANK) == ("", None, False)
    grade(people, "B", on=TODAY + timedelta(days=3))
    assert published() == ("B", TODAY + timedelta(days=3), False)


def test_a_grade_that_is_not_kept_is_not_published(people: People, bank: Partner) -> None:
    """PAR-27: register and file change together or not at all."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        grade(people, "D")
        _ = 1 // 0
    assert published() == ("", None, False)
    assert queries.get(BANK).grade == ""


def test_a_member_cannot_grade_a_bank(bank: Partner) -> None:
    """PAR-27: the database gives a member's role no way to the register."""
    with pytest.raises(DatabaseError), inside(house(ANHE)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update public.registry_bank set grade = 'A'")


def test_another_minimum_holds_from_its_day_on(people: People, bank: Partner) -> None:
    """PAR-28: the minimum is a parameter; the night round brings stop and warning after it, and once only."""
    grade(people, "C")
    assert published() == ("C", TODAY, False)
    set_value("rg.bank.min_grade", "B")
    assert services.recheck_banks(actor=SYSTEM, today=TODAY) == 1
    assert published() == ("C", TODAY, True)
    (stop,) = queries.stops(ANHE, bank=BANK, on=TODAY)
    assert (stop.reason_code, stop.facts["grade"]) == ("GRADE", "C")
    assert services.recheck_banks(actor=SYSTEM, today=TODAY) == 0
    assert len(queries.stops(ANHE, bank=BANK, on=TODAY)) == 1


def test_a_bank_that_gets_its_keys_brings_its_grade(people: People) -> None:
    """PAR-27: graded as a candidate, in the register of banks from its activation on."""
    case = reach("ACTIVATING", people, kind="BANK", code="XHYH", number=901)
    services.give_grade(actor=people["admission"], today=TODAY, code="XHYH", grade="D", reason="初评")
    from reguarantee.admission import services as admission

    admission.activate(actor=people["executive"], today=TODAY, case_id=case.pk)
    assert published("XHYH") == ("D", TODAY, True)


def test_branches_keep_terms_and_what_changed(people: People, bank: Partner) -> None:
    """PAR-29: contact, line, deposit and days of a branch; each change with who, when and why; the same again: nothing."""
    made = branch(people, deposit_ratio="0.05", deposit_terms="按担保金额缴存")
    services.save_branch(
        actor=people["admission"], today=TODAY + timedelta(days=1), code=BANK, branch_id=made.pk, reason="年度续约",
        line_fen=8000 * WAN, valid_to=TODAY + timedelta(days=365),
    )  # fmt: skip
    services.save_branch(actor=people["admission"], today=TODAY, code=BANK, branch_id=made.pk, line_fen=8000 * WAN)
    found = queries.branch(made.pk)
    assert (found.line_fen, found.deposit_ratio, found.contact) == (8000 * WAN, Decimal("0.05"), "陈经理")
    last, first, _enrolled = queries.changes(bank)
    assert (last.what, last.reason, last.by, last.on) == (
        "BRANCH", "年度续约", people["admission"].label, TODAY + timedelta(days=1)
    )  # fmt: skip
    assert last.changes == {
        "branch": {"from": "江城分行", "to": "江城分行"},
        "line_fen": {"from": 5000 * WAN, "to": 8000 * WAN},
        "valid_to": {"from": None, "to": (TODAY + timedelta(days=365)).isoformat()},
    }
    assert first.changes["deposit_ratio"] == {"from": "", "to": "0.05"}


def test_a_branch_is_checked(people: People, bank: Partner) -> None:
    """PAR-29: once per bank, with sound terms, of banks only; a change says why; who may not, may not."""
    made = branch(people)
    with pytest.raises(services.BranchExists):
        branch(people)
    for wrong in (
        {"name": " "}, {"line_fen": -1}, {"deposit_ratio": "1.2"}, {"valid_to": TODAY - timedelta(days=1)}, {"colour": "red"},
    ):  # fmt: skip
        with pytest.raises(services.BadBranch):
            branch(people, **{"name": "另一分行", **wrong})
    change = {"today": TODAY, "code": BANK, "branch_id": made.pk, "line_fen": 1}
    with pytest.raises(services.ReasonRequired):
        services.save_branch(actor=people["admission"], **change)
    with pytest.raises(MissingPermission):
        services.save_branch(actor=people["filing"], reason="x", **change)
    services.enrol(actor=people["admission"], today=TODAY, code=ANHE, name="安和", kind="MEMBER", reason="建库")
    with pytest.raises(services.NotABank):
        services.save_branch(actor=people["admission"], today=TODAY, code=ANHE, name="分公司")
    services.enrol(actor=people["admission"], today=TODAY, code=OTHER_BANK, name="锦州城市银行", kind="BANK", reason="建库")
    with pytest.raises(services.NoSuchBranch):
        services.save_branch(actor=people["admission"], today=TODAY, code=OTHER_BANK, branch_id=made.pk, reason="x", line_fen=1)
    with pytest.raises(queries.NoSuchBranch):
        queries.branch(made.pk + 1)


def test_only_terms_that_hold_count(people: People, bank: Partner) -> None:
    """PAR-29: lines together are those whose terms hold on the day."""
    branch(people)
    branch(people, name="湖滨支行", line_fen=None)
    branch(people, name="旧支行", valid_from=TODAY - timedelta(days=400), valid_to=TODAY - timedelta(days=1))
    branch(people, name="新支行", valid_from=TODAY + timedelta(days=30), line_fen=WAN)
    told = queries.branches_of(bank, on=TODAY)
    assert (told["count"], told["line_fen"], len(told["rows"])) == (2, 5000 * WAN, 4)
    later = queries.branches_of(bank, on=TODAY + timedelta(days=30))
    assert (later["count"], later["line_fen"]) == (3, 5001 * WAN)


def test_two_take_the_same_branch_up(fresh_database: None) -> None:
    """PAR-29: of two at once one branch comes of it, and the second hears that it is there."""
    with inside(house(GROUP)):
        officer = staff(GROUP)["admission"]
        services.enrol(actor=officer, today=TODAY, code=BANK, name="华星银行", kind="BANK", reason="建库")

    def take() -> Branch:
        return services.save_branch(actor=officer, today=TODAY, code=BANK, name="江城分行", line_fen=WAN)

    results = at_once(GROUP, take, take)
    assert codes(results) == ["", "BRANCH_EXISTS"]
    with inside(house(GROUP)):
        assert Branch.objects.count() == 1
