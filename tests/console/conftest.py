"""The console as people use it: signed in at the group's host, with two members' books behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kernel.access.actors import Actor
from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.filings import queries as filings
from reguarantee.filings import services as filing_services
from reguarantee.filings.models import Filing
from reguarantee.monitoring import services as monitoring
from reguarantee.treaties import services as treaties
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.factories.treaties import sign
from tests.portal.conftest import Visitor
from tests.reguarantee.engine.terms import MILLION, N_4222, document, quota
from tests.reguarantee.filings.test_filings_cover import LETTER
from tests.reguarantee.monitoring import books

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SignIn = Callable[..., Client]
TREATY = "P4222"


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """`sign_in("filing")` → a browser of that person at the group; `english=True` for English."""

    def enter(seat: str, *, english: bool = False) -> Client:
        client = Visitor(HTTP_HOST="group.localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")
        with inside(house(GROUP)):
            person = staff(GROUP)[seat]
            if english:
                person.language = "en"
                person.save(update_fields=["language"])
            client.force_login(person, backend=_BACKEND)
        return client

    return enter


def fill(rows: int) -> None:
    """So many guarantees at each of two members: covered, partly, not; two banks, industries and regions; some ended."""
    for place, code in enumerate((ANHE, BOYU)):
        with inside(house(code)):
            for n in range(rows):
                ended = n % 4 == 3
                books.put(
                    code,
                    loan_fen=(n + 1) * 10_000_00,
                    guaranteed_fen=(n + 1) * 8_000_00,
                    approved_on=today() - timedelta(days=20 + 25 * (n % 6)),
                    start_on=today() - timedelta(days=10 + 25 * (n % 6)),
                    straight=True,
                    state="COMPENSATED" if ended else "IN_FORCE",
                    ended_on=today() - timedelta(days=5) if ended else None,
                    compensated_on=today() - timedelta(days=5) if ended else None,
                    compensation_fen=1_000_00 if ended else 0,
                    coverage=["COVERED", "PARTLY", "UNCOVERED"][(n + place) % 3],
                    bank_name=["华星银行", "锦州城市银行"][n % 2],
                    industry="CF"[n % 2],
                    region_code=["340100", "320500"][place],
                    customer=f"客户{code}{n % 5}",
                )
    monitoring.catch_up(today=today())


@pytest.fixture
def book(db: None) -> None:
    fill(8)


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    """The group's people, at work in its house."""
    with inside(house(GROUP)):
        yield staff(GROUP)


@pytest.fixture
def treaty(people: dict[str, User]) -> str:
    """The 4:2:2:2 treaty of this year for all members; loans up to 5,000,000 yuan by themselves."""
    year = today().year
    terms = document(
        quota(**N_4222),
        attaches={"from": f"{year}-01-01", "to": f"{year}-12-31", "by": "drawdown"},
        scope={"principal_max_fen": 5 * MILLION},
    )
    version = treaties.draft(actor=people["treaty"], today=today(), code=TREATY, title="四二二二", members=["*"], terms=terms)
    sign(version, actor=people["treaty"], today=today())
    return TREATY


def file(sender: str = ANHE, **changes: Any) -> Filing:
    """A filing as a member's letter brings it."""
    day = max(date(today().year, 1, 1), today() - timedelta(days=20))  # of this year, and filed in time
    letter = replace(LETTER, **{"drawdown_on": day, "due_on": day + timedelta(days=365), **changes})
    filing_services.open_filing(letter, sender=sender, actor=Actor("LETTER", sender), today=today())
    found = filings.of(sender, letter.guarantee_id)
    assert found is not None
    return found


def file_large(**changes: Any) -> Filing:
    """A filing above the treaty's limit: an officer decides."""
    return file(
        **{"guarantee_id": 7, "number": "DB-LARGE", "principal_fen": 10 * MILLION, "guaranteed_fen": 8 * MILLION, **changes}
    )
