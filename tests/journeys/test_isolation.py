"""No address of any door shows or changes what is another house's (design.md 2; the list comes from the resolvers)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from infra.doors import urls_console, urls_portal
from kernel.access.models import User
from registry.tenancy import inside
from tests.factories import members
from tests.factories.houses import ANHE, BOYU, GROUP, PASSWORD, house, staff
from tests.journeys.isolation import (
    HOSTS,
    Address,
    World,
    addresses,
    body_of,
    browser,
    furnish_group,
    furnish_member,
    rows_digest,
)

PORTAL, CONSOLE = urls_portal.__name__, urls_console.__name__
TAG_A, TAG_B = "密A不外传", "密B不外传"

pytestmark = pytest.mark.django_db


@pytest.fixture
def anhe() -> World:
    return furnish_member(ANHE, tag=TAG_A)


def visits(client: Client, known: list[Address], *, post: bool = True) -> Iterator[tuple[Address, str, Any]]:
    """Open every address, then press at it. The library's pages about the visitor's own log-in are only opened."""
    for address in known:
        yield address, "GET", client.get(address.path)
        if post and address.ours:
            yield address, "POST", client.post(address.path, {"text": "x", "reason": "x", "pk": "1"})


def to_login(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


@pytest.mark.slow
def test_who_belongs_there_reads_every_page(anhe: World) -> None:
    """Without this the refusals below could be empty pages: the same addresses, asked by their own house."""
    client = browser(ANHE, anhe.things["boss"])
    seen, missing = set(), []
    for address, _, answer in visits(client, addresses(PORTAL, anhe), post=False):
        body = body_of(answer)
        assert answer.status_code < 500, address
        seen.update(anhe.leaks(body))
        # A message leads to its thing and a receipt to its case; an open task is its holder's alone; what a receipt is
        # taken off is named by the query.
        if (
            address.filled
            and address.ours
            and answer.status_code in (302, 404)
            and not address.name.startswith(("notice", "task"))
            and address.name not in ("recovery", "money_unmatch")
        ):
            missing.append((address.path, answer.status_code))
    assert seen >= set(anhe.secrets) - {anhe.secrets[1]}, "these words are on no page, so they prove nothing"
    assert not missing, "a thing that is there is not found: fill its parameter"
    with inside(house(ANHE)):
        head = staff(ANHE)["head"]
    assert browser(ANHE, head).get(f"/tasks/{anhe.things['task']}/").status_code == 200


@pytest.mark.parametrize("host", [ANHE, GROUP])
def test_a_stranger_is_sent_to_the_log_in(anhe: World, host: str) -> None:
    world = anhe if host == ANHE else furnish_group(seen=anhe.things["guarantee"], unseen=0)
    known = addresses(PORTAL if host == ANHE else CONSOLE, world)
    assert len(known) > 60
    before = rows_digest(ANHE)
    client = browser(host)
    for address, method, answer in visits(client, known):
        assert not anhe.leaks(body_of(answer), address), address
        assert answer.status_code < 500, address
        if not address.public:
            assert to_login(answer), (address, method, answer.status_code)
    assert rows_digest(ANHE) == before


@pytest.mark.parametrize(("cookie_of", "host"), [(ANHE, BOYU), (ANHE, GROUP), (GROUP, ANHE), (BOYU, ANHE)])
def test_a_session_of_one_house_is_a_stranger_in_another(anhe: World, cookie_of: str, host: str) -> None:
    other = furnish_member(BOYU, tag=TAG_B) if BOYU in (cookie_of, host) else None
    group = furnish_group(seen=anhe.things["guarantee"], unseen=0) if GROUP in (cookie_of, host) else None
    boss = {ANHE: anhe, BOYU: other, GROUP: group}[cookie_of].things["boss"]
    client = browser(cookie_of, boss)
    assert not to_login(client.get("/notices/"))
    client.defaults["HTTP_HOST"] = HOSTS[host]
    client.headers = {}
    known = addresses(CONSOLE, group) if host == GROUP else addresses(PORTAL, anhe)
    for address, method, answer in visits(client, known):
        assert not anhe.leaks(body_of(answer), address), address
        if not address.public:
            assert to_login(answer), (address, method, answer.status_code)


@pytest.mark.slow
def test_a_neighbour_with_every_right_finds_nothing_of_ours(anhe: World) -> None:
    """The same numbers in the other house: not there, or the other house's own."""
    boyu = furnish_member(BOYU, tag=TAG_B)
    with inside(house(BOYU)):
        for _ in range(2):  # so that some numbers are there and some are not
            members.make_customer(actor=boyu.things["boss"])
    before = rows_digest(ANHE)
    client = browser(BOYU, boyu.things["boss"])
    refused = 0
    for address, method, answer in visits(client, addresses(PORTAL, anhe)):
        assert answer.status_code < 500, (address, method)
        assert not anhe.leaks(body_of(answer), address), (address, method)
        refused += answer.status_code == 404
    assert refused >= 4, "papers of ours, at least, are not there"
    for address in addresses(PORTAL, boyu):  # lists and searches that name our words
        if address.ours and not address.filled:
            body = body_of(client.get(address.path, {"q": TAG_A}))
            assert f"{TAG_A}客户".encode() not in body, address
            assert not anhe.leaks(body, TAG_A), address
    assert rows_digest(ANHE) == before


@pytest.mark.slow
def test_the_group_reads_what_the_scope_lets_it_and_not_a_word_more(anhe: World) -> None:
    """ANHE reports all its business, BOYU what it ceded: nothing. Papers, identity numbers and open cases are no one's."""
    boyu = furnish_member(BOYU, tag=TAG_B, state="ISSUED")  # not drawn on, so not filed: no letter names it
    group = furnish_group(seen=anhe.things["guarantee"], unseen=boyu.things["guarantee"])
    client = browser(GROUP, group.things["boss"])
    before = rows_digest(ANHE), rows_digest(BOYU)
    private = World(secrets=[*anhe.secrets[1:], f"{TAG_A}用途", f"{TAG_A} inside", f"{TAG_A} notice", f"{TAG_A}.csv"])
    found = False
    for address, method, answer in visits(client, addresses(CONSOLE, group)):
        body = body_of(answer)
        assert answer.status_code < 500, (address, method)
        assert not boyu.leaks(body, address), (address, method)
        assert not private.leaks(body, address), (address, method)
        found = found or f"{TAG_A}客户有限公司".encode() in body
    assert found, "the reported guarantee is on no page, so this proves nothing"
    for path in (f"/guarantees/boyu/{boyu.things['guarantee']}/", f"/guarantees/anhe/{anhe.things['guarantee'] + 1}/"):
        assert client.get(path).status_code == 404
    assert not boyu.leaks(body_of(client.get("/guarantees/", {"member": BOYU, "q": ""})))
    assert (rows_digest(ANHE), rows_digest(BOYU)) == before


def test_a_file_opens_only_under_its_own_thing(anhe: World) -> None:
    boyu = furnish_member(BOYU, tag=TAG_B)
    ours, theirs = browser(ANHE, anhe.things["boss"]), browser(BOYU, boyu.things["boss"])
    paper, other = anhe.things["application_paper"], anhe.things["guarantee_paper"]
    case, guarantee = anhe.things["application"], anhe.things["guarantee"]
    opened = ours.get(f"/applications/{case}/papers/{paper}/")
    assert body_of(opened) == f"{TAG_A} inside the file".encode()
    assert opened["Content-Disposition"].startswith("attachment")
    for path in (f"/applications/{case}/papers/{other}/", f"/guarantees/{guarantee}/papers/{paper}/",
                 f"/applications/{case}/papers/{boyu.things['application_paper']}/"):  # fmt: skip
        assert ours.get(path).status_code == 404, path
    for path in (
        f"/applications/{boyu.things['application']}/papers/{paper}/",
        f"/guarantees/{boyu.things['guarantee']}/papers/{other}/",
    ):
        answer = theirs.get(path)
        assert (answer.status_code, anhe.leaks(body_of(answer), path)) == (404, []), path
        assert theirs.post(f"{path}remove/").status_code == 404
    assert ours.get(f"/applications/{case}/papers/{paper}/").status_code == 200


@pytest.mark.parametrize("host", [BOYU, GROUP])
def test_a_session_replayed_for_a_twin_is_worth_nothing(anhe: World, host: str) -> None:
    """The same person's number, the same password hash and even the stored session itself, all carried over."""
    client = browser(ANHE, anhe.things["boss"])
    key = client.cookies["sessionid"].value
    with inside(house(ANHE)):
        twin = User.objects.get(id=anhe.things["boss"].id)
        row = Session.objects.get(session_key=key)
    with inside(house(host)):
        User.objects.update_or_create(
            id=twin.id, defaults={"email": f"twin@{host}.example", "name": "双", "password": twin.password}
        )
        Session.objects.create(session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date)
    thief = Client(headers={"host": HOSTS[host]})
    thief.cookies["sessionid"] = key
    assert to_login(thief.get("/notices/"))
    assert not to_login(client.get("/notices/"))


def test_a_password_of_one_house_opens_no_other(anhe: World) -> None:
    for host, works in ((ANHE, True), (BOYU, False), (GROUP, False)):
        client = Client(headers={"host": HOSTS[host]})
        client.post("/accounts/login/", {"login": "almighty@anhe.example", "password": PASSWORD})
        assert to_login(client.get("/notices/")) is not works, host


def test_strangers_learn_no_names_at_the_public_doors(anhe: World) -> None:
    for host in ("localhost", "api.localhost", "nobody.localhost"):
        client = Client(headers={"host": host}, raise_request_exception=False)
        for address in addresses(PORTAL, anhe):
            answer = client.get(address.path)
            assert not anhe.leaks(body_of(answer), address), (host, address)
            if address.path != "/" and not address.path.startswith(("/look/", "/offline/", "/sw.js", "/manifest")):
                assert answer.status_code == 404, (host, address)
