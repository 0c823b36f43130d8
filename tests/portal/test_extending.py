"""A loan is extended: one balance, a filing chained to its first, no day of premium twice (domain.md 7.4, 11.18)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from infra import wiring
from kernel.access.actors import SYSTEM
from kernel.access.permissions import MissingPermission
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.approval.services.signing import CaseRunning
from kernel.audit import queries as audit
from kernel.flow import WrongState
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.filings import queries as filings
from reguarantee.premiums import services as premiums
from reguarantee.premiums.models import Item
from tenants.guarantees import queries, services
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services import extending
from tenants.guarantees.services.funnel import NoSuchGuarantee
from tests.factories import members
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.factories.members import LOAN_FEN, TODAY
from tests.reguarantee.filings.test_filings import publish
from tests.reguarantee.premiums.world import agreed, drawn, treaty

SEPTEMBER = date(2026, 9, 1)
LATER = date(2027, 9, 2)
TOLD = {"due_on": LATER, "bank_consent": "ZQ-2026-1", "counter_consents": "王一，2026-08-28 书面同意", "reason": "回款推迟"}


def make(**fields: Any) -> Guarantee:
    with inside(house(ANHE)):
        return members.make_guarantee(**{"state": "IN_FORCE", **fields})


def ask(guarantee: Guarantee, *, today: date = SEPTEMBER, seat: str = "operations", **changes: Any) -> None:
    with inside(house(ANHE)):
        services.ask_extension(actor=staff(ANHE)[seat], today=today, guarantee_id=guarantee.pk, **{**TOLD, **changes})


def sign(guarantee: Guarantee, seat: str, *, today: date = SEPTEMBER, **how: str) -> None:
    """The person signs the task of the extension that is his."""
    with inside(house(ANHE)):
        person = staff(ANHE)[seat]
        task = approvals.mine(person, f"extension:{guarantee.pk}", today).first()
        assert task is not None
        approval.decide(actor=person, today=today, task_id=task.pk, **how)


def extend(guarantee: Guarantee, *, today: date = SEPTEMBER, **changes: Any) -> Guarantee:
    """Asked for, and approved by the reviewer of risks and the executive."""
    ask(guarantee, today=today, **changes)
    for seat in ("risk", "executive"):
        sign(guarantee, seat, today=today)
    with inside(house(ANHE)):
        return Guarantee.objects.get(extends=guarantee)


def now(guarantee: Guarantee) -> Guarantee:
    with inside(house(ANHE)):
        return Guarantee.objects.select_related("extends").get(pk=guarantee.pk)


def deliver(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Bring the post on a day: what the group decides carries it."""
    with monkeypatch.context() as patch:
        patch.setattr("kernel.outbox.services.timezone.localdate", lambda: day)
        wiring.deliver()


def test_the_balance_goes_over_and_counts_once(db: None) -> None:
    """domain.md 7.4 extend: what is outstanding goes on in one guarantee of the added time; an extension is no new business."""
    first = make()
    with inside(house(ANHE)):
        told = {"actor": staff(ANHE)["operations"], "guarantee_id": first.pk}
        services.repay(**told, today=TODAY, reference="HK-1", principal_fen=LOAN_FEN // 5, on=TODAY)
        before = queries.figures(staff(ANHE)["executive"], SEPTEMBER)
    longer = now(extend(first))
    old = now(first)
    assert (longer.extends, longer.start_on, longer.due_on, longer.state) == (old, SEPTEMBER, LATER, "IN_FORCE")
    assert (longer.loan_fen, longer.drawn_fen, longer.balance_fen) == (400_000_000, 400_000_000, 320_000_000)
    assert (old.state, old.outstanding_fen, old.balance_fen, old.ended_on) == ("RELEASED", 0, 0, SEPTEMBER)
    with inside(house(ANHE)):
        after = queries.figures(staff(ANHE)["executive"], SEPTEMBER)
        assert queries.chain(old) == queries.chain(longer) == [old, longer]
        assert audit.of(old.subject).filter(act="guarantees.extend").count() == 1
    same = ("in_force_balance_fen", "in_force_count", "new_count", "released_fen")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


def test_what_an_extension_needs(db: None) -> None:
    """domain.md 7.4, 11.18: in force, a later end, every consent in writing, once, by who issues guarantees."""
    first = make()
    for field in ("bank_consent", "counter_consents"):
        with pytest.raises(extending.ConsentMissing):
            ask(first, **{field: " "})
    with pytest.raises(extending.ExtensionReasonMissing):
        ask(first, reason="")
    with pytest.raises(extending.NotLonger):
        ask(first, due_on=first.due_on)
    with pytest.raises(MissingPermission):
        ask(first, seat="manager")
    with pytest.raises(WrongState):
        ask(make(state="PARTLY_DRAWN"))
    longer = extend(first)
    with pytest.raises(WrongState):
        ask(first)
    with pytest.raises(extending.ExtendedTooOften):
        ask(longer, due_on=LATER + timedelta(days=300))


def test_nothing_changes_before_others_have_approved(db: None) -> None:
    """domain.md 7.1 step 19: approved as at the origination, in the short form; who asks does not sign."""
    first = make()
    ask(first)
    assert now(first).state == "IN_FORCE" and now(first).outstanding_fen == LOAN_FEN
    with pytest.raises(CaseRunning):
        ask(first, reason="再提")
    with inside(house(ANHE)):
        people = staff(ANHE)
        assert (queries.extension_asked(first) or {})["due_on"] == LATER
        assert not {"extend"} & set(queries.actions(people["operations"], now(first)))
        assert [seat for seat in people if approvals.mine(people[seat], f"extension:{first.pk}", SEPTEMBER)] == ["risk"]
        assert not Guarantee.objects.filter(extends=first).exists()
        with pytest.raises(NoSuchGuarantee):
            queries.to_extend(people["operations"], first.pk, SEPTEMBER)
    sign(first, "risk")
    assert now(first).state == "IN_FORCE"
    sign(first, "executive")
    assert now(first).state == "RELEASED"


def test_a_house_that_was_opened_before_has_the_drawing_at_its_first_use(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("tenants.guarantees.furnish.FLOW", "tenants.guarantees.services.extending.FLOW"):
        monkeypatch.setattr(place, "extension_not_there")
    assert extend(make()).state == "IN_FORCE"


def test_what_is_not_approved_leaves_all_as_it_was(db: None) -> None:
    first = make()
    ask(first)
    sign(first, "risk", verdict="REJECT", text="还款来源不足")
    with inside(house(ANHE)):
        assert (now(first).state, queries.extension_asked(first)) == ("IN_FORCE", None)
        assert audit.of(first.subject).filter(act="guarantees.refuse_extension").count() == 1
        assert "extend" in queries.actions(staff(ANHE)["operations"], now(first))
    assert extend(first).extends_id == first.pk  # it can be asked for again


def test_what_is_no_longer_true_is_not_signed(db: None) -> None:
    """Repaid while it waited: the last signature is refused with the reason, and nothing is half done."""
    first = make()
    ask(first)
    sign(first, "risk")
    with inside(house(ANHE)):
        told = {"actor": staff(ANHE)["operations"], "today": SEPTEMBER, "guarantee_id": first.pk, "on": SEPTEMBER}
        services.repay(**told, reference="HK-1", principal_fen=LOAN_FEN)
    with pytest.raises(extending.NothingToExtend):
        sign(first, "executive")
    with inside(house(ANHE)):
        assert queries.extension_asked(first) is not None and not Guarantee.objects.filter(extends=first).exists()
    sign(first, "executive", verdict="REJECT", text="已结清")


def test_an_overdue_loan_goes_on_where_its_term_ended(db: None) -> None:
    """No day without cover: registered late, the added time begins on the day on which the old term ended."""
    first = make(state="OVERDUE")
    longer = extend(first, today=first.due_on + timedelta(days=9), due_on=first.due_on + timedelta(days=200))
    assert (longer.start_on, now(first).ended_on) == (first.due_on, first.due_on)


def test_the_group_chains_it_and_charges_no_day_twice(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """domain.md 11.18: both sides by letters; of the premium billed in advance, the days after the start come back."""
    with inside(house(GROUP)):
        treaty()
    first = make()
    deliver(monkeypatch, TODAY)
    with inside(house(GROUP)):
        agreed("2026-03", on=date(2026, 4, 2))
        premiums.bill(actor=SYSTEM, today=date(2026, 4, 2), member_code=ANHE, period="2026-Q1")
        billed = Item.objects.get()
        assert (billed.list.state, billed.last) == ("BILLED", first.due_on - timedelta(days=1))
    longer = extend(first)
    deliver(monkeypatch, SEPTEMBER)
    assert (now(longer).filing_status, now(longer).coverage) == ("CONFIRMED", "COVERED")
    with inside(house(GROUP)):
        old, new = filings.of(ANHE, first.pk), filings.of(ANHE, longer.pk)
        assert (new.extends, old.extended_on, old.end, old.released_principal_fen) == (old, SEPTEMBER, "RELEASED", 0)
        row = drawn("2026-09", on=date(2026, 10, 2))
        items = {item.filing_id: item for item in row.items.all()}
        assert (items[new.pk].first, items[new.pk].last) == (SEPTEMBER, LATER - timedelta(days=1))
        assert items[old.pk].last == SEPTEMBER - timedelta(days=1)
        assert items[old.pk].kind == "CORRECTION" and -billed.premium_fen < items[old.pk].premium_fen < 0


def test_what_the_group_never_had_is_not_filed(db: None) -> None:
    """A guarantee outside the group's cover is extended without a filing that could only come back."""
    first = make()
    with inside(house(ANHE)):
        Guarantee.objects.filter(pk=first.pk).update(filing_status="REJECTED")
    longer = extend(first)
    assert now(longer).filing_status == ""
    with inside(PUBLIC):
        assert Letter.objects.filter(kind="FILING_SUBMITTED").count() == 1


def test_the_page_extends_and_shows_the_chain(sign_in) -> None:
    """The form refuses in words; afterwards both pages show the chain with the group's answer."""
    with inside(house(GROUP)):
        publish(staff(GROUP))
    first = make()
    wiring.deliver()
    client = sign_in("operations")
    url = f"/guarantees/{first.pk}/extend/"
    assert url in client.get(f"/guarantees/{first.pk}/").content.decode()
    assert client.post(url, {**TOLD, "counter_consents": ""}).status_code == 422
    sent = client.post(url, {**TOLD, "due_on": "2029-09-01"})
    assert sent.status_code == 302
    assert "展期待审批" in client.get(f"/guarantees/{first.pk}/").content.decode()
    for seat in ("risk", "executive"):
        signer = sign_in(seat)
        with inside(house(ANHE)):
            (task,) = approvals.mine(staff(ANHE)[seat], f"extension:{first.pk}", localdate())
        body = signer.get(f"/tasks/{task.pk}/").content.decode()
        assert TOLD["counter_consents"] in body and TOLD["bank_consent"] in body
        assert signer.post(f"/tasks/{task.pk}/", {"verdict": "APPROVE", "text": "同意"}).status_code == 302
    wiring.deliver()
    with inside(house(ANHE)):
        longer = Guarantee.objects.get(extends=first)
    for one, other in ((first, longer), (longer, first)):
        body = client.get(f"/guarantees/{one.pk}/").content.decode()
        assert "贷款展期" in body and other.number in body
    assert url not in client.get(f"/guarantees/{first.pk}/").content.decode()
    assert sign_in("manager").get(url).status_code == 403
