"""Portfolios from outside: one row of a file becomes one guarantee and, where it is new, its customer.

For a book that was run elsewhere: each row says how the guarantee ended (RELEASED, COMPENSATED, LAPSED) or that
it is IN_FORCE, and its balance falls in a straight line over the term. What follows from a row is decided here,
once, with kernel.money and kernel.calendar; the staged rows are then inserted by set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kernel import codes
from kernel.calendar import add_months, whole_months
from kernel.errors import gettext_noop
from kernel.intake.landing.target import NULL, Field, Staged, Step, Target
from kernel.intake.refusals import BadMapping, Refused
from kernel.money import half_up, straight_line
from registry.tenancy import current
from tenants.guarantees.pseudonyms import made_up
from tenants.products import queries, services

_TERM_MAX = 1200
_NUMBER_MAX = 40
_OUTCOMES = ("IN_FORCE", "RELEASED", "COMPENSATED", "LAPSED")
_SECTIONS = frozenset("ABCDEFGHIJKLMNOPQRST") | {""}
_SIZES = frozenset(("", "LARGE", "MEDIUM", "SMALL", "MICRO"))

FIELDS = (
    Field("member", "TEXT", required=False, limit=20),
    Field("external_ref", "TEXT", limit=80, repeats=False),
    Field("borrower", "RAW", required=False, repeats=False),
    Field("customer_name", "TEXT", required=False, limit=200, repeats=False),
    Field("id_number", "TEXT", required=False, limit=40, repeats=False),
    Field("customer_kind", "TEXT", required=False),
    Field("size_class", "TEXT", required=False),
    Field("bank_code", "TEXT", required=False, limit=20),
    Field("bank_name", "TEXT", limit=200),
    Field("region_code", "TEXT", required=False, limit=12),
    Field("industry", "TEXT", required=False),
    Field("approved_on", "DATE"),
    Field("start_on", "DATE", required=False),
    Field("due_on", "DATE", required=False),
    Field("term_months", "INTEGER"),
    Field("loan_fen", "MONEY"),
    Field("guaranteed_fen", "MONEY"),
    Field("fee_rate", "DECIMAL", required=False),
    Field("outcome", "TEXT"),
    Field("ended_on", "DATE", required=False),
    Field("charged_off_on", "DATE", required=False),
    Field("loss_fen", "MONEY", required=False),
)
_STAGE = (
    ("number", "text"),
    ("customer_kind", "text"),
    ("customer_name", "text"),
    ("customer_code", "text"),
    ("size_class", "text"),
    ("bank_code", "text"),
    ("bank_name", "text"),
    ("region_code", "text"),
    ("industry", "text"),
    ("product_code", "text"),
    ("approved_on", "date"),
    ("loan_fen", "bigint"),
    ("guaranteed_fen", "bigint"),
    ("term_months", "int"),
    ("fee_rate", "numeric"),
    ("start_on", "date"),
    ("due_on", "date"),
    ("ended_on", "date"),
    ("state", "text"),
    ("compensated_principal_fen", "bigint"),
    ("compensation_fen", "bigint"),
    ("compensated_on", "date"),
    ("outstanding_fen", "bigint"),
    ("balance_fen", "bigint"),
)


def _shape(options: Mapping[str, Any], as_of: date) -> Callable[[Sequence[Any]], Staged]:
    """Values in the order of FIELDS -> one staged row. Amounts in fen; raises Refused with the field at fault."""
    invented = options.get("customers") == "INVENTED"
    prefix, product = options.get("number_prefix", ""), options["product"]["code"]

    def shape(values: Sequence[Any]) -> Staged:
        (member, ref, borrower, name, id_number, kind, size, bank_code, bank_name, region, industry, approved_on, start_on,
         due_on, term, loan, guaranteed, fee_rate, outcome, ended_on, charged_off_on, loss) = values  # fmt: skip
        member, industry, size = member or "", industry or "", size or ""
        _check(outcome, industry, size, term, loan, guaranteed)
        if approved_on > as_of or (start_on or approved_on) > as_of or (charged_off_on or ended_on or approved_on) > as_of:
            _refuse_later(as_of, approved_on=approved_on, start_on=start_on, charged_off_on=charged_off_on, ended_on=ended_on)
        number = prefix + ref
        if len(number) > _NUMBER_MAX:
            raise Refused("TOO_LONG", field="external_ref", length=len(ref), limit=_NUMBER_MAX - len(prefix))
        if invented:
            kind = "COMPANY"
            name, code = made_up(member, borrower, industry)
        else:
            kind = kind or "COMPANY"
            code = _identity(kind, name, id_number, as_of)
        start = start_on or approved_on
        due = due_on or add_months(start, term)
        ended = compensated_on = NULL
        principal = paid = outstanding = balance = 0
        if outcome == "IN_FORCE":
            elapsed = max(whole_months(start, as_of), 0)
            outstanding, balance = straight_line(loan, term, elapsed), straight_line(guaranteed, term, elapsed)
        else:
            ended = ended_on or (charged_off_on if outcome != "RELEASED" else None) or due
            if outcome == "LAPSED":
                # Whether the loan was repaid is unknown; the guarantee answers for nothing any more.
                outstanding = loan
            elif outcome == "COMPENSATED":
                compensated_on = charged_off_on or ended
                if loss:
                    principal = min(loss, loan)
                    paid = min(half_up(loss * guaranteed, loan), guaranteed)
        columns = (
            number, kind, name, code, size, bank_code or "", bank_name, region or "", industry, product, approved_on,
            loan, guaranteed, term, fee_rate or 0, start, due, ended, outcome, principal, paid, compensated_on,
        )  # fmt: skip
        return Staged(member, ref, columns, (outstanding, balance))

    return shape


def _check(outcome: str, industry: str, size: str, term: int, loan: int, guaranteed: int) -> None:
    sound = 0 < guaranteed <= loan and 0 <= term <= _TERM_MAX
    if sound and outcome in _OUTCOMES and industry in _SECTIONS and size in _SIZES:
        return
    if loan <= 0:
        raise Refused("NOT_POSITIVE", field="loan_fen")
    if guaranteed <= 0:
        raise Refused("NOT_POSITIVE", field="guaranteed_fen")
    if guaranteed > loan:
        raise Refused("GUARANTEED_OVER_LOAN", field="guaranteed_fen")
    if not 0 <= term <= _TERM_MAX:
        raise Refused("OUT_OF_RANGE", field="term_months", value=term, least=0, most=_TERM_MAX)
    if outcome not in _OUTCOMES:
        raise Refused("UNKNOWN_CODE", field="outcome", value=outcome, known=", ".join(_OUTCOMES))
    if industry not in _SECTIONS:
        raise Refused("UNKNOWN_CODE", field="industry", value=industry, known="A–T")
    raise Refused("UNKNOWN_CODE", field="size_class", value=size, known="LARGE, MEDIUM, SMALL, MICRO")


def _refuse_later(as_of: date, **days: date | None) -> None:
    for field, day in days.items():
        if day is not None and day > as_of:
            raise Refused("AFTER_THE_DAY", field=field, value=day.isoformat(), as_of=as_of.isoformat())


def _identity(kind: str, name: str | None, id_number: str | None, as_of: date) -> str:
    if not name:
        raise Refused("BLANK", field="customer_name")
    if not id_number:
        raise Refused("BLANK", field="id_number")
    try:
        if kind == "COMPANY":
            return codes.uscc(id_number)
        if kind == "PERSON":
            return codes.resident_id(id_number, today=as_of)
    except codes.BadCode as error:
        raise Refused("BAD_IDENTITY", field="id_number", value=id_number) from error
    raise Refused("UNKNOWN_CODE", field="customer_kind", value=kind, known="COMPANY, PERSON")


def _check_mapping(document: Mapping[str, Any]) -> None:
    """Options: customers INVENTED|GIVEN, number_prefix, product {code, name_zh, name_en}. Raises BadMapping."""
    options, fields = document.get("options", {}), document["fields"]
    if set(options) - {"customers", "number_prefix", "product"}:
        raise BadMapping("options", gettext_noop("only customers, number_prefix and product are known"))
    if options.get("customers") not in ("INVENTED", "GIVEN"):
        raise BadMapping("options.customers", gettext_noop("INVENTED or GIVEN is needed"))
    needed = ("borrower",) if options.get("customers") == "INVENTED" else ("customer_name", "id_number")
    for field in needed:
        if field not in fields:
            raise BadMapping(f"fields.{field}", gettext_noop("the target needs this field"))
    product = options.get("product")
    if not isinstance(product, dict) or set(product) != {"code", "name_zh", "name_en"}:
        raise BadMapping("options.product", gettext_noop("code, name_zh and name_en are needed"))


def _prepare(*, options: Mapping[str, Any], actor: Any, today: date) -> None:
    """The product that stands for the imported book; closed, because nobody may apply for it."""
    product = options["product"]
    if not queries.all_products().filter(code=product["code"]).exists():
        made = services.add(
            actor=actor, today=today, **product,
            rate_max=Decimal(1), amount_max_fen=10**15, term_max_months=_TERM_MAX, guaranteed_share=Decimal(1),
        )  # fmt: skip
        services.close(actor=actor, today=today, product_id=made.pk)


_CUSTOMERS = """
insert into customers_customer (kind, name, id_number, region_code, industry, industry_code, size_class, is_farmer,
                                legal_rep, mobile, address, status, status_reason, registered_on)
select s.customer_kind, s.customer_name, s.customer_code, s.region_code, s.industry, '',
       s.size_class, false, '', '', '', 'ACTIVE', '', s.approved_on
from intake_stage s
where s.line between %(low)s and %(high)s
on conflict (id_number) where id_number <> '' do nothing
returning id as row_id, null::text as key
"""
# Imported guarantees were drawn in full; what was neither compensated nor is outstanding has been repaid.
_GUARANTEES = """
insert into guarantees_guarantee (
  number, customer_id, product_id, bank_code, bank_name, region_code, industry, approved_on, issued_on, loan_fen,
  guaranteed_fen, term_months, fee_rate, start_on, due_on, ended_on, state, drawn_fen, repaid_fen,
  compensated_principal_fen, outstanding_fen, balance_fen, compensation_fen, compensated_on, release_certificate,
  end_reason, amortisation, external_ref, source, coverage, ceded_fen, coverage_reason_code, coverage_reason,
  filing_status, treaty_code)
select s.number, c.id, p.id, s.bank_code, s.bank_name, s.region_code, s.industry, s.approved_on, s.approved_on, s.loan_fen,
       s.guaranteed_fen, s.term_months, s.fee_rate, s.start_on, s.due_on, s.ended_on, s.state, s.loan_fen,
       s.loan_fen - s.compensated_principal_fen - s.outstanding_fen,
       s.compensated_principal_fen, s.outstanding_fen, s.balance_fen, s.compensation_fen, s.compensated_on, '',
       '', 'STRAIGHT_LINE', s.key, 'IMPORT', 'UNCOVERED', 0, 'NOT_FILED', '', '', ''
from intake_stage s
join customers_customer c on c.id_number = s.customer_code and c.id_number <> ''
join products_product p on p.code = s.product_code
where s.line between %(low)s and %(high)s
returning id as row_id, external_ref as key
"""

TARGET = Target(
    name="portfolio",
    fields=FIELDS,
    shape=_shape,
    stage=_STAGE,
    known="select external_ref as key, id as row_id from guarantees_guarantee where external_ref <> ''",
    steps=(
        Step(
            "customer",
            "customers_customer",
            _CUSTOMERS,
            spare="exists (select from guarantees_guarantee g where g.customer_id = t.id)"
            " or exists (select from applications_application a where a.customer_id = t.id)",
        ),
        Step("guarantee", "guarantees_guarantee", _GUARANTEES),
    ),
    touched="select from guarantees_guaranteeevent e join intake_landed l on l.row_id = e.pgh_obj_id"
    " where l.batch_id = %(batch)s and l.kind = %(kind)s",
    check=_check_mapping,
    prepare=_prepare,
    home=lambda: current().code,
    sentences={
        "NOT_POSITIVE": gettext_noop("The amount must be above 0. Correct it."),
        "GUARANTEED_OVER_LOAN": gettext_noop("The guaranteed amount is larger than the loan. Correct one of them."),
        "AFTER_THE_DAY": gettext_noop(
            "“%(value)s” lies after %(as_of)s, the day for which the file speaks. Correct the date, or import as of a later day."
        ),
        "BAD_IDENTITY": gettext_noop("“%(value)s” is not a valid identity code: a character is wrong. Correct it."),
    },
)
