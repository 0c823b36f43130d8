"""The group's answer, what is passed on, write-off, and the way back."""

from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.cash.models import Due
from tenants.guarantees.models import Guarantee
from tenants.recoveries import services
from tenants.recoveries.models import Receipt, Sharing, WriteOff
from tests.factories.houses import BANK
from tests.factories.members import TODAY
from tests.tenants.recoveries.conftest import MEMBER_ACCOUNT, YUAN, answer, compensated, posted
from tests.tenants.recoveries.test_recording import record

Staff = dict[str, User]
ACTOR = Actor("LETTER", "GROUP")


def shared(receipt: Receipt, **more: Any) -> Sharing:
    letter = answer(receipt.number, **more)
    return services.open_shared(letter, sender="GROUP", actor=ACTOR, today=TODAY)


def dues() -> dict[str, tuple[str, str, int]]:
    return {
        due.key: (due.direction, due.counterparty, due.fen) for due in Due.objects.exclude(purpose__in=["DEBTOR", "COMPENSATION"])
    }


def send(staff: Staff, key: str) -> Any:
    order = cash.prepare(actor=staff["operations"], today=TODAY, key=key, **MEMBER_ACCOUNT)
    return cash.confirm(actor=staff["executive"], today=TODAY, order_id=order.id, voucher_no=f"V-{key}"[:80])


def test_the_parts_become_due(staff: Staff, guarantee: Guarantee) -> None:
    """REC-10: group 360,000, bank 180,000, own 360,000 of net 900,000 (domain.md worked example 13)."""
    receipt = record(staff, guarantee)
    kept = shared(receipt)
    assert (kept.own_fen, kept.bank_fen, kept.remit_fen) == (360_000 * YUAN, 180_000 * YUAN, 360_000 * YUAN)
    assert dues() == {
        f"recovery:ANHE:{receipt.number}": ("OUT", "GROUP", 360_000 * YUAN),
        f"bank-recovery:{receipt.number}": ("OUT", BANK, 180_000 * YUAN),
    }
    assert shared(receipt).pk == kept.pk, "the letter again changes nothing"
    assert len(dues()) == 2


def test_what_was_sent_is_told(staff: Staff, guarantee: Guarantee) -> None:
    receipt = record(staff, guarantee)
    shared(receipt)
    key = f"recovery:ANHE:{receipt.number}"
    movement = send(staff, key)
    (letter,) = posted("MONEY_REPORTED")
    assert (letter.key, letter.fen, letter.said, letter.voucher_no) == (key, 360_000 * YUAN, "SENT", movement.voucher_no)
    cash.reverse(actor=staff["executive"], today=TODAY, movement_id=movement.id, reason="退票")
    assert [word.fen for word in posted("MONEY_REPORTED")] == [360_000 * YUAN, -360_000 * YUAN]
    send(staff, f"bank-recovery:{receipt.number}")
    assert len(posted("MONEY_REPORTED")) == 2, "a bank has no house to tell"


def test_held_until_the_claim_is_paid(staff: Staff, guarantee: Guarantee) -> None:
    receipt = record(staff, guarantee)
    kept = shared(receipt, remit_fen=0, held_fen=360_000 * YUAN, due_on=None)
    assert (kept.own_fen, kept.held_fen) == (360_000 * YUAN, 360_000 * YUAN)
    assert list(dues()) == [f"bank-recovery:{receipt.number}"]


def test_not_covered_leaves_the_bank_its_part(staff: Staff, guarantee: Guarantee) -> None:
    receipt = record(staff, guarantee)
    kept = shared(receipt, shares={}, roles={}, remit_fen=0, claim_no="", due_on=None)
    assert (kept.bank_fen, kept.own_fen) == (180_000 * YUAN, 720_000 * YUAN)


def test_an_unknown_recovery_is_refused(guarantee: Guarantee) -> None:
    with pytest.raises(services.sharing.UnknownRecovery):
        services.open_shared(answer("ZH2026-999999"), sender="GROUP", actor=ACTOR, today=TODAY)


def write_off(staff: Staff, guarantee: Guarantee, **more: Any) -> WriteOff:
    told = {"on": TODAY, "written_off_fen": 1_000_000 * YUAN, "resolution_no": "董决2026-8", "reason": "终本且无财产"}
    return services.write_off(actor=staff["executive"], today=TODAY, guarantee_id=guarantee.pk, **(told | more))


def test_written_off_and_still_pursued(staff: Staff, guarantee: Guarantee) -> None:
    """账销案存: what comes after the write-off is recorded and told as such (domain.md 5.9, A19)."""
    for wrong in ({"written_off_fen": 0}, {"written_off_fen": 4_060_000 * YUAN + 1}):
        with pytest.raises(services.TooMuchWrittenOff):
            write_off(staff, guarantee, **wrong)
    for wrong in ({"resolution_no": " "}, {"reason": ""}):
        with pytest.raises(services.writing_off.ResolutionNeeded):
            write_off(staff, guarantee, **wrong)
    write_off(staff, guarantee)
    (letter,) = posted("WRITE_OFF_REPORTED")
    assert (letter.written_off_fen, letter.resolution_no) == (1_000_000 * YUAN, "董决2026-8")
    with pytest.raises(services.WrittenOffAlready):
        write_off(staff, guarantee)
    receipt = record(staff, guarantee)
    assert receipt.after_write_off
    assert posted("RECOVERY_REPORTED")[0].after_write_off


def undo(staff: Staff, receipt: Receipt) -> Receipt:
    return services.undo(actor=staff["executive"], today=TODAY, receipt_id=receipt.pk, reason="法院执行回转")


def test_undone_before_anything_was_sent(staff: Staff, guarantee: Guarantee) -> None:
    receipt = record(staff, guarantee)
    with pytest.raises(services.NotAnswered):
        undo(staff, receipt)
    shared(receipt)
    opposite = undo(staff, receipt)
    letter = posted("RECOVERY_REPORTED")[-1]
    assert (letter.gross_fen, letter.reverses, letter.unsent_fen) == (-1_000_000 * YUAN, receipt.number, 360_000 * YUAN)
    assert {fen for _, _, fen in dues().values()} == {0}
    with pytest.raises(services.AlreadyUndone):
        undo(staff, receipt)
    with pytest.raises(services.AlreadyUndone):
        undo(staff, opposite)
    assert not money.settling(f"debtor:{receipt.number}")
    assert not money.is_open(f"debtor:{receipt.number}"), "nothing is expected of the debtor for it any more"
    record(staff, guarantee, voucher_no="ZH-2", costs=None)


def test_undone_after_the_money_went(staff: Staff, guarantee: Guarantee) -> None:
    receipt = record(staff, guarantee)
    shared(receipt)
    for key in list(dues()):
        send(staff, key)
    opposite = undo(staff, receipt)
    assert posted("RECOVERY_REPORTED")[-1].unsent_fen == 0
    shared(
        opposite,
        shares={"bank": -180_000 * YUAN, "member": -360_000 * YUAN, "group": -180_000 * YUAN, "nfgf": -180_000 * YUAN},
        remit_fen=-360_000 * YUAN,
        due_on=None,
        refund_fen=360_000 * YUAN,
    )
    assert dues()[f"recovery:ANHE:{opposite.number}"] == ("IN", "GROUP", 360_000 * YUAN)
    assert dues()[f"bank-recovery-refund:{opposite.number}"] == ("IN", BANK, 180_000 * YUAN)


def test_while_a_payment_waits_nothing_is_undone(staff: Staff, guarantee: Guarantee) -> None:
    receipt = record(staff, guarantee)
    shared(receipt)
    cash.prepare(actor=staff["operations"], today=TODAY, key=f"recovery:ANHE:{receipt.number}", **MEMBER_ACCOUNT)
    with pytest.raises(cash.OrderOpen):
        undo(staff, receipt)
    assert (Receipt.objects.count(), len(posted("RECOVERY_REPORTED"))) == (1, 1)


def test_two_guarantees_do_not_mix(staff: Staff, guarantee: Guarantee) -> None:
    other = compensated(staff)
    first, second = record(staff, guarantee), record(staff, other, voucher_no="ZH-9")
    shared(first)
    assert not hasattr(Receipt.objects.get(pk=second.pk), "sharing")
