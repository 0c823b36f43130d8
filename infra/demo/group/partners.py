"""The group's files of the demo's institutions: members and banks, with their grades."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from infra.demo import names, people
from kernel.calendar import add_months
from reguarantee.admission import queries as admission_queries
from reguarantee.admission import services as admission
from reguarantee.partners import queries, services

_YI = 10_000_000_000
GRADES = {"WANXIN": "A", "SUTONG": "B", "ZHEYUAN": "C", "HXYH": "A", "JHNS": "B", "DTYH": "B", "MSYH": "A", "CZYH": "C",
          "QHYH": "D"}  # fmt: skip
_WORDS = {"A": "年度评价优秀", "B": "年度评价良好", "C": "年度评价合格，需加强代偿返还",
          "D": "不良贷款率连续两年上升，风险控制不足"}  # fmt: skip
_CATEGORIES = ("SME", "AGRICULTURE", "SME")
_WAN = 1_000_000
_BRANCHES = (
    ("合肥分行", "340100", "政务区怀宁路 1 号", 80_000, "0", "免收保证金"),
    ("芜湖分行", "340200", "镜湖区北京中路 18 号", 30_000, "0.02", "按在保余额季末缴存，期满退还"),
    ("安庆支行", "340800", "迎江区人民路 66 号", 8_000, "0.05", "逐笔缴存，解保后五个工作日内退还"),
)


def enrol(today: date, members: tuple[Any, ...], banks: tuple[Any, ...]) -> None:
    """Open the files that are not open yet; inside the group's house. Safe to run again."""
    actor = people.staff(code="GROUP")["admission"]
    for number, (code, name, region, *_rest) in enumerate(members, 1):
        if queries.find(code) is None:
            _enrol(actor, today, code, name, "MEMBER", _member_file(Random(f"file-{code}"), number, name, region, today))
    for number, (code, name) in enumerate(banks, 51):
        if queries.find(code) is None:
            _enrol(actor, today, code, name, "BANK", _file(Random(f"file-{code}"), number, "340000", today))
            _open_branches(actor, today, code, Random(f"branches-{code}"))


def _open_branches(actor: Any, today: date, code: str, random: Random) -> None:
    """Branches with their terms; one has a larger line since spring, one old agreement is over."""
    since = today.replace(year=today.year - 1, month=1, day=1)
    for name, region, address, wan, deposit, terms in _BRANCHES[: random.randint(2, 3)]:
        line = wan * _WAN * random.randint(6, 12) // 10
        told: dict[str, Any] = {
            "name": name, "region_code": region, "address": address, "contact": names.person(random),
            "phone": f"0551-{random.randint(6000_0000, 6999_9999)}", "line_fen": line, "deposit_ratio": deposit,
            "deposit_terms": terms, "valid_from": since, "valid_to": today.replace(year=today.year + 1, month=12, day=31),
        }  # fmt: skip
        made = services.save_branch(actor=actor, today=since, code=code, **told)
        if name == _BRANCHES[0][0]:
            services.save_branch(
                actor=actor, today=today.replace(month=1, day=1), code=code, branch_id=made.pk, line_fen=line * 5 // 4,
                reason="年度授信重检，提高额度",
            )  # fmt: skip
    services.save_branch(
        actor=actor, today=since, code=code, name="县域事业部", region_code="341500", contact=names.person(random),
        line_fen=5_000 * _WAN, valid_from=since, valid_to=today.replace(day=1) - timedelta(days=1),
    )  # fmt: skip


_STATED = {
    # What the group's own data do not tell of last year: (leverage, compensation, return and filing rates).
    "WANXIN": ("4.2", "0.012", "0.45", "0.93"),
    "SUTONG": ("3.1", "0.021", "0.38", "0.81"),
    "ZHEYUAN": ("2.4", "0.034", "0.22", "0.88"),
}
_METRICS = ("leverage", "compensation_rate", "return_rate", "filing_rate")


def evaluate(today: date, members: list[str]) -> None:
    """Last year's evaluations, ranked among the members: the first is submitted, the others are in preparation. Once."""
    actor, year = people.staff(code="GROUP")["admission"], today.year - 1
    if admission_queries.evaluations(year=year).exists():
        return
    for code in members:
        row = admission.start(actor=actor, today=today, partner_code=code, year=year)
        told: dict[str, Any] = {"actor": actor, "today": today, "evaluation_id": row.pk}
        for metric, figure in zip(_METRICS, _STATED[code], strict=True):
            admission.state(**told, metric=metric, figure=Decimal(figure), reason="机构年度报告，经核对")
        for one in admission_queries.evaluation(row.pk).rows:
            if one["value"] is None:
                admission.state(**told, metric=one["key"], figure=Decimal("0.8"), reason="上年备案数据未迁入，按年报填列")
    first = admission_queries.evaluations(year=year, q=members[0])[0]
    admission.submit(actor=actor, today=today, evaluation_id=first.pk, opinion="数据与年报一致，建议批准。")


def _enrol(actor: Any, today: date, code: str, name: str, kind: str, file: dict[str, Any]) -> None:
    since = today.replace(year=today.year - 2, day=1)
    services.enrol(actor=actor, today=since, code=code, name=name, kind=kind, file=file, reason="系统上线前已签约合作")
    graded = today.replace(month=3, day=31) if today.month > 3 else today.replace(year=today.year - 1, month=3, day=31)
    grade = GRADES[code]
    # One member's evaluation is overdue: its last is more than a year old.
    last = graded.replace(year=graded.year - 1) if code == "SUTONG" else graded
    services.give_grade(
        actor=actor, today=last, code=code, grade=grade, reason=_WORDS[grade], next_evaluation_on=add_months(last, 12)
    )


def _file(random: Random, number: int, region: str, today: date) -> dict[str, Any]:
    return {
        "uscc": names.uscc(900_000 + number),
        "region_code": region,
        "address": f"高新区创新大道 {random.randint(10, 990)} 号",
        "legal_rep": names.person(random),
        "established_on": date(random.randint(2004, 2016), random.randint(1, 12), 18),
        "licence_no": f"RZDB{340000 + number}",
        "licence_issuer": "省地方金融管理局",
        "licence_valid_to": add_months(today, 2 if number == 2 else random.randint(14, 50)),
        "contacts": [
            {"name": names.person(random), "post": "业务对接人", "phone": f"138{random.randint(0, 99999999):08d}", "email": ""}
        ],
    }


def _capital(number: int, paid_in: int) -> list[dict[str, str]]:
    """The paid-in capital by source; of the second nobody has broken it down yet."""
    parts = {
        1: (("LOCAL_FINANCE", "省财政厅", 7), ("LOCAL_FINANCE", "市财政局", 3)),
        3: (("LOCAL_FINANCE", "市财政局", 4), ("DEPARTMENT", "市农业农村局", 2), ("PRIVATE", "商会会员企业", 3)),
    }
    return [
        {"source": source, "giver": giver, "fen": str(paid_in * tenths // 10)} for source, giver, tenths in parts.get(number, ())
    ]


def _member_file(random: Random, number: int, name: str, region: str, today: date) -> dict[str, Any]:
    paid_in = (12, 8, 5)[(number - 1) % 3] * _YI
    return {
        **_file(random, number, region, today),
        "is_policy": number != 3,
        "category": _CATEGORIES[(number - 1) % 3],
        "registered_capital_fen": paid_in,
        "paid_in_capital_fen": paid_in,
        "capital_source": ("LOCAL_FINANCE", "STATE_OWNED", "MIXED")[(number - 1) % 3],
        "capital": _capital(number, paid_in),
        "shareholders": [{"name": "省金融控股集团", "share": "0.65"}, {"name": "市产业投资公司", "share": "0.35"}],
        "management": [{"name": names.person(random), "post": post, "phone": ""} for post in ("董事长", "总经理", "风控总监")],
        "staff": [
            {"department": "业务部", "count": "18"},
            {"department": "风险管理部", "count": "9"},
            {"department": "财务部", "count": "5"},
        ],
        "bank_accounts": [
            {"bank": "华兴商业银行", "account_name": name, "account_no": f"3400{random.randint(10**11, 10**12 - 1)}"}
        ],
    }
