"""Members' books written straight into their tables, and the consolidated figures worked out in Python beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.calendar import add_months, whole_months
from kernel.money import half_up, straight_line
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.filings.models import Filing
from reguarantee.monitoring.figures import MEASURES
from tenants.customers.models import Customer
from tenants.guarantees.models import ENDED, Guarantee, Movement, ReportingScope
from tenants.products.models import Product

Figures = dict[str, int]


def put(
    code: str,
    *,
    loan_fen: int = 100_000_00,
    guaranteed_fen: int = 80_000_00,
    approved_on: date = date(2026, 1, 15),
    start_on: date | None = date(2026, 2, 1),
    term_months: int = 12,
    state: str = "IN_FORCE",
    ended_on: date | None = None,
    straight: bool = False,
    outstanding_fen: int | None = None,
    customer: str = "甲公司",
    number: str = "",
    coverage: str = "UNCOVERED",
    **columns: Any,
) -> Guarantee:
    """One guarantee in the house that is open, drawn in full on `start_on`."""
    product, _ = Product.objects.get_or_create(
        code="TEST",
        defaults={"name_zh": "测", "name_en": "Test", "rate_max": 1, "amount_max_fen": 10**15, "term_max_months": 999},
    )
    who, _ = Customer.objects.get_or_create(
        name=customer, defaults={"kind": "COMPANY", "id_number": customer, "registered_on": approved_on}
    )
    drawn = loan_fen if start_on else 0
    left = 0 if state in ENDED or not start_on else drawn if outstanding_fen is None else outstanding_fen
    values: dict[str, Any] = {
        "number": number or f"{code}-{Guarantee.objects.count() + 1:05d}",
        "customer": who,
        "product": product,
        "bank_name": "华星银行",
        "region_code": "340100",
        "industry": "C",
        "approved_on": approved_on,
        "issued_on": approved_on,
        "loan_fen": loan_fen,
        "guaranteed_fen": guaranteed_fen,
        "term_months": term_months,
        "fee_rate": Decimal("0.01"),
        "start_on": start_on,
        "due_on": add_months(start_on, term_months) if start_on else None,
        "ended_on": ended_on,
        "state": state,
        "drawn_fen": drawn,
        "repaid_fen": drawn - left,
        "outstanding_fen": left,
        "balance_fen": own_share(left, guaranteed_fen, loan_fen),
        "amortisation": "STRAIGHT_LINE" if straight else "MOVEMENTS",
        "source": "IMPORT",
        "coverage": coverage,
        "ceded_fen": 0 if coverage == "UNCOVERED" else guaranteed_fen // 2,
        **columns,
    }
    return Guarantee.objects.create(**values)


def own_share(outstanding_fen: int, guaranteed_fen: int, loan_fen: int) -> int:
    return half_up(outstanding_fen * guaranteed_fen, loan_fen)


def move(guarantee: Guarantee, on: date, outstanding_fen: int) -> None:
    """The loan stands at so much after the day; the last movement is what the guarantee shows."""
    balance = own_share(outstanding_fen, guarantee.guaranteed_fen, guarantee.loan_fen)
    Movement.objects.update_or_create(
        guarantee=guarantee,
        on=on,
        defaults={"outstanding_fen": outstanding_fen, "balance_fen": balance, "change_fen": 0},
    )
    last = Movement.objects.filter(guarantee=guarantee).order_by("on").last()
    assert last is not None
    if guarantee.ended_on is None:
        Guarantee.objects.filter(pk=guarantee.pk).update(
            outstanding_fen=last.outstanding_fen,
            repaid_fen=guarantee.drawn_fen - last.outstanding_fen,
            balance_fen=last.balance_fen,
        )


def file(code: str, guarantee: Guarantee, coverage: str, ceded_fen: int) -> Filing:
    """The group's own answer to a filing, without a treaty behind it (REJECTED when nothing is covered)."""
    covered = 0 if coverage == "UNCOVERED" else guarantee.guaranteed_fen - (coverage == "PARTLY")
    filing, _ = Filing.objects.update_or_create(
        member_code=code,
        guarantee_id=guarantee.pk,
        defaults={
            "status": "REJECTED" if coverage == "UNCOVERED" else "CONFIRMED",
            "coverage": coverage,
            "guaranteed_fen": guarantee.guaranteed_fen,
            "covered_fen": covered,
            "uncovered_fen": guarantee.guaranteed_fen - covered,
            "ceded_fen": ceded_fen,
            "treaty_version_id": None if coverage == "UNCOVERED" else version(),
            "number": guarantee.number,
            "product_code": "TEST",
            "obligor_kind": "COMPANY",
            "obligor_name": "甲公司",
            "obligor_key": "k",
            "bank_code": "HXYH",
            "bank_name": "华星银行",
            "principal_fen": guarantee.loan_fen,
            "term_months": guarantee.term_months,
            "drawdown_on": guarantee.approved_on,
            "attached_on": guarantee.approved_on,
            "due_on": guarantee.approved_on,
            "submitted_on": guarantee.approved_on,
            "filed_on": guarantee.approved_on,
        },
    )
    return filing


def version() -> int:
    """A treaty's version to hang a filing on."""
    from reguarantee.treaties.models import Treaty, TreatyVersion

    treaty, _ = Treaty.objects.get_or_create(code="T-TEST", defaults={"title": "T", "members": ["*"]})
    found = TreatyVersion.objects.filter(treaty=treaty).first()
    if found is None:
        found = TreatyVersion.objects.create(
            treaty=treaty, version=1, terms="{}", effective_from=date(2020, 1, 1), drafted_by="test"
        )
    return found.pk


def scope(value: str) -> None:
    """Another reporting scope for the member whose house is open."""
    ReportingScope.objects.filter(replaced_on=None).update(scope=value)


def standing(row: Any, movements: list[tuple[date, int]], day: date) -> tuple[bool, int]:
    """In force on the day, and the balance then: the rule of the golden file and of a movement's day, in Python."""
    if row.start_on is None or row.start_on > day or (row.ended_on is not None and row.ended_on <= day):
        return False, 0
    if row.amortisation == "STRAIGHT_LINE":
        return True, straight_line(row.guaranteed_fen, row.term_months, whole_months(row.start_on, day))
    return True, next((balance for on, balance in sorted(movements, reverse=True) if on <= day), 0)


def book(codes: Iterable[str], day: date) -> dict[str, dict[str, Figures]]:
    """Dimension -> key -> measures over the members' own tables, as the scope and the group's filings let them count."""
    found: dict[str, dict[str, Figures]] = defaultdict(lambda: defaultdict(lambda: dict.fromkeys(MEASURES, 0)))
    with inside(registry.group()):
        filed = {(f.member_code, f.guarantee_id): f for f in Filing.objects.all()}
    for code in codes:
        with inside(registry.institution(code)):
            everything = ReportingScope.objects.get(replaced_on=None).scope == "ALL_BUSINESS"
            rows = list(Guarantee.objects.all())
            moves: dict[int, list[tuple[date, int]]] = defaultdict(list)
            for movement in Movement.objects.all():
                moves[movement.guarantee_id].append((movement.on, movement.balance_fen))
        for row in rows:
            if not everything and row.coverage == "UNCOVERED":
                continue
            cover = filed.get((code, row.pk), row)
            in_force, balance = standing(row, moves[row.pk], day)
            keys = {
                "TOTAL": "",
                "MEMBER": code,
                "BANK": row.bank_name,
                "INDUSTRY": row.industry,
                "REGION": row.region_code,
                "MONTH": f"{row.approved_on:%Y-%m}",
                "COVERAGE": cover.coverage,
            }
            plain = (1, row.loan_fen, row.guaranteed_fen, int(row.state == "RELEASED"))
            ended = row.guaranteed_fen if row.state == "RELEASED" or row.compensated_on is not None else 0
            paid = (int(row.compensated_on is not None), row.compensation_fen, cover.ceded_fen, ended)
            now = (1, row.loan_fen, row.guaranteed_fen, balance, cover.ceded_fen) if in_force else (0,) * 5
            for dimension, key in keys.items():
                figures = found[dimension][key]
                for name, value in zip(MEASURES, plain + paid + now, strict=True):
                    figures[name] += value
    return {dimension: dict(rows) for dimension, rows in found.items()}
