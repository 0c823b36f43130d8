"""People and rights: refused by default, rows by scope, three administrators, and a log-in that belongs to one house."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from kernel.access import permissions, queries, services
from kernel.access.actors import SYSTEM, Actor
from kernel.access.middleware import SCHEMA_KEY, SEEN_KEY
from kernel.access.models import Role, User
from kernel.audit.models import Entry
from registry.tenancy import inside
from registry.tenancy.middleware import forget_hosts
from tenants.customers.models import Customer
from tests.factories.houses import ANHE, BOYU, PASSWORD, house, staff
from tests.factories.members import make_customer

pytestmark = pytest.mark.django_db

HOSTS = {ANHE: "anhe.localhost", BOYU: "boyu.localhost"}


def log_in(mail: str, password: str = PASSWORD, *, at: str = ANHE) -> Client:
    client = Client(headers={"host": HOSTS[at]}, raise_request_exception=False)
    client.answer = client.post("/accounts/login/", {"login": mail, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/notices/").status_code == 200


# --- Views


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("bare")


@permissions.anyone
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@permissions.signed_in
def for_members(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@permissions.needs("claims.pay", "guarantees.issue")
def for_payers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("paid")


urlpatterns = [
    path("tried/bare/", bare),
    path("tried/open/", open_to_all),
    path("tried/in/", for_members),
    path("tried/paid/", for_payers),
    path("", include("infra.doors.urls_portal")),
]


@pytest.fixture
def views(settings) -> Iterator[None]:
    """This file's own views behind the portal's host."""
    settings.DOOR_URLCONFS = {**settings.DOOR_URLCONFS, "PORTAL": __name__}
    forget_hosts()
    yield
    forget_hosts()


@pytest.mark.parametrize(
    ("seat", "answers"),
    [
        (None, {"bare": 403, "open": 200, "in": 302, "paid": 302}),
        ("manager", {"bare": 403, "open": 200, "in": 200, "paid": 403}),
        ("operations", {"bare": 403, "open": 200, "in": 200, "paid": 200}),
        ("executive", {"bare": 403, "open": 200, "in": 200, "paid": 200}),  # one of the two is enough
        ("sysadmin", {"bare": 403, "open": 200, "in": 200, "paid": 403}),
    ],
)
def test_a_view_is_for_whom_it_says_and_for_nobody_when_it_does_not(
    views: None, seat: str | None, answers: dict[str, int]
) -> None:
    client = Client(headers={"host": HOSTS[ANHE]})
    if seat:
        with inside(house(ANHE)):
            client.force_login(staff(ANHE)[seat])
    for name, status in answers.items():
        assert client.get(f"/tried/{name}/").status_code == status, name
        assert client.post(f"/tried/{name}/").status_code == status, name


def test_a_refusal_names_the_right_that_is_missing(views: None) -> None:
    client = Client(headers={"host": HOSTS[ANHE]})
    with inside(house(ANHE)):
        client.force_login(staff(ANHE)["manager"])
    assert str(permissions.label("claims.pay")) in client.get("/tried/paid/").content.decode()


def test_a_fragment_asked_by_a_stranger_sends_the_whole_page_to_the_log_in(views: None) -> None:
    answer = Client(headers={"host": HOSTS[ANHE]}).get("/tried/in/", headers={"hx-request": "true", "hx-current-url": "/x/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/login/?next=/x/")


def test_actors_that_are_no_people_hold_no_right() -> None:
    for actor in (SYSTEM, Actor("BANK", "HXYH/x")):
        assert not permissions.may(actor, "claims.pay")
        with pytest.raises(permissions.MissingPermission) as refused:
            permissions.check(actor, "claims.pay")
        assert refused.value.facts == {"permission": permissions.label("claims.pay")}


def test_every_right_that_a_shipped_role_names_is_a_right() -> None:
    with inside(house(ANHE)):
        assert {code for role in queries.roles() for code in role.permissions} <= set(permissions.catalogue())


# --- Rows


def test_scope_own_department_all() -> None:
    with inside(house(ANHE)):
        seats = staff(ANHE)
        colleague = make_customer(actor=seats["manager2"])
        own = make_customer(actor=seats["manager"])
        other_department = make_customer(actor=seats["operations"])
        nobodys = make_customer(actor=seats["executive"])
        Customer.objects.filter(id=nobodys.id).update(owner=None, department=None)
        everything = {colleague.id, own.id, other_department.id, nobodys.id}

        def seen(seat: str) -> set[int]:
            return set(queries.visible(seats[seat], Customer.objects.all()).values_list("id", flat=True))

        assert seen("manager") == {own.id}
        assert seen("head") == {own.id, colleague.id}  # all of the business department
        assert seen("operations") == everything
        assert seen("sysadmin") == everything
        narrow = User.objects.get(id=seats["legal"].id)
        narrow.roles.clear()
        assert set(queries.visible(narrow, Customer.objects.all())) == set()
        narrow = User.objects.get(id=seats["legal"].id)
        narrow.roles.set(Role.objects.filter(code__in=["MANAGER", "DEPT_HEAD"]))  # the widest counts
        assert queries.scope_of(narrow) == "DEPARTMENT"
        narrow.department = None  # a department's scope without a department is one's own
        assert set(queries.visible(narrow, Customer.objects.all())) == set()


# --- Administrators


@pytest.mark.parametrize(
    "pair", [("SYSTEM_ADMIN", "SECURITY_ADMIN"), ("SECURITY_ADMIN", "AUDIT_ADMIN"), ("SYSTEM_ADMIN", "AUDIT_ADMIN")]
)
def test_nobody_is_two_of_the_three_administrators(pair: tuple[str, str]) -> None:
    with inside(house(ANHE)):
        seats = staff(ANHE)
        with pytest.raises(services.TwoAdministrators):
            services.give_roles(actor=seats["security"], user_id=seats["manager"].id, roles=pair)
        with pytest.raises(services.TwoAdministrators):
            services.add_user(actor=seats["sysadmin"], email="two@anhe.example", name="二", password=PASSWORD, roles=pair)
        assert not User.objects.filter(email="two@anhe.example").exists()
        assert [role.code for role in User.objects.get(id=seats["manager"].id).held_roles] == ["MANAGER"]
        services.give_roles(actor=seats["security"], user_id=seats["manager"].id, roles=[pair[0], "MANAGER"])
        assert Entry.objects.filter(act="access.give_roles", subject=f"user:{seats['manager'].id}").count() == 1


def test_nobody_is_left_without_a_role() -> None:
    with inside(house(ANHE)):
        seats = staff(ANHE)
        with pytest.raises(services.NoRole):
            services.give_roles(actor=seats["security"], user_id=seats["manager"].id, roles=[])
        assert [role.code for role in User.objects.get(id=seats["manager"].id).held_roles] == ["MANAGER"]


def test_the_three_hold_each_other_in_check() -> None:
    """Who adds people gives no roles, who gives roles adds nobody, and only the third reads the trail."""
    with inside(house(ANHE)):
        rights = {role.administers: set(role.permissions) for role in Role.objects.exclude(administers="")}
        business = {
            code
            for code in permissions.catalogue()
            if code.split(".")[0] in ("customers", "applications", "guarantees", "claims")
        }
    assert "access.manage_users" in rights["SYSTEM"] - rights["SECURITY"] - rights["AUDIT"]
    assert "access.grant_roles" in rights["SECURITY"] - rights["SYSTEM"] - rights["AUDIT"]
    assert "audit.view" in rights["AUDIT"] - rights["SYSTEM"] - rights["SECURITY"]
    assert business
    assert not business & (rights["SYSTEM"] | rights["SECURITY"] | rights["AUDIT"])


def test_an_e_mail_is_one_person_in_one_house_and_another_next_door() -> None:
    with inside(house(ANHE)), pytest.raises(services.EmailTaken):
        services.add_user(actor=SYSTEM, email="Manager@ANHE.example", name="x", password=PASSWORD)
    with inside(house(BOYU)):
        services.add_user(actor=SYSTEM, email="Manager@ANHE.example", name="别人", password="another long password")
    assert is_in(log_in("manager@anhe.example"))
    assert not is_in(log_in("manager@anhe.example", at=BOYU))
    assert is_in(log_in("manager@anhe.example", "another long password", at=BOYU))


# --- Sessions


def test_a_session_ends_after_the_idle_time(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    client = log_in("manager@anhe.example")
    assert is_in(client)
    now = time.time()
    monkeypatch.setattr("kernel.access.middleware.time.time", lambda: now + settings.SESSION_IDLE_MINUTES * 60 - 5)
    assert is_in(client)  # and with that it starts anew
    monkeypatch.setattr("kernel.access.middleware.time.time", lambda: now + 2 * settings.SESSION_IDLE_MINUTES * 60 - 70)
    assert is_in(client)
    monkeypatch.setattr("kernel.access.middleware.time.time", lambda: now + 3 * settings.SESSION_IDLE_MINUTES * 60)
    assert not is_in(client)
    monkeypatch.undo()
    assert not is_in(client)


def test_a_session_is_tied_to_its_house_at_the_log_in() -> None:
    """Not one page later: a stored session that names no house would be adopted by the first that sees it."""
    client = log_in("manager@anhe.example")
    with inside(house(ANHE)):
        told = Session.objects.get(session_key=client.cookies["sessionid"].value).get_decoded()
    assert told[SCHEMA_KEY] == "m_anhe"
    assert abs(told[SEEN_KEY] - time.time()) < 60


def test_who_is_suspended_is_out_at_once() -> None:
    client = log_in("manager@anhe.example")
    assert is_in(client)
    with inside(house(ANHE)):
        User.objects.filter(email="manager@anhe.example").update(is_active=False)
    assert not is_in(client)
    assert not is_in(log_in("manager@anhe.example"))


def test_a_changed_password_ends_the_other_sessions() -> None:
    client = log_in("manager@anhe.example")
    with inside(house(ANHE)):
        person = User.objects.get(email="manager@anhe.example")
        person.set_password("something else entirely")
        person.save()
    assert not is_in(client)


def test_after_five_wrong_passwords_the_right_one_waits() -> None:
    for _ in range(5):
        assert not is_in(log_in("manager@anhe.example", "wrong"))
    assert not is_in(log_in("manager@anhe.example"))
    assert is_in(log_in("head@anhe.example"))  # a colleague is not locked out with him
    with inside(house(BOYU)):
        services.add_user(actor=SYSTEM, email="manager@anhe.example", name="别人", password=PASSWORD)
    assert is_in(log_in("manager@anhe.example", at=BOYU))  # nor his namesake next door


def test_nobody_signs_up_by_himself() -> None:
    client = Client(headers={"host": HOSTS[ANHE]})
    client.post("/accounts/signup/", {"email": "me@anhe.example", "password1": PASSWORD, "password2": PASSWORD})
    with inside(house(ANHE)):
        assert not User.objects.filter(email="me@anhe.example").exists()


# --- The second factor


def code_of(secret: str, *, later: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())) + later))


def test_a_second_factor_is_enrolled_and_asked_for_in_one_house_only() -> None:
    with inside(house(BOYU)):
        services.add_user(actor=SYSTEM, email="manager@anhe.example", name="别人", password=PASSWORD)
    client = log_in("manager@anhe.example")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})  # asked again before anything of this kind
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    kinds: dict[str, list[Any]] = {}
    for code in (ANHE, BOYU):
        with inside(house(code)):
            kinds[code] = sorted(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {ANHE: ["recovery_codes", "totp"], BOYU: []}
    again = log_in("manager@anhe.example")
    assert again.answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(again)
    with inside(house(ANHE)):
        cache.clear()  # the code of this half minute was used
    again.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(again)
    assert is_in(log_in("manager@anhe.example", at=BOYU))


def test_preferences_are_the_person_s_own() -> None:
    with inside(house(ANHE)):
        seats = staff(ANHE)
        services.prefer(actor=seats["manager"], language="en", money_unit="YUAN")
        assert User.objects.get(id=seats["manager"].id).language == "en"
        assert User.objects.get(id=seats["head"].id).language == "zh-hans"
        services.prefer(actor=seats["manager"], money_unit="DOLLAR")
        assert User.objects.get(id=seats["manager"].id).money_unit == "YUAN"
