"""Filings and reported balances as premiums meet them. Call inside the group's house."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kernel.access.actors import SYSTEM, Actor
from kernel.letters import PremiumListAnswered
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.filings import queries as filings
from reguarantee.filings import services as filing_services
from reguarantee.filings.models import Filing
from reguarantee.monitoring.models import Bank, Fact, FactMovement, Member
from reguarantee.premiums import services
from reguarantee.premiums.models import PremiumList
from reguarantee.treaties import services as treaties
from tests.factories.houses import ANHE, house
from tests.reguarantee.engine.terms import MARCH, MILLION, N_4222, document, quota
from tests.reguarantee.filings.test_filings_cover import LETTER

RATES = [{"obligor_max_fen": 5 * MILLION, "rate": "0.003"}, {"rate": "0.005"}]


def treaty(*, code: str = "P4222", scope: dict[str, Any] | None = None, **premium: Any) -> None:
    """The 4:2:2:2 treaty of 2026 for all members, with these premium terms."""
    terms = document(quota(**N_4222), premium={"rates": RATES, **premium}, scope=scope or {})
    version = treaties.draft(actor=SYSTEM, today=date(2026, 1, 2), code=code, title=code, members=["*"], terms=terms)
    told = {"today": date(2026, 1, 2), "version_id": version.pk}
    treaties.submit(actor=SYSTEM, **told)
    treaties.approve(actor=Actor("SYSTEM", "committee"), **told)
    treaties.publish(actor=SYSTEM, **told)


def file(guarantee_id: int = 1, *, sender: str = ANHE, on: date = MARCH, **changes: Any) -> Filing:
    """A filing read on `on`: 5,000,000 yuan from 2026-03-01 to 2027-03-01, of a small firm."""
    told = {
        "guarantee_id": guarantee_id,
        "number": f"DB-{guarantee_id}",
        "obligor_key": f"k{guarantee_id}",
        "iou_no": f"JJ-{guarantee_id}",
        "size_class": "SMALL",
        **changes,
    }
    letter = replace(LETTER, **told)
    filing_services.open_filing(letter, sender=sender, actor=Actor("LETTER", sender), today=on)
    found = filings.of(sender, guarantee_id)
    assert found is not None and found.status == "CONFIRMED", found and found.reason
    return found


def report(filing: Filing, moves: Sequence[tuple[date, int]], *, ended_on: date | None = None) -> None:
    """What the member's book shows of a filing: its own-share balance after each day."""
    institution = house(filing.member_code)
    Member.objects.get_or_create(
        id=institution.pk, code=filing.member_code, defaults={"name": "m", "schema_name": institution.schema_name}
    )
    bank, _ = Bank.objects.get_or_create(name=filing.bank_name)
    Fact.objects.filter(institution_id=institution.pk, guarantee_id=filing.guarantee_id).delete()
    FactMovement.objects.filter(institution_id=institution.pk, guarantee_id=filing.guarantee_id).delete()
    Fact.objects.create(
        institution_id=institution.pk, guarantee_id=filing.guarantee_id, number=filing.number, customer_name="x",
        product_code="P", bank_id=bank.pk, region_code="", industry="", approved_on=filing.drawdown_on,
        approved_month=202603, loan_fen=filing.principal_fen, guaranteed_fen=filing.guaranteed_fen, term_months=12,
        start_on=filing.drawdown_on, due_on=filing.due_on, ended_on=ended_on, state="IN_FORCE", released=False,
        compensated=False, compensation_fen=0, amortisation="M", drawn_fen=filing.principal_fen,
        balance_fen=moves[-1][1], last_moved_on=moves[-1][0], coverage="COVERED", ceded_fen=filing.ceded_fen,
    )  # fmt: skip
    FactMovement.objects.bulk_create(
        FactMovement(institution_id=institution.pk, guarantee_id=filing.guarantee_id, on=on, balance_fen=fen) for on, fen in moves
    )


def drawn(period: str, *, on: date, sender: str = ANHE) -> PremiumList:
    row = services.draw_list(actor=SYSTEM, today=on, member_code=sender, period=period)
    assert row is not None
    return row


def answer(row: PremiumList, *, on: date, disputes: Sequence[dict[str, Any]] = (), sender: str = "") -> None:
    letter = PremiumListAnswered(list_no=row.number, agreed=not disputes, disputes=tuple(disputes), answered_on=on)
    services.open_list_answered(letter, sender=sender or row.member_code, actor=Actor("LETTER", row.member_code), today=on)
    row.refresh_from_db()


def agreed(period: str, *, on: date, sender: str = ANHE) -> PremiumList:
    """A list drawn, sent and agreed."""
    row = services.issue_list(actor=SYSTEM, today=on, list_id=drawn(period, on=on, sender=sender).pk)
    answer(row, on=on)
    return row


def figures(row: PremiumList) -> list[tuple[str, str, int, int]]:
    """(kind, number, premium, fund) by item."""
    return [(item.kind, item.filing.number, item.premium_fen, item.fund_fen) for item in row.items.select_related("filing")]


def letters(kind: str) -> list[dict[str, Any]]:
    """Bodies of the letters of a kind that wait in the post, oldest first."""
    with inside(PUBLIC):
        bodies = list(Letter.objects.filter(kind=kind).order_by("id").values_list("body", flat=True))
    # Deferred checks run where the last statement ran, and that has to be the group's house.
    Filing.objects.exists()
    return [json.loads(body) for body in bodies]
