"""Two people of a member answer at the same moment: one is heard, the other is told so."""

from __future__ import annotations

from functools import partial
from typing import Any

from registry.tenancy import inside
from tenants.cessions import services
from tenants.cessions.models import PremiumList, Statement
from tests.factories import races
from tests.factories.houses import ANHE, house, staff
from tests.tenants.cessions.letters import APRIL, billed, listed, posted, read, statement


def test_confirmed_and_disputed_at_once(fresh_database: None) -> None:
    """FEE-12: one letter goes to the group, of the list and of the account current, and it says what stands here."""
    with inside(house(ANHE)):
        read(services.open_premium_list, listed())
        read(services.open_bill, billed(lists=()))
        read(services.open_statement, statement())
        people = staff(ANHE)
        one, two = people["operations"], people["executive"]

        def race(verb: Any, **target: Any) -> list[str]:
            row = target.pop("row")
            yes = partial(verb, actor=one, today=APRIL, **target)
            no = partial(verb, actor=two, today=APRIL, disputes={row: "不符"}, **target)
            return races.codes(races.at_once(ANHE, yes, no))

        mine, account = PremiumList.objects.get(), Statement.objects.get()
        assert race(services.answer_list, list_id=mine.pk, row=mine.rows.get().pk) == ["", "PREMIUM_LIST_ANSWERED"]
        row = account.rows.first()
        assert row is not None
        assert race(services.answer_statement, statement_id=account.pk, row=row.pk) == ["", "STATEMENT_NOT_OPEN"]
        mine.refresh_from_db(), account.refresh_from_db()
        (told,), (said,) = posted("PREMIUM_LIST_ANSWERED"), posted("STATEMENT_ANSWERED")
        assert told["agreed"] == (mine.state == "AGREED") and said["agreed"] == (account.answer == "AGREED")
