"""The projector against books written at random, and against figures worked out in Python from the same tables."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection

from kernel.access.actors import SYSTEM
from registry import queries as registry
from registry.tenancy import PROJECTOR, inside
from reguarantee.filings.models import Filing
from reguarantee.monitoring import queries, services
from reguarantee.monitoring.figures import MEASURES
from reguarantee.monitoring.models import Backlog, Break, Fact, Marginal, MarginalDay, MonthEnd, Run
from reguarantee.monitoring.queries.book import read
from tenants.customers import services as customers
from tenants.guarantees.models import Guarantee, Movement
from tests.factories.houses import ANHE, BOYU, house
from tests.factories.members import make_guarantee
from tests.reguarantee.monitoring import books

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 31)
ALL = ("TOTAL", "MEMBER", "BANK", "INDUSTRY", "REGION", "MONTH", "COVERAGE")
CODES = (ANHE, BOYU)


def shown(day: date) -> dict[str, dict[str, dict[str, int]]]:
    """What the group reads for a day: dimension -> key -> measures."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    with inside(registry.group()):
        for key, *values, dimension in read(ALL, as_of=day):
            found.setdefault(dimension, {})[key] = dict(zip(MEASURES, values, strict=True))
    return found


def breaks() -> list[str]:
    """The breaks that a comparison finds now, without projecting first."""
    from reguarantee.monitoring import comparison

    with inside(registry.group()):
        found = comparison.compare(today=TODAY)
        assert found.trouble == ""
        rows = [f"{row.where} {row.member_code} {row.key} {row.field}".strip() for row in Break.objects.filter(comparison=found)]
        assert found.breaks == len(rows)
        return rows


def catch_up(today: date = TODAY) -> services.Report:
    report = services.catch_up(today=today)
    assert not report.more and not report.troubled
    return report


class Writer:
    """Random writes of every kind in two members and in the group."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def step(self) -> None:
        code = self.chance.choice(CODES)
        act = self.chance.choices(
            [self.open, self.move, self.end, self.remove, self.cover, self.file, self.unfile, self.scope],
            [30, 25, 10, 6, 10, 10, 3, 2],
        )[0]
        with inside(house(code)):
            row = Guarantee.objects.order_by("?").first()
            if act == self.open or row is None:
                self.open()
                return
        act(code, row)

    def day(self) -> date:
        return date(2024, 6, 1) + timedelta(days=self.chance.randrange(700))

    def open(self, *_: Any) -> None:
        loan = self.chance.randrange(1, 10**9)
        start = self.chance.choice([None, self.day(), self.day()])
        code = connection.tenant.code
        books.put(
            code,
            loan_fen=loan,
            guaranteed_fen=self.chance.randrange(1, loan + 1),
            approved_on=(start or self.day()) - timedelta(days=self.chance.randrange(40)),
            start_on=start,
            state="IN_FORCE" if start else "ISSUED",
            term_months=self.chance.choice([0, 1, 12, 36]),
            straight=self.chance.random() < 0.5,
            industry=self.chance.choice(["", "A", "C"]),
            bank_name=self.chance.choice(["华星银行", "锦州城市银行", "Bank O'Hara"]),
            region_code=self.chance.choice(["", "340100", "320100"]),
            customer=self.chance.choice(["甲公司", "乙公司"]),
            number=f"{code}-{self.chance.getrandbits(48):012x}",
        )

    def move(self, code: str, row: Guarantee) -> None:
        with inside(house(code)):
            row.refresh_from_db()
            if row.start_on and not row.ended_on and row.amortisation == "MOVEMENTS":
                books.move(row, self.day(), self.chance.randrange(row.drawn_fen + 1))

    def end(self, code: str, row: Guarantee) -> None:
        paid = self.chance.choice([0, 0, row.guaranteed_fen])
        with inside(house(code)):
            Guarantee.objects.filter(pk=row.pk).update(
                state="COMPENSATED" if paid else self.chance.choice(["RELEASED", "LAPSED"]),
                ended_on=self.day(),
                repaid_fen=row.drawn_fen,
                outstanding_fen=0,
                balance_fen=0,
                compensation_fen=paid,
                compensated_on=self.day() if paid else None,
            )

    def remove(self, code: str, row: Guarantee) -> None:
        with inside(house(code)):
            Movement.objects.filter(guarantee=row).delete()
            Guarantee.objects.filter(pk=row.pk).delete()

    def cover(self, code: str, row: Guarantee) -> None:
        coverage = self.chance.choice(["COVERED", "PARTLY", "UNCOVERED"])
        ceded = 0 if coverage == "UNCOVERED" else self.chance.randrange(1, row.loan_fen + 1)
        with inside(house(code)):
            Guarantee.objects.filter(pk=row.pk).update(coverage=coverage, ceded_fen=ceded)

    def file(self, code: str, row: Guarantee) -> None:
        if row.guaranteed_fen > 3:
            with inside(registry.group()):
                coverage = self.chance.choice(["COVERED", "PARTLY", "UNCOVERED"])
                books.file(code, row, coverage, 0 if coverage == "UNCOVERED" else row.guaranteed_fen // 2)

    def unfile(self, code: str, row: Guarantee) -> None:
        with inside(registry.group()):
            Filing.objects.filter(member_code=code).delete()

    def scope(self, code: str, row: Guarantee) -> None:
        with inside(house(code)):
            books.scope(self.chance.choice(["CEDED", "ALL_BUSINESS"]))


@pytest.mark.parametrize("seed", range(4))
def test_random_writes_end_as_the_truth(seed: int) -> None:
    writer = Writer(seed)
    with inside(house(BOYU)):
        books.scope("ALL_BUSINESS")
    for round_ in range(6):
        for _ in range(15):
            writer.step()
        if round_ % 2:
            services.project(today=TODAY, limit=7)  # a batch that ends in the middle leaves the rest for the next
        catch_up()
        assert shown(TODAY) == books.book(CODES, TODAY)
    assert breaks() == []
    # Another day is read from the facts alone, movements of the past included.
    for day in (date(2024, 6, 30), date(2025, 2, 28), date(2026, 3, 30), date(2027, 1, 1)):
        assert shown(day) == books.book(CODES, day)
    with inside(registry.group()):
        assert Fact.objects.count() == shown(TODAY)["TOTAL"][""]["count"]
        for end in MonthEnd.objects.all():
            total = books.book(CODES, end.as_of)["TOTAL"][""]
            assert end.in_force_balance_fen == total["in_force_balance_fen"], end.as_of
            assert end.in_force_count == total["in_force_count"], end.as_of


def test_doing_it_again_changes_nothing() -> None:
    writer = Writer(99)
    for _ in range(30):
        writer.step()
    catch_up()
    before = shown(TODAY)
    with inside(registry.group()):
        for code in CODES:
            services.resync(actor=SYSTEM, today=TODAY, member=code)
    report = catch_up()
    assert report.guarantees > 0 and report.written == 0
    assert shown(TODAY) == before


def test_a_resync_repairs_what_escaped_the_triggers() -> None:
    with inside(house(ANHE)):
        row = books.put(ANHE, number="ANHE-1")
        books.move(row, date(2026, 2, 1), row.loan_fen)
    catch_up()
    assert breaks() == []
    with inside(house(ANHE), as_owner=True), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table guarantees_guarantee disable trigger user")
        cursor.execute("update guarantees_guarantee set region_code = '999999'")
        cursor.execute("alter table guarantees_guarantee enable trigger user")
    catch_up()
    assert breaks() == ["FACT ANHE ANHE-1 region_code"]
    with inside(registry.group()):
        services.resync(actor=SYSTEM, today=TODAY, member=ANHE)
    catch_up()
    assert breaks() == []


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("update monitoring_fact set loan_fen = loan_fen + 1", ["FACT ANHE ANHE-1 loan_fen", "MARGINAL", "MONTH_END"]),
        ("delete from monitoring_fact", ["FACT ANHE ANHE-1", "MARGINAL", "MONTH_END"]),
        ("update monitoring_factmovement set balance_fen = 1", ["MOVEMENT ANHE 2026-02-01 balance_fen", "MONTH_END"]),
        (
            "update monitoring_marginal set in_force_count = 7 where dimension = 'BANK'",
            ["MARGINAL  BANK 华星银行 in_force_count"],
        ),
        ("delete from monitoring_marginal where dimension = 'MONTH'", ["MARGINAL  MONTH 2026-01"]),
        ("update monitoring_monthend set in_force_ceded_fen = 1", ["MONTH_END"]),
    ],
)
def test_the_comparison_names_every_kind_of_break(damage: str, named: list[str]) -> None:
    with inside(house(ANHE)):
        row = books.put(ANHE, number="ANHE-1")
        books.move(row, date(2026, 2, 1), row.loan_fen)
        books.move(row, date(2026, 3, 5), 0)
    catch_up()
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute(damage)
    found = breaks()
    assert found
    for wanted in named:
        assert any(text.startswith(wanted) for text in found), (wanted, found)
    assert {text.split()[0] for text in found} == {wanted.split()[0] for wanted in named}


def test_a_change_that_waits_is_no_break() -> None:
    with inside(house(ANHE)):
        row = books.put(ANHE)
    catch_up()
    with inside(house(ANHE)):
        Guarantee.objects.filter(pk=row.pk).update(region_code="1")
    assert breaks() == []
    with inside(registry.group()):
        latest = queries.comparisons()[0]
        assert (latest.waiting, latest.guarantees) == (1, 1)


def test_scope_ceded_hides_and_another_scope_shows() -> None:
    with inside(house(BOYU)):
        covered = books.put(BOYU, coverage="COVERED", loan_fen=50_000_00, guaranteed_fen=40_000_00)
        books.put(BOYU)
    catch_up()
    assert shown(TODAY)["MEMBER"][BOYU]["count"] == 1
    with inside(registry.group()):
        assert list(Fact.objects.values_list("guarantee_id", flat=True)) == [covered.pk]
        # A filing of a hidden guarantee counts among filings; it brings no row into the book.
        with inside(house(BOYU)):
            hidden = Guarantee.objects.exclude(pk=covered.pk).get()
        books.file(BOYU, hidden, "COVERED", 1000)
    catch_up()
    assert shown(TODAY)["TOTAL"][""]["count"] == 1
    with inside(house(BOYU)):
        books.scope("ALL_BUSINESS")
    catch_up()
    assert shown(TODAY) == books.book(CODES, TODAY)
    assert shown(TODAY)["COVERAGE"]["COVERED"]["ceded_fen"] == 20_000_00 + 1000
    with inside(house(BOYU)):
        books.scope("CEDED")
    catch_up()
    assert shown(TODAY)["TOTAL"][""]["count"] == 1


def test_the_groups_word_on_cover_wins() -> None:
    with inside(house(ANHE)):
        row = books.put(ANHE)
    catch_up()
    assert set(shown(TODAY)["COVERAGE"]) == {"UNCOVERED"}
    with inside(registry.group()):
        books.file(ANHE, row, "COVERED", 30_000_00)
    catch_up()
    with inside(registry.group()):
        fact = Fact.objects.get()
    assert (fact.coverage, fact.ceded_fen) == ("COVERED", 30_000_00)
    assert shown(TODAY)["COVERAGE"]["COVERED"]["in_force_ceded_fen"] == 30_000_00
    assert "UNCOVERED" not in shown(TODAY)["COVERAGE"]


def test_a_deleted_guarantee_leaves_nothing() -> None:
    with inside(house(ANHE)):
        row = books.put(ANHE)
        books.move(row, date(2026, 2, 1), row.loan_fen)
    catch_up()
    with inside(house(ANHE)):
        Movement.objects.all().delete()
        Guarantee.objects.all().delete()
    catch_up()
    assert shown(TODAY) == {}
    assert breaks() == []
    with inside(registry.group()):
        assert (Fact.objects.count(), Marginal.objects.count()) == (0, 0)


def test_another_name_of_a_customer_reaches_the_book() -> None:
    with inside(house(ANHE)):
        guarantee = make_guarantee(state="IN_FORCE")
        catch_up()
        customers.change(actor=SYSTEM, today=TODAY, customer_id=guarantee.customer_id, address="elsewhere")
        assert waiting() == 0
        customers.change(actor=SYSTEM, today=TODAY, customer_id=guarantee.customer_id, name="改名之后有限公司")
        assert waiting() == 1
    catch_up()
    with inside(registry.group()):
        assert Fact.objects.get(guarantee_id=guarantee.id).customer_name == "改名之后有限公司"


def waiting() -> int:
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute("select count(*) from public.reported_change where kind = 'GUARANTEE'")
        return cursor.fetchone()[0]


def test_midnight_changes_figures_without_a_write() -> None:
    """31 January plus months: the balance falls on 28 February and on 31 March; one guarantee ends, one begins."""
    with inside(house(ANHE)):
        books.put(ANHE, straight=True, term_months=10, start_on=date(2026, 1, 31), guaranteed_fen=1_000_00)
        books.put(ANHE, straight=True, term_months=2, start_on=date(2026, 1, 31), ended_on=date(2026, 3, 31), state="RELEASED")
        books.put(ANHE, straight=True, term_months=3, start_on=date(2026, 3, 31), guaranteed_fen=300_00)
    eve = date(2026, 3, 30)
    catch_up(eve)
    last = shown(eve)
    assert last["TOTAL"][""]["in_force_count"] == 2
    assert last["TOTAL"][""]["in_force_balance_fen"] == 900_00 + 80_000_00 // 2
    # The clock has struck and nobody has rolled: the marginals are yesterday's, the page is right all the same.
    with inside(registry.group()):
        assert MarginalDay.objects.get().as_of == eve
    scanned = shown(TODAY)
    assert scanned == books.book(CODES, TODAY)
    assert scanned["TOTAL"][""]["in_force_balance_fen"] == 800_00 + 300_00
    # The next run of the projector rolls, with no change to project.
    report = services.project(today=TODAY)
    assert report.rolled and report.changes == 0
    with inside(registry.group()):
        assert MarginalDay.objects.get().as_of == TODAY
        assert Marginal.objects.get(dimension="TOTAL").in_force_balance_fen == 1_100_00
        assert list(MonthEnd.objects.order_by("as_of").values_list("as_of", flat=True))[-1] == date(2026, 2, 28)
    assert shown(TODAY) == scanned
    # Yesterday is now the day that is added up; it has not changed. A clock behind does not roll back.
    assert shown(eve) == last
    services.project(today=eve)
    with inside(registry.group()):
        assert MarginalDay.objects.get().as_of == TODAY
    assert breaks() == []


def test_a_late_movement_changes_the_past_month_ends() -> None:
    with inside(house(ANHE)):
        row = books.put(ANHE, start_on=date(2025, 11, 1), approved_on=date(2025, 10, 1))
        books.move(row, date(2025, 11, 1), row.loan_fen)
    catch_up()
    with inside(house(ANHE)):
        books.move(row, date(2025, 12, 31), row.loan_fen // 2)
    catch_up()
    with inside(registry.group()):
        ends = dict(MonthEnd.objects.values_list("as_of", "in_force_balance_fen"))
        assert Fact.objects.get().balance_fen == 40_000_00
    assert (ends[date(2025, 11, 30)], ends[date(2025, 12, 31)]) == (80_000_00, 40_000_00)
    assert ends[date(2025, 10, 31)] == 0


def test_one_member_in_trouble_does_not_hold_up_the_others() -> None:
    for code in CODES:
        with inside(house(code)):
            books.put(code, coverage="COVERED")
    with inside(house(BOYU), as_owner=True), connection.cursor() as cursor:
        cursor.execute("alter view reported_guarantees rename to reported_away")
    report = services.catch_up(today=TODAY)
    assert [text.split(":")[0] for text in report.troubled.values()] == ["m_boyu"]
    assert not report.more
    assert set(shown(TODAY)["MEMBER"]) == {ANHE}
    with inside(registry.group()):
        state = queries.freshness()
        assert [member.code for member in state.troubled] == [BOYU]
        assert state.backlog == 2  # the guarantee, and the whole book that the opening of the house announced
    with inside(house(BOYU), as_owner=True), connection.cursor() as cursor:
        cursor.execute("alter view reported_away rename to reported_guarantees")
    assert services.catch_up(today=TODAY).guarantees == 0  # tried again half a minute later, not in a circle
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute("update monitoring_member set trouble_at = now() - interval '1 minute' where trouble <> ''")
    catch_up()
    assert set(shown(TODAY)["MEMBER"]) == set(CODES)
    with inside(registry.group()):
        assert queries.freshness().troubled == []
        assert not Backlog.objects.exists()


def test_only_one_projector_works_at_a_time() -> None:
    with inside(house(ANHE)):
        books.put(ANHE)
    other = psycopg2.connect(
        host=connection.settings_dict["HOST"],
        port=connection.settings_dict["PORT"],
        user=connection.settings_dict["USER"],
        password=connection.settings_dict["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    )
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('monitoring.projector'))")
        assert not services.project(today=TODAY).ran
        assert services.project(today=TODAY).changes == 0
        assert services.roll(today=TODAY) is False
        waits = services.catch_up(today=TODAY, seconds=0.2)
        assert waits.more and not waits.ran
    finally:
        other.close()
    assert catch_up().written == 1


def test_the_run_log_says_how_fresh_the_book_is() -> None:
    with inside(registry.group()):
        catch_up()
        with inside(house(ANHE)):
            books.put(ANHE)
        assert queries.freshness().waiting_seconds is not None
        catch_up()
        state = queries.freshness()
        assert state.waiting_seconds is None and state.as_of == TODAY
        run = state.runs[Run.Step.PROJECT]
        assert run.guarantees == 1 and 0 <= run.staleness_ms < 60_000


def test_a_resync_is_for_members_and_leaves_a_line() -> None:
    from kernel.audit.models import Entry

    with inside(registry.group()):
        with pytest.raises(services.NotAMember):
            services.resync(actor=SYSTEM, today=TODAY, member="GROUP")
        services.resync(actor=SYSTEM, today=TODAY, member="anhe")
        assert Entry.objects.get(act="monitoring.resync").facts.count('"ANHE"') == 1
