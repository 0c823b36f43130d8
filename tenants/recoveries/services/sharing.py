"""The group's answer: what is passed on to it and to the bank, what the member keeps (domain.md 5.9)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kernel.audit import services as audit
from kernel.errors import NotFound, gettext_noop
from kernel.letters import RecoveryShared
from kernel.money import half_up
from registry import queries as registry
from tenants.acts import act
from tenants.recoveries.models import Receipt, Sharing
from tenants.recoveries.services import cases
from tenants.recoveries.services.receipts import bank_key, expect


class UnknownRecovery(NotFound):
    code = "UNKNOWN_RECOVERY"
    sentence = gettext_noop("The group shared a recovery %(number)s that this house does not know.")


def open_shared(letter: RecoveryShared, *, sender: str, actor: Any, today: date) -> Sharing:
    """Reader of RECOVERY_SHARED: keep the answer and expect what has to move; the same letter again changes nothing.

    Of a guarantee that the group does not cover it says nothing but that: the bank's part then follows its part of the
    loan. Raises UnknownRecovery.
    """
    guarantee_id = Receipt.objects.filter(number=letter.recovery_no).values_list("case__guarantee_id", flat=True).first()
    if guarantee_id is None:
        raise UnknownRecovery(number=letter.recovery_no)
    with act("recoveries.shared", actor=actor):
        case = cases.hold(guarantee_id, actor=actor, today=today)
        receipt = case.receipts.get(number=letter.recovery_no)
        kept = Sharing.objects.filter(receipt=receipt).first()
        if kept is not None:
            return kept
        bank = _bank_part(letter, receipt)
        sharing = Sharing.objects.create(
            receipt=receipt,
            claim_no=letter.claim_no,
            shares=json.dumps(letter.shares),
            roles=json.dumps(letter.roles),
            own_fen=receipt.net_fen - bank - letter.remit_fen - letter.held_fen,
            bank_fen=bank,
            remit_fen=letter.remit_fen,
            held_fen=letter.held_fen,
            due_on=letter.due_on,
            why=letter.why[:500],
            on=today,
        )
        group = registry.group().code
        if receipt.reverses_id is None:
            if letter.remit_fen:
                expect(receipt, "OUT", "RECOVERY", group, letter.key, letter.remit_fen, letter.due_on, actor, today)
            if bank:
                party = case.guarantee.bank_code or case.guarantee.bank_name[:40]
                expect(receipt, "OUT", "BANK_RECOVERY", party, bank_key(receipt), bank, letter.due_on, actor, today)
        elif letter.refund_fen:
            expect(receipt, "IN", "RECOVERY_REFUND", group, letter.key, letter.refund_fen, None, actor, today)
        facts = {"number": receipt.number, "remit_fen": letter.remit_fen, "held_fen": letter.held_fen, "bank_fen": bank}
        audit.leave(actor=actor, act="recoveries.shared", subject=case.guarantee.subject, facts=facts)
    return sharing


def _bank_part(letter: RecoveryShared, receipt: Receipt) -> int:
    if letter.shares:
        return sum(fen for party, fen in letter.shares.items() if letter.roles.get(party) == "BANK")
    guarantee = receipt.case.guarantee
    return half_up(receipt.net_fen * (guarantee.loan_fen - guarantee.guaranteed_fen), guarantee.loan_fen)
