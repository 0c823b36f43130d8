"""Money of a house on its pages: two people pay, receipts are matched, breaks are rows that open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from kernel.cash import listeners, queries, services
from registry.tenancy import inside
from tests.desks.conftest import SignIn
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.factories.pages import statements
from tests.kernel.cash.conftest import ACCOUNT


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages without the rooms that listen to money."""
    monkeypatch.setattr(listeners, "_listeners", type(listeners._listeners)(list))


def expected(code: str = GROUP, *, key: str = "claim:ANHE:1", fen: int = 100_000, **more: Any) -> int:
    told: dict[str, Any] = {
        "direction": "OUT",
        "purpose": "CLAIM",
        "counterparty": "ANHE",
        "subject": "nothing:1",
        "due_on": date(2026, 1, 5),
        "why": "补偿款",
    }
    with inside(house(code)):
        actor = staff(code)["executive"]
        return int(services.expect(actor=actor, today=date(2026, 1, 1), key=key, fen=fen, **(told | more)).pk)


@pytest.mark.parametrize(("code", "maker", "checker"), [(GROUP, "cashier", "accountant"), (ANHE, "operations", "executive")])
def test_one_prepares_and_another_confirms(visit: SignIn, code: str, maker: str, checker: str) -> None:
    """FEE-15: the position changes when the second person confirms; who prepared is not offered the button."""
    pk = expected(code)
    first, second = visit(code, maker), visit(code, checker)
    page = first.get(f"/money/{pk}/").content.decode()
    assert f"/money/{pk}/prepare/" in page
    assert first.post(f"/money/{pk}/prepare/", {"fen": "1000.00", **ACCOUNT}).status_code == 302
    with inside(house(code)):
        order = queries.orders().get()
        assert order.fen == 100_000
    confirm = f"/money/orders/{order.pk}/confirm/"
    assert confirm not in first.get(f"/money/{pk}/").content.decode()
    assert first.get(confirm).status_code == 403
    assert confirm in second.get("/money/orders/").content.decode()
    assert second.post(confirm, {"voucher_no": "", "on": "2026-01-02"}).status_code == 422
    assert second.post(confirm, {"voucher_no": "V-1", "on": "2026-01-02"}).status_code == 302
    with inside(house(code)):
        assert queries.one(pk).open_fen == 0
    assert "V-1" in first.get(f"/money/{pk}/").content.decode()


def test_a_prepared_payment_is_cancelled_with_a_reason(visit: SignIn) -> None:
    pk = expected()
    cashier = visit(GROUP, "cashier")
    cashier.post(f"/money/{pk}/prepare/", {"fen": "1000.00", **ACCOUNT})
    with inside(house(GROUP)):
        order = queries.orders().get()
    assert cashier.post(f"/money/orders/{order.pk}/cancel/", {"reason": " "}).status_code == 422
    assert cashier.post(f"/money/orders/{order.pk}/cancel/", {"reason": "账号有误"}).status_code == 302
    assert cashier.post(f"/money/{pk}/prepare/", {"fen": "2000.00", **ACCOUNT}).status_code == 422
    assert cashier.post(f"/money/{pk}/prepare/", {"fen": "999.00", **ACCOUNT}).status_code == 302


def test_a_receipt_is_registered_matched_taken_off_and_reversed(visit: SignIn) -> None:
    """FEE-13: no receipt without its place; each step can be undone."""
    pk = expected(key="premium:ANHE:1", direction="IN", purpose="PREMIUM")
    cashier = visit(GROUP, "cashier")
    told = {"counterparty": "ANHE", "fen": "1000.00", "on": "2026-01-02", "voucher_no": "R-1", "text": "再担保费"}
    assert cashier.post("/money/receipts/new/", told).status_code == 302
    page = cashier.get("/money/receipts/").content.decode()
    assert "due=premium%3AANHE%3A1" in page
    assert "金额一致" in page
    with inside(house(GROUP)):
        movement = queries.unallocated().get()
    match = f"/money/movements/{movement.pk}/match/"
    assert cashier.post(match, {"key": "premium:ANHE:1", "fen": "1000.01"}).status_code == 422
    assert cashier.post(match, {"key": "premium:ANHE:1", "fen": "1000.00"}).status_code == 302
    assert "due=premium%3AANHE%3A1" in cashier.get(f"/money/movements/{movement.pk}/").content.decode()
    off = f"/money/movements/{movement.pk}/unmatch/?due=premium:ANHE:1"
    assert cashier.post(off, {"reason": "配错"}).status_code == 302
    with inside(house(GROUP)):
        assert queries.one(pk).open_fen == 100_000
    cashier.post(match, {"key": "premium:ANHE:1", "fen": "1000.00"})
    back = f"/money/movements/{movement.pk}/reverse/"
    assert cashier.post(back, {"reason": "退票"}).status_code == 403
    assert visit(GROUP, "accountant").post(back, {"reason": "退票"}).status_code == 302
    with inside(house(GROUP)):
        assert queries.one(pk).open_fen == 100_000
    told["voucher_no"], told["fen"] = "R-2", "600.00"
    arrived = {name: told[name] for name in ("fen", "on", "voucher_no")}
    assert cashier.post(f"/money/{pk}/arrived/", arrived).status_code == 302
    with inside(house(GROUP)):
        assert queries.one(pk).open_fen == 40_000


def test_each_break_is_counted_and_opens(visit: SignIn) -> None:
    """The three-way board: expected, reported, moved."""
    pk = expected()
    other = expected(key="claim:ANHE:2", due_on=None)
    with inside(house(GROUP)):
        for key in ("claim:ANHE:2", "claim:ANHE:404"):
            told = {"key": key, "purpose": "CLAIM", "voucher_no": "V", "said": "ARRIVED"}
            services.report(counterparty="ANHE", fen=5_000, on=timezone.localdate(), **told)
    client = visit(GROUP, "accountant")
    page = client.get("/money/board/", {"q": ""}).content.decode()
    for text in ("?break_code=LATE", "对方已报告，我方未记账", ">404</td>", f'href="/money/{pk}/"'):
        assert text in page, text
    only = client.get("/money/board/", {"break_code": "LATE"}).content.decode()
    assert f'data-row href="/money/{pk}/"' in only
    assert f'data-row href="/money/{other}/"' not in only


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize(("code", "seat"), [(GROUP, "accountant"), (ANHE, "executive")])
def test_all_lists_open_empty_and_full(visit: SignIn, code: str, seat: str, english: bool) -> None:
    client = visit(code, seat, english=english)
    pages = ("/money/", "/money/orders/", "/money/receipts/", "/money/movements/", "/money/board/")
    for path in pages:
        assert client.get(path, {"q": ""}).status_code == 200, path
    expected(code)
    for path in pages:
        assert client.get(path, {"q": ""}).status_code == 200, path
    assert client.get("/money/999999/").status_code == 404
    assert client.get("/money/movements/999999/").status_code == 404


def test_money_is_not_for_everybody(visit: SignIn) -> None:
    pk = expected()
    for seat in ("filing", "auditor"):
        client = visit(GROUP, seat)
        for path in ("/money/", f"/money/{pk}/", "/money/board/", f"/money/{pk}/prepare/"):
            assert client.get(path).status_code == 403, (seat, path)
    assert visit(GROUP, "executive").post(f"/money/{pk}/prepare/", {}).status_code == 403


def test_more_rows_ask_no_more_questions(visit: SignIn) -> None:
    client = visit(GROUP, "accountant")

    def grow(numbers: range) -> None:
        with inside(house(GROUP)):
            cashier, accountant = staff(GROUP)["cashier"], staff(GROUP)["accountant"]
            for number in numbers:
                key = f"claim:ANHE:{number}"
                expected(key=key)
                order = services.prepare(actor=cashier, today=date(2026, 1, 2), key=key, **ACCOUNT)
                if number % 2:
                    services.confirm(actor=accountant, today=date(2026, 1, 2), order_id=order.pk, voucher_no=key)

    paths = ("/money/", "/money/orders/", "/money/movements/", "/money/board/")
    grow(range(1, 4))
    few = {path: statements(client, path) for path in paths}
    grow(range(4, 16))
    for path in paths:
        assert statements(client, path) <= few[path], path


def test_the_payer_is_chosen_by_name(visit: SignIn) -> None:
    """FEE-13: nobody types a code; whoever owes nothing is no payer."""
    expected(key="premium:ANHE:1", direction="IN", purpose="PREMIUM")
    cashier = visit(GROUP, "cashier")
    page = cashier.get("/money/receipts/new/").content.decode()
    assert '<option value="ANHE">安和' in page and 'value="BOYU"' not in page
    told = {"counterparty": "BOYU", "fen": "1000.00", "on": "2026-01-02", "voucher_no": "R-1"}
    assert cashier.post("/money/receipts/new/", told).status_code == 422
