"""Agreements as told, the standing, and the institution's own file."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.utils import translation

from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.audit.models import Entry
from kernel.letters import InstitutionChangeDecided, InstitutionFileTold, PartnerStanding
from registry.tenancy import inside
from tenants.cessions import queries, services
from tests.factories.houses import BOYU, house
from tests.tenants.cessions.letters import APRIL, posted, read, told

Staff = dict[str, User]


def test_an_agreement_in_sentences_with_our_line(staff: Staff) -> None:
    """AGR-23: terms in words, who bears what, what is left; told again with another use it says the new one."""
    read(services.open_agreement, told())
    read(services.open_agreement, told(used_fen=300_000_000))
    mine = queries.agreements().get()
    assert (mine.left_fen, mine.used_fen) == (4_600_000_000, 300_000_000)
    with translation.override("en"):
        shares, sentences = queries.wording(mine)
    assert [(str(one["share"]), one["own"]) for one in shares] == [
        ("0.20", False),
        ("0.40", True),
        ("0.20", False),
        ("0.20", False),
    ]
    assert "One loan: up to 5,000,000.00 yuan." in sentences
    assert "Up to 5,000,000.00 yuan: 0.3% per year." in sentences
    assert "Claim within 120 days of the compensation, that day included." in sentences
    read(services.open_agreement, told(treaty_version=2, effective_from=date(2027, 1, 1), effective_to=None, line_fen=None))
    assert queries.agreements().get(version=2).left_fen is None
    read(services.open_agreement, told(treaty_version=2, status="ENDED"))
    assert set(queries.agreements().values_list("status", flat=True)) == {"ENDED"}


def test_other_members_see_nothing(staff: Staff) -> None:
    """AGR-23, PAR-26: what one member was told does not exist at its neighbour."""
    read(services.open_agreement, told())
    services.keep_archive(actor=staff["operations"], today=APRIL, name="a.pdf", file=io.BytesIO(b"%PDF-1.4 x"), kind="LICENCE")
    with inside(house(BOYU)):
        assert not queries.agreements().exists() and not queries.archive().exists() and not queries.lists().exists()
        with pytest.raises(queries.NoSuchAgreement):
            queries.agreement(1)
    assert queries.agreements().exists()


def test_the_file_comes_with_a_letter_and_again_changes_nothing(staff: Staff) -> None:
    """PAR-24."""
    file = {"name": "安和", "licence_valid_to": "2028-05-01", "paid_in_capital_fen": 300, "management": [{"name": "马晓东"}],
            "staff": [], "established_on": None, "secret": "x"}  # fmt: skip
    for _ in range(2):
        read(services.open_institution_file, InstitutionFileTold(file=json.dumps(file)))
    mine = queries.institution()
    assert (mine.name, mine.licence_valid_to, mine.paid_in_capital_fen) == ("安和", date(2028, 5, 1), 300)
    assert mine.management == [{"name": "马晓东"}]
    assert Entry.objects.filter(act="cessions.institution_file").count() == 1


def test_the_standing_is_kept_day_by_day(staff: Staff) -> None:
    for status, on in (("WATCH", 1), ("WATCH", 1), ("SUSPENDED", 2)):
        read(services.open_standing, PartnerStanding(status=status, on=date(2026, 4, on), reason="x", grade="C"))
    assert [row.status for row in queries.standings()] == ["SUSPENDED", "WATCH"]
    assert queries.banner().stops


def test_a_change_stands_in_the_file_once_accepted(staff: Staff) -> None:
    """PAR-24: reported to the group, one at a time; accepted it stands in the file, refused it does not."""
    report = {"actor": staff["operations"], "today": APRIL, "reason": "增资"}
    with pytest.raises(MissingPermission):
        services.report_change(**{**report, "actor": staff["risk"]}, changes={"address": "x"})
    with pytest.raises(services.NothingChanged):
        services.report_change(**report, changes={"name": queries.institution().name})
    first = services.report_change(
        **report,
        changes={
            "registered_capital_fen": 20_000_000_000,
            "licence_valid_to": date(2030, 1, 1),
            "shareholders": [{"name": "国资", "share": "0.6"}],
        },
    )
    with pytest.raises(services.ChangeOpen):
        services.report_change(**report, changes={"address": "合肥"})
    body = posted("INSTITUTION_CHANGE_REPORTED")[-1]
    assert body["changes"]["registered_capital_fen"] == {"from": "", "to": 20_000_000_000}
    assert body["changes"]["licence_valid_to"] == {"from": "", "to": "2030-01-01"}
    assert queries.institution().registered_capital_fen is None
    decided = {"change_no": first.number, "accepted": True, "reason": "", "decided_on": APRIL}
    read(services.open_change_decided, InstitutionChangeDecided(**decided))
    now = queries.institution()
    assert (now.registered_capital_fen, now.licence_valid_to) == (20_000_000_000, date(2030, 1, 1))
    second = services.report_change(**report, changes={"address": "合肥"})
    refused = {"change_no": second.number, "accepted": False, "reason": "缺证明", "decided_on": APRIL}
    read(services.open_change_decided, InstitutionChangeDecided(**refused))
    # An answer that comes again changes nothing.
    read(services.open_change_decided, InstitutionChangeDecided(**{**refused, "accepted": True}))
    second.refresh_from_db()
    assert (second.state, second.decision_reason, queries.institution().address) == ("REFUSED", "缺证明", "")


def test_the_staff_list(staff: Staff) -> None:
    """PAR-25: people come, change and leave; the head count can be reported."""
    person = {"actor": staff["operations"], "today": APRIL, "name": "赵一", "position": "经理", "department": "风险部"}
    row = services.save_employee(**person)
    services.save_employee(**{**person, "name": "钱二", "department": "业务部"})
    with pytest.raises(services.BadEmployee):
        services.save_employee(**person, employee_id=row.pk, left_on=date(2020, 1, 1))
    with pytest.raises(services.BadEmployee):
        services.save_employee(**{**person, "name": " "})
    with pytest.raises(MissingPermission):
        services.save_employee(**{**person, "actor": staff["legal"]})
    change = services.report_staff(actor=staff["operations"], today=APRIL, reason="季度")
    assert change.changes["staff"]["to"] == [{"department": "业务部", "count": "1"}, {"department": "风险部", "count": "1"}]
    services.save_employee(**person, employee_id=row.pk, left_on=APRIL)
    assert queries.employee(row.pk).left_on == APRIL


def test_the_archive(staff: Staff) -> None:
    """PAR-26: own files listed and opened; only who keeps the file may add."""
    with pytest.raises(MissingPermission):
        services.keep_archive(actor=staff["risk"], today=APRIL, name="a.pdf", file=io.BytesIO(b"%PDF-1.4"), kind="LICENCE")
    services.keep_archive(actor=staff["executive"], today=APRIL, name="a.pdf", file=io.BytesIO(b"%PDF-1.4 x"), kind="LICENCE")
    assert [(row.name, row.kind) for row in queries.archive()] == [("a.pdf", "LICENCE")]
