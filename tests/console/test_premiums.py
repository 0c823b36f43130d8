"""Pages of premiums: from the list to the receipt, for those who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.cash import services as cash
from reguarantee.premiums import services
from reguarantee.premiums.models import Bill, Bordereau, Item, PremiumList, Standard, Subsidy
from tests.console.conftest import SignIn
from tests.factories.houses import ANHE
from tests.factories.pages import statements
from tests.reguarantee.engine.terms import MARCH
from tests.reguarantee.premiums.world import agreed, answer, drawn, file, treaty

People = dict[str, User]
APRIL = date(2026, 4, 2)


@pytest.fixture
def billed(people: People) -> Bill:
    """A bill of two guarantees, and another list that is a draft."""
    treaty()
    file(1), file(2)
    agreed("2026-03", on=APRIL)
    (bill,) = services.bill(actor=SYSTEM, today=APRIL, member_code=ANHE, period="2026-Q1")
    file(3, on=date(2026, 5, 5), drawdown_on=date(2026, 5, 4))
    drawn("2026-05", on=date(2026, 6, 2))
    return bill


def pages(bill: Bill) -> list[str]:
    plain = ["", "guarantees/", "forecast/", "forecast/chart/", "forecast/rows/", "lists/", "bills/", "standards/", "funds/",
             "subsidies/", "subsidies/rows/"]  # fmt: skip
    rows = [f"lists/{row.pk}/" for row in PremiumList.objects.all()]
    return [f"/premiums/{path}" for path in (*plain, *rows, f"bills/{bill.pk}/", f"items/{bill.items.first().pk}/")]


def test_every_page_answers_in_both_languages(billed: Bill, sign_in: SignIn) -> None:
    for english in (False, True):
        client = sign_in("accountant", english=english)
        for path in pages(billed):
            found = client.get(path, {"q": ""})
            assert found.status_code == 200, path
            assert "text-danger" not in found.content.decode() or path.endswith("forecast/"), path


def test_who_may_not_is_refused(billed: Bill, sign_in: SignIn) -> None:
    """FEE-11: rights of viewing, listing, billing, proposing and approving are told apart."""
    refused = {
        "filing": ["bills/make/", "funds/close/", "subsidies/claim/", "receipts/", "standards/propose/"],
        "cashier": ["lists/draw/", "bills/make/"],
        "auditor": ["", "lists/", "bills/"],
    }
    for seat, paths in refused.items():
        client = sign_in(seat)
        for path in paths:
            assert client.get(f"/premiums/{path}").status_code == 403, (seat, path)


def test_a_list_goes_from_draft_to_the_member(people: People, sign_in: SignIn) -> None:
    """FEE-12: drawn up, sent, disputed, answered and sent again, on pages."""
    treaty()
    file(1)
    client = sign_in("filing")
    sent = client.post("/premiums/lists/draw/", {"member_code": ANHE, "period": "2026-03"})
    row = PremiumList.objects.get()
    assert sent["Location"] == f"/premiums/lists/{row.pk}/"
    assert client.post("/premiums/lists/draw/", {"member_code": ANHE, "period": "2026-13"}).status_code == 422
    client.post(f"/premiums/lists/{row.pk}/issue/")
    row.refresh_from_db()
    assert row.state == "ISSUED"
    answer(row, on=APRIL, disputes=[{"guarantee_id": 1, "text": "金额不符合同"}])
    page = client.get(f"/premiums/lists/{row.pk}/").content.decode()
    assert "金额不符合同" in page and f"/premiums/lists/{row.pk}/issue/" not in page
    item = row.items.get()
    assert client.post(f"/premiums/items/{item.pk}/resolve/", {"outcome": "EXPLAINED", "answer": ""}).status_code == 422
    client.post(f"/premiums/items/{item.pk}/resolve/", {"outcome": "EXPLAINED", "answer": "按合同"})
    assert f"/premiums/lists/{row.pk}/issue/" in client.get(f"/premiums/lists/{row.pk}/").content.decode()


def test_a_period_is_billed_and_a_receipt_registered(people: People, sign_in: SignIn) -> None:
    """FEE-13, FEE-15: billed, received on the bill's page; the position changes at once."""
    treaty()
    file(1)
    agreed("2026-03", on=APRIL)
    client = sign_in("accountant")
    client.post("/premiums/bills/make/", {"member_code": ANHE, "period": "2026-Q1"})
    bill = Bill.objects.get()
    sign_in("cashier").post(
        f"/premiums/bills/{bill.pk}/receive/", {"fen": "6000", "on": "2026-04-10", "voucher_no": "V-1", "text": ""}
    )
    bill.refresh_from_db()
    assert (bill.status, bill.paid_fen) == ("SETTLED", 600_000)
    paper = client.get(f"/premiums/bills/{bill.pk}/").content.decode().partition(f"/premiums/bills/{bill.pk}/papers/")[2][:36]
    answer_ = client.get(f"/premiums/bills/{bill.pk}/papers/{paper}/")
    assert b"".join(answer_.streaming_content)[:5] == b"%PDF-"


def test_a_receipt_is_matched_to_the_bill_it_names(billed: Bill, people: People, sign_in: SignIn) -> None:
    """FEE-13: an unmatched receipt proposes the bill that its text names; matched it settles it, once."""
    moved = cash.receive(
        actor=people["cashier"], today=APRIL, counterparty=ANHE, fen=1_300_000, on=APRIL, voucher_no="V-9",
        text=f"再担保费 {billed.number}",
    )  # fmt: skip
    client = sign_in("cashier")
    page = client.get("/premiums/receipts/").content.decode()
    assert billed.number in page and "V-9" in page
    client.post(f"/premiums/receipts/{moved.pk}/match/{billed.pk}/")
    billed.refresh_from_db()
    assert (billed.status, billed.paid_fen) == ("SETTLED", 1_200_000)
    client.post(f"/premiums/receipts/{moved.pk}/match/{billed.pk}/")
    billed.refresh_from_db()
    assert billed.paid_fen == 1_200_000


def test_premiums_are_found_by_what_is_open(billed: Bill, people: People, sign_in: SignIn) -> None:
    """FEE-16: due, paid, open and refunded by filters: half is paid, so the first guarantee is, and the second is open."""
    cash.receive(
        actor=people["cashier"], today=APRIL, counterparty=ANHE, fen=600_000, on=APRIL, voucher_no="V-1", key=billed.key
    )  # fmt: skip
    client = sign_in("accountant")
    for having, expected in (("paid_fen", {"DB-1"}), ("open_fen", {"DB-2"}), ("refunded_fen", set()), ("", {"DB-1", "DB-2"})):
        page = client.get("/premiums/guarantees/", {"having": having, "q": "DB-"}).content.decode()
        assert {number for number in ("DB-1", "DB-2") if f">{number}<" in page} == expected, having


def test_a_long_list_is_read_page_by_page(billed: Bill, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of rows charged by the day are not one page; what is disputed stands first."""
    from reguarantee.console.desks.premiums import bills, lists

    for desk in (bills, lists):
        monkeypatch.setattr(desk, "ROWS", 1)
    client = sign_in("accountant")
    row = PremiumList.objects.get(period="2026-03")
    for path in (f"/premiums/lists/{row.pk}/", f"/premiums/bills/{billed.pk}/"):
        first, second = (client.get(path, {"page": page}).content.decode() for page in (1, 2))
        assert "DB-1" in first and "DB-2" not in first and "?page=2" in first, path
        assert "DB-2" in second and "DB-1" not in second, path


def test_a_standard_needs_two_people(people: People, sign_in: SignIn) -> None:
    """FEE-10, FEE-11: proposed on a page by one, approved by another."""
    given: dict[str, Any] = {
        "kind": "TABLE", "payee": "", "limit_fen": "5000000", "low_rate": "0.3", "high_rate": "0.5",
        "effective_from": "2026-03-01", "reason": "2026 年标准",
    }  # fmt: skip
    assert sign_in("treaty").post("/premiums/standards/propose/", given).status_code == 302
    row = Standard.objects.get()
    assert row.table == [{"max_fen": 500_000_000, "rate": "0.003"}, {"rate": "0.005"}]
    assert sign_in("treaty").post("/premiums/standards/propose/", {**given, "high_rate": ""}).status_code == 422
    assert sign_in("treaty").post(f"/premiums/standards/{row.pk}/approve/").status_code == 403
    sign_in("executive").post(f"/premiums/standards/{row.pk}/approve/")
    row.refresh_from_db()
    assert row.state == "APPROVED"
    assert sign_in("treaty").get(f"/premiums/standards/{row.pk}/").status_code == 200


def test_a_bordereau_goes_out_as_a_spreadsheet(billed: Bill, sign_in: SignIn) -> None:
    """FEE-12: the fund's period closed on a page, its rows exported."""
    client = sign_in("accountant")
    assert client.post("/premiums/funds/close/", {"party": "member", "period": "2026-Q1"}).status_code == 422
    client.post("/premiums/funds/close/", {"party": "nfgf", "period": "2026-Q1"})
    row = Bordereau.objects.get()
    assert row.fen == 600_000
    assert client.get(f"/premiums/funds/{row.pk}/", {"q": ""}).status_code == 200
    exported = client.get(f"/premiums/funds/{row.pk}/", {"_export": "xlsx"})
    assert exported["Content-Type"].endswith("spreadsheetml.sheet")
    refused = client.post("/premiums/subsidies/claim/", {"payer": "CZT", "payer_name": "省财政厅", "period": "2026-Q1"})
    assert refused.status_code == 422 and not Subsidy.objects.exists()


def test_pages_do_not_ask_more_for_more_rows(people: People, sign_in: SignIn) -> None:
    """Constant statements: a list of two rows costs as many as one of twelve."""
    treaty()
    client = sign_in("accountant")

    def cost(period: str, start: int, rows: int, on: date) -> int:
        for number in range(start, start + rows):
            file(number, on=on, drawdown_on=on)
        row = drawn(period, on=date(2026, 11, 2))
        return statements(client, f"/premiums/lists/{row.pk}/")

    assert cost("2026-03", 1, 2, MARCH) == cost("2026-05", 10, 12, date(2026, 5, 4))
    assert Item.objects.count() == 14


def test_a_visitor_sees_a_log_in(db: None) -> None:
    assert Client(HTTP_HOST="group.localhost").get("/premiums/").status_code == 302
