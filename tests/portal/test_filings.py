"""Filings in the portal: state, cover, why, what to do; corrected, withdrawn, filed by list."""

from __future__ import annotations

import json
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from infra import wiring
from kernel.access.actors import Actor
from kernel.letters import FilingDecided
from kernel.outbox import queries as outbox
from registry.tenancy import PUBLIC, inside
from tenants.guarantees import services
from tenants.guarantees.models import Guarantee
from tests.factories import members
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings.test_filings import publish

LETTER = Actor("LETTER", GROUP)


def make(**fields: object) -> Guarantee:
    with inside(house(ANHE)):
        return members.make_guarantee(**{"state": "IN_FORCE", **fields})


def decided(guarantee: Guarantee, **said: object) -> None:
    told = {
        "guarantee_id": guarantee.pk, "status": "RETURNED", "coverage": "UNCOVERED", "ceded_fen": 0, "uncovered_fen": 4 * MILLION,
        "reason_code": "RETURNED", "reason": "请补合同号", "treaty_code": "P4222", "treaty_version": 1,
        "decided_on": members.TODAY,
        "deficiencies": ({"code": "CONTRACT_NO", "text": ""},),
    }  # fmt: skip
    with inside(house(ANHE)):
        services.open_filing_decided(FilingDecided(**{**told, **said}), sender=GROUP, actor=LETTER, today=members.TODAY)


def letters(kind: str) -> list[dict[str, object]]:
    with inside(PUBLIC):
        return [json.loads(row.body) for row in outbox.waiting() if row.kind == kind]


def now(guarantee: Guarantee) -> Guarantee:
    with inside(house(ANHE)):
        return Guarantee.objects.get(pk=guarantee.pk)


def test_a_returned_filing_is_corrected_and_filed_again(sign_in) -> None:
    """AGR-18: the member reads what to correct, corrects it and files again."""
    made = make()
    decided(made)
    client = sign_in("operations")
    body = client.get("/filings/", {"filing_status": "RETURNED"}).content.decode()
    assert made.number in body and "借款合同号缺失或有误" in body and "请补正所列事项并重新备案" in body
    page = client.get(f"/guarantees/{made.pk}/").content.decode()
    assert "补正并重新备案" in page and "请补合同号" in page
    assert client.get(f"/filings/{made.pk}/correct/").status_code == 200
    sent = client.post(f"/filings/{made.pk}/correct/", {"contract_no": "HT-2026-1", "loan_rate": "4.35"})
    assert sent.status_code == 302
    last = letters("FILING_SUBMITTED")[-1]
    assert (last["contract_no"], last["loan_rate"], last["size_class"]) == ("HT-2026-1", "0.0435", "SMALL") or last[
        "size_class"
    ] == ""
    assert (now(made).filing_status, now(made).defects, now(made).filed_on) == ("SUBMITTED", [], members.TODAY)
    again = client.post(f"/filings/{made.pk}/correct/", {"contract_no": "HT-2"})
    assert again.status_code == 422
    stranger = client.post(f"/filings/{make().pk}/correct/", {"contract_no": "x"})
    assert stranger.status_code == 422


def test_an_extension_names_a_guarantee_of_the_same_customer(sign_in) -> None:
    """domain.md 11.18: the letter points to the first by the member's id."""
    first, second, other = make(), make(), make()
    with inside(house(ANHE)):
        Guarantee.objects.filter(pk=second.pk).update(customer=first.customer)
    decided(second)
    client = sign_in("operations")
    for running in (other, first):  # of another customer; beside it, not before it
        assert client.post(f"/filings/{second.pk}/correct/", {"extends_number": running.number}).status_code == 422
    with inside(house(ANHE)):
        after = {"start_on": first.due_on, "due_on": first.due_on + timedelta(days=90)}
        Guarantee.objects.filter(pk=second.pk).update(**after)
    assert client.post(f"/filings/{second.pk}/correct/", {"extends_number": first.number}).status_code == 302
    assert letters("FILING_SUBMITTED")[-1]["extends_guarantee_id"] == first.pk


def test_a_filing_is_withdrawn_with_a_reason_and_filed_again(sign_in, db: None) -> None:
    """Issue 3.4: withdrawn; the group answers; it can be filed again while it runs."""
    with inside(house(GROUP)):
        publish(staff(GROUP))
    made = make()
    wiring.deliver()
    assert now(made).coverage == "COVERED"
    client = sign_in("operations")
    assert client.post(f"/filings/{made.pk}/withdraw/", {"reason": " "}).status_code == 422
    assert client.post(f"/filings/{made.pk}/withdraw/", {"reason": "客户改用他行"}).status_code == 302
    wiring.deliver()
    assert (now(made).filing_status, now(made).coverage, now(made).ceded_fen) == ("WITHDRAWN", "UNCOVERED", 0)
    assert client.post(f"/filings/{made.pk}/file/").status_code == 302
    wiring.deliver()  # months after its drawdown: an officer of the group decides
    assert (now(made).filing_status, now(made).coverage_reason_code) == ("REVIEWING", "LATE_FILING")
    assert client.post(f"/filings/{made.pk}/file/").status_code == 302  # a second press: told that nothing is to be filed
    assert len(letters("FILING_SUBMITTED")) == 0


def test_a_list_files_each_row_by_itself(sign_in) -> None:
    """Batch (domain.md 5.6): results row by row; a bad row never sinks a good one; the letters carry the list's number."""
    drawn, running, whole = make(state="PARTLY_DRAWN"), make(), make()
    decided(running, status="REJECTED", reason_code="NO_TREATY", reason="", deficiencies=())
    with inside(house(ANHE)):
        note = whole.drawdowns.get().iou_no
        Guarantee.objects.filter(pk=whole.pk).update(filing_status="", external_ref="SBA-1", source="IMPORT")
    text = "\n".join(["借据号", running.number, "nobody", note, "SBA-1", drawn.number])
    client = sign_in("operations")
    before = len(letters("FILING_SUBMITTED"))
    bad = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    assert client.post("/filings/lists/new/", {"file": bad}).status_code == 422
    sent = client.post("/filings/lists/new/", {"file": SimpleUploadedFile("名单.csv", text.encode("gb18030"))})
    assert sent.status_code == 302
    body = client.get(sent["Location"] + "?q=").content.decode()
    for words in ("未找到", "名单内重复", "不在保"):
        assert words in body, words
    new = letters("FILING_SUBMITTED")[before:]
    assert {letter["guarantee_id"] for letter in new} == {running.pk, whole.pk}
    assert len({letter["batch"] for letter in new}) == 1 and str(new[0]["batch"]).startswith("PL")
    twice = client.post("/filings/lists/new/", {"file": SimpleUploadedFile("名单.csv", text.encode("gb18030"))})
    assert twice.status_code == 422
    assert client.get("/filings/lists/").status_code == 200


def test_only_who_may_file_files(sign_in) -> None:
    made = make()
    for seat in ("risk", "auditor"):
        client = sign_in(seat)
        for path in (f"/filings/{made.pk}/correct/", f"/filings/{made.pk}/withdraw/", f"/filings/{made.pk}/file/"):
            assert client.post(path, {"reason": "x"}).status_code == 403, (seat, path)
