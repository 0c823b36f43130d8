"""An applicant and the group's people; cases reach each step by the verbs that lead there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from infra.demo import names
from kernel.access.actors import Actor
from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.admission import services
from reguarantee.admission.models import Case
from reguarantee.treaties import services as treaties
from tests.factories.houses import GROUP, house, staff
from tests.reguarantee.engine.terms import N_4222, document, quota

TODAY = date(2026, 3, 2)
YI = 10_000_000_000
"""A hundred million yuan in fen."""
STRANGER = Actor("APPLICANT", "public")
TREATY = "P4222"
PDF = b"%PDF-1.4 sample"

ANSWERS: dict[str, Any] = {
    "licence_no": "R-2020-001", "licence_issuer": "地方金融局", "address": "江城市一号", "legal_rep": "郭建国",
    "capital_source": "LOCAL_FINANCE", "is_policy": True, "established_on": date(2018, 5, 1),
    "licence_valid_to": date(2028, 4, 30), "contact_name": "唐小雨", "contact_phone": "13800000000",
    "contact_email": "tang@new.example", "admin_name": "马晓东", "admin_email": "admin@new.example",
    "security_name": "田静", "security_email": "security@new.example",
    "registered_capital_fen": 3 * YI, "paid_in_capital_fen": 3 * YI, "net_assets_fen": 4 * YI, "staff_total": 60,
    "risk_staff": 14, "violations": 0, "liquid_assets_fen": 3 * YI, "reserves_fen": YI, "liability_fen": 12 * YI,
    "net_profit_fen": YI // 5, "prior_year_volume_fen": 20 * YI, "volume_before_fen": 16 * YI, "policy_target_fen": 15 * YI,
    "requested_line_fen": 18 * YI, "planned_growth": "0.10", "small_agri_share": "0.86", "le5m_share": "0.61",
    "risk_shared_share": "0.72", "compensation_rate": "0.012", "recovery_rate": "0.42", "fee_rate": "0.009",
    "largest_obligor_share": "0.05", "platform_share": "0", "risk_rules": True, "accepts_data_link": True,
}  # fmt: skip
BANK_ANSWERS: dict[str, Any] = {
    **{name: ANSWERS[name] for name in (
        "licence_no", "established_on", "licence_valid_to", "contact_name", "contact_phone", "contact_email",
        "registered_capital_fen", "paid_in_capital_fen", "net_assets_fen", "staff_total", "risk_staff", "violations",
        "risk_rules", "accepts_data_link",
    )},
    "small_loans_fen": 300 * YI, "npl_ratio": "0.011", "capital_adequacy": "0.128", "provision_cover": "2.1",
    "accepted_share": "0.2", "branches": 40,
}  # fmt: skip


def answers(**changes: Any) -> dict[str, Any]:
    return {**ANSWERS, **changes}


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    """The group's people, at work in its house."""
    with inside(house(GROUP)):
        yield staff(GROUP)


def publish(people: dict[str, User]) -> str:
    """A treaty in force this year; its code."""
    terms = document(quota(**N_4222), attaches={"from": "2026-01-01", "to": "2026-12-31", "by": "drawdown"})
    version = treaties.draft(actor=people["treaty"], today=TODAY, code=TREATY, title="四二二二", members=["ANHE"], terms=terms)
    treaties.submit(actor=people["treaty"], today=TODAY, version_id=version.pk)
    treaties.approve(actor=people["executive"], today=TODAY, version_id=version.pk)
    treaties.publish(actor=people["treaty"], today=TODAY, version_id=version.pk)
    return TREATY


@pytest.fixture
def treaty(people: dict[str, User]) -> str:
    return publish(people)


def applied(
    *, kind: str = "MEMBER", code: str = "XINHE", number: int = 900, today: date = TODAY, **changes: Any
) -> tuple[Case, str]:
    """An application from the public page, and the token of its private link."""
    told = answers(**changes) if kind == "MEMBER" else {**BANK_ANSWERS, **changes}
    return services.apply(
        actor=STRANGER, today=today, kind=kind, name="新禾融资担保有限公司", uscc=names.uscc(number), code=code,
        region_code="340200", answers=told,
    )  # fmt: skip


def with_papers(case: Case, *, today: date = TODAY) -> None:
    for slot in case.standard.document["documents"]:
        if slot["required"]:
            services.attach(
                actor=services.applicant(case), today=today, case_id=case.pk, slot=slot["code"], name=f"{slot['code']}.pdf",
                file=BytesIO(PDF),
            )  # fmt: skip


def reach(state: str, people: dict[str, User], **more: Any) -> Case:
    """A case in a step, each step before it done by the person whose it is."""
    case, _token = applied(**more)
    me: dict[str, Any] = {"today": TODAY, "case_id": case.pk}
    steps = {
        "DOCUMENTS": lambda: services.accept(actor=people["admission"], **me),
        "ANALYSIS": lambda: (with_papers(case), services.complete(actor=people["admission"], **me)),
        "REVIEW": lambda: (
            services.analyse(actor=people["admission"], text="财务稳健", **me),
            services.conclude(actor=people["admission"], text="建议通过", **me),
        ),
        "COMMITTEE": lambda: (
            visit(people, case),
            services.review(actor=people["risk"], text="现场情况与材料一致", score=86, **me),
        ),
        "AGREEMENT": lambda: services.decided(
            subject=case.subject, outcome="PASSED", conditions=(), actor=people["secretary"], today=TODAY
        ),
        "ACTIVATING": lambda: sign(people, case),
        "ACTIVE": lambda: services.activate(actor=people["executive"], **me),
    }
    if state != "APPLIED":
        for name, step in steps.items():
            step()
            if name == state:
                break
    case.refresh_from_db()
    assert case.state == state
    return case


def visit(people: dict[str, User], case: Case) -> None:
    services.visit(
        actor=people["risk"], today=TODAY, case_id=case.pk, on=TODAY, place="江城", visitors="韩志远、丁若兰", met="郭建国",
        findings="制度齐备，档案完整", score=84, name="visit.pdf", file=BytesIO(PDF),
    )  # fmt: skip


LINE: dict[str, Any] = {
    "prior_fen": 0, "growth": 0, "target_fen": 15 * YI, "requested_fen": 18 * YI, "on_pace": True, "is_new": True, "values": {},
}  # fmt: skip


def sign(people: dict[str, User], case: Case) -> None:
    me: dict[str, Any] = {"today": TODAY, "case_id": case.pk}
    if case.kind == "MEMBER":
        services.work_out_line(actor=people["admission"], **me, **LINE)
        services.agree(actor=people["admission"], agreement_no="XY-2026-9", treaty_code=TREATY, line_year=2026, **me)
    else:
        services.agree(actor=people["admission"], agreement_no="XY-2026-9", **me)
    services.sign(actor=people["executive"], signed_on=TODAY, name="signed.pdf", file=BytesIO(PDF), **me)
