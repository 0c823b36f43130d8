"""People, the audit trail and messages: the same pages in both faces, each house with its own (domain.md 9.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from desks.words import region_label
from kernel.access.models import User
from kernel.access.queries import users
from kernel.audit import queries as trail
from kernel.audit import services as audit
from kernel.notices import queries as notices
from kernel.notices import services as messages
from registry.tenancy import inside
from reguarantee.console.words import WORDS
from tests.desks.conftest import SignIn
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff

HOUSES = [ANHE, GROUP]
NEW = {"name": "新同事", "email": "new@house.example", "password": "long enough 1", "posts": []}


def _page(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _added(client: Client, code: str) -> User:
    assert client.post("/people/new/", NEW).status_code == 302
    with inside(house(code)):
        return users().get(email=NEW["email"])


@pytest.mark.parametrize("code", HOUSES)
def test_three_administrators_check_each_other(visit: SignIn, code: str) -> None:
    system, security = visit(code, "sysadmin"), visit(code, "security")
    person = _added(system, code)
    with inside(house(code)):
        assert list(person.roles.all()) == []
        free = next(role.code for role in person.roles.model.objects.all() if not role.administers)
    assert system.post("/people/new/", NEW).status_code == 422, "the e-mail is taken"
    path = f"/people/{person.pk}/roles/"
    assert system.get(path).status_code == 403, "who adds people gives no roles"
    assert security.post(path, {"roles": ["SYSTEM_ADMIN", "AUDIT_ADMIN"]}).status_code == 422
    assert security.post(path, {"roles": [free]}).status_code == 302
    assert security.get("/people/new/").status_code == security.get("/audit/").status_code == 403
    with inside(house(code)):
        assert [role.code for role in users().get(pk=person.pk).roles.all()] == [free]
        assert trail.of(f"user:{person.pk}").first().act == "access.give_roles"


@pytest.mark.parametrize("code", HOUSES)
def test_a_suspended_person_is_out_at_once_and_can_come_back(visit: SignIn, code: str) -> None:
    system, sitting = visit(code, "sysadmin"), visit(code, "executive")
    with inside(house(code)):
        person = staff(code)["executive"]
    path = f"/people/{person.pk}/suspend/"
    assert sitting.get("/notices/").status_code == 200
    assert system.get(path).status_code == 405
    assert system.post(path).status_code == 302
    assert sitting.get("/notices/").status_code == 302, "the open session has ended"
    assert "已停用" in _page(system.get("/people/", {"q": person.email}))
    assert system.post(path, {"active": "1"}).status_code == 302
    assert visit(code, "executive").get("/notices/").status_code == 200
    with inside(house(code)):
        acts = [line.act for line in trail.of(f"user:{person.pk}")][:2]
    assert sorted(acts) == ["access.resume", "access.suspend"]
    assert "人员已恢复" in _page(visit(code, "auditor").get("/audit/", {"q": f"user:{person.pk}"}))


@pytest.mark.parametrize("code", HOUSES)
def test_nobody_suspends_himself_and_only_the_system_administrator_others(visit: SignIn, code: str) -> None:
    with inside(house(code)):
        own, other = staff(code)["sysadmin"], staff(code)["executive"]
    system = visit(code, "sysadmin")
    system.post(f"/people/{own.pk}/suspend/")
    assert visit(code, "security").post(f"/people/{other.pk}/suspend/").status_code == 403
    with inside(house(code)):
        assert set(users().filter(pk__in=[own.pk, other.pk]).values_list("is_active", flat=True)) == {True}
    page = _page(system.get("/people/", {"per_page": "100"}))
    assert f"/people/{other.pk}/suspend/" in page and f"/people/{own.pk}/suspend/" not in page


@pytest.mark.parametrize("code", HOUSES)
def test_each_row_has_the_acts_of_the_readers_right(visit: SignIn, code: str) -> None:
    with inside(house(code)):
        pk = staff(code)["executive"].pk
    system, security = (_page(visit(code, seat).get("/people/", {"per_page": "100"})) for seat in ("sysadmin", "security"))
    assert f"/people/{pk}/suspend/" in system and f"/people/{pk}/roles/" not in system and "/people/new/" in system
    assert f"/people/{pk}/roles/" in security and f"/people/{pk}/suspend/" not in security and "/people/new/" not in security


def test_a_house_knows_only_its_own_people(visit: SignIn) -> None:
    """A number of the neighbour's is nobody here, or somebody else: acts stay inside the house."""
    person = _added(visit(BOYU, "sysadmin"), BOYU)
    with inside(house(GROUP)):
        free = max(users().values_list("pk", flat=True)) + 1
    group = visit(GROUP, "sysadmin")
    for pk in {free, max(free, person.pk)}:
        assert group.post(f"/people/{pk}/suspend/").status_code == 404
        assert visit(GROUP, "security").get(f"/people/{pk}/roles/").status_code == 404
    with inside(house(GROUP)):
        victim = staff(GROUP)["executive"].pk
    group.post(f"/people/{victim}/suspend/")
    for code in (ANHE, BOYU):
        with inside(house(code)):
            assert not users().filter(is_active=False).exists()
        assert (NEW["email"] in _page(visit(code, "sysadmin").get("/people/", {"q": "新同事"}))) is (code == BOYU)


@pytest.mark.parametrize("code", HOUSES)
def test_the_trail_is_filtered_by_days_and_exported(visit: SignIn, code: str) -> None:
    with inside(house(code)):
        audit.leave(actor=staff(code)["executive"], act="access.suspend", subject="user:77", facts={"reason": "Late"})
    auditor, today = visit(code, "auditor"), timezone.localdate()
    row = "人员 77"
    assert row in _page(auditor.get("/audit/", {"at_after": today, "at_before": today}))
    assert row not in _page(auditor.get("/audit/", {"at_before": today - timedelta(days=1)}))
    assert row not in _page(auditor.get("/audit/", {"at_after": today + timedelta(days=1)}))
    assert auditor.get("/audit/", {"q": "user:77", "_export": "xlsx"}).status_code == 200


@pytest.mark.parametrize("code", HOUSES)
def test_the_chain_is_walked_and_what_is_found_is_said(visit: SignIn, code: str) -> None:
    auditor = visit(code, "auditor")
    assert auditor.get("/audit/verify/").status_code == 405
    assert auditor.post("/audit/verify/").status_code == 302
    assert "链完整" in _page(auditor.get("/audit/", {"q": ""}))
    with inside(house(code)):
        audit.leave(actor=staff(code)["executive"], act="access.suspend", subject="user:77")  # not sealed by a commit
    assert auditor.post("/audit/verify/").status_code == 302
    assert "请立即" in _page(auditor.get("/audit/", {"q": ""}))


def test_each_face_says_an_act_in_its_own_words(visit: SignIn) -> None:
    """claims.submit is a member's act; the group names its own, and a link leads only where the reader may go."""
    for code, kind, seat in ((ANHE, "guarantee:5", "executive"), (GROUP, "filing:5", "filing")):
        with inside(house(code)):
            for act in ("claims.submit", "filings.refer"):
                audit.leave(actor=staff(code)[seat], act=act, subject=kind)
    member, group = (_page(visit(code, "auditor").get("/audit/", {"q": ":5"})) for code in (ANHE, GROUP))
    assert "提交代偿补偿申请" in member and "filings.refer" in member
    assert "claims.submit" in group and "提交代偿补偿申请" not in group and "filings.refer" not in group
    assert "/guarantees/5/" not in member and "/filings/5/" not in group


@pytest.mark.parametrize("code", HOUSES)
def test_messages_are_their_readers_alone(visit: SignIn, code: str) -> None:
    with inside(house(code)):
        reader = staff(code)["executive"]
        for url in ("/people/", "https://elsewhere.example/"):
            messages.tell(user_ids=[reader.pk], sentence="Late", url=url)
        ours, foreign = notices.of(reader).order_by("pk")
    client = visit(code, "executive")
    assert f"/notices/{ours.pk}/" in _page(client.get("/notices/"))
    assert visit(code, "auditor").get(f"/notices/{ours.pk}/").status_code == 404
    assert client.get(f"/notices/{ours.pk}/")["Location"] == "/people/"
    assert client.get(f"/notices/{foreign.pk}/")["Location"] == "/notices/", "a message leads nowhere outside"
    with inside(house(code)):
        messages.tell(user_ids=[reader.pk], sentence="Late")
        assert notices.unread(reader) == 1
    assert "bar-dot" in _page(client.get("/notices/bell/"))
    assert client.get("/notices/read/").status_code == 405
    assert client.post("/notices/read/")["Location"] == "/notices/"
    assert "bar-dot" not in _page(client.get("/notices/bell/"))


@pytest.mark.parametrize("code", HOUSES)
@pytest.mark.parametrize(
    ("seat", "path", "words"),
    [
        ("sysadmin", "/people/", "Three administrators"),
        ("auditor", "/audit/", "Check the chain"),
        ("security", "/notices/", "Mark"),
    ],
)
def test_the_pages_in_english(visit: SignIn, code: str, seat: str, path: str, words: str) -> None:
    assert words in _page(visit(code, seat, english=True).get(path, {"per_page": "20"}))


def test_the_trail_names_money_and_subjects_for_people() -> None:
    """No key, no fen and no code of ours reaches the person who reads the trail."""
    facts = {"fen": 2_078_400, "direction": "IN", "voucher_no": "V-1", "agreed": True, "said": "ARRIVED", "rows": 5}
    with translation.override("zh-hans"):
        told = WORDS.facts_label(facts)
        assert told == "金额: 20,784.00 · 方向: 应收 · 凭证号: V-1 · 同意: 是 · 报告内容: 已到账 · 行数: 5"
        assert WORDS.subject_label("premium-bill:8") == "再担保费账单 8"
        assert WORDS.subject_label("filings") == "备案"


def test_a_province_is_named_in_the_readers_language() -> None:
    shown = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            shown[language] = region_label("340300")
    assert shown == {"zh-hans": "安徽 340300", "en": "Anhui 340300"}
