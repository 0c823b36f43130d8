"""The register: files with their history, the life of a partner, and what stops new cessions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from infra import wiring
from infra.demo import names
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.flow import WrongState
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.partners import queries, services
from reguarantee.partners.models import Partner, PartnerChange, Stop
from reguarantee.partners.services.files import SharesAboveWhole, UsccTaken
from tenants.cessions import queries as cessions
from tests.factories import members
from tests.factories.houses import ANHE, BANK, BOYU, GROUP, house
from tests.reguarantee.admission.conftest import TODAY, YI

People = dict[str, User]


@pytest.fixture
def anhe(people: People) -> Partner:
    return services.enrol(
        actor=people["admission"], today=TODAY, code=ANHE, name="安和融资担保有限公司", kind="MEMBER", reason="建库",
        file={"uscc": names.uscc(1), "registered_capital_fen": 3 * YI, "paid_in_capital_fen": 3 * YI},
    )  # fmt: skip


def bank(people: People, **more: Any) -> Partner:
    return services.enrol(actor=people["admission"], today=TODAY, code=BANK, name="华星银行", kind="BANK", reason="建库", **more)


def test_without_a_file_a_member_is_active(people: People) -> None:
    """The contract of the lower rooms: a house that was opened directly may cede."""
    assert queries.standing(BOYU) == "ACTIVE"
    assert queries.stops(BOYU, on=TODAY) == []


def test_every_change_keeps_who_when_and_why(people: People, anhe: Partner) -> None:
    """PAR-03, PAR-05: file and life; old and new value, person, day, reason; nothing of it can be altered."""
    officer = people["admission"]
    services.amend(
        actor=officer, today=TODAY, code=ANHE, reason="增资", changes={
            "registered_capital_fen": 5 * YI, "capital_source": "LOCAL_FINANCE", "is_policy": True,
            "shareholders": [{"name": "江城财政局", "share": "0.6"}, {"name": "江城城投", "share": "0.4"}],
            "management": [{"name": "郭建国", "post": "董事长"}], "staff": [{"department": "风控部", "count": "12"}],
            "contacts": [{"name": "唐小雨", "phone": "13800000000"}],
            "bank_accounts": [{"bank": "华星银行", "account_no": "6222"}],
        },
    )  # fmt: skip
    services.watch(actor=officer, today=TODAY, code=ANHE, reason="代偿上升")
    services.ease(actor=people["executive"], today=TODAY + timedelta(days=9), code=ANHE, reason="已整改")
    rows = list(queries.changes(anhe))
    assert [(row.what, row.by, row.reason) for row in rows] == [
        ("STATUS", people["executive"].label, "已整改"), ("STATUS", officer.label, "代偿上升"),
        ("FILE", officer.label, "增资"), ("STATUS", officer.label, "建库"),
    ]  # fmt: skip
    assert rows[2].changes["registered_capital_fen"] == {"from": 3 * YI, "to": 5 * YI}
    assert rows[0].changes["status"] == {"from": "WATCH", "to": "ACTIVE"}
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerChange.objects.filter(pk=rows[0].pk).update(reason="anders")
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerChange.objects.filter(pk=rows[0].pk).delete()


def test_a_member_reads_what_the_group_holds_of_it(people: People, anhe: Partner) -> None:
    """PAR-24: its own file and nobody else's, as it stands now; what a letter repeats is no new line of the trail."""
    services.amend(actor=people["admission"], today=TODAY, code=ANHE, changes={"legal_rep": "马晓东"}, reason="换届")
    bank(people)
    wiring.deliver()
    with inside(PUBLIC):
        assert set(Letter.objects.filter(kind="INSTITUTION_FILE_TOLD").values_list("recipient", flat=True)) == {ANHE}
    with inside(house(ANHE)):
        mine = cessions.institution()
        assert (mine.legal_rep, mine.uscc, mine.paid_in_capital_fen) == ("马晓东", names.uscc(1), 3 * YI)
    with inside(house(BOYU)):
        assert cessions.institution().uscc == ""


def test_a_file_is_checked(people: People, anhe: Partner) -> None:
    """PAR-05: shares make at most a whole, a credit code belongs to one partner, who may not, may not."""
    officer = people["admission"]
    with pytest.raises(SharesAboveWhole):
        rows = [{"name": "甲", "share": "0.7"}, {"name": "乙", "share": "0.4"}]
        services.amend(actor=officer, today=TODAY, code=ANHE, changes={"shareholders": rows})
    with pytest.raises(UsccTaken):
        services.register(actor=officer, today=TODAY, code="NEU", name="Neu", kind="MEMBER", file={"uscc": names.uscc(1)})
    for field, value in (("staff", [{"department": "x", "count": "-1"}]), ("established_on", "31.12."), ("status", "ACTIVE")):
        with pytest.raises(services.BadFile):
            services.amend(actor=officer, today=TODAY, code=ANHE, changes={field: value})
    with pytest.raises(MissingPermission):
        services.amend(actor=people["filing"], today=TODAY, code=ANHE, changes={"address": "x"})


def test_the_life_has_an_order(people: People, anhe: Partner) -> None:
    """PAR-03: events out of place are refused; each needs its reason; the end is the end."""
    executive = people["executive"]
    with pytest.raises(services.ReasonRequired):
        services.suspend(actor=executive, today=TODAY, code=ANHE, reason=" ")
    with pytest.raises(WrongState):
        services.resume(actor=executive, today=TODAY, code=ANHE, reason="x")
    with pytest.raises(MissingPermission):
        services.suspend(actor=people["risk"], today=TODAY, code=ANHE, reason="x")
    services.exit(actor=executive, today=TODAY, code=ANHE, reason="合作期满")
    with pytest.raises(WrongState):
        services.suspend(actor=executive, today=TODAY, code=ANHE, reason="x")
    assert [stop.reason_code for stop in queries.stops(ANHE, on=TODAY)] == ["SUSPENDED"]


def test_a_suspension_stops_and_resuming_lifts(people: People, anhe: Partner) -> None:
    """PAR-37: the stop is in force from its day, names the reason, and only its own reason is lifted."""
    executive = people["executive"]
    services.stop(
        actor=executive, today=TODAY, member_code=ANHE, reason_code="PREMIUM_ARREARS", sentence="%(days)s", facts={"days": 40}
    )
    services.suspend(actor=executive, today=TODAY, code=ANHE, reason="重大风险")
    assert {stop.reason_code for stop in queries.stops(ANHE, on=TODAY)} == {"SUSPENDED", "PREMIUM_ARREARS"}
    assert queries.stops(ANHE, on=TODAY - timedelta(days=1)) == []
    assert queries.stops(BOYU, on=TODAY) == []
    later = TODAY + timedelta(days=30)
    services.resume(actor=executive, today=later, code=ANHE, reason="已整改")
    assert [stop.reason_code for stop in queries.stops(ANHE, on=later)] == ["PREMIUM_ARREARS"]
    # On a day in between it was in force: a late filing is judged by its own day.
    assert len(queries.stops(ANHE, on=later - timedelta(days=1))) == 2
    with inside(PUBLIC):
        told = list(Letter.objects.filter(recipient=ANHE, kind="PARTNER_STANDING").order_by("id").values_list("body", flat=True))
    assert [("SUSPENDED" in body, "ACTIVE" in body) for body in told] == [(True, False), (False, True)]


def test_a_stop_is_one_per_reason_and_scope(people: People) -> None:
    """The contract: idempotent per member, reason and scope; a scope that is not asked for does not match."""
    told: dict[str, Any] = {
        "actor": people["executive"], "today": TODAY, "member_code": ANHE, "reason_code": "FUSE", "sentence": "x",
    }  # fmt: skip
    first = services.stop(**told, product="WORKING_CAPITAL")
    assert services.stop(**told, product="WORKING_CAPITAL").pk == first.pk
    services.stop(**told, product="OTHER")
    assert Stop.objects.count() == 2
    assert queries.stops(ANHE, on=TODAY) == []
    assert [stop.pk for stop in queries.stops(ANHE, product="WORKING_CAPITAL", bank="B", treaty="T", on=TODAY)] == [first.pk]
    scope = {"actor": people["executive"], "today": TODAY, "member_code": ANHE, "reason_code": "FUSE"}
    assert services.lift(**scope, product="WORKING_CAPITAL")
    assert not services.lift(**scope, product="WORKING_CAPITAL")
    again = services.stop(**told, product="WORKING_CAPITAL")
    assert again.pk != first.pk


def test_a_bank_below_the_minimum_is_not_chosen(people: People) -> None:
    """PAR-27, PAR-28: a rating with its day; below the minimum new cessions on its loans stop for all, above it again not."""
    bank(people)
    officer = people["admission"]
    services.give_grade(actor=officer, today=TODAY, code=BANK, grade="D", reason="年报评级")
    assert queries.bank_below_minimum(BANK, on=TODAY)
    (stop,) = queries.stops(ANHE, bank=BANK, on=TODAY)
    assert (stop.reason_code, stop.facts["grade"]) == ("GRADE", "D")
    assert queries.stops(ANHE, bank="OTHER", on=TODAY) == []
    services.give_grade(actor=officer, today=TODAY, code=BANK, grade="B", reason="已改善")
    assert queries.stops(ANHE, bank=BANK, on=TODAY) == []
    assert (queries.get(BANK).grade, queries.get(BANK).graded_on) == ("B", TODAY)


def test_licences_that_end_are_listed(people: People, anhe: Partner) -> None:
    """PAR-31: within the days of the parameter, the first to end first; a licence that has ended stays on the list."""
    officer = people["admission"]
    bank(people)
    services.amend(actor=officer, today=TODAY, code=ANHE, changes={"licence_valid_to": TODAY + timedelta(days=90)})
    services.amend(actor=officer, today=TODAY, code=BANK, changes={"licence_valid_to": date(2026, 1, 1)})
    assert [row.code for row in queries.expiring_licences(today=TODAY)] == [BANK, ANHE]
    services.amend(actor=officer, today=TODAY, code=ANHE, changes={"licence_valid_to": TODAY + timedelta(days=91)})
    assert [row.code for row in queries.expiring_licences(today=TODAY)] == [BANK]


@pytest.mark.django_db
def test_only_new_cessions_are_refused(people: People, anhe: Partner) -> None:
    """PAR-37: filed before the suspension it stays covered; filed under it, it is refused."""
    from reguarantee.filings import queries as filings
    from tests.reguarantee.filings.test_filings import publish

    publish(people, scope={"principal_max_fen": 500_000_000})
    with inside(house(ANHE)):
        before = members.make_guarantee(state="IN_FORCE")
    wiring.deliver()
    services.suspend(actor=people["executive"], today=members.TODAY, code=ANHE, reason="重大风险")
    with inside(house(ANHE)):
        under = members.make_guarantee(state="IN_FORCE")
    wiring.deliver()
    with inside(house(GROUP)):
        found = {filing.number: filing for filing in filings.listing(member_code=ANHE)}
    assert (found[before.number].status, found[before.number].coverage) == ("CONFIRMED", "COVERED")
    assert found[under.number].coverage == "UNCOVERED"
    with inside(house(ANHE)):
        before.refresh_from_db()
        assert before.coverage == "COVERED"
