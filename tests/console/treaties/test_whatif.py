"""What would these years have cost: a draft over the real history, side by side with today's terms, nothing stored."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.tenancy import inside
from reguarantee.console.desks.whatif import history
from reguarantee.console.desks.whatif.pricing import price
from reguarantee.filings.models import Filing
from reguarantee.monitoring import services as monitoring
from reguarantee.treaties import queries
from reguarantee.treaties.engine import Loss, read_terms, replay
from tests.console.conftest import SignIn, file, today
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.reguarantee.claims.shared import bring
from tests.reguarantee.engine.terms import MILLION, document, layer, quota
from tests.reguarantee.monitoring import books

YEAR = today().year
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
STOP = layer("AGGREGATE", 2, source="member", target="group", attachment_fen=100_000_000)
DRAFT = document(quota(bank="0.20", member="0.50", group="0.30"), STOP)


def compensated(code: str, paid_fen: int, *, filed: bool = True, day: int = 10) -> int:
    """A guarantee of 1,000,000 lent and 800,000 guaranteed, compensated this year; covered when filed. Its id."""
    with inside(house(code)):
        guarantee = books.put(
            code, loan_fen=MILLION, guaranteed_fen=80_000_000, state="COMPENSATED", start_on=date(YEAR, 1, 2),
            approved_on=date(YEAR, 1, 2), ended_on=date(YEAR, 2, day), compensated_on=date(YEAR, 2, day),
            compensation_fen=paid_fen,
        )  # fmt: skip
    if filed:
        with inside(house(GROUP)):
            file(code, guarantee_id=guarantee.pk, number=guarantee.number, obligor_key=f"{code}{guarantee.pk}",
                 principal_fen=MILLION, guaranteed_fen=80_000_000)  # fmt: skip
    return guarantee.pk


def released(code: str, loan_fen: int) -> None:
    with inside(house(code)):
        books.put(code, loan_fen=loan_fen, guaranteed_fen=loan_fen * 8 // 10, state="RELEASED", ended_on=date(YEAR, 3, 1))


@pytest.fixture
def past(treaty: str) -> str:
    """Three losses of this year, one of them not covered, and 10,000,000 released."""
    compensated(ANHE, 64_000_000)
    compensated(ANHE, 80_000_000, day=11)
    compensated(ANHE, 40_000_000, filed=False, day=12)
    released(ANHE, 10 * MILLION)
    monitoring.catch_up(today=today())
    return treaty


def test_the_history_is_what_the_group_knows(past: str) -> None:
    with inside(house(GROUP)):
        known = history.read(member="", first=FIRST, last=LAST)
        everything = history.read(member=ANHE, first=FIRST, last=LAST, all_business=True)
        own = history.read(member=BOYU, first=FIRST, last=LAST)
    # What the member paid is its 80 % of the unpaid principal; the loss is the whole of it (domain.md 5.8.1).
    assert [(one.member, one.source, one.loss.principal_fen, one.loss.interest_fen) for one in known.losses] == [
        (ANHE, "BOOK", 80_000_000, 0), (ANHE, "BOOK", 100_000_000, 0),
    ]  # fmt: skip
    assert known.base_fen == {YEAR: 10 * MILLION}
    assert [one.loss.principal_fen for one in everything.losses] == [80_000_000, 100_000_000, 50_000_000]
    assert own.losses == []  # another member has no part in it


def test_a_claim_tells_more_than_the_book(treaty: str, people: Any) -> None:
    guarantee = compensated(ANHE, 64_000_000)
    monitoring.catch_up(today=today())
    told = {"principal_fen": 79_000_000, "interest_fen": 1_000_000, "paid_fen": 64_000_000, "asked_fen": 31_600_000}
    day = date(YEAR, 2, 10)
    bring(ANHE, today=today(), papers=False, guarantee_id=guarantee, paid_on=day, bank_notice_on=day, submitted_on=day, **told)
    (one,) = history.read(member=ANHE, first=FIRST, last=LAST).losses
    assert (one.source, one.loss.principal_fen, one.loss.interest_fen) == ("CLAIM", 79_000_000, 1_000_000)
    assert one.loss.guaranteed_fen == 80_000_000


def test_both_sides_are_what_the_engine_says_and_each_year_is_a_period(past: str) -> None:
    with inside(house(GROUP)):
        known = history.read(member=ANHE, first=FIRST, last=LAST)
        now = queries.terms_of(queries.versions(past)[0])
    draft = read_terms({**DRAFT, "code": "D", "attaches": {"from": "2001-01-01", "to": "2001-12-31"}})
    result = price(known, now, draft)
    losses = [Loss(str(n), date(2026, 5, 5), principal_fen=fen) for n, fen in enumerate((80_000_000, 100_000_000))]
    expected = replay(read_terms(DRAFT), losses).totals
    assert result.totals["draft"] == {**expected}
    assert result.totals["now"] == {"bank": 36_000_000, "member": 72_000_000, "group": 36_000_000, "nfgf": 36_000_000, "gov": 0}
    group = next(row for row in result.parties if row["key"] == "group")
    assert group["moved"] == expected["group"] - 36_000_000
    assert result.whole == {"now": 180_000_000, "draft": 180_000_000, "moved": 0}
    for name in ("now", "draft"):
        from_layers = sum(row[name] for row in result.layers if row["target"] == "bank")
        assert from_layers == result.totals[name]["bank"]


def test_a_draft_for_small_firms_takes_theirs_alone(treaty: str) -> None:
    """AGR-15: in the history, too, an obligor is what its filing says by any name that a scope may give it."""
    small, large = compensated(ANHE, 64_000_000), compensated(ANHE, 80_000_000, day=11)
    with inside(house(GROUP)):
        for pk, size in ((small, "MICRO"), (large, "LARGE")):
            Filing.objects.filter(guarantee_id=pk).update(size_class=size)
    monitoring.catch_up(today=today())
    with inside(house(GROUP)):
        known = history.read(member=ANHE, first=FIRST, last=LAST)
        now = queries.terms_of(queries.versions(treaty)[0])
    draft = read_terms(document(quota(bank="1"), scope={"obligor_kinds": ["SMALL", "MICRO"]}))
    assert price(known, now, draft).totals["draft"] == {
        "bank": 80_000_000,
        "member": 100_000_000,
        "group": 0,
        "nfgf": 0,
        "gov": 0,
    }


def run(client: Any, treaty: str, **more: str) -> Any:
    sent = {"member": ANHE, "first": FIRST.isoformat(), "last": LAST.isoformat(), "mode": "json", "terms": json.dumps(DRAFT)}
    return client.post(f"/whatif/?treaty={treaty}", {**sent, **more})


def test_the_page_shows_both_and_stores_nothing(past: str, sign_in: SignIn) -> None:
    client = sign_in("treaty")
    page = client.get(f"/whatif/?treaty={past}")
    assert page.status_code == 200 and 'name="parties-0-key"' in page.content.decode()
    with CaptureQueriesContext(connection) as asked:
        answer = run(client, past)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "180.00" in body and "40.00" in body  # 万元: the whole loss; the group's 540,000 - 360,000 and more
    assert "止损" in body and "占其" in body or "承担" in body
    writes = [one["sql"] for one in asked if re.match(r"\s*(insert|update|delete)", one["sql"], re.I)]
    assert [sql for sql in writes if "session" not in sql] == []
    with inside(house(GROUP)):
        assert not queries.scenarios().exists()


def test_a_run_is_kept_under_a_name_and_forgotten(past: str, sign_in: SignIn) -> None:
    client = sign_in("treaty")
    assert run(client, past, keep="1").status_code == 422
    answer = run(client, past, keep="1", name="提高集团比例")
    assert answer.status_code == 302
    body = client.get(answer["Location"]).content.decode()
    assert "提高集团比例" in body and "安和融资担保有限公司" in body
    assert "提高集团比例" in client.get("/whatif/scenarios/?q=").content.decode()
    assert client.post(f"{answer['Location']}drop/").status_code == 302
    assert client.get(answer["Location"]).status_code == 404
    run(sign_in("filing"), past, keep="1", name="x")  # whoever may only read keeps nothing
    with inside(house(GROUP)):
        assert not queries.scenarios().exists()


def test_every_loss_is_exported_with_both_traces(past: str, sign_in: SignIn) -> None:
    answer = run(sign_in("treaty"), past, export="1")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3 and answer["Content-Type"].startswith("text/csv")
    assert rows[1][4:8] == ["160,000.00", "320,000.00", "160,000.00", "160,000.00"]
    assert rows[1][-2].count("\n") == 2 and "bank" in rows[1][-1]


def test_terms_that_cannot_run_are_named_at_their_place(past: str, sign_in: SignIn) -> None:
    wrong = {**DRAFT, "residual": "stranger"}
    answer = run(sign_in("treaty"), past, terms=json.dumps(wrong))
    assert answer.status_code == 422 and "residual" in answer.content.decode()
    late = run(sign_in("treaty"), past, first=LAST.isoformat(), last=FIRST.isoformat())
    assert late.status_code == 422 and 'id="id_last_error"' in late.content.decode()


def test_the_page_asks_as_often_for_many_losses_as_for_few(past: str, sign_in: SignIn) -> None:
    client = sign_in("treaty")

    def count() -> int:
        run(client, past)
        with CaptureQueriesContext(connection) as asked:
            assert run(client, past).status_code == 200
        return len(asked)

    few = count()
    for _ in range(6):
        compensated(ANHE, 8_000_000)
    monitoring.catch_up(today=today())
    assert count() <= few


def test_without_a_treaty_the_page_says_what_to_do(people: Any, sign_in: SignIn) -> None:
    body = sign_in("treaty").get("/whatif/").content.decode()
    assert "/treaties/" in body and "没有可比较的协议" in body
