"""A bank's monthly list under the head-office scheme (银担总对总): received, compared row by row, confirmed (domain.md 5.6).

The bank alone reviews its loans; what is checked is whether each loan of the list is filed, with the same amount, and
covered. A row that cannot be read, or does not fit, is named with what to do, and never sinks the others.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.calendar import add_months
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, DomainError, Invalid, NotFound, gettext_noop
from kernel.money import from_yuan, yuan
from kernel.parameters.queries import value
from reguarantee.filings.models import BatchList, BatchRow, Filing, Status

Result = BatchRow.Result
COLUMNS = ("member_code", "iou_no", "principal_yuan")
"""The columns of a list; others are ignored."""
_HEADS = {"担保机构": "member_code", "机构代码": "member_code", "借据号": "iou_no", "借据编号": "iou_no",
          "贷款金额": "principal_yuan", "借款金额": "principal_yuan", "金额（元）": "principal_yuan"}  # fmt: skip
_ROWS_MAX = 50_000
_CODE_MAX, _NOTE_MAX = 20, 80
_FEN_END = 10**18
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class BadList(Invalid):
    code = "BAD_LIST"
    sentence = gettext_noop(
        "The file is no list: the first line must name the columns member_code, iou_no and principal_yuan (CSV)."
    )


class BadPeriod(Invalid):
    code = "BAD_PERIOD"
    sentence = gettext_noop("Give the month as YYYY-MM.")


class ListTooLong(Invalid):
    code = "LIST_TOO_LONG"
    sentence = gettext_noop("The list has more than %(most)s rows. Split it.")


class ListKnown(Conflict):
    code = "LIST_KNOWN"
    sentence = gettext_noop("This very file was received as %(number)s already.")


class NoSuchList(NotFound):
    code = "NO_SUCH_LIST"
    sentence = gettext_noop("There is no such list.")


class ListConfirmed(Conflict):
    code = "LIST_CONFIRMED"
    sentence = gettext_noop("The list %(number)s is confirmed already.")


@transaction.atomic
def receive_list(*, actor: Any, today: date, bank_code: str, period: str, name: str, data: bytes) -> BatchList:
    """Receive a bank's list (CSV) of a month (YYYY-MM) and compare each row with the filings.

    The same file again is refused, so nothing counts twice. Needs filings.accept. Raises MissingPermission, BadPeriod,
    BadList, ListTooLong, ListKnown.
    """
    check(actor, "filings.accept")
    if not _PERIOD.fullmatch(period):
        raise BadPeriod(field="period")
    digest = hashlib.sha256(data).hexdigest()
    if known := BatchList.objects.filter(digest=digest).first():
        raise ListKnown(field="file", number=known.number)
    rows = _read(data)
    cutoff = value("rg.filing.monthly_cutoff_day", on=today)
    last = add_months(date.fromisoformat(f"{period}-01"), 1).replace(day=cutoff)
    made = BatchList.objects.create(
        number=next_number(kind="ZDZ", today=today),
        bank_code=bank_code,
        period=period,
        name=name[:200],
        digest=digest,
        received_on=today,
        received_by=actor.label,
        is_late=today > last,
    )
    BatchRow.objects.bulk_create(_compared(made, rows))
    audit.leave(
        actor=actor, act="filings.receive_list", subject=f"filing-list:{made.pk}",
        facts={"number": made.number, "bank": bank_code, "period": period, "rows": len(rows), "sha256": digest},
    )  # fmt: skip
    return made


@transaction.atomic
def compare_again(*, actor: Any, today: date, list_id: int) -> BatchList:
    """Look at the rows of an open list once more: what was not filed may be meanwhile. Raises NoSuchList, ListConfirmed."""
    check(actor, "filings.accept")
    found = _open(list_id)
    _compare(found)
    audit.leave(actor=actor, act="filings.compare_list", subject=f"filing-list:{found.pk}", facts={"number": found.number})
    return found


@transaction.atomic
def confirm_list(*, actor: Any, today: date, list_id: int) -> BatchList:
    """Confirm a month's list: its matched filings carry the list's number; the other rows stay named. Cannot be undone.

    The rows are compared as the filings stand now: what was taken back since the last look is not confirmed. Needs
    filings.decide. Raises MissingPermission, NoSuchList, ListConfirmed.
    """
    check(actor, "filings.decide")
    found = _open(list_id)
    _compare(found)
    found.confirmed_on, found.confirmed_by = today, actor.label
    found.save(update_fields=["confirmed_on", "confirmed_by"])
    matched = found.rows.filter(result=Result.MATCHED).values("filing_id")
    counted = Filing.objects.filter(pk__in=matched).update(batch=found.number)
    audit.leave(
        actor=actor, act="filings.confirm_list", subject=f"filing-list:{found.pk}",
        facts={"number": found.number, "matched": counted, "rows": found.rows.count()},
    )  # fmt: skip
    return found


def _compare(found: BatchList) -> None:
    """Compare the rows of a list anew; what could not be read stays so."""
    told = [
        {
            "line": row.line,
            "member_code": row.member_code,
            "iou_no": row.iou_no,
            "fen": row.principal_fen,
            "bad": row.words if row.result == Result.UNREADABLE else "",
        }
        for row in found.rows.order_by("line")
    ]
    found.rows.all().delete()
    BatchRow.objects.bulk_create(_compared(found, told))


def _open(list_id: int) -> BatchList:
    found = BatchList.objects.select_for_update().filter(pk=list_id).first()
    if found is None:
        raise NoSuchList
    if found.confirmed_on:
        raise ListConfirmed(number=found.number)
    return found


def _read(data: bytes) -> list[dict[str, Any]]:
    """Rows `{"line", "member_code", "iou_no", "fen", "bad"}`; `bad` says what could not be read."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:  # as Chinese spreadsheets write
        text = data.decode("gb18030", errors="replace")
    lines = csv.reader(io.StringIO(text))
    try:
        heads = [_HEADS.get(head.strip(), head.strip()) for head in next(lines, [])]
        if missing := set(COLUMNS) - set(heads):
            raise BadList(field="file", missing=", ".join(sorted(missing)))
        rows = [_row(heads, cells, number) for number, cells in enumerate(lines, start=2) if any(cell.strip() for cell in cells)]
    except csv.Error:  # a cell without end: from there on nothing can be told apart
        raise BadList(field="file") from None
    if len(rows) > _ROWS_MAX:
        raise ListTooLong(field="file", most=_ROWS_MAX)
    return rows


def _row(heads: Sequence[str], cells: Sequence[str], line: int) -> dict[str, Any]:
    told = dict(zip(heads, (cell.replace("\0", "").strip() for cell in cells), strict=False))
    member, note = told.get("member_code", "").upper(), told.get("iou_no", "")
    row: dict[str, Any] = {"line": line, "member_code": member[:_CODE_MAX], "iou_no": note[:_NOTE_MAX], "fen": None, "bad": ""}
    try:
        fen = from_yuan(told.get("principal_yuan", ""))
    except (DomainError, ValueError, ArithmeticError):
        fen = 0
    if 0 < fen < _FEN_END:
        row["fen"] = fen
    else:
        row["bad"] = gettext_noop("The amount cannot be read. Give it in yuan with at most two decimals.")
    if not member or not note or len(member) > _CODE_MAX or len(note) > _NOTE_MAX:
        row["bad"] = gettext_noop("The member's code or the number of the drawdown note is missing or too long.")
    return row


def _compared(owner: BatchList, rows: Sequence[Mapping[str, Any]]) -> Iterator[BatchRow]:
    """Two statements for all rows of a list: its filings by member and drawdown note, and those confirmed with another list."""
    notes = {row["iou_no"] for row in rows if not row["bad"]}
    filings = Filing.objects.filter(bank_code=owner.bank_code, iou_no__in=notes).exclude(
        status__in=[Status.WITHDRAWN, Status.VOIDED]
    )
    # A refused filing of the same note stands behind a live one.
    known = {(f.member_code, f.iou_no): f for f in sorted(filings, key=lambda f: f.status != Status.REJECTED)}
    counted = BatchRow.objects.filter(result=Result.MATCHED, list__confirmed_on__isnull=False, filing__in=filings)
    before = set(counted.exclude(list=owner).values_list("filing_id", flat=True))
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row["member_code"], row["iou_no"])
        filing = None if row["bad"] else known.get(key)
        if row["bad"]:
            result, words = Result.UNREADABLE, row["bad"]
        elif filing is not None and filing.pk in before:
            result, words = Result.REPEATED, gettext_noop("The loan was confirmed with an earlier list; this row does not count.")
        else:
            result, words = _result(row, filing, key in seen)
            if result != Result.AMOUNT_DIFFERS:  # a row with the right amount may follow
                seen.add(key)
        yield BatchRow(
            list=owner, line=row["line"], member_code=row["member_code"], iou_no=row["iou_no"], principal_fen=row["fen"],
            filing=filing, result=result, words=words,
        )  # fmt: skip


def _result(row: Mapping[str, Any], filing: Filing | None, repeated: bool) -> tuple[str, str]:
    if repeated:
        return Result.REPEATED, gettext_noop("The same loan stands further up in the list; this row does not count.")
    if filing is None:
        return Result.NOT_FILED, gettext_noop("No member's filing has this drawdown note. Ask the member to file it.")
    if filing.principal_fen != row["fen"]:
        return Result.AMOUNT_DIFFERS, yuan(filing.principal_fen)
    if filing.status == Status.CONFIRMED:
        return Result.MATCHED, ""
    if filing.status in (Status.REVIEWING, Status.RETURNED, Status.SUBMITTED):
        return Result.WAITING, ""
    return Result.NOT_COVERED, filing.reason
