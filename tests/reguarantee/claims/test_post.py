"""From the member's compensation to the group's money in its account, through the post (features CLM-07, CLM-01)."""

from __future__ import annotations

from io import BytesIO

import pytest

from infra import wiring
from kernel.cash import queries as cash
from kernel.documents import queries as documents
from registry.tenancy import inside
from reguarantee.claims import services as group
from reguarantee.claims.models import Claim as GroupClaim
from reguarantee.filings.models import Filing
from tenants.claims import queries, services
from tests.factories import members
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.reguarantee.claims.houses import ACCOUNT, PAID_ON, PDF, agree, paid, submitted
from tests.reguarantee.claims.shared import pay, sign
from tests.reguarantee.engine.terms import MILLION

pytestmark = pytest.mark.django_db


def test_a_compensation_opens_a_draft_with_its_figures_and_its_last_day() -> None:
    """CLM-07, CLM-01: 4,000,000 x 40 %; 120 days, both counted; the money that left is a movement."""
    agree()
    claim = paid()
    with inside(house(ANHE)):
        assert (claim.state, claim.base_fen, claim.asked_fen) == ("DRAFT", 4 * MILLION, 160_000_000)
        assert (claim.deadline_on - PAID_ON).days == 119
        due = cash.due(f"compensation:{claim.guarantee_id}:DC-1")
        assert (due.direction, due.purpose, due.moved_fen, due.open_fen) == ("OUT", "COMPENSATION", 324_800_000, 0)


def test_a_claim_returned_once_for_a_missing_paper_and_paid() -> None:
    """CLM-07: sent with all papers; one turns out wrong, it is returned, mended, approved, paid and received."""
    agree()
    claim = submitted()
    assert claim.state == "RECEIVED"
    with inside(house(GROUP)):
        people = staff(GROUP)
        theirs = GroupClaim.objects.get()
        assert documents.of(theirs.subject).count() == 10
        assert Filing.objects.get(id=theirs.filing_id).claimed_on == PAID_ON
        group.take_up(actor=people["claims"], today=PAID_ON, claim_id=theirs.id)
        lacks = [("NOT_SIGNED", "LOAN_CONTRACT", "请补盖章")]
        group.give_back(actor=people["claims"], today=PAID_ON, claim_id=theirs.id, lacks=lacks, text="请补正")
    wiring.deliver()
    with inside(house(ANHE)):
        seats = members.people()
        claim.refresh_from_db()
        assert (claim.state, claim.deficiencies) == (
            "RETURNED", [{"code": "NOT_SIGNED", "slot": "LOAN_CONTRACT", "text": "请补盖章"}],
        )  # fmt: skip
        assert claim.answer_by is not None and claim.answer_by > PAID_ON
        told = {"guarantee_id": claim.guarantee_id, "slot": "LOAN_CONTRACT", "name": "signed.pdf", "file": BytesIO(PDF + b"2")}
        services.attach(actor=seats["operations"], today=PAID_ON, **told)
        services.submit(actor=seats["operations"], today=PAID_ON, claim_id=claim.pk)
    wiring.deliver()
    with inside(house(GROUP)):
        theirs.refresh_from_db()
        assert (theirs.status, theirs.round) == ("RECEIVED", 2)
        assert documents.of(theirs.subject).count() == 11  # the ten known ones are not doubled
        assert theirs.deficiencies.get().mended_on == PAID_ON
        group.take_up(actor=people["claims"], today=PAID_ON, claim_id=theirs.id)
        group.send_to_approval(actor=people["claims"], today=PAID_ON, claim_id=theirs.id)
        pay(sign(theirs, people, today=PAID_ON), people, voucher="V-9", today=PAID_ON)
    wiring.deliver()
    with inside(house(ANHE)):
        claim.refresh_from_db()
        assert (claim.state, claim.approved_fen, claim.paid_fen) == ("PAID", 160_000_000, 160_000_000)
        assert queries.money(claim).open_fen == 160_000_000
        told = {"claim_id": claim.pk, "fen": 160_000_000, "on": PAID_ON, "voucher_no": "V-9"}
        services.receive(actor=seats["operations"], today=PAID_ON, **told)
        services.receive(actor=seats["operations"], today=PAID_ON, **told)
        assert queries.money(claim).open_fen == 0


def test_messages_reach_the_other_house() -> None:
    """CLM-07: people of both houses write about a case."""
    agree()
    claim = submitted()
    with inside(house(ANHE)):
        services.write(actor=members.people()["operations"], today=PAID_ON, claim_id=claim.pk, text="何时到账？")
    wiring.deliver()
    with inside(house(GROUP)):
        theirs = GroupClaim.objects.get()
        assert [(note.is_ours, note.text) for note in theirs.notes.all()] == [(False, "何时到账？")]
        group.write(actor=staff(GROUP)["claims"], today=PAID_ON, claim_id=theirs.id, text="本周内。")
    wiring.deliver()
    with inside(house(ANHE)):
        assert [(note.is_ours, note.text) for note in queries.notes(claim)] == [(True, "何时到账？"), (False, "本周内。")]


def test_a_claim_is_withdrawn_while_it_is_under_approval() -> None:
    """CLM-07: the approval ends with it; the payment can be claimed anew."""
    agree()
    claim = submitted()
    with inside(house(GROUP)):
        people = staff(GROUP)
        theirs = GroupClaim.objects.get()
        group.take_up(actor=people["claims"], today=PAID_ON, claim_id=theirs.id)
        group.send_to_approval(actor=people["claims"], today=PAID_ON, claim_id=theirs.id)
    with inside(house(ANHE)):
        seats = members.people()
        services.withdraw(actor=seats["operations"], today=PAID_ON, claim_id=claim.pk, reason="客户还款")
    wiring.deliver()
    with inside(house(GROUP)):
        from kernel.approval import queries as approvals

        theirs.refresh_from_db()
        assert (theirs.status, approvals.case_of(theirs.subject).status) == ("WITHDRAWN", "WITHDRAWN")
    with inside(house(ANHE)):
        claim.refresh_from_db()
        assert claim.state == "WITHDRAWN"
        again = services.draft(actor=seats["operations"], today=PAID_ON, compensation_id=claim.compensation_id)
        assert again.pk != claim.pk
        services.submit(actor=seats["operations"], today=PAID_ON, claim_id=again.pk, **ACCOUNT)
    wiring.deliver()
    with inside(house(GROUP)):
        assert GroupClaim.objects.get(claim_no=again.claim_no).status == "RECEIVED"
