"""The public application page: an institution comes in by itself, and nothing else of the group is to be had from there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.admission import services
from reguarantee.admission.models import Case
from reguarantee.console.desks.apply import limits
from tests.console.institutions.test_cases import typed
from tests.console.test_urls import PATHS
from tests.factories.houses import ANHE, house
from tests.portal.conftest import Visitor
from tests.reguarantee.admission.conftest import PDF, TODAY, applied

People = dict[str, User]


@pytest.fixture
def stranger(people: People) -> Client:
    return Visitor(HTTP_HOST="group.localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")


@pytest.fixture
def others(people: People) -> Case:
    """Somebody else's application, with a paper."""
    from io import BytesIO

    case, _token = applied(number=950, code="OTHERS")
    services.attach(actor=services.applicant(case), today=TODAY, case_id=case.pk, slot="LICENCE", name="o.pdf", file=BytesIO(PDF))
    return case


def file(name: str = "a.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def enter(client: Client) -> str:
    """Apply, and open the private link as the applicant does. Returns the link's key."""
    done = client.post("/apply/new/member/", typed())
    assert done.status_code == 200
    found = re.search(r"\?key=([\w-]+)", done.content.decode())
    assert found is not None
    return found[1]


def test_from_the_first_page_to_the_papers(stranger: Client, people: People) -> None:
    """PAR-09, PAR-10: form, private link, typed papers, requests, state; all without a log-in."""
    first = stranger.get("/apply/")
    assert first.status_code == 200
    assert "融资担保业务经营许可证" in first.content.decode()
    assert stranger.get("/apply/new/member/").status_code == 200
    key = enter(stranger)
    case = Case.objects.get()
    assert (case.source, case.state) == ("PUBLIC", "APPLIED")
    assert stranger.get("/apply/case/").status_code == 200
    elsewhere = Visitor(HTTP_HOST="group.localhost")
    opened = elsewhere.get(f"/apply/case/?key={key}")
    assert (opened.status_code, opened["Location"]) == (302, "/apply/case/")
    assert case.number in elsewhere.get("/apply/case/").content.decode()
    assert elsewhere.post("/apply/case/paper/", {"slot": "LICENCE", "file": file("许可证.pdf")}).status_code == 302
    assert "许可证.pdf" in elsewhere.get("/apply/case/").content.decode()
    ask = services.ask(actor=people["admission"], today=TODAY, case_id=case.pk, text="请说明股东背景")
    page = elsewhere.get("/apply/case/").content.decode()
    assert "请说明股东背景" in page
    assert people["admission"].name not in page
    assert elsewhere.post(f"/apply/case/answer/{ask.pk}/", {"text": "国有控股"}).status_code == 302
    ask.refresh_from_db()
    assert ask.answer == "国有控股"


def test_returned_corrected_and_withdrawn(stranger: Client, people: People) -> None:
    """PAR-09: the applicant reads why, corrects, applies again, and may take it back."""
    enter(stranger)
    case = Case.objects.get()
    services.send_back(actor=people["admission"], today=TODAY, case_id=case.pk, reason="请更正实缴资本")
    assert "请更正实缴资本" in stranger.get("/apply/case/").content.decode()
    told = {name: value for name, value in typed(paid_in_capital_fen="200000000").items() if name not in ("uscc", "code")}
    assert stranger.get("/apply/case/edit/").status_code == 200
    assert stranger.post("/apply/case/edit/", told).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.told["paid_in_capital_fen"]) == ("APPLIED", 20_000_000_000)
    assert stranger.post("/apply/case/withdraw/").status_code == 302
    case.refresh_from_db()
    assert case.state == "WITHDRAWN"


@pytest.mark.parametrize(
    ("field", "value"),
    [("uscc", "91110000100001661X"), ("uscc", ""), ("name", ""), ("compensation_rate", "abc"), ("admin_email", "x"),
     ("security_email", "admin@new.example"), ("registered_capital_fen", "-1")],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field(stranger: Client, field: str, value: str) -> None:
    """The form is checked: credit code with its check digit, mail addresses, two persons, amounts."""
    refused = stranger.post("/apply/new/member/", typed(**{field: value}))
    assert refused.status_code == 422
    assert not Case.objects.exists()
    assert refused.context["form"].errors[field]


def test_one_application_at_a_time_and_no_word_about_others(stranger: Client, others: Case) -> None:
    """A second application of an institution, and one of a member, are refused in the same words."""
    again = stranger.post("/apply/new/member/", typed(uscc=others.uscc))
    assert again.status_code == 422
    text = again.content.decode()
    assert others.number not in text
    assert Case.objects.count() == 1


def test_only_the_hash_of_the_link_is_kept(stranger: Client) -> None:
    """The link's key is long, and neither the database nor the trail holds it."""
    from kernel.audit.models import Entry

    key = enter(stranger)
    case = Case.objects.get()
    assert len(key) >= 40
    assert key not in str(Case.objects.values().get(pk=case.pk))
    assert key not in "".join(Entry.objects.values_list("facts", flat=True))


def test_without_the_link_there_is_nothing(stranger: Client, others: Case) -> None:
    """No link, a wrong link, a forged cookie: a plain 404."""
    for path in ("/apply/case/", "/apply/case/edit/", "/apply/case/?key=wrong"):
        assert stranger.get(path).status_code == 404, path
    stranger.cookies["application"] = "forged"
    assert stranger.get("/apply/case/").status_code == 404
    assert stranger.post("/apply/case/paper/", {"slot": "LICENCE", "file": file()}).status_code == 404


def test_the_link_opens_only_its_own(stranger: Client, others: Case) -> None:
    """Another application's papers and requests are not to be had with one's own link."""
    from kernel.documents.models import Document

    enter(stranger)
    theirs = Document.objects.get(subject=others.subject)
    assert stranger.post(f"/apply/case/paper/{theirs.pk}/remove/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.removed_at is None
    assert stranger.post("/apply/case/answer/999999/", {"text": "x"}).status_code == 404


def test_nothing_else_of_the_group_is_reachable(stranger: Client) -> None:
    """PAR-09: with the link's cookie every page of the console still asks for the log-in."""
    enter(stranger)
    for _name, path, _access in PATHS:
        answer = stranger.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path


def test_there_is_no_such_page_at_a_member(people: People) -> None:
    """Institutions apply at the group, not at a member's house."""
    with inside(house(ANHE)):
        pass
    assert Visitor(HTTP_HOST="anhe.localhost").get("/apply/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.exe", b"MZ sample"), ("a.pdf", b"not a pdf"), ("page.html", b"<script>alert(1)</script>"), ("a.svg", b"<svg/>")],
)
def test_files_are_known_by_their_content(stranger: Client, name: str, data: bytes) -> None:
    """PAR-10: what is no document is refused in words and the page stays."""
    enter(stranger)
    refused = stranger.post("/apply/case/paper/", {"slot": "LICENCE", "file": file(name, data)})
    assert refused.status_code == 422
    assert "只接受" in refused.content.decode() or name in refused.content.decode()
    assert stranger.post("/apply/case/paper/", {"slot": "NOTHING", "file": file()}).status_code == 422
    assert stranger.post("/apply/case/paper/", {"slot": "LICENCE"}).status_code == 422


def test_papers_are_not_taken_once_the_analysis_runs(stranger: Client, people: People) -> None:
    """PAR-10: after the papers are complete only what is asked for is taken."""
    enter(stranger)
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(state="ANALYSIS")
    assert stranger.post("/apply/case/paper/", {"slot": "LICENCE", "file": file()}).status_code == 409
    services.ask(actor=people["admission"], today=TODAY, case_id=case.pk, text="请补充审计报告", slot="AUDIT_REPORTS")
    assert stranger.post("/apply/case/paper/", {"slot": "LICENCE", "file": file()}).status_code == 409
    assert stranger.post("/apply/case/paper/", {"slot": "AUDIT_REPORTS", "file": file()}).status_code == 302
    assert case.asks.get().answered_on is not None


def test_too_many_applications_and_guesses_are_stopped(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each address may only knock so often; another address is not concerned."""
    monkeypatch.setitem(limits.LIMITS, "apply", (3, 3600))
    monkeypatch.setitem(limits.LIMITS, "key", (3, 600))
    for _ in range(3):
        assert stranger.post("/apply/new/member/", typed(uscc="")).status_code == 422
    stopped = stranger.post("/apply/new/member/", typed())
    assert stopped.status_code == 429
    assert "分钟" in stopped.content.decode()
    assert not Case.objects.exists()
    for _ in range(3):
        assert stranger.get("/apply/case/?key=guess").status_code == 404
    assert stranger.get("/apply/case/?key=guess").status_code == 429
    elsewhere = Visitor(HTTP_HOST="group.localhost", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post("/apply/new/member/", typed()).status_code == 200


def test_a_forwarded_address_counts_only_behind_our_proxy(settings: Any, rf: Any) -> None:
    """Nobody escapes the limit with a header of his own."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    asked = rf.get("/apply/", headers={"X-Forwarded-For": "203.0.113.9"}, REMOTE_ADDR="198.51.100.7")
    assert limits.address(asked) == "198.51.100.7"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    asked = rf.get("/apply/", headers={"X-Forwarded-For": "203.0.113.1, 203.0.113.9"}, REMOTE_ADDR="127.0.0.1")
    assert limits.address(asked) == "203.0.113.9"


def test_pages_are_kept_nowhere_and_speak_both_languages(stranger: Client) -> None:
    """PAR-09: no cache keeps them; English is complete."""
    enter(stranger)
    for path in ("/apply/", "/apply/new/bank/", "/apply/case/"):
        answer = stranger.get(path)
        assert answer["Cache-Control"] == "no-store"
        english = stranger.get(path, headers={"Accept-Language": "en"}).content.decode()
        assert 'lang="en"' in english
    assert 'name="small_loans_fen"' in stranger.get("/apply/new/bank/").content.decode()
