"""Institutions on their way into the group: one admitted and working, one before the committee, one still sending papers."""

from __future__ import annotations

import io
from datetime import date, timedelta
from random import Random
from typing import Any

from infra.demo import names, people
from kernel.access.actors import Actor
from kernel.approval.committee import services as committee
from kernel.documents import papers
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.admission import queries, services
from reguarantee.partners import services as partners

_STRANGER = Actor("APPLICANT", "public")
_YI = 10_000_000_000
_APPLICANTS = (
    ("MINFENG", "闽丰融资担保有限公司", "350100", "SUSPENDED"),
    ("GANXIN", "赣信融资担保有限公司", "360100", "COMMITTEE"),
    ("XIANGTAI", "湘泰融资担保有限公司", "430100", "DOCUMENTS"),
    ("YUANDA", "远达融资担保有限公司", "340500", "RETURNED"),
)
_SEATS = ("chair", "executive", "risk2", "legal", "claims_head")


def tell(today: date) -> int:
    """Play the cases that were not played yet; returns how many."""
    told = 0
    with inside(registry.group()):
        staff = people.staff(code="GROUP")
        for number, (code, name, region, end) in enumerate(_APPLICANTS, 81):
            if not queries.cases(q=code).exists():
                _Case(staff, number, code, name, region, today).run(end)
                told += 1
    return told


class _Case:
    """One application, step by step by the people whose steps they are; the last steps happen today."""

    def __init__(self, staff: dict[str, Any], number: int, code: str, name: str, region: str, today: date) -> None:
        self.staff, self.today, self.on = staff, today, today - timedelta(days=24)
        self.random = Random(f"admission-{code}")
        self.case, _token = services.apply(
            actor=_STRANGER, today=self.on, kind="MEMBER", name=name, uscc=names.uscc(900_000 + number), code=code,
            region_code=region, answers=self.answers(code),
        )  # fmt: skip

    def run(self, end: str) -> None:
        if end == "RETURNED":
            self.wait(2)
            self.officer(services.send_back, reason="经营许可证有效期填写有误，请核对后重新提交。")
            return
        self.send_papers(all_but="PORTFOLIO" if end == "DOCUMENTS" else "")
        self.wait(2)
        self.officer(services.accept, text="资料真实，予以受理。")
        if end == "DOCUMENTS":
            self.officer(services.ask, slot="PORTFOLIO", text="请提供截至上月末的在保业务明细表（加盖公章）。")
            return
        self.judge()
        if end == "COMMITTEE":
            return
        self.decide()
        self.contract()
        partners.suspend(
            actor=self.staff["executive"], today=self.today, code=self.case.code, reason="经营许可证换证期间暂停新增业务"
        )

    def wait(self, days: int) -> None:
        self.on = min(self.on + timedelta(days=days), self.today)

    def officer(self, verb: Any, **told: Any) -> Any:
        return verb(actor=self.staff["admission"], today=self.on, case_id=self.case.pk, **told)

    def send_papers(self, *, all_but: str) -> None:
        for row in self.case.standard.document["documents"]:
            if row["required"] and row["code"] != all_but:
                paper = papers.render(row["name"]["zh"], [papers.Paragraph("演示数据。")], number=row["code"], on=self.on)
                services.attach(
                    actor=services.applicant(self.case), today=self.on, case_id=self.case.pk, slot=row["code"],
                    name=f"{row['name']['zh']}.pdf", file=io.BytesIO(paper),
                )  # fmt: skip

    def judge(self) -> None:
        self.officer(services.complete, text="资料齐全。")
        self.wait(2)
        self.officer(services.analyse, text="盈利稳定，放大倍数适中，准备金充足。")
        self.officer(services.conclude, text="建议准入。")
        self.wait(3)
        told = {"actor": self.staff["risk"], "today": self.on, "case_id": self.case.pk}
        services.visit(
            **told, on=self.on, place="公司本部", visitors="韩志远、丁若兰", met=self.case.told["legal_rep"], score=86,
            findings="现场抽查十笔业务档案，尽调与保后记录完整；财务数据与审计报告一致。", name="", file=None,
        )  # fmt: skip
        services.review(**told, text="风险可控，同意提交评审会。", score=85)

    def decide(self) -> None:
        self.wait(4)
        told = {"actor": self.staff["secretary"], "today": self.on}
        meeting = committee.convene(
            **told, on=self.on, chair_id=self.staff["chair"].id, member_ids=[self.staff[seat].id for seat in _SEATS],
            title="机构准入评审会", place="集团第一会议室",
        )  # fmt: skip
        item = committee.put_on_agenda(**told, meeting_id=meeting.pk, subject=self.case.subject)
        committee.open_item(**told, item_id=item.pk)
        for seat in _SEATS:
            committee.vote(actor=self.staff[seat], today=self.on, item_id=item.pk, choice="AGREE", text="同意准入。")
        committee.close_item(**told, item_id=item.pk, discussion="与会委员认为该机构资本实力与内控符合准入标准。")
        committee.close_meeting(**told, meeting_id=meeting.pk)

    def contract(self) -> None:
        self.wait(3)
        known = queries.figures(self.case, today=self.on)
        self.officer(
            services.work_out_line, prior_fen=0, growth=known["leverage"] * 0, target_fen=3 * _YI, requested_fen=3 * _YI,
            on_pace=True, is_new=True, values=known,
        )  # fmt: skip
        self.officer(
            services.agree, agreement_no=f"皖再担合〔{self.on:%Y}〕{self.case.pk + 10}号", treaty_code=f"P4222-{self.on:%Y}",
            line_year=self.on.year,
        )  # fmt: skip
        told = {"actor": self.staff["executive"], "today": self.on, "case_id": self.case.pk}
        paper = papers.render("合作授信协议", [papers.Paragraph("演示数据。")], number=self.case.number, on=self.on)
        services.sign(**told, signed_on=self.on, name="合作授信协议.pdf", file=io.BytesIO(paper))
        services.activate(**told)

    def answers(self, code: str) -> dict[str, Any]:
        capital = self.random.choice((3, 5)) * _YI // 10
        return {
            "licence_no": f"RZDB35{self.random.randint(1000, 9999)}", "licence_issuer": "省地方金融管理局",
            "established_on": date(2013, 6, 18), "licence_valid_to": self.today.replace(year=self.today.year + 3, day=1),
            "address": "金融街 8 号", "legal_rep": names.person(self.random), "capital_source": "LOCAL_FINANCE",
            "is_policy": True,
            "contact_name": names.person(self.random), "contact_phone": "13800000000",
            "contact_email": f"contact@{code.lower()}.example",
            "admin_name": names.person(self.random), "admin_email": f"sysadmin@{code.lower()}.example",
            "security_name": names.person(self.random), "security_email": f"security@{code.lower()}.example",
            "registered_capital_fen": capital, "paid_in_capital_fen": capital, "net_assets_fen": capital + _YI // 50,
            "liquid_assets_fen": capital // 2, "reserves_fen": capital // 5, "liability_fen": capital * 3,
            "net_profit_fen": capital // 30, "prior_year_volume_fen": 2 * capital, "volume_before_fen": capital * 18 // 10,
            "policy_target_fen": 3 * _YI, "requested_line_fen": 3 * _YI, "planned_growth": "0.10", "small_agri_share": "0.86",
            "le5m_share": "0.61", "risk_shared_share": "0.72", "compensation_rate": "0.012", "recovery_rate": "0.46",
            "fee_rate": "0.009", "largest_obligor_share": "0.06", "platform_share": "0", "staff_total": "36", "risk_staff": "8",
            "violations": "0" if code != "GANXIN" else "1", "risk_rules": "true", "accepts_data_link": "true",
        }  # fmt: skip
