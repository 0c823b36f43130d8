"""The public application page under somebody who means harm: what is typed, sent, guessed or pressed there breaks nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.documents import queries as documents
from kernel.documents import services as store
from reguarantee.admission import services
from reguarantee.admission.models import Case
from reguarantee.admission.services import applying
from reguarantee.admission.services.applying import LINK_DAYS_AFTER_END, Ended
from reguarantee.console.desks.admission.forms import SignForm
from reguarantee.console.desks.apply import limits
from tests.console.institutions.test_cases import typed
from tests.console.institutions.test_public import enter, file
from tests.console.institutions.test_public import stranger as _stranger
from tests.factories.houses import staff
from tests.portal.conftest import Visitor
from tests.reguarantee.admission.conftest import PDF, TODAY, applied
from tests.reguarantee.admission.conftest import people as _people

People = dict[str, User]
people, stranger = _people, _stranger
LONG = "长" * 6000


@pytest.fixture
def case(stranger: Client) -> Case:
    """An application whose link this browser has opened."""
    enter(stranger)
    return Case.objects.get()


def test_every_verb_asks_for_its_token_and_is_only_pressed(people: People) -> None:
    """A page elsewhere cannot press for the applicant; opening an address does nothing."""
    strict = Visitor(HTTP_HOST="group.localhost", enforce_csrf_checks=True)
    assert strict.post("/apply/new/member/", typed()).status_code == 403
    assert not Case.objects.exists()
    made, token = applied()
    assert strict.get(f"/apply/case/?key={token}").status_code == 302
    number = "00000000-0000-0000-0000-000000000000"
    verbs = ("paper/", f"paper/{number}/remove/", "answer/1/", "withdraw/", "leave/")
    for verb in verbs:
        assert strict.post(f"/apply/case/{verb}").status_code == 403, verb
        assert strict.get(f"/apply/case/{verb}").status_code == 405, verb
    made.refresh_from_db()
    assert made.state == "APPLIED"


def test_what_a_member_of_the_committee_typed_is_text_beside_a_field(people: People) -> None:
    """Conditions stand as the hint of the signer's tick: a hint is never markup."""
    form = SignForm(None, conditions=["<img src=x onerror=alert(1)>"])
    assert "<img" not in str(form["conditions_met"].as_field_group())


@pytest.mark.parametrize("number", ["²", "1" * 5000, "-1", "1e9", "٣", "99999999999999999999"])
def test_an_odd_number_in_an_address_breaks_no_page(case: Case, sign_in: Any, number: str) -> None:
    """A digit that is no number, or one without end: the page is as if nothing had been said."""
    officer = sign_in("admission")
    for path in ("/admission/cases/?per_page=", "/admission/cases/?page=", "/partners/?per_page=", "/notices/?page=",
                 "/evaluations/?year=", "/admission/cases/?sort="):  # fmt: skip
        assert officer.get(f"{path}{number}").status_code in (200, 404), path


@pytest.mark.parametrize("text", [LONG, "<script>alert(1)</script>", "=cmd|' /C calc'!A0"])
def test_whatever_is_written_is_only_text(stranger: Client, case: Case, people: People, text: str) -> None:
    """Too long, with markup, like a formula: refused or kept as text, never a broken page."""
    ask = services.ask(actor=people["admission"], today=TODAY, case_id=case.pk, text="请说明")
    for path, told in (
        (f"/apply/case/answer/{ask.pk}/", {"text": text}),
        ("/apply/case/paper/", {"slot": text, "file": file()}),
        ("/apply/case/withdraw/", {"reason": text}),
    ):
        assert stranger.post(path, told).status_code in (302, 422), path
    page = stranger.get("/apply/case/").content.decode()
    assert "<script>alert" not in page
    case.refresh_from_db()
    assert case.state == "WITHDRAWN"


def test_a_nul_is_a_bad_request_everywhere(stranger: Client, case: Case, people: People, sign_in: Any) -> None:
    """PostgreSQL keeps no NUL: a stranger's and a colleague's is refused before it reaches a query, in every box and address."""
    ask = services.ask(actor=people["admission"], today=TODAY, case_id=case.pk, text="请说明")
    for path, told in ((f"/apply/case/answer/{ask.pk}/", {"text": "a\x00b"}), ("/apply/case/withdraw/", {"reason": "\x00"}),
                       ("/apply/new/member/", typed(name="a\x00b"))):  # fmt: skip
        assert stranger.post(path, told).status_code == 400, path
    officer = sign_in("admission")
    for path in ("/search/?q=%00", "/admission/cases/?q=a%00b", "/partners/?q=%00", "/partners/%00/", "/?%00=1"):
        assert officer.get(path).status_code in (400, 404), path
        assert stranger.get(path).status_code in (302, 400, 404), path


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf", "..\\..\\boot.pdf", "<img src=x onerror=alert(1)>.pdf", "a\r\nX: y.pdf", "a\u202efdp.exe.pdf",
        "长" * 300 + ".pdf",
    ],
)  # fmt: skip
def test_a_name_is_no_path_and_no_markup(stranger: Client, case: Case, name: str) -> None:
    """PAR-10: the bytes lie under a number of ours; the name is shown as text."""
    store.store(actor=services.applicant(case), today=TODAY, subject=case.subject, name=name, file=BytesIO(PDF), kind="LICENCE")
    kept = documents.of(case.subject).get()
    assert not set(kept.name) & set("/\\\r\n\u202e") and len(kept.name) <= 200 and kept.name.endswith(".pdf")
    assert str(kept.id) in store.key_of(kept) and ".." not in store.key_of(kept)
    assert "<img src=x" not in stranger.get("/apply/case/").content.decode()


def test_sending_and_removing_without_end_is_bounded(case: Case, monkeypatch: pytest.MonkeyPatch, stranger: Client) -> None:
    """PAR-10: each file counts against the address, also many in one request, and removed ones against the case."""
    monkeypatch.setattr(applying, "FILES_MAX", 2)
    number = 0
    while True:
        answer = stranger.post("/apply/case/paper/", {"slot": "LICENCE", "file": file()})
        if answer.status_code == 409:
            break
        number += 1
        kept = documents.of(case.subject).get()
        assert stranger.post(f"/apply/case/paper/{kept.id}/remove/").status_code == 302
    assert number == 6
    monkeypatch.setitem(limits.LIMITS, "file", (8, 3600))
    stopped = stranger.post("/apply/case/paper/", {"slot": "LICENCE", "file": [file(), file("b.pdf"), file("c.pdf")]})
    assert stopped.status_code == 429


def test_nobody_names_the_fields_that_are_the_groups(stranger: Client, people: People) -> None:
    """State, owner, line, outcome and who acts are not the applicant's to say."""
    more = {"state": "ACTIVE", "owner_id": "1", "line_fen": "999", "outcome": "PASSED", "source": "OFFICER", "actor": "1",
            "standard": "1", "case_id": "1", "is_established": "1", "leverage": "0.1"}  # fmt: skip
    assert stranger.post("/apply/new/member/", typed(**more)).status_code == 200
    made = Case.objects.get()
    assert (made.state, made.owner_id, made.line_fen, made.outcome, made.source) == ("APPLIED", None, None, "", "PUBLIC")
    assert not {"state", "leverage", "is_established", "line_fen"} & set(made.told)


def test_a_link_that_was_replaced_opens_nothing(stranger: Client, case: Case, people: People, sign_in: Any) -> None:
    """A link that is lost or known to others is replaced; the browser that still has the old one is a stranger."""
    assert stranger.get("/apply/case/").status_code == 200
    officer = sign_in("admission")
    assert f"/admission/cases/{case.pk}/link/" in officer.get(f"/admission/cases/{case.pk}/").content.decode()
    assert officer.get(f"/admission/cases/{case.pk}/link/").status_code == 405
    answer = officer.post(f"/admission/cases/{case.pk}/link/")
    found = re.search(r"\?key=([\w-]+)", answer.content.decode())
    assert answer["Cache-Control"] == "no-store" and found is not None
    token = found[1]
    assert stranger.get("/apply/case/").status_code == 404
    assert stranger.get(f"/apply/case/?key={token}").status_code == 302
    assert stranger.get("/apply/case/").status_code == 200
    with pytest.raises(MissingPermission):
        services.renew_link(actor=people["risk"], today=TODAY, case_id=case.pk)


def test_after_the_end_nothing_is_added_and_the_link_dies(stranger: Client, case: Case, people: People) -> None:
    """What is over stays as it was decided on; the link is no key for ever."""
    today = timezone.localdate()
    me: dict[str, Any] = {"today": today, "case_id": case.pk}
    words = services.ask(actor=people["admission"], text="请说明", **me)
    services.ask(actor=people["admission"], text="请补充", slot="LICENCE", **me)
    services.refuse(actor=people["admission"], reason="不符合条件", **me)
    assert stranger.get("/apply/case/").status_code == 200
    assert stranger.post("/apply/case/paper/", {"slot": "LICENCE", "file": file()}).status_code == 409
    assert stranger.post(f"/apply/case/answer/{words.pk}/", {"text": "x"}).status_code == 409
    with pytest.raises(Ended):
        services.renew_link(actor=people["admission"], **me)
    Case.objects.filter(pk=case.pk).update(closed_on=today - timedelta(days=LINK_DAYS_AFTER_END + 1))
    assert stranger.get("/apply/case/").status_code == 404


def test_nobody_of_the_house_without_the_right_opens_a_case_or_its_papers(people: People, case: Case, sign_in: Any) -> None:
    """A person of the group whose roles do not include admissions is refused at every address of the case."""
    paper = services.attach(
        actor=services.applicant(case), today=TODAY, case_id=case.pk, slot="LICENCE", name="o.pdf", file=BytesIO(PDF)
    )
    cashier = sign_in("cashier")
    assert not {code for code in staff("GROUP")["cashier"].permission_codes if code.startswith("admission.")}
    base = f"/admission/cases/{case.pk}/"
    for path in ("/admission/", base, f"{base}papers/{paper.pk}/", f"{base}act/accept/", f"{base}correct/", f"{base}ask/"):
        assert cashier.get(path).status_code in (403, 404), path
        assert cashier.post(path, {"code": "XINHE", "reason": "x"}).status_code in (403, 404), path
    assert cashier.get(base).status_code == 403
    case.refresh_from_db()
    assert case.state == "APPLIED"


def test_no_key_stands_in_the_log(people: People, caplog: pytest.LogCaptureFixture) -> None:
    """A private link, an invitation, a link for a new password: the log of requests holds none of them."""
    _case, token = applied()
    visitor = Visitor(HTTP_HOST="group.localhost")
    with caplog.at_level("INFO", logger="zaidan.request"):
        assert visitor.get(f"/apply/case/?key={token}").status_code == 302
        visitor.get("/accounts/password/reset/key/1-dk8zz7-0123456789abcdef/")
    assert "/apply/case/" in caplog.text and "/accounts/password/reset/key/1-" in caplog.text
    assert token not in caplog.text and "0123456789abcdef" not in caplog.text
