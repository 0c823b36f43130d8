"""What leaves the house: the filing letter, the group's answer, the reporting scope and the published views."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection

from kernel.access.actors import Actor
from kernel.letters import FilingDecided, ReportingScopeAgreed
from kernel.outbox import queries as outbox
from registry.tenancy import PUBLIC, inside
from tenants.customers.queries import obligor_key
from tenants.guarantees import queries, services
from tenants.guarantees.services import filing
from tenants.guarantees.services.scope import ScopeNotYet
from tests.factories.houses import ANHE, GROUP
from tests.factories.members import LOAN_FEN, TODAY, bank, make_guarantee

LETTER = Actor("LETTER", GROUP)


def letters():
    with inside(PUBLIC):
        return [(row.recipient, row.sender, row.subject, row.kind, json.loads(row.body)) for row in outbox.waiting()]


def decided(guarantee, **fields):
    told = {
        "guarantee_id": guarantee.pk,
        "status": "CONFIRMED",
        "coverage": "COVERED",
        "ceded_fen": 200_000_000,
        "uncovered_fen": 0,
        "reason_code": "CEDED",
        "reason": "",
        "treaty_code": "P4222-2026",
        "treaty_version": 1,
        "decided_on": TODAY,
    }
    services.open_filing_decided(FilingDecided(**(told | fields)), sender=GROUP, actor=LETTER, today=TODAY)
    guarantee.refresh_from_db()


def agree(scope, agreement="XY-2026"):
    services.agree_scope(actor=LETTER, today=TODAY, scope=scope, agreement=agreement, effective_on=TODAY)


def noted():
    """Keys noted for the projector since the last look, as the owner of the database sees them."""
    with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
        cursor.execute("delete from reported_change returning house, kind, key")
        return {(house, kind, key) for house, kind, key in cursor.fetchall()}


def test_a_guarantee_in_force_is_filed_once(member):
    made = make_guarantee(state="IN_FORCE")
    services.mark_overdue(actor=bank(), today=TODAY, guarantee_id=made.pk, on=TODAY)
    services.cure(actor=bank(), today=TODAY, guarantee_id=made.pk)
    (recipient, sender, subject, kind, body), *after = letters()
    assert [(letter[3], letter[4]["cured"]) for letter in after] == [("GUARANTEE_OVERDUE", False), ("GUARANTEE_OVERDUE", True)]
    assert (recipient, sender, subject, kind) == (GROUP, ANHE, f"guarantee:{made.pk}", "FILING_SUBMITTED")
    assert (body["number"], body["principal_fen"], body["guaranteed_fen"]) == (made.number, LOAN_FEN, LOAN_FEN * 8 // 10)
    assert body["obligor_key"] == obligor_key(made.customer)
    assert made.customer.id_number not in json.dumps(body)
    assert (made.filing_status, made.coverage, made.coverage_reason_code) == ("SUBMITTED", "UNCOVERED", "FILED")


def test_a_loan_told_complete_is_filed_at_what_was_drawn(member):
    made = make_guarantee(state="PARTLY_DRAWN")
    assert letters() == []
    services.complete(actor=bank(), today=TODAY, guarantee_id=made.pk)
    (letter,) = letters()
    assert (letter[4]["principal_fen"], letter[4]["guaranteed_fen"]) == (LOAN_FEN // 2, LOAN_FEN * 4 // 10)


def test_the_group_s_decision_stands_beside_the_guarantee(member):
    made = make_guarantee(state="IN_FORCE")
    decided(made, coverage="PARTLY", ceded_fen=150_000_000, uncovered_fen=50_000_000, reason_code="LINE", reason="额度不足")
    assert (made.filing_status, made.coverage, made.ceded_fen) == ("CONFIRMED", "PARTLY", 150_000_000)
    assert (made.coverage_reason_code, made.coverage_reason, made.treaty_code) == ("LINE", "额度不足", "P4222-2026")
    told = queries.timeline(made)
    assert any("1,500,000.00" in entry.note for entry in told)


def test_only_what_was_refused_is_filed_again(staff):
    made = make_guarantee(state="IN_FORCE")
    told = {"actor": staff["operations"], "today": TODAY, "guarantee_id": made.pk}
    with pytest.raises(filing.NotToBeFiled):
        services.file_again(**told)
    decided(made, status="REJECTED", coverage="UNCOVERED", ceded_fen=0, reason_code="OUT_OF_SCOPE", treaty_code="")
    assert services.file_again(**told).filing_status == "SUBMITTED"
    assert len(letters()) == 2


def test_the_group_sees_what_the_scope_lets_it_see(member):
    ceded, own = make_guarantee(state="IN_FORCE"), make_guarantee(state="OVERDUE")
    decided(ceded)
    assert set(queries.reported().values_list("pk", flat=True)) == {ceded.pk, own.pk}
    agree("CEDED")
    (row,) = queries.reported()
    assert (row.number, row.customer_name, row.balance_fen) == (ceded.number, ceded.customer.name, ceded.balance_fen)
    assert (row.ceded_fen, row.coverage, row.state) == (200_000_000, "COVERED", "IN_FORCE")
    with connection.cursor() as cursor:
        cursor.execute('select guarantee_id, "on", balance_fen from reported_movements')
        assert cursor.fetchall() == [(ceded.pk, TODAY, ceded.balance_fen)]


def test_without_a_scope_nothing_is_shown(member):
    make_guarantee(state="IN_FORCE")
    present = queries.reporting_scope()
    present.replaced_on = TODAY
    present.save()
    assert not queries.reported().exists()


def test_one_scope_is_in_force_and_the_same_again_changes_nothing(member):
    agree("CEDED")
    first = queries.reporting_scope()
    letter = ReportingScopeAgreed(scope="CEDED", agreement="XY-2026", effective_on=TODAY)
    services.open_scope_agreed(letter, sender=GROUP, actor=LETTER, today=TODAY)
    assert queries.reporting_scope() == first
    tomorrow = TODAY + timedelta(days=1)
    early = ReportingScopeAgreed(scope="ALL_BUSINESS", agreement="XY-2027", effective_on=tomorrow)
    with pytest.raises(ScopeNotYet):
        services.open_scope_agreed(early, sender=GROUP, actor=LETTER, today=TODAY)
    services.open_scope_agreed(early, sender=GROUP, actor=LETTER, today=tomorrow)
    assert (queries.reporting_scope().scope, first.scope) == ("ALL_BUSINESS", "CEDED")


def test_every_change_of_the_book_is_noted_by_key(member):
    noted()  # what opening the houses noted
    made, other = make_guarantee(), make_guarantee()
    assert {("m_anhe", "GUARANTEE", made.pk), ("m_anhe", "GUARANTEE", other.pk)} == noted()
    services.drawdown(actor=bank(), today=TODAY, guarantee_id=made.pk, iou_no="JJ-1", amount_fen=LOAN_FEN, on=TODAY)
    assert noted() == {("m_anhe", "GUARANTEE", made.pk)}
    made.movements.all().delete()
    assert noted() == {("m_anhe", "GUARANTEE", made.pk)}
    agree("CEDED")
    assert noted() == {("m_anhe", "GUARANTEE", 0)}
    gone = other.pk
    other.delete()
    assert noted() == {("m_anhe", "GUARANTEE", gone)}
