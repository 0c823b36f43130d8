"""The cover of any day, as the book says it, against what stood on that day: for random letters, some of them twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.access.actors import Actor
from kernel.letters import FilingWithdrawn, GuaranteeEnded, GuaranteeOverdue
from registry.tenancy import inside
from reguarantee.filings import services as filings
from reguarantee.filings.models import Filing
from reguarantee.monitoring.queries import coverage
from tests.factories.houses import ANHE, GROUP, house
from tests.reguarantee.engine.terms import MARCH, MILLION
from tests.reguarantee.filings.test_filings_cover import LETTER
from tests.reguarantee.premiums.world import treaty

pytestmark = pytest.mark.django_db
NOTHING = {"count": 0, "guaranteed_fen": 0, "ceded_fen": 0}
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["file", "file", "withdraw", "end", "overdue"]),
        st.integers(1, 3),  # which guarantee
        st.integers(1, 6),  # millions of principal; above 5 it goes under review
        st.integers(0, 2),  # days until the next letter
        st.booleans(),  # delivered twice
    ),
    min_size=1,
    max_size=12,
)


def _told(event: str, guarantee_id: int, millions: int, today: date) -> tuple[Any, Any]:
    if event == "file":
        told = {"number": f"DB-{guarantee_id}", "obligor_key": f"k{guarantee_id}", "iou_no": f"JJ-{guarantee_id}"}
        amounts = {"principal_fen": millions * MILLION, "guaranteed_fen": millions * MILLION * 4 // 5}
        return filings.open_filing, replace(LETTER, guarantee_id=guarantee_id, filed_on=today, **told, **amounts)
    if event == "withdraw":
        return filings.open_withdrawn, FilingWithdrawn(guarantee_id=guarantee_id, reason="x")
    if event == "end":
        return filings.open_ended, GuaranteeEnded(guarantee_id=guarantee_id, end="RELEASED", on=today, released_principal_fen=1)
    return filings.open_overdue, GuaranteeOverdue(guarantee_id=guarantee_id, on=today, cured=millions > 3)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=EVENTS)
def test_any_day_is_told_as_it_was(events: list[tuple[str, int, int, int, bool]]) -> None:
    with inside(house(GROUP)), transaction.atomic():
        treaty(scope={"principal_max_fen": 5 * MILLION})
        today, stood = MARCH, {}
        for event, guarantee_id, millions, pause, twice in events:
            reader, letter = _told(event, guarantee_id, millions, today)
            for _ in range(1 + twice):
                reader(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=today)
            figures = {code: dict(NOTHING) for code in ("COVERED", "PARTLY", "UNCOVERED")}
            for filing in Filing.objects.all():
                for name, fen in (("count", 1), ("guaranteed_fen", filing.guaranteed_fen), ("ceded_fen", filing.ceded_fen)):
                    figures[filing.coverage][name] += fen
            stood[today] = figures
            today += timedelta(days=pause)
        for day, figures in stood.items():
            assert coverage(as_of=day) == figures, day
        transaction.set_rollback(True)
