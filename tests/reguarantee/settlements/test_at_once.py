"""Two people, or two nights, at the same moment: one account current, each break once."""

from __future__ import annotations

from functools import partial

from kernel.cash import services as cash
from registry.tenancy import inside
from reguarantee.settlements import services
from reguarantee.settlements.models import Break, Row, Statement
from tests.factories import races
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.reguarantee.settlements.conftest import APRIL, MARCH


def test_drafted_and_compared_at_once(fresh_database: None) -> None:
    """Two draft the same period and two nights compare: one statement with each row once, and each break once."""
    with inside(house(GROUP)):
        people = staff(GROUP)
        told = {"direction": "IN", "purpose": "PREMIUM", "counterparty": ANHE, "subject": "x:1", "fen": 600, "due_on": MARCH}
        cash.expect(actor=people["cashier"], today=MARCH, key="premium:ANHE:1", why="x", **told)
        draft = partial(services.draft, actor=people["accountant"], today=APRIL, counterparty=ANHE, period="2026-03")
        first, second = races.at_once(GROUP, draft, draft)
        assert first.pk == second.pk and (Statement.objects.count(), Row.objects.count()) == (1, 1)
        check = partial(services.check, today=APRIL)
        found = races.at_once(GROUP, check, check)
        assert sorted(one["new"] for one in found) == [0, 1] and Break.objects.count() == 1
