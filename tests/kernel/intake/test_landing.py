"""The laws of an import, in one house."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import translation

from kernel.access.actors import Actor
from kernel.audit.models import Entry
from kernel.errors import Conflict
from kernel.flow import WrongState
from kernel.intake import queries, services
from kernel.intake.landing import land as landing
from kernel.intake.landing.sorting import Sorted, sort, stream
from kernel.intake.models import ImportBatch, Landed
from kernel.intake.reading import open_table
from registry.tenancy import inside
from tenants.customers.models import Customer
from tenants.guarantees.models import Guarantee
from tests.factories.houses import ANHE, house
from tests.kernel.intake.files import row, uscc, write

TODAY = date(2026, 11, 26)
ACTOR = Actor("IMPORT", "test")


@pytest.fixture
def anhe(db: None) -> Iterator[None]:
    with inside(house(ANHE)):
        yield


def bring(path: Path, *, dry_run: bool = False, as_of: date = TODAY) -> tuple[services.Brought, Sorted]:
    mapping, table, done = services.mapping_named("portfolio"), open_table(path), Sorted()
    parcels = stream(done, table, mapping, as_of=as_of, home=ANHE)
    brought = services.bring_in(
        actor=ACTOR, today=TODAY, mapping=mapping, table=table, parcels=parcels, as_of=as_of, dry_run=dry_run
    )
    assert done.rows == brought.accepted + brought.unchanged + len(services.merged(table, done, brought.rejects))
    return brought, done


def everything() -> dict[str, int]:
    """Rows of every table of this house."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = current_schema() order by 1")
        names = [name for (name,) in cursor.fetchall()]
        counts = {}
        for name in names:
            cursor.execute(f'select count(*) from "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def grown(before: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in everything().items() if count != before[name]}


@pytest.mark.usefixtures("anhe")
def test_a_sound_row_becomes_exactly_what_it_says(tmp_path: Path) -> None:
    rows = [
        row(1),
        row(2, 状态="已代偿", 结束日期="2025-06-30", **{"代偿本金（元）": "333,333.33"}),
        row(3, 状态="在保", 结束日期="", 放款日期="", **{"期限（月）": "36"}),
        row(4, 状态="已失效", 结束日期=""),
    ]
    brought, _ = bring(write(tmp_path / "a.csv", rows))
    assert (brought.accepted, brought.unchanged, brought.rejects) == (4, 0, [])
    one, two, three, four = Guarantee.objects.order_by("external_ref")
    assert (one.loan_fen, one.guaranteed_fen, one.term_months) == (100_000_000, 80_000_000, 24)
    assert (one.state, one.start_on, one.due_on, one.ended_on) == (
        "RELEASED", date(2024, 3, 15), date(2026, 3, 15), date(2026, 3, 10))  # fmt: skip
    assert (one.repaid_fen, one.outstanding_fen, one.balance_fen) == (100_000_000, 0, 0)
    assert one.customer.name == "穹原第1机械有限公司"
    assert one.customer.size_class == "SMALL"
    assert str(one.fee_rate) == "0.015000"
    # 333,333.33 of principal at a share of 0.8, half up to a fen
    assert (two.state, two.compensated_principal_fen, two.compensation_fen) == ("COMPENSATED", 33_333_333, 26_666_666)
    assert (two.repaid_fen, two.ended_on, two.compensated_on) == (66_666_667, date(2025, 6, 30), date(2025, 6, 30))
    # No drawdown date: it started when it was approved, 32 whole months before; 4 of 36 are left.
    assert (three.state, three.start_on, three.ended_on) == ("IN_FORCE", date(2024, 3, 1), None)
    assert (three.balance_fen, three.outstanding_fen) == (8_888_889, 11_111_111)
    assert (four.state, four.ended_on, four.balance_fen) == ("LAPSED", date(2026, 3, 15), 0)


WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "blank": ({"合作银行": ""}, "合作银行", "BLANK"),
    "date": ({"审批日期": "2024-02-30"}, "审批日期", "BAD_DATE"),
    "money": ({"贷款金额（元）": "1.000.000,00"}, "贷款金额（元）", "BAD_MONEY"),
    "zero": ({"担保金额（元）": "0"}, "担保金额（元）", "NOT_POSITIVE"),
    "more": ({"担保金额（元）": "1000000.01"}, "担保金额（元）", "GUARANTEED_OVER_LOAN"),
    "term": ({"期限（月）": "1201"}, "期限（月）", "OUT_OF_RANGE"),
    "code": ({"状态": "不明"}, "状态", "UNKNOWN_CODE"),
    "id": ({"证件号码": "91990000MA0DEM005X"}, "证件号码", "BAD_IDENTITY"),
    "later": ({"审批日期": "2027-01-01"}, "审批日期", "AFTER_THE_DAY"),
    "long": ({"业务编号": "X" * 38}, "业务编号", "TOO_LONG"),
    "control": ({"客户名称": "a\x07b"}, "客户名称", "BAD_TEXT"),
}


@pytest.mark.usefixtures("anhe")
def test_every_wrong_row_is_named_and_sinks_no_other(tmp_path: Path) -> None:
    rows, expected = [], []
    for number, (changed, column, code) in enumerate(WRONG.values(), start=1):
        rows += [row(2 * number), row(2 * number + 1, **changed)]
        expected.append((2 * number + 1, column, code))
    brought, done = bring(write(tmp_path / "a.csv", rows))
    assert [(reject.line, reject.column, reject.code) for reject in done.rejects] == expected
    assert brought.accepted == len(WRONG)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert all("%(" not in services.reason(reject) and services.reason(reject) for reject in done.rejects)


@pytest.mark.usefixtures("anhe")
def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(1), row(2, 状态="?"), row(3), row(3)])
    before = everything()
    rehearsed, first = bring(path, dry_run=True)
    assert grown(before) == {}
    done, second = bring(path)
    assert (rehearsed.accepted, rehearsed.rejects, first.rejects) == (done.accepted, done.rejects, second.rejects)
    assert grown(before) == {
        "audit_entry": 3, "customers_customer": 2, "guarantees_guarantee": 2, "intake_importbatch": 1, "intake_landed": 4,
        "products_product": 1, "products_productevent": 1, "pghistory_context": 1,
    }  # fmt: skip
    assert [entry.act for entry in Entry.objects.order_by("-id")[:1]] == ["intake.import"]


@pytest.mark.usefixtures("anhe")
def test_again_changes_nothing_and_a_changed_row_is_named(tmp_path: Path) -> None:
    bring(write(tmp_path / "a.csv", [row(1), row(2)]))
    before = everything()
    # Other formatting, another encoding, another order and another day are the same rows.
    same = [row(2, 审批日期="2024年3月1日"), row(1, **{"担保金额（元）": "¥800,000.00"})]
    brought, _ = bring(write(tmp_path / "b.csv", same, encoding="gb18030"), as_of=date(2026, 10, 1))
    assert (brought.accepted, brought.unchanged, brought.rejects, brought.batch_id) == (0, 2, [], None)
    assert grown(before) == {}
    brought, _ = bring(write(tmp_path / "c.csv", [row(1, **{"担保金额（元）": "800000.01"}), row(2), row(3)]))
    assert (brought.accepted, brought.unchanged) == (1, 1)
    assert [(reject.line, reject.code) for reject in brought.rejects] == [(2, "CHANGED")]
    assert Guarantee.objects.get(external_ref="X00001").guaranteed_fen == 80_000_000


@pytest.mark.usefixtures("anhe")
def test_a_row_that_was_not_imported_is_not_taken_for_one_that_was(tmp_path: Path) -> None:
    bring(write(tmp_path / "a.csv", [row(1)]))
    Landed.objects.all().delete()
    brought, _ = bring(write(tmp_path / "a.csv", [row(1), row(2)]))
    assert brought.accepted == 1
    assert [(reject.line, reject.code) for reject in brought.rejects] == [(2, "TAKEN")]


@pytest.mark.usefixtures("anhe")
def test_the_second_of_two_equal_keys_is_refused_and_names_the_first(tmp_path: Path) -> None:
    brought, done = bring(write(tmp_path / "a.csv", [row(1), row(2), row(1, 客户名称="别家")]))
    assert [(reject.line, reject.code, reject.facts) for reject in done.rejects] == [(4, "DUPLICATE", {"first": 2})]
    assert brought.accepted == 2


@pytest.mark.usefixtures("anhe")
def test_a_rule_only_the_database_knows_refuses_its_rows_and_no_other(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("alter table guarantees_guarantee add constraint odd_rule check (loan_fen % 700 <> 0)")
    rows = [row(number, **{"贷款金额（元）": str(1_000_000 + 7 * (number in (3, 4, 17)) * number)}) for number in range(1, 21)]
    wrong = [2 + at for at, each in enumerate(rows) if int(each["贷款金额（元）"]) * 100 % 700 == 0]
    brought, _ = bring(write(tmp_path / "a.csv", rows))
    assert [(reject.line, reject.code, reject.facts) for reject in brought.rejects] == [
        (line, "STORE_REFUSED", {"rule": "odd_rule"}) for line in wrong
    ]
    assert brought.accepted == 20 - len(wrong)
    assert Guarantee.objects.count() == brought.accepted


@pytest.mark.usefixtures("anhe")
def test_one_customer_for_many_loans_and_an_existing_one_is_kept(tmp_path: Path) -> None:
    Customer.objects.create(kind="COMPANY", name="原有名称", id_number=uscc(5), registered_on=TODAY)
    bring(write(tmp_path / "a.csv", [row(1), row(2, 证件号码=uscc(1)), row(3, 证件号码=uscc(5))]))
    assert Customer.objects.count() == 2
    assert Customer.objects.get(id_number=uscc(5)).name == "原有名称"
    assert Counter(Guarantee.objects.values_list("customer__id_number", flat=True)) == {uscc(1): 2, uscc(5): 1}


@pytest.mark.usefixtures("anhe")
def test_undo_takes_back_what_came_and_nothing_else(tmp_path: Path) -> None:
    bring(write(tmp_path / "a.csv", [row(1)]))
    before = everything()
    brought, _ = bring(write(tmp_path / "b.csv", [row(1), row(2), row(3, 证件号码=uscc(1))]))
    services.undo(actor=ACTOR, today=TODAY, batch_id=brought.batch_id)
    assert grown(before) == {
        "audit_entry": 2, "intake_importbatch": 1, "guarantees_guaranteeevent": 2, "customers_customerevent": 1,
    }  # fmt: skip
    assert list(Guarantee.objects.values_list("external_ref", flat=True)) == ["X00001"]
    assert ImportBatch.objects.get(pk=brought.batch_id).state == "UNDONE"
    with pytest.raises(WrongState):
        services.undo(actor=ACTOR, today=TODAY, batch_id=brought.batch_id)
    again, _ = bring(write(tmp_path / "b.csv", [row(1), row(2), row(3, 证件号码=uscc(1))]))
    assert (again.accepted, again.unchanged) == (2, 1)


@pytest.mark.usefixtures("anhe")
def test_undo_stops_where_somebody_has_worked(tmp_path: Path) -> None:
    brought, _ = bring(write(tmp_path / "a.csv", [row(1), row(2)]))
    guarantee = Guarantee.objects.get(external_ref="X00001")
    guarantee.end_reason = "looked at"
    guarantee.save()
    with pytest.raises(Conflict, match="no longer be undone"):
        services.undo(actor=ACTOR, today=TODAY, batch_id=brought.batch_id)
    assert Guarantee.objects.count() == 2
    assert ImportBatch.objects.get(pk=brought.batch_id).state == "DONE"


@pytest.mark.usefixtures("anhe")
def test_upload_check_confirm_and_see_what_is_wrong(tmp_path: Path) -> None:
    path = write(tmp_path / "台账.csv", [row(1), row(2, 审批日期="昨天"), row(3)], encoding="gb18030")
    before = everything()
    batch = services.start(actor=ACTOR, today=TODAY, mapping="portfolio", name="台账.csv", file=ContentFile(path.read_bytes()))
    assert (batch.state, batch.rows, batch.accepted, batch.rejected) == ("CHECKED", 3, 2, 1)
    assert grown(before) == {"audit_entry": 2, "documents_document": 1, "intake_importbatch": 1, "intake_importreject": 1}
    reject = queries.rejects(batch.pk).get()
    assert (reject.line, reject.column, reject.code) == (3, "审批日期", "BAD_DATE")
    assert "昨天" in reject.reason
    batch = services.confirm(actor=ACTOR, today=TODAY, batch_id=batch.pk)
    assert (batch.state, batch.accepted, Guarantee.objects.count()) == ("DONE", 2, 2)
    with pytest.raises(WrongState):
        services.confirm(actor=ACTOR, today=TODAY, batch_id=batch.pk)
    text = services.rejects_file(batch_id=batch.pk).read().decode("utf-8-sig")
    mended = text.replace("昨天", "2024-05-05")
    again = services.start(
        actor=ACTOR, today=TODAY, mapping="portfolio", name="mended.csv", file=ContentFile(mended.encode("utf-8-sig"))
    )
    assert (again.rows, again.accepted, again.rejected) == (1, 1, 0)
    services.cancel(actor=ACTOR, today=TODAY, batch_id=again.pk)
    assert Guarantee.objects.count() == 2
    assert [name for name, _ in queries.mappings("portfolio")] == ["portfolio", "sba"]


@pytest.mark.usefixtures("anhe")
def test_confirm_refuses_another_file_than_the_one_checked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(1)])
    batch = services.start(actor=ACTOR, today=TODAY, mapping="portfolio", name="a.csv", file=ContentFile(path.read_bytes()))
    ImportBatch.objects.filter(pk=batch.pk).update(sha256="0" * 64)
    with pytest.raises(Conflict, match="not the one"):
        services.confirm(actor=ACTOR, today=TODAY, batch_id=batch.pk)
    assert not Guarantee.objects.exists()


@pytest.mark.usefixtures("anhe")
def test_a_member_loads_only_its_own_rows(tmp_path: Path) -> None:
    """With a mapping that reads the institution from the file, another one's rows are refused by code."""
    heading = (
        "LoanNr_ChkDgt,Name,State,Bank,NAICS,ApprovalDate,ApprovalFY,Term,ChgOffDate,DisbursementDate,MIS_Status,"
        "ChgOffPrinGr,GrAppv,SBA_Appv"
    )
    line = "{},X,{},B,0,28-Feb-97,1997,60,,30-Nov-97,P I F,$0.00 ,$300.00 ,$225.00 "
    path = tmp_path / "a.csv"
    path.write_text("\n".join([heading, line.format(1000000001, "QQ"), line.format(1000000002, "AK")]), encoding="utf-8")
    done = sort(open_table(path), services.mapping_named("sba"), as_of=TODAY, home="QQ")
    assert [(reject.line, reject.code) for reject in done.rejects] == [(3, "OTHER_HOUSE")]
    assert list(done.parcels) == ["QQ"]
    done.close()


# --- each law, broken on purpose: the tests above would notice -----------------------------------------


@pytest.mark.usefixtures("anhe")
def test_bites_when_a_row_is_dropped_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A join that loses a row cannot pass: every staged row is accounted for."""
    mapping = services.mapping_named("portfolio")
    leaky = mapping.target.steps[-1].insert.replace("where s.line", "where s.key <> 'X00002' and s.line")
    step = type(mapping.target.steps[-1])("guarantee", "guarantees_guarantee", leaky)
    target = type(mapping.target)(**{**vars(mapping.target), "steps": (*mapping.target.steps[:-1], step)})
    monkeypatch.setattr("kernel.intake.mapping.document.target", lambda name: target)
    brought, _ = bring(write(tmp_path / "a.csv", [row(1), row(2), row(3)]))
    assert [(reject.line, reject.code) for reject in brought.rejects] == [(3, "STORE_REFUSED")]
    assert brought.accepted == 2


@pytest.mark.usefixtures("anhe")
@pytest.mark.parametrize(
    ("was", "becomes", "law"),
    [
        ("'UNCHANGED' else 'CHANGED'", "'UNCHANGED' else 'UNCHANGED'", test_again_changes_nothing_and_a_changed_row_is_named),
        ("l.digest = s.digest", "l.digest <> s.digest", test_again_changes_nothing_and_a_changed_row_is_named),
        ("'TAKEN'", "'UNCHANGED'", test_a_row_that_was_not_imported_is_not_taken_for_one_that_was),
    ],
)
def test_bites_when_known_rows_are_judged_wrongly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, becomes: str, law: Any
) -> None:
    assert was in landing._SETTLE
    monkeypatch.setattr(landing, "_SETTLE", landing._SETTLE.replace(was, becomes))
    with pytest.raises(AssertionError):
        law(tmp_path)


@pytest.mark.usefixtures("anhe")
def test_bites_when_a_dry_run_forgets_to_roll_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(AssertionError):
        patched.setattr("kernel.intake.services.transaction.set_rollback", lambda rollback: None)
        test_a_dry_run_says_the_same_and_writes_nothing(tmp_path)


@pytest.mark.usefixtures("anhe")
def test_bites_when_undo_is_greedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the spare rule the customer of an older import would be deleted: the database refuses."""
    brought, _ = bring(write(tmp_path / "a.csv", [row(1)]))
    bring(write(tmp_path / "b.csv", [row(1), row(2, 证件号码=uscc(1))]))
    mapping = services.mapping_named("portfolio")
    steps = tuple(type(step)(step.kind, step.table, step.insert) for step in mapping.target.steps)
    target = type(mapping.target)(**{**vars(mapping.target), "steps": steps})
    monkeypatch.setattr("kernel.intake.services.target_named", lambda name: target)
    with pytest.raises(Conflict):
        services.undo(actor=ACTOR, today=TODAY, batch_id=brought.batch_id)


def test_rejects_file_round_trips_what_excel_would_take_for_a_formula() -> None:
    from kernel.intake.refusals import Reject

    out = io.StringIO(newline="")
    services.write_rejects(out, ["a", "b"], [Reject(7, "b", "BLANK", {}, ("@ CAFE", ""))])
    assert out.getvalue().splitlines()[1].startswith("@ CAFE,,7,b,BLANK,")
