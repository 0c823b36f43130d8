"""The group's agreements in the demo: written by one person, approved by another, signed, and one still on its way.

A 4:2:2:2 quota share for every year and member (domain.md 5.2) with premiums, claims, recoveries and a fuse, one product
agreement with a cap for technology loans, and next year's agreement waiting for its approval.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from infra.demo import people
from reguarantee.treaties import queries, services

_YUAN = 100
_YI = 10_000_000_000
_NAMES = {"bank": "合作银行", "member": "合作担保机构", "group": "皖江再担保集团", "nfgf": "国家融资担保基金"}


def sign_agreements(today: date, members: list[str]) -> None:
    """Sign what is not signed yet; inside the group's house. Safe to run again."""
    staff = people.staff(code="GROUP")
    for year in (today.year - 2, today.year - 1, today.year):
        code = f"P4222-{year}"
        if queries.in_force(member_code=members[0], on=date(year, 6, 30)):
            continue
        first = date(year, 1, 1)
        facts = services.Facts(number=f"皖再担合〔{year}〕1号", party_names=_NAMES, target_fen=9 * _YI, notice_days=60)
        version = services.draft(
            actor=staff["treaty"], today=first, code=code, title=f"{year} 年度比例再担保合作协议（4222）", members=["*"],
            terms=quota_share(code, year, fuse=year == today.year - 1), facts=facts,
        )  # fmt: skip
        _sign(staff, version.id, first)
        for member, line, target in zip(members, _LINES, _TARGETS, strict=False):
            services.set_line(
                actor=staff["treaty"], today=first, code=code, member_code=member, year=year, line_fen=line, target_fen=target
            )


_LINES = (8 * _YI // 10, 6 * _YI // 10, 5 * _YI // 10)
_TARGETS = (4 * _YI // 10, 4 * _YI // 10, 3 * _YI // 10)


def draft_the_next(today: date) -> None:
    """Next year's agreement, renewed and waiting for its approval, and a technology agreement that is still a draft."""
    staff = people.staff(code="GROUP")
    year = today.year + 1
    codes = set(queries.listing(today=today).values_list("code", flat=True))
    if f"P4222-{year}" not in codes:
        version = services.renew(
            actor=staff["treaty"], today=today, code=f"P4222-{today.year}", new_code=f"P4222-{year}",
            first=date(year, 1, 1), last=date(year, 12, 31),
        )  # fmt: skip
        services.submit(actor=staff["treaty"], today=today, version_id=version.id)
    if f"TECH-{year}" not in codes:
        services.draft(
            actor=staff["treaty"], today=today, code=f"TECH-{year}", title="科技创新专项再担保协议（代偿上限 5%）", members=["*"],
            terms=technology(f"TECH-{year}", year), rank=50, facts=services.Facts(party_names=_NAMES),
        )  # fmt: skip


def _sign(staff: dict[str, Any], version_id: int, on: date) -> None:
    services.submit(actor=staff["treaty"], today=on, version_id=version_id)
    services.approve(actor=staff["executive"], today=on, version_id=version_id, opinion="同意签订。")
    services.publish(actor=staff["treaty"], today=on, version_id=version_id, signed_on=on)


def quota_share(code: str, year: int, *, fuse: bool = True) -> dict[str, Any]:
    """Bank 20 %, member 40 %, group 20 %, fund 20 % of the principal; NFGF's rates of premium (domain.md 5.4)."""
    terms = {
        "code": code,
        "version": 1,
        "attaches": {"from": f"{year}-01-01", "to": f"{year}-12-31", "by": "drawdown"},
        "parties": {"bank": "BANK", "member": "GUARANTOR", "group": "REGUARANTOR", "nfgf": "FUND"},
        "residual": "member",
        "scope": {
            "products": [],
            "obligor_kinds": [],
            "banks": [],
            "regions": [],
            "industries": [],
            "principal_max_fen": 10_000_000 * _YUAN,
            "obligor_total_max_fen": 10_000_000 * _YUAN,
            "term_max_months": 36,
        },
        "loss_base": "PRINCIPAL",
        "layers": [_SHARES],
        "premium": {
            "base": "INITIAL_PRINCIPAL",
            "day_count": "ACT/365",
            "rates": [{"obligor_max_fen": 5_000_000 * _YUAN, "rate": "0.003"}, {"rate": "0.005"}],
        },
        "claims": {"deadline_days": 120, "inclusive": True, "documents": [], "advance": "1.00"},
        "recoveries": {"order": "COST_FIRST_PRO_RATA", "pass_on_days": 15},
    }
    return terms | ({"fuse": {"warn": "0.60", "hold": "0.80", "stop": "1.00"}} if fuse else {})


_SHARES = {"kind": "QUOTA_SHARE", "order": 1, "shares": {"bank": "0.20", "member": "0.40", "group": "0.20", "nfgf": "0.20"}}


def technology(code: str, year: int) -> dict[str, Any]:
    """Larger loans of technology firms, the fund's part higher and the group's claims capped (domain.md 5.13)."""
    terms = quota_share(code, year)
    shares = {"bank": "0.20", "member": "0.20", "group": "0.20", "nfgf": "0.40"}
    cap = {"kind": "RATE_CAP", "order": 2, "party": "group", "cap_rate": "0.05", "base": "RELEASED", "excess_to": "member"}
    terms["scope"] |= {"products": ["TECH"], "principal_max_fen": 30_000_000 * _YUAN, "obligor_total_max_fen": 30_000_000 * _YUAN}
    return terms | {"layers": [_SHARES | {"shares": shares}, cap]}
