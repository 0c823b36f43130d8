"""Receipts from a debtor: costs first, net never below nothing, never beyond the debt, once per voucher."""

from datetime import timedelta
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.audit.models import Entry as Trail
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.cash.models import Movement
from tenants.guarantees.models import Guarantee
from tenants.recoveries import queries, services
from tenants.recoveries.models import Case, Receipt
from tests.factories import members
from tests.factories.members import TODAY
from tests.tenants.recoveries.conftest import YUAN, answer, posted

Staff = dict[str, User]


def record(staff: Staff, guarantee: Guarantee, **more: Any) -> Receipt:
    told: dict[str, Any] = {
        "on": TODAY,
        "gross_fen": 1_000_000 * YUAN,
        "method": "ENFORCEMENT",
        "voucher_no": "ZH-1",
        "costs": {"LITIGATION": 100_000 * YUAN},
    }
    return services.record(actor=staff["operations"], today=TODAY, guarantee_id=guarantee.pk, **(told | more))


def test_a_recovery_is_recorded_and_told(staff: Staff, guarantee: Guarantee) -> None:
    """REC-02, REC-10: gross 1,000,000, cost 100,000, net 900,000 (domain.md worked example 13)."""
    receipt = record(staff, guarantee)
    assert (receipt.gross_fen, receipt.cost_fen, receipt.net_fen) == tuple(n * YUAN for n in (1_000_000, 100_000, 900_000))
    (letter,) = posted("RECOVERY_REPORTED")
    assert (letter.guarantee_id, letter.recovery_no, letter.cost_fen) == (guarantee.pk, receipt.number, 100_000 * YUAN)
    assert (letter.method, letter.on, letter.after_write_off) == ("ENFORCEMENT", TODAY, False)
    assert Movement.objects.get(direction="IN").fen == receipt.gross_fen
    assert Trail.objects.filter(act="recoveries.record").count() == 1
    case = queries.case(staff["executive"], receipt.case_id)
    assert (case.net_fen, case.spent_fen, case.received) == (900_000 * YUAN, 100_000 * YUAN, 1)


def test_the_same_voucher_is_one_recovery(staff: Staff, guarantee: Guarantee) -> None:
    first = record(staff, guarantee)
    assert record(staff, guarantee).pk == first.pk
    assert len(posted("RECOVERY_REPORTED")) == 1
    for other in ({"gross_fen": 5}, {"method": "OWN"}, {"on": TODAY - timedelta(days=1)}):
        with pytest.raises(services.receipts.VoucherStands):
            record(staff, guarantee, **other)


def test_costs_beyond_a_receipt_wait_for_the_next(staff: Staff, guarantee: Guarantee) -> None:
    """Net is never below nothing; what a small receipt cannot carry comes off the next (domain.md 5.9)."""
    services.spend(actor=staff["operations"], today=TODAY, guarantee_id=guarantee.pk, kind="LAWYER", fen=50_000 * YUAN, on=TODAY)
    small = record(staff, guarantee, gross_fen=30_000 * YUAN, costs={"APPRAISAL": 5_000 * YUAN})
    assert (small.cost_fen, small.net_fen) == (30_000 * YUAN, 0)
    large = record(staff, guarantee, gross_fen=100_000 * YUAN, costs=None, voucher_no="ZH-2")
    assert (large.cost_fen, large.net_fen) == (25_000 * YUAN, 75_000 * YUAN)
    assert queries.open_cost(large.case) == 0


def test_no_more_than_the_debtor_owes(staff: Staff, guarantee: Guarantee) -> None:
    """REC-02: over-recovery is refused; the debt is the bank's whole claim, its own part included, and costs."""
    with pytest.raises(services.OverRecovered):
        record(staff, guarantee, gross_fen=4_060_000 * YUAN + 1, costs=None)
    record(staff, guarantee, gross_fen=4_060_000 * YUAN, costs=None)
    with pytest.raises(services.OverRecovered):
        record(staff, guarantee, gross_fen=1, costs=None, voucher_no="ZH-2")
    record(staff, guarantee, gross_fen=10, costs={"EXECUTION": 10}, voucher_no="ZH-2")


def test_margin_counts_as_a_recovery_without_a_transfer(staff: Staff, guarantee: Guarantee) -> None:
    """The customer's deposit is a recovery on day 0 (domain.md 5.9); no money comes in for it."""
    receipt = record(staff, guarantee, method="MARGIN", gross_fen=200_000 * YUAN, costs=None)
    assert (receipt.net_fen, Movement.objects.filter(direction="IN").count()) == (200_000 * YUAN, 0)
    assert posted("RECOVERY_REPORTED")[0].method == "MARGIN"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"gross_fen": 0}, "gross_fen"), ({"voucher_no": " "}, "voucher_no"), ({"method": "MAGIC"}, "method")],
)
def test_what_cannot_be_recorded(staff: Staff, guarantee: Guarantee, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(services.receipts.BadReceipt) as refusal:
        record(staff, guarantee, **wrong)
    assert refusal.value.field == field
    assert not Case.objects.exists()


def test_neither_the_future_nor_a_guarantee_that_stands(staff: Staff, guarantee: Guarantee) -> None:
    with pytest.raises(services.cases.NotInTheFuture):
        record(staff, guarantee, on=TODAY + timedelta(days=1))
    with pytest.raises(services.cases.NoCost):
        record(staff, guarantee, costs={"LITIGATION": -1})
    with pytest.raises(services.NothingToPursue):
        record(staff, members.make_guarantee(state="IN_FORCE"))
    with pytest.raises(MissingPermission):
        record(staff | {"operations": staff["manager"]}, guarantee)


def test_the_log_moves_the_stage_and_keeps_the_deadline(staff: Staff, guarantee: Guarantee) -> None:
    """REC-05, REC-07, REC-09: stages of domain.md 7.8, contacts and assets found, with the next deadline."""
    told = {"actor": staff["operations"], "today": TODAY, "guarantee_id": guarantee.pk, "on": TODAY}
    services.note(**told, kind="STAGE", stage="JUDGMENT", deadline=TODAY + timedelta(days=15), text="一审判决")
    services.note(**told, kind="CONTACT", text="电话联系法定代表人")
    services.note(**told, kind="ASSET", text="房产一处", deadline=TODAY + timedelta(days=30))
    case = Case.objects.get(guarantee=guarantee)
    assert (case.stage, case.next_deadline) == ("JUDGMENT", TODAY + timedelta(days=30))
    assert [entry.kind for entry in case.entries.order_by("id")] == ["STAGE", "CONTACT", "ASSET"]
    for wrong in ({"kind": "STAGE", "stage": "NOWHERE"}, {"kind": "NOTE", "text": " "}):
        with pytest.raises(services.cases.NothingSaid):
            services.note(**told, **wrong)


def test_what_waits_to_be_pursued(staff: Staff, guarantee: Guarantee) -> None:
    """REC-01, REC-08: from the compensation on; long cases by their days."""
    assert list(queries.to_pursue(staff["executive"])) == [guarantee]
    case = services.open_case(actor=staff["operations"], today=TODAY, guarantee_id=guarantee.pk)
    assert services.open_case(actor=staff["operations"], today=TODAY, guarantee_id=guarantee.pk) == case
    assert not queries.to_pursue(staff["executive"])
    later = TODAY + timedelta(days=400)
    assert list(queries.long_running(staff["executive"], today=later, days=365)) == [case]
    assert not queries.long_running(staff["executive"], today=TODAY, days=365)
    with pytest.raises(services.CaseMissing):
        queries.case(staff["manager2"], case.pk)


def answered(receipt: Receipt, **more: Any) -> None:
    letter = answer(receipt.number, **more)
    services.open_shared(letter, sender="GROUP", actor=Actor("LETTER", "GROUP"), today=TODAY)


def test_a_transfer_is_recorded_anew_after_it_was_undone(staff: Staff, guarantee: Guarantee) -> None:
    """REC-02: with the right figures or the same ones. It was refused, or the undone row was given back as if it stood."""
    wrong = record(staff, guarantee, gross_fen=2_000_000 * YUAN)
    answered(wrong)
    services.undo(actor=staff["executive"], today=TODAY, receipt_id=wrong.pk, reason="金额录错")
    right = record(staff, guarantee, costs=None)
    assert right.pk != wrong.pk and (right.gross_fen, right.cost_fen) == (1_000_000 * YUAN, 100_000 * YUAN)
    assert record(staff, guarantee, costs=None).pk == right.pk, "once"
    with pytest.raises(services.receipts.VoucherStands):
        record(staff, guarantee, gross_fen=5)
    assert [(row.voucher_no, row.fen) for row in Movement.objects.filter(direction="IN").order_by("id")] == [
        ("ZH-1", 2_000_000 * YUAN), ("ZH-1", -2_000_000 * YUAN), ("ZH-1", 1_000_000 * YUAN),
    ]  # fmt: skip
    answered(right)
    services.undo(actor=staff["executive"], today=TODAY, receipt_id=right.pk, reason="退票")
    assert record(staff, guarantee, costs=None).voucher_no == "ZH-1 (3)"


def test_a_recovery_whose_money_bounced_at_the_desk_leaves_nothing_due(staff: Staff, guarantee: Guarantee) -> None:
    """REC-02: the money was undone first, the recovery after it; the debtor's amount stayed open for ever."""
    receipt = record(staff, guarantee)
    answered(receipt)
    came = money.settling(f"debtor:{receipt.number}").get()
    cash.reverse(actor=staff["executive"], today=TODAY, movement_id=came.pk, reason="退票")
    services.undo(actor=staff["executive"], today=TODAY, receipt_id=receipt.pk, reason="退票")
    assert list(money.dues(open_only=True)) == []


def test_the_group_is_told_how_much_was_paid_for(staff: Staff, guarantee: Guarantee) -> None:
    """REC-10: a guarantee that was compensated in parts has more than one claim; the whole is shared at once."""
    record(staff, guarantee)
    assert posted("RECOVERY_REPORTED")[0].principal_fen == 4_000_000 * YUAN
