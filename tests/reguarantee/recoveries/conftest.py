"""Members report recoveries on a guarantee that the group covers 4:2:2:2, with the claim in any state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.letters import LETTERS, RecoveryReported
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.filings.models import Filing
from reguarantee.recoveries import services
from reguarantee.recoveries.models import Recovery
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.reguarantee.filings.test_filings import file, publish

DAY = date(2027, 6, 1)
YUAN = 100
LETTER = RecoveryReported(
    guarantee_id=1,
    recovery_no="ZH2027-000001",
    on=DAY,
    gross_fen=1_000_000 * YUAN,
    cost_fen=100_000 * YUAN,
    method="ENFORCEMENT",
)


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        yield staff(GROUP)


@pytest.fixture
def filed(people: dict[str, User]) -> Filing:
    publish(people)
    return file()


def report(sender: str = ANHE, **changes: Any) -> Recovery:
    letter = replace(LETTER, **changes)
    return services.open_recovery(letter, sender=sender, actor=Actor("LETTER", sender), today=DAY)


def parts(row: Recovery) -> dict[str, int]:
    """Yuan by party, without those who get nothing."""
    return {share.party: share.fen // YUAN for share in row.shares.all() if share.fen}


def told() -> list[Any]:
    """The answers so far, oldest first."""
    with inside(PUBLIC):
        rows = list(Letter.objects.filter(kind="RECOVERY_SHARED").order_by("id"))
    return [LETTERS[row.kind].read(json.loads(row.body)) for row in rows]
