"""A bank's monthly list, row by row: what is bad is named and never sinks or hides what is good (domain.md 5.6)."""

from __future__ import annotations

import pytest

from kernel.access.models import User
from kernel.letters import FilingWithdrawn
from reguarantee.filings import services
from reguarantee.filings.models import BatchList, Filing
from tests.factories.houses import ANHE
from tests.reguarantee.filings.test_filings import POST, TODAY, file, people, publish

__all__ = ["people"]


def receive(
    people: dict[str, User], *rows: str, head: str = "member_code,iou_no,principal_yuan", period: str = "2026-03"
) -> BatchList:
    data = "\n".join([head, *rows]).encode()
    return services.receive_list(actor=people["filing"], today=TODAY, bank_code="B", period=period, name="三月.csv", data=data)


def results(found: BatchList) -> list[str]:
    return [row.result for row in found.rows.order_by("line")]


def test_a_bad_row_never_sinks_a_good_one(people: dict[str, User]) -> None:
    """Issue 3.4: per-row results; a row that cannot be kept at all is unreadable, and hides no good row of the same loan."""
    publish(people)
    for number in (1, 2):
        file(guarantee_id=number, iou_no=f"J{number}", obligor_key=f"k{number}")
    found = receive(
        people,
        "anhe,J1,5 million",
        "ANHE,J1,4000000",
        "ANHE,J1,5000000.00",
        "ANHE,J1,5000000.00",
        "ANHE,J2,99999999999999999999999",
        "ANHE,J2,-5000000",
        "ANHE,J\0" + "2,5000000",
        f"ANHE,{'J' * 90},5000000",
        "ANHE,J2",
        "ANHE,J3,5000000",
        ",,",
    )
    assert results(found) == [
        "UNREADABLE", "AMOUNT_DIFFERS", "MATCHED", "REPEATED", "UNREADABLE", "UNREADABLE", "MATCHED", "UNREADABLE", "UNREADABLE",
        "NOT_FILED",
    ]  # fmt: skip
    rows = "担保机构,借据号,贷款金额\nANHE,J1,5000000".encode("gb18030")
    told = {"actor": people["filing"], "today": TODAY, "bank_code": "B", "period": "2026-03"}
    assert results(services.receive_list(**told, name="三月.csv", data=rows)) == ["MATCHED"]
    again = services.compare_again(actor=people["filing"], today=TODAY, list_id=found.pk)
    assert results(again) == results(found)


@pytest.mark.parametrize("head", ["", "member_code,iou_no", "编号,金额", '"member_code,iou_no'])
def test_what_is_no_list_is_refused_whole(people: dict[str, User], head: str) -> None:
    with pytest.raises(services.BadList):
        receive(people, 'ANHE,"J1', head=head)
    assert not BatchList.objects.exists()


def test_what_was_taken_back_meanwhile_is_not_confirmed(people: dict[str, User]) -> None:
    publish(people)
    for number in (1, 2):
        file(guarantee_id=number, iou_no=f"J{number}", obligor_key=f"k{number}")
    found = receive(people, "ANHE,J1,5000000", "ANHE,J2,5000000")
    services.open_withdrawn(FilingWithdrawn(guarantee_id=2, reason="误报"), sender=ANHE, actor=POST, today=TODAY)
    done = services.confirm_list(actor=people["filing"], today=TODAY, list_id=found.pk)
    assert results(done) == ["MATCHED", "NOT_FILED"]
    assert set(Filing.objects.filter(batch=done.number).values_list("guarantee_id", flat=True)) == {1}


def test_a_loan_is_confirmed_with_one_list(people: dict[str, User]) -> None:
    """domain.md 5.6: the same loan in the next month's list counts no second time."""
    publish(people)
    file(iou_no="J1")
    first = receive(people, "ANHE,J1,5000000")
    services.confirm_list(actor=people["filing"], today=TODAY, list_id=first.pk)
    second = receive(people, "ANHE,J1,5000000.00", period="2026-04")
    assert results(second) == ["REPEATED"] and not second.is_late
    services.confirm_list(actor=people["filing"], today=TODAY, list_id=second.pk)
    assert Filing.objects.get().batch == first.number
    before = Filing.objects.get().decisions.count()
    assert (file(iou_no="J1").batch, Filing.objects.get().decisions.count()) == (first.number, before)  # the letter again
    assert receive(people, "ANHE,J1,5000000", "", period="2025-12").is_late
