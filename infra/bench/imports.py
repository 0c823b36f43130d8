"""Import 100,000 loans: every check, against COPY of the same rows into the same tables, and against bulk_create."""

from __future__ import annotations

import csv
import io
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from kernel.access.actors import SYSTEM
from kernel.calendar import add_months
from kernel.intake import services as intake
from kernel.intake.landing.sorting import Sorted, stream
from kernel.intake.reading import open_table
from registry import services
from registry.models import Domain, Institution
from registry.tenancy import PUBLIC, inside
from tenants.customers.models import Customer
from tenants.guarantees.models import Guarantee
from tenants.products.models import Product

LOANS = 100_000
ROUNDS = 3
TODAY = date(2026, 11, 26)
_HOUSE = "ZQ"  # two letters, as the mapping asks of a state; no state has them
_HEADING = """
LoanNr_ChkDgt Name City State Zip Bank BankState NAICS ApprovalDate ApprovalFY Term NoEmp NewExist CreateJob RetainedJob
FranchiseCode UrbanRural RevLineCr LowDoc ChgOffDate DisbursementDate DisbursementGross BalanceGross MIS_Status
ChgOffPrinGr GrAppv SBA_Appv
"""


def import_loans(loans: int = LOANS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return seconds of "ours", "floor" and "today", "ratio_floor" (our rows/s over the floor's), "ratio_today".

    `ours` reads the file, maps and checks every row, and lands it; `floor` has the rows ready as COPY text;
    `today` reads the same file with csv and saves with bulk_create, without any check.
    """
    ours, floor = [], []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "loans.csv"
        write_loans(path, loans)
        for _ in range(rounds):
            with _house() as house, inside(house):
                ours.append(_timed(lambda: _ours(path, loans)))
                ready = _dump()
            with _house() as house, inside(house):
                intake.mapping_named("sba").target.prepare(options=intake.mapping_named("sba").options, actor=SYSTEM, today=TODAY)
                floor.append(_timed(lambda ready=ready: _floor(*ready)))
        with _house() as house, inside(house):
            today = _timed(lambda: _today(path))
    best, bare = statistics.median(ours), statistics.median(floor)
    return {
        "ours": round(best, 3),
        "floor": round(bare, 3),
        "today": round(today, 3),
        "ratio_floor": round(bare / best, 3),
        "ratio_today": round(today / best, 2),
        "rows": loans,
        "rows_per_second": round(loans / best),
    }


def write_loans(path: Path, loans: int) -> None:
    """A file in the form of the SBA's, the same at every run: amounts, terms and outcomes in its proportions."""
    chance = random.Random(20_140_630)
    banks = [f"BANK {n:04d} NATL ASSOC" for n in range(1960)]
    naics = ["0"] * 22 + ["236115", "332710", "441110", "484110", "541110", "621210", "722110", "811111", "453910"]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(_HEADING.split())
        for n in range(loans):
            approved = date(1990, 1, 1) + timedelta(days=chance.randrange(8500))
            disbursed = approved + timedelta(days=chance.randrange(120))
            loan = chance.randint(5, 2000) * 500
            lost = chance.random() < 0.175
            out.writerow((
                1_000_000_000 + n, f"BORROWER {n - (n % 100 == 0)}", "TOWN", _HOUSE, 47711, chance.choice(banks), "OH",
                chance.choice(naics), _short(approved), approved.year + (approved.month > 9),
                chance.choice((36, 60, 84, 84, 120, 240, 300)), 4, 2, 0, 0, 1, 0, "N", "Y",
                _short(disbursed + timedelta(days=900)) if lost else "", _short(disbursed), _dollars(loan), "$0.00 ",
                "CHGOFF" if lost else "P I F", _dollars(loan * 3 // 5 if lost else 0), _dollars(loan), _dollars(loan * 3 // 4),
            ))  # fmt: skip


def _short(day: date) -> str:
    return f"{day.day}-{day:%b-%y}"


def _dollars(amount: int) -> str:
    return f"${amount:,}.00 "


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def _house() -> Iterator[Institution]:
    """A member of its own, gone afterwards."""
    house = services.open_member(code=_HOUSE, name="Bench", region="", reporting_scope="ALL_BUSINESS").institution
    try:
        yield house
    finally:
        with inside(PUBLIC, as_owner=True), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'drop schema "{house.schema_name}" cascade')
            cursor.execute("delete from public.reported_change where house = %s", [house.schema_name])
            Domain.objects.filter(tenant_id=house.pk).delete()
            cursor.execute("delete from public.registry_institution where id = %s", [house.pk])


def _ours(path: Path, loans: int) -> None:
    mapping, table = intake.mapping_named("sba"), open_table(path)
    done = Sorted()
    parcels = stream(done, table, mapping, as_of=TODAY, home=_HOUSE)
    brought = intake.bring_in(actor=SYSTEM, today=TODAY, mapping=mapping, table=table, parcels=parcels, as_of=TODAY)
    if brought.accepted != loans or done.rejects:
        raise AssertionError(f"{brought.accepted} of {loans} rows came in: {done.rejects[:3]}")


def _dump() -> tuple[str, str]:
    """The rows of this house as COPY text, customers and guarantees."""
    texts = []
    with connection.cursor() as cursor:
        for name in ("customers_customer", "guarantees_guarantee"):
            out = io.StringIO()
            cursor.copy_expert(f"copy {name} to stdout", out)
            texts.append(out.getvalue())
    return texts[0], texts[1]


def _floor(customers: str, guarantees: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert("copy customers_customer from stdin", io.StringIO(customers))
        cursor.copy_expert("copy guarantees_guarantee from stdin", io.StringIO(guarantees))


def _today(path: Path) -> None:
    """What people write today: DictReader, model objects, bulk_create."""
    product = Product.objects.first()
    with path.open(encoding="utf-8", newline="") as file, transaction.atomic():
        rows = list(csv.DictReader(file))
        people = {row["Name"]: row for row in rows}
        made = (_customer(f"N{n}", row) for n, row in enumerate(people.values()))
        customers = Customer.objects.bulk_create(made, batch_size=2000)
        known = {customer.name: customer for customer in customers}
        Guarantee.objects.bulk_create((_guarantee(row, known[row["Name"]], product) for row in rows), batch_size=2000)


def _customer(id_number: str, row: dict[str, str]) -> Customer:
    return Customer(
        kind="COMPANY",
        name=row["Name"],
        id_number=id_number,
        region_code=row["State"],
        registered_on=_read(row["ApprovalDate"]),
    )


def _guarantee(row: dict[str, str], customer: Customer, product: Product | None) -> Guarantee:
    loan, guaranteed, loss = _fen(row["GrAppv"]), _fen(row["SBA_Appv"]), _fen(row["ChgOffPrinGr"])
    lost = row["MIS_Status"] == "CHGOFF"
    approved, start = _read(row["ApprovalDate"]), _read(row["DisbursementDate"])
    due = add_months(start, int(row["Term"]))
    return Guarantee(
        number=f"SBA-{row['LoanNr_ChkDgt']}",
        external_ref=row["LoanNr_ChkDgt"],
        customer=customer,
        product=product,
        bank_name=row["Bank"],
        region_code=row["State"],
        approved_on=approved,
        issued_on=approved,
        loan_fen=loan,
        guaranteed_fen=guaranteed,
        term_months=int(row["Term"]),
        fee_rate=0,
        start_on=start,
        due_on=due,
        ended_on=_read(row["ChgOffDate"]) if lost else due,
        state="COMPENSATED" if lost else "RELEASED",
        drawn_fen=loan,
        repaid_fen=loan - loss,
        compensated_principal_fen=loss,
        compensation_fen=loss * guaranteed // loan,
        compensated_on=_read(row["ChgOffDate"]) if lost else None,
        amortisation="STRAIGHT_LINE",
        source="IMPORT",
    )


def _fen(text: str) -> int:
    return int(text.replace("$", "").replace(",", "").replace(".", ""))


def _read(text: str) -> date:
    return datetime.strptime(text, "%d-%b-%y").date()  # noqa: DTZ007
