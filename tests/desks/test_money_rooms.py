"""Recoveries and accounts current on their pages, in the houses of the running case (domain.md 12)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kernel.cash import queries as money
from registry.tenancy import inside
from reguarantee.recoveries.models import Recovery
from reguarantee.settlements.models import Statement
from tenants.recoveries.models import Case as RecoveryCase
from tenants.recoveries.models import Receipt
from tests.desks.conftest import SignIn
from tests.factories.five_parties import Case
from tests.factories.houses import ANHE, BOYU, GROUP, house


@pytest.fixture
def case(db: None, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Compensated, and the claim handed in."""
    found = Case(monkeypatch)
    found.agree()
    found.apply_and_draw()
    found.default()
    found.claim()
    return found


def record(client: Any, pk: int, **more: str) -> Any:
    told = {
        "gross_fen": "1000000.00",
        "on": timezone.localdate().isoformat(),
        "method": "ENFORCEMENT",
        "voucher_no": "FY-1",
        "cost_kind": "LITIGATION",
        "cost_fen": "60000.00",
        "more_kind": "LAWYER",
        "more_fen": "40000.00",
    }
    return client.post(f"/recoveries/{pk}/record/", told | more)


def test_a_member_pursues_a_debtor_on_its_pages(case: Case, visit: SignIn) -> None:
    """REC-01, REC-05, REC-09, REC-10: open the case, write steps down, record, read the group's answer, pass on, undo."""
    client, chief = visit(ANHE, "operations"), visit(ANHE, "executive")
    page = client.get("/recoveries/", {"q": ""}).content.decode()
    assert f"/recoveries/open/{case.guarantee_id}/" in page
    assert client.post(f"/recoveries/open/{case.guarantee_id}/").status_code == 302
    with inside(house(ANHE)):
        pk = RecoveryCase.objects.get().pk
    day = timezone.localdate()
    step = {"kind": "STAGE", "on": day.isoformat(), "stage": "SUIT", "deadline": (day + timedelta(days=15)).isoformat()}
    assert client.post(f"/recoveries/{pk}/note/", step | {"text": "已立案"}).status_code == 302
    assert client.post(f"/recoveries/{pk}/note/", {"kind": "NOTE", "on": day.isoformat(), "text": ""}).status_code == 422
    spent = {"kind": "APPRAISAL", "fen": "0", "on": day.isoformat()}
    assert client.post(f"/recoveries/{pk}/spend/", spent).status_code == 422
    assert record(client, pk, gross_fen="99000000.00").status_code == 422
    assert record(client, pk).status_code == 302
    assert "尚未答复" in client.get(f"/recoveries/{pk}/").content.decode()
    case.day = day
    case.post()
    page = client.get(f"/recoveries/{pk}/").content.decode()
    for text in ("已立案", "36.00"):
        assert text in page, text
    with inside(house(ANHE)):
        receipt = Receipt.objects.get()
        assert (receipt.net_fen, receipt.sharing.held_fen) == (90_000_000, 36_000_000)
    assert client.get(f"/recoveries/receipts/{receipt.pk}/").status_code == 302
    assert client.get("/recoveries/receipts/", {"q": ""}).status_code == 200
    assert client.post(f"/recoveries/receipts/{receipt.pk}/undo/", {"reason": "x"}).status_code == 403
    assert chief.post(f"/recoveries/receipts/{receipt.pk}/undo/", {"reason": "执行回转"}).status_code == 302
    lost = {"written_off_fen": "100.00", "on": day.isoformat(), "resolution_no": "决8", "reason": "终本"}
    assert client.post(f"/recoveries/{pk}/write-off/", lost).status_code == 403
    assert chief.post(f"/recoveries/{pk}/write-off/", lost).status_code == 302
    assert chief.get(f"/recoveries/{pk}/").status_code == 200
    case.post()


def test_a_neighbour_sees_nothing_of_it(case: Case, visit: SignIn) -> None:
    client = visit(ANHE, "operations")
    client.post(f"/recoveries/open/{case.guarantee_id}/")
    with inside(house(ANHE)):
        pk = RecoveryCase.objects.get().pk
    neighbour = visit(BOYU, "operations")
    for path in (f"/recoveries/{pk}/", f"/recoveries/{pk}/record/", f"/recoveries/{pk}/note/"):
        assert neighbour.get(path).status_code == 404, path
    assert "江城" not in neighbour.get("/recoveries/", {"q": ""}).content.decode()
    assert visit(ANHE, "manager2").get(f"/recoveries/{pk}/").status_code == 404, "another manager's business"
    assert visit(ANHE, "manager").post(f"/recoveries/{pk}/record/", {}).status_code == 403


@pytest.mark.parametrize("english", [False, True])
def test_the_group_reads_a_recovery_with_its_parts(case: Case, visit: SignIn, english: bool) -> None:
    """REC-10, AGR-21: parts, what is passed on, the loss by party."""
    case.approve()
    case.pay_claim(1_600_000 * 100)
    case.recover(date(2027, 6, 1))
    with inside(house(GROUP)):
        row = Recovery.objects.get()
        key = money.due(row.key).pk
    client = visit(GROUP, "accountant", english=english)
    assert client.get("/recoveries/", {"q": ""}).status_code == 200
    assert client.get("/recoveries/", {"late": "true"}).status_code == 200
    page = client.get(f"/recoveries/{row.pk}/").content.decode()
    for text in (f"/money/{key}/", "nfgf", row.recovery_no):
        assert text in page, text
    assert client.get("/recoveries/write-offs/", {"q": ""}).status_code == 200
    assert client.get("/recoveries/999999/").status_code == 404
    assert visit(GROUP, "filing").get("/recoveries/").status_code == 403


def test_an_account_current_goes_its_way_on_the_pages(case: Case, visit: SignIn) -> None:
    """Drafted, sent, answered in the member's house, locked by another person; its paper."""
    case.approve()
    case.pay_claim(1_600_000 * 100)
    accountant, chief = visit(GROUP, "accountant"), visit(GROUP, "executive")
    day = timezone.localdate()
    told = {"counterparty": ANHE, "period": f"{day.year}-{day.month:02d}"}
    refused = accountant.post("/settlements/new/", told)
    assert refused.status_code == 422, "the month is not over"
    assert accountant.get("/settlements/", {"q": ""}).status_code == 200
    told["period"] = "2025-12"
    assert accountant.post("/settlements/new/", told).status_code == 302
    with inside(house(GROUP)):
        pk = Statement.objects.get().pk
    at = f"/settlements/{pk}/"
    assert accountant.get(at).status_code == 200
    assert accountant.get(f"{at}paper/").content.startswith(b"%PDF-")
    assert accountant.post(f"{at}redraft/").status_code == 302
    assert accountant.post(f"{at}issue/").status_code == 302
    assert chief.post(f"{at}issue/").status_code == 403
    case.post()
    with inside(house(ANHE)):
        from tenants.cessions import services as cessions
        from tenants.cessions.models import Statement as Received
        from tests.factories.houses import staff

        received = Received.objects.get()
        cessions.answer_statement(actor=staff(ANHE)["operations"], today=day, statement_id=received.pk)
    case.post()
    assert accountant.post(f"{at}lock/").status_code == 403
    assert chief.post(f"{at}lock/").status_code == 302
    assert accountant.post(f"{at}pay/").status_code == 302
    with inside(house(GROUP)):
        assert Statement.objects.get().state == "PAID"
    case.post()
    assert accountant.get("/settlements/breaks/", {"q": ""}).status_code == 200
    assert accountant.get(at).status_code == 200
    assert visit(GROUP, "filing").get(at).status_code == 403
