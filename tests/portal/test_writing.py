"""Forms write through the rooms' services; what a room refuses stands in the form, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kernel.approval import queries as approvals
from kernel.audit import queries as trail
from kernel.documents import queries as documents
from registry.tenancy import inside
from tenants.applications import queries as applications
from tenants.applications.models import Application
from tenants.customers.models import Customer
from tenants.guarantees.models import Guarantee
from tenants.products.models import Product
from tests.factories.houses import ANHE, house
from tests.factories.members import make_application, make_customer, make_guarantee, people
from tests.portal.conftest import SignIn

_PDF = b"%PDF-1.4\n%%EOF\n"


def _today() -> date:
    return timezone.localdate()


def _page(answer: Any) -> str:
    return answer.content.decode()


# --- Customers ------------------------------------------------------------------------------------------
def test_a_company_is_registered(member: None, sign_in: SignIn) -> None:
    told = {
        "kind": "COMPANY",
        "name": "江城新客户有限公司",
        "id_number": "91990000MA0DEM005D",
        "industry": "C",
        "size_class": "SMALL",
    }
    answer = sign_in("manager").post("/customers/new/", told)
    made = Customer.objects.get(id_number="91990000MA0DEM005D")
    assert answer["Location"] == f"/customers/{made.pk}/"
    assert made.owner == people()["manager"]


def test_a_wrong_check_digit_is_said_on_blur_and_on_saving(member: None, sign_in: SignIn) -> None:
    client = sign_in("manager")
    wrong = "91990000MA0DEM0051"
    assert "tone-red" in _page(client.get("/customers/check/", {"kind": "COMPANY", "id_number": wrong}))
    assert "tone-green" in _page(client.get("/customers/check/", {"kind": "COMPANY", "id_number": "91990000MA0DEM005D"}))
    answer = client.post("/customers/new/", {"kind": "COMPANY", "name": "江城新客户有限公司", "id_number": wrong})
    assert answer.status_code == 422
    assert 'id="id_id_number_error"' in _page(answer)
    assert not Customer.objects.filter(name="江城新客户有限公司").exists()


def test_personal_data_is_masked_and_unmasking_leaves_a_line(member: None, sign_in: SignIn) -> None:
    person = make_customer(kind="PERSON", mobile="13800001234")
    manager = sign_in("manager")
    for path in (f"/customers/{person.pk}/", "/customers/?q=样例", f"/search?q={person.name}", "/customers/options/?q=样例"):
        assert person.id_number not in _page(manager.get(path)), path
    shown = manager.post(f"/customers/{person.pk}/unmask/")
    assert person.id_number in _page(shown)
    line = trail.of(f"customer:{person.pk}").first()
    assert line is not None
    assert (line.act, line.actor_id) == ("customers.unmask", people()["manager"].id)
    assert sign_in("risk").post(f"/customers/{person.pk}/unmask/").status_code == 403


def test_old_values_are_told(member: None, sign_in: SignIn) -> None:
    customer = make_customer(address="旧地址")
    client = sign_in("manager")
    form = {"name": customer.name, "id_number": customer.id_number, "address": "新地址", "industry": "C", "region_code": "340100"}
    assert client.post(f"/customers/{customer.pk}/edit/", form).status_code == 302
    page = _page(client.get(f"/customers/{customer.pk}/"))
    assert "旧地址" in page and "新地址" in page


def test_blocking_needs_a_reason(member: None, sign_in: SignIn) -> None:
    customer = make_customer()
    client = sign_in("head")
    assert client.post(f"/customers/{customer.pk}/mark/", {"status": "BLOCKED", "reason": ""}).status_code == 422
    assert client.post(f"/customers/{customer.pk}/mark/", {"status": "BLOCKED", "reason": "失信被执行人"}).status_code == 302
    customer.refresh_from_db()
    assert customer.status == "BLOCKED"


# --- Applications ---------------------------------------------------------------------------------------
def _application(customer: Customer, **more: str) -> dict[str, Any]:
    told = {"customer_id": customer.pk, "product_code": "WORKING_CAPITAL", "bank_code": "HXYH", "amount_fen": "5,000,000.00",
            "term_months": "12", "purpose": "采购原材料", "channel_id": applications.own_channel()}  # fmt: skip
    return {**told, **more}


def test_an_application_from_draft_to_guarantee(member: None, sign_in: SignIn) -> None:
    manager = sign_in("manager")
    customer = make_customer()
    answer = manager.post("/applications/new/", _application(customer))
    made = Application.objects.get(customer=customer)
    assert answer["Location"] == f"/applications/{made.pk}/"
    assert (made.state, made.amount_fen, made.guaranteed_fen, made.bank_name) == ("DRAFT", 500_000_000, 400_000_000, "华星银行")
    manager.post(f"/applications/{made.pk}/submit/")
    for seat in ("head", "risk", "legal", "chair", "executive"):
        _sign(sign_in, seat, made)
    made.refresh_from_db()
    assert made.state == "APPROVED"
    issued = sign_in("operations").post(f"/applications/{made.pk}/issue/")
    assert issued["Location"] == f"/guarantees/{Guarantee.objects.get(application=made).pk}/"


def _sign(sign_in: SignIn, seat: str, application: Application) -> None:
    for task in approvals.mine(people()[seat], application.subject, _today()):
        client = sign_in(seat)
        assert application.number in _page(client.get(f"/tasks/{task.pk}/"))
        assert client.post(f"/tasks/{task.pk}/", {"verdict": "APPROVE", "text": "同意"}).status_code == 302


def test_more_than_the_product_allows_is_said_at_the_amount(member: None, sign_in: SignIn) -> None:
    answer = sign_in("manager").post("/applications/new/", _application(make_customer(), amount_fen="90000000"))
    assert answer.status_code == 422
    assert 'id="id_amount_fen_error"' in _page(answer)


def test_nobody_applies_for_a_customer_he_may_not_see(member: None, sign_in: SignIn) -> None:
    other = make_customer(actor=people()["manager2"])
    sign_in("manager").post("/applications/new/", _application(other))
    assert not Application.objects.exists()


def test_the_author_cannot_sign_and_is_told_why(member: None, sign_in: SignIn) -> None:
    head = people()["head"]
    made = make_application(actor=head, state="IN_REVIEW")
    client = sign_in("head")
    assert "双人原则" in _page(client.get(f"/applications/{made.pk}/"))
    task = approvals.case_of(made.subject).tasks.get(state="TODO")
    refused = client.post(f"/tasks/{task.pk}/", {"verdict": "APPROVE", "text": "同意"}, follow=True)
    assert "error" in _page(refused)
    task.refresh_from_db()
    assert task.state == "TODO"


def test_a_rejection_needs_a_reason(member: None, sign_in: SignIn) -> None:
    made = make_application(state="IN_REVIEW")
    client = sign_in("head")
    (task,) = approvals.mine(people()["head"], made.subject, _today())
    assert client.post(f"/tasks/{task.pk}/", {"verdict": "REJECT", "text": ""}).status_code == 422
    assert client.post(f"/tasks/{task.pk}/", {"verdict": "REJECT", "text": "现金流不足"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reason) == ("REJECTED", "现金流不足")


def test_sent_back_corrected_and_submitted_again(member: None, sign_in: SignIn) -> None:
    made = make_application(state="IN_REVIEW")
    (task,) = approvals.mine(people()["head"], made.subject, _today())
    assert sign_in("head").post(f"/tasks/{task.pk}/return/", {"to": "submit", "text": "补充财务报表"}).status_code == 302
    manager = sign_in("manager")
    assert "补充财务报表" in _page(manager.get(f"/applications/{made.pk}/"))
    changed = _application(made.customer, amount_fen="4000000", guaranteed_fen="3000000")
    assert manager.post(f"/applications/{made.pk}/edit/", changed).status_code == 302
    manager.post(f"/applications/{made.pk}/submit/")
    made.refresh_from_db()
    assert (made.state, made.amount_fen, made.guaranteed_fen) == ("IN_REVIEW", 400_000_000, 300_000_000)


def test_verbs_on_a_task(member: None, sign_in: SignIn) -> None:
    made = make_application(state="IN_REVIEW")
    seats = people()
    (task,) = approvals.mine(seats["head"], made.subject, _today())
    manager, head = sign_in("manager"), sign_in("head")
    assert manager.post(f"/tasks/{task.pk}/urge/").status_code == 302
    case = approvals.case_of(made.subject)
    assert sign_in("manager2").get(f"/tasks/cases/{case.pk}/copy/").status_code == 404
    assert head.post(f"/tasks/cases/{case.pk}/copy/", {"to": [seats["manager2"].pk], "text": "请知悉"}).status_code == 302
    assert made.number in _page(sign_in("manager2").get("/tasks/copied/", {"q": ""}))
    assert head.post(f"/tasks/{task.pk}/signer/", {"to": seats["operations"].pk}).status_code == 302
    assert head.post(f"/tasks/{task.pk}/transfer/", {"to": seats["executive"].pk}).status_code == 302
    assert not approvals.mine(seats["head"], made.subject, _today()).exists()
    withdrawn = manager.post(f"/applications/{made.pk}/withdraw/", {"text": "客户取消"})
    assert withdrawn.status_code == 302
    made.refresh_from_db()
    assert made.state == "WITHDRAWN"


def test_a_deputy_for_a_period(member: None, sign_in: SignIn) -> None:
    client = sign_in("head")
    day = _today().isoformat()
    form = {"to": people()["executive"].pk, "from_on": day, "to_on": day}
    assert client.post("/tasks/deputies/", form).status_code == 302
    assert client.post("/tasks/deputies/", form).status_code == 422, "one deputy at a time"
    (named,) = approvals.deputies(people()["head"])
    assert client.post(f"/tasks/deputies/{named.pk}/end/").status_code == 302


def test_a_banks_application_is_taken_up_or_declined(member: None, sign_in: SignIn) -> None:
    first, second = make_application(state="SUBMITTED"), make_application(state="SUBMITTED")
    client = sign_in("manager")
    assert first.number in _page(client.get("/applications/inbox/", {"q": ""}))
    assert client.post(f"/applications/{first.pk}/take-up/", {"fee_rate": ""}).status_code == 302
    assert client.post(f"/applications/{second.pk}/decline/", {"reason": ""}).status_code == 422
    assert client.post(f"/applications/{second.pk}/decline/", {"reason": "超出业务区域"}).status_code == 302
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, second.state) == ("IN_REVIEW", "REJECTED")


# --- Papers ---------------------------------------------------------------------------------------------
def test_papers_go_through_the_application(member: None, sign_in: SignIn, neighbour: Client) -> None:
    made = make_application()
    client = sign_in("manager")
    url = f"/applications/{made.pk}/papers/add/?kind=营业执照"
    assert client.post(url, {"file": SimpleUploadedFile("licence.pdf", _PDF)}).status_code == 302
    assert client.post(url, {"file": SimpleUploadedFile("licence.exe", b"MZ\x00\x01")}).status_code == 422
    (paper,) = documents.of(made.subject)
    assert paper.kind == "营业执照"
    path = f"/applications/{made.pk}/papers/{paper.pk}/"
    answer = client.get(path)
    assert b"".join(answer.streaming_content) == _PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert sign_in("manager2").get(path).status_code == 404, "another manager's application"
    assert neighbour.get(path).status_code == 404, "another member's file"
    with inside(house(ANHE)):  # reading a stream to its end leaves the house
        other = make_application()
    assert client.get(f"/applications/{other.pk}/papers/{paper.pk}/").status_code == 404, "a file of another subject"
    assert client.post(f"{path}remove/").status_code == 302
    assert client.get(path).status_code == 404


# --- Guarantees -----------------------------------------------------------------------------------------
def test_the_life_of_a_guarantee(member: None, sign_in: SignIn) -> None:
    made = make_guarantee(state="ISSUED", today=_today())
    day = _today().isoformat()
    client = sign_in("operations")
    at = f"/guarantees/{made.pk}"
    assert client.post(f"{at}/drawdown/", {"iou_no": "JJ-9", "on": day, "amount_fen": "99999999"}).status_code == 422
    assert client.post(f"{at}/drawdown/", {"iou_no": "JJ-9", "on": day, "amount_fen": "2500000"}).status_code == 302
    assert client.post(f"{at}/complete/").status_code == 302
    assert client.post(f"{at}/overdue/", {"on": day}).status_code == 302
    assert client.post(f"{at}/cure/").status_code == 302
    assert client.post(f"{at}/repay/", {"reference": "HK-9", "on": day, "principal_fen": "2500000"}).status_code == 302
    assert client.post(f"{at}/release/", {"certificate": "", "on": day}).status_code == 422
    assert client.post(f"{at}/release/", {"certificate": "JQ-9", "on": day}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.balance_fen, made.repaid_fen) == ("RELEASED", 0, 250_000_000)


def test_compensation_from_the_page(member: None, sign_in: SignIn) -> None:
    made = make_guarantee(state="OVERDUE", today=_today())
    client = sign_in("operations")
    at, day = f"/guarantees/{made.pk}/pay/", _today().isoformat()
    assert "4,000,000.00" in _page(client.get(at)), "the member's share of the outstanding principal is proposed"
    claim = {"principal_fen": "5000000", "interest_fen": "0", "paid_fen": "5000000"}
    form = {"bank_notice_on": day, "paid_on": day, "voucher_no": "V1", **claim}
    assert client.post(at, form).status_code == 422, "more than the member answers for"
    assert client.post(at, {**form, "paid_fen": "4000000"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.compensation_fen) == ("COMPENSATED", 400_000_000)


def test_an_act_out_of_order_is_a_sentence_and_not_a_500(member: None, sign_in: SignIn) -> None:
    made = make_guarantee(state="ISSUED")
    client = sign_in("operations")
    answer = client.post(f"/guarantees/{made.pk}/cure/", follow=True)
    assert answer.status_code == 200
    assert 'data-toast="error"' in _page(answer)
    by_htmx = client.post(f"/guarantees/{made.pk}/cure/", HTTP_HX_REQUEST="true")
    assert (by_htmx.status_code, "toast" in by_htmx["HX-Trigger"]) == (204, True)


def test_another_members_guarantee_does_not_exist_here(member: None, neighbour: Client) -> None:
    made = make_guarantee(state="IN_FORCE")
    before = made.state
    for path in ("", "repay/", "overdue/", "pay/", "release/", "lapse/"):
        assert neighbour.get(f"/guarantees/{made.pk}/{path}").status_code == 404, path
    assert neighbour.post(f"/guarantees/{made.pk}/cure/").status_code == 404
    made.refresh_from_db()
    assert made.state == before


# --- Products, imports, messages --------------------------------------------------------------------------
def test_products_open_close_and_change(member: None, sign_in: SignIn) -> None:
    client = sign_in("executive")
    form = {"code": "bridge", "name_zh": "过桥贷", "name_en": "Bridge loan", "for_kind": "", "amount_max_fen": "1000000",
            "green_channel_max_fen": "0", "term_max_months": "6", "rate_max": "1.2", "guaranteed_share": "80",
            "required_documents": "营业执照\n\n财务报表"}  # fmt: skip
    assert client.post("/products/new/", form).status_code == 302
    made = Product.objects.get(code="BRIDGE")
    assert (made.amount_max_fen, str(made.rate_max), made.required_documents) == (
        100_000_000,
        "0.012000",
        ["营业执照", "财务报表"],
    )
    assert client.post("/products/new/", form).status_code == 422, "the code is taken"
    assert client.post(f"/products/{made.pk}/close/").status_code == 302
    made.refresh_from_db()
    assert made.is_open is False
    assert sign_in("manager").post(f"/products/{made.pk}/open/").status_code == 403


def test_an_import_from_upload_to_undo(member: None, sign_in: SignIn) -> None:
    client = sign_in("operations")
    sheet = SimpleUploadedFile("book.csv", "业务编号,客户名称\nA-1,某公司\n".encode())
    answer = client.post("/imports/new/", {"mapping": "portfolio", "as_of": _today().isoformat(), "file": sheet})
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert "alert-box tone-red" in _page(answer) or "form-bad" in _page(answer)
    else:
        page = _page(client.get(answer["Location"], {"q": ""}))
        assert "退回行" in page


def test_messages_open_what_they_are_about(member: None, sign_in: SignIn) -> None:
    made = make_application(state="IN_REVIEW")
    client = sign_in("head")
    from kernel.notices import queries as notices

    note = notices.of(people()["head"]).first()
    assert note is not None
    assert client.get(f"/notices/{note.pk}/")["Location"] == f"/applications/{made.pk}/"
    assert sign_in("risk").get(f"/notices/{note.pk}/").status_code == 404
    client.post("/notices/read/")
    assert notices.unread(people()["head"]) == 0


@pytest.mark.parametrize("path", ("/applications/{}/", "/applications/{}/edit/", "/applications/{}/position/"))
def test_another_managers_application_does_not_exist_for_him(member: None, sign_in: SignIn, path: str) -> None:
    made = make_application(actor=people()["manager2"])
    assert sign_in("manager").get(path.format(made.pk)).status_code == 404
