"""Filings that people decide in the demo: stage by stage, each by another officer; what is new waits at some stage."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from infra.demo import people
from infra.demo.group import post
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.filings import queries, services

_STAGES = (
    ("ACCEPTANCE", "filing", "要素齐全，予以受理。"),
    ("EXAMINATION", "treaty", "符合合作协议约定的业务范围，单户超自动备案限额，转逐笔审查。"),
    ("VERIFICATION", "risk", "担保机构尽调充分，反担保措施落实。"),
    ("REVIEW", "risk2", "风险可控，同意分险。"),
)
_SIGNER, _REPLIER = "filing", "executive"


def decide(member: str, guarantee_id: int, on: date, today: date) -> None:
    """Decide a filing that the treaty referred to people, over the week after it came; others are left alone."""
    with inside(registry.group()):
        filing = queries.of(member, guarantee_id)
        if filing is None or filing.status != "REVIEWING":
            return
        staff = people.staff(code="GROUP")
        if filing.reason_code.startswith("LINE"):
            services.reject(actor=staff[_SIGNER], today=on, filing_id=filing.pk, text="年度授信额度已用完，本笔不予分险。")
        else:
            day = _walk(staff, filing.pk, len(_STAGES), on, today)
            services.reply(
                actor=staff[_REPLIER],
                today=day,
                filing_id=filing.pk,
                text="同意按协议比例分险。",
                conditions="贷后每季度报送一次财务报表。",
            )
            services.confirm(
                actor=staff[_SIGNER], today=min(day + timedelta(days=1), today), filing_id=filing.pk, text="已签署确认书。"
            )
    post.deliver(min(on + timedelta(days=7), today))


def _walk(staff: dict[str, Any], filing_id: int, stages: int, on: date, today: date) -> date:
    """Let the first stages be passed, a day each; the day of the last."""
    for stage, seat, text in _STAGES[:stages]:
        risk = {"risk_degree": Decimal("0.35"), "risk_fen": 200_000_000} if stage == "REVIEW" else {}
        services.opine(actor=staff[seat], today=on, filing_id=filing_id, stage=stage, text=text, **risk)
        on = min(on + timedelta(days=1), today)
    return on


def leave_waiting(today: date) -> int:
    """Bring the newest filings that still wait to different stages; one is given back to its member. Returns how many."""
    with post.step():
        with inside(registry.group()):
            staff = people.staff(code="GROUP")
            waiting = list(queries.listing().filter(status="REVIEWING", stage="ACCEPTANCE").order_by("id"))
            untouched = [filing for filing in waiting if not filing.opinions.exists()]
            for number, filing in enumerate(untouched):
                _walk(staff, filing.pk, number % (len(_STAGES) + 1), today, today)
            if len(untouched) > 1:
                _give_back(staff, untouched[0].pk, today)
        post.deliver(today)
    return len(untouched)


def _give_back(staff: dict[str, Any], filing_id: int, today: date) -> None:
    services.return_filing(
        actor=staff[_SIGNER],
        today=today,
        filing_id=filing_id,
        deficiencies=["CONTRACT_NO"],
        text="请补充借款合同编号及合同扫描件。",
    )
