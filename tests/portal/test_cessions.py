"""A member's pages of its business with the group."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.cash import queries as money
from kernel.letters import PartnerStanding
from tenants.cessions import queries, services
from tenants.cessions.models import Agreement, Bill, Change, Employee, PremiumList, Statement
from tests.factories.houses import BOYU
from tests.factories.pages import statements
from tests.portal.conftest import SignIn
from tests.tenants.cessions.letters import billed, credited, listed, posted, read, row, statement, told, with_bill

PAGES = (
    "agreements/",
    "premiums/",
    "bills/",
    "receipts/",
    "accounts/",
    "institution/",
    "institution/staff/",
    "institution/archive/",
)


@pytest.fixture
def business(member: None) -> Bill:
    """Everything the group can tell a member, told."""
    read(services.open_agreement, told())
    read(services.open_premium_list, listed(row(), row(item=8, guarantee_id=2, number="DB-2")))
    bill = with_bill(lists=())
    read(services.open_bill, credited(200_000, refund=100_000))
    read(services.open_statement, statement())
    read(services.open_standing, PartnerStanding(status="WATCH", on=date(2026, 4, 1), reason="代偿率偏高", grade="C"))
    return bill


def paths(bill: Bill) -> list[str]:
    rows = [
        f"agreements/{Agreement.objects.get().pk}/", f"premiums/{PremiumList.objects.get().pk}/", f"bills/{bill.pk}/",
        f"accounts/{Statement.objects.get().pk}/",
    ]  # fmt: skip
    return [f"/group/{path}" for path in (*PAGES, *rows)]


def test_every_page_answers_in_both_languages(business: Bill, sign_in: SignIn) -> None:
    for english in (False, True):
        client = sign_in("operations", english=english)
        for path in paths(business):
            found = client.get(path, {"q": ""})
            assert found.status_code == 200, path


def test_an_agreement_is_read_in_sentences(business: Bill, sign_in: SignIn) -> None:
    """AGR-23: the terms in words, our line, and over it how the cooperation stands."""
    page = sign_in("operations").get(f"/group/agreements/{Agreement.objects.get().pk}/").content.decode()
    assert "单笔贷款限额：5,000,000.00 元。" in page and "代偿率偏高" in page


def test_a_neighbour_sees_nothing(business: Bill, sign_in: SignIn) -> None:
    """AGR-23: another member's log-in opens none of it."""
    neighbour = sign_in("operations", at=BOYU)
    for path in paths(business)[len(PAGES) :]:
        assert neighbour.get(path).status_code == 404, path
    for path in PAGES:
        page = neighbour.get(f"/group/{path}", {"q": ""}).content.decode()
        assert "P4222" not in page and "BF2026-000001" not in page and "DZ-1" not in page


def test_a_list_is_confirmed_on_its_page(business: Bill, sign_in: SignIn) -> None:
    """FEE-12: the rows beside our own books, then confirmed; who may not answer sees no button and is refused."""
    pk = PremiumList.objects.get().pk
    page = sign_in("operations").get(f"/group/premiums/{pk}/").content.decode()
    assert "本机构无此担保" in page and f"/group/premiums/{pk}/agree/" in page
    reader = sign_in("risk")
    assert f"/group/premiums/{pk}/agree/" not in reader.get(f"/group/premiums/{pk}/").content.decode()
    assert reader.post(f"/group/premiums/{pk}/agree/").status_code == 403
    sign_in("operations").post(f"/group/premiums/{pk}/agree/")
    assert queries.premium_list(pk).state == "AGREED"


def test_rows_are_disputed_on_a_page(business: Bill, sign_in: SignIn) -> None:
    """FEE-12: what is written beside a row is disputed; nothing written is no dispute."""
    mine = PremiumList.objects.get()
    client = sign_in("executive")
    assert client.post(f"/group/premiums/{mine.pk}/dispute/", {}).status_code == 422
    first, second = mine.rows.all()
    client.post(f"/group/premiums/{mine.pk}/dispute/", {f"row_{second.pk}": "无此业务"})
    assert posted("PREMIUM_LIST_ANSWERED")[-1]["disputes"] == [{"guarantee_id": 2, "item": 8, "text": "无此业务"}]
    account = Statement.objects.get()
    client.post(f"/group/accounts/{account.pk}/dispute/", {f"row_{account.rows.last().pk}": "金额不同"})
    account.refresh_from_db()
    assert account.answer == "DISPUTED" and first.dispute == ""


def test_a_bill_is_paid_on_its_pages_by_two_people(business: Bill, sign_in: SignIn) -> None:
    """FEE-13, FEE-14: operations prepares, the executive confirms with the bank's number; a refund is registered."""
    account: dict[str, Any] = {"account_name": "集团", "account_no": "6222", "account_bank": "华星银行"}
    client, boss = sign_in("operations"), sign_in("executive")
    client.post(f"/group/bills/{business.pk}/prepare/", {"fen": "5000", **account})
    order = money.orders().get()
    page = boss.get(f"/group/bills/{business.pk}/").content.decode()
    assert f"/group/orders/{order.pk}/confirm/" in page
    assert client.post(f"/group/orders/{order.pk}/confirm/", {"voucher_no": "V", "on": "2026-04-10"}).status_code == 403
    boss.post(f"/group/orders/{order.pk}/confirm/", {"voucher_no": "V-1", "on": "2026-04-10"})
    assert queries.bill(business.pk).open_fen == 0
    assert boss.post(f"/group/orders/{order.pk}/confirm/", {"voucher_no": "V-1", "on": "2026-04-10"}).status_code == 404
    due = queries.expected().get()
    client.post(f"/group/receipts/{due.pk}/", {"fen": "1000", "on": "2026-04-20", "voucher_no": "R-1", "text": ""})
    due.refresh_from_db()
    assert (due.moved_fen, posted("MONEY_REPORTED")[-1]["said"]) == (100_000, "ARRIVED")


def test_a_payment_can_be_cancelled(business: Bill, sign_in: SignIn) -> None:
    account = {"account_name": "集团", "account_no": "6222", "account_bank": "华星银行"}
    client = sign_in("operations")
    client.post(f"/group/bills/{business.pk}/prepare/", {"fen": "100", **account})
    client.post(f"/group/orders/{money.orders().get().pk}/cancel/", {"reason": "金额有误"})
    assert not money.orders().exists() and queries.bill(business.pk).open_fen > 0


def test_the_institutions_file_is_kept_on_pages(member: None, sign_in: SignIn) -> None:
    """PAR-24, PAR-25, PAR-26: a change reported, a person added, a file kept and opened; readers only read."""
    client = sign_in("operations")
    given = {
        "name": "安和融资担保有限公司", "uscc": "", "registered_capital_fen": "200000000", "licence_no": "皖000123",
        "shareholders": "省国资，60\n李四,40%", "management": "", "contacts": "", "bank_accounts": "", "reason": "增资扩股",
    }  # fmt: skip
    client.post("/group/institution/change/", given)
    changes = Change.objects.get().changes
    assert changes["registered_capital_fen"]["to"] == 20_000_000_000
    assert changes["shareholders"]["to"] == [{"name": "省国资", "share": "0.6"}, {"name": "李四", "share": "0.4"}]
    page = client.get("/group/institution/").content.decode()
    assert "皖000123" in page and "/group/institution/change/" not in page
    assert client.post("/group/institution/change/", {**given, "address": "合肥"}).status_code == 422
    client.post("/group/institution/staff/add/", {"name": "赵一", "position": "经理", "joined_on": "2026-01-05"})
    person = Employee.objects.get()
    client.post(f"/group/institution/staff/{person.pk}/", {"name": "赵一", "position": "总监", "joined_on": "2026-01-05"})
    person.refresh_from_db()
    assert person.position == "总监"
    paper = SimpleUploadedFile("licence.pdf", b"%PDF-1.4 licence", content_type="application/pdf")
    client.post("/group/institution/archive/add/", {"kind": "LICENCE", "file": paper})
    kept = queries.archive().get()
    reader = sign_in("risk")
    assert b"".join(reader.get(f"/group/institution/archive/{kept.pk}/").streaming_content) == b"%PDF-1.4 licence"
    for path in ("change/", "staff/add/", f"staff/{person.pk}/", "archive/add/", "staff/report/"):
        assert reader.get(f"/group/institution/{path}").status_code == 403, path


def test_the_stop_stands_over_the_pages(business: Bill, sign_in: SignIn) -> None:
    read(services.open_bill, billed(status="OVERDUE", stops=True, lists=()))
    page = sign_in("operations").get("/group/premiums/", {"q": ""}).content.decode()
    assert "新增分保已暂停" in page and "BF2026-000001" in page


def test_pages_do_not_ask_more_for_more_rows(member: None, sign_in: SignIn) -> None:
    client = sign_in("operations")

    def cost(number: str, rows: int) -> int:
        read(services.open_premium_list, listed(*(row(item=n, guarantee_id=n) for n in range(rows)), list_no=number))
        path = f"/group/premiums/{PremiumList.objects.get(number=number).pk}/"
        return statements(client, path)

    assert cost("A", 2) == cost("B", 15)


def test_a_visitor_sees_a_log_in(db: None) -> None:
    assert Client(HTTP_HOST="anhe.localhost").get("/group/premiums/").status_code == 302
