"""File many guarantees at one go from a list: the bank's month under the head-office scheme, or an imported book.

The file names guarantees, a row each; each row has its own result, and a bad row never sinks a good one (domain.md 5.6).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from kernel.access.permissions import check
from kernel.access.queries import visible
from kernel.audit import services as audit
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, gettext_noop
from tenants.acts import act
from tenants.guarantees.models import FilingList, FilingListRow, Guarantee
from tenants.guarantees.services.filing import NotToBeFiled, file, fileable

ROWS_MAX = 5_000
HEADS = ("number", "保函编号", "担保编号", "借据号", "借据编号", "iou_no", "外部编号", "external_ref")
WORDS = {
    "FILED": "",
    "NOT_FOUND": gettext_noop("No guarantee has this number, drawdown note or reference. Check it."),
    "ALREADY_FILED": gettext_noop("It is filed already; nothing was sent."),
    "NOT_RUNNING": gettext_noop("It is not in force (any more), so it cannot be filed."),
    "REPEATED": gettext_noop("It stands further up in the list already."),
    "AMBIGUOUS": gettext_noop("More than one guarantee has this drawdown note. Name the guarantee's own number."),
}


class NoList(Invalid):
    code = "NO_LIST"
    sentence = gettext_noop(
        "The file has no rows. The first line names the column, number or 借据号; each further line a guarantee."
    )


class TooManyRows(Invalid):
    code = "TOO_MANY_ROWS"
    sentence = gettext_noop("The list has more than %(most)s rows. Split it.")


class ListFiled(Conflict):
    code = "LIST_FILED"
    sentence = gettext_noop("This very file was filed as %(batch)s already.")


def file_list(*, actor: Any, today: date, name: str, data: bytes) -> FilingList:
    """File the guarantees that a CSV file names by their number, drawdown note (IOU) or external reference.

    The letters carry the number of this list. Two at once cannot file a guarantee twice: its row is locked and the second
    finds it filed. Needs guarantees.file. Raises MissingPermission, NoList, TooManyRows, ListFiled.
    """
    check(actor, "guarantees.file")
    names = _read(data)
    digest = hashlib.sha256(data).hexdigest()
    with act("guarantees.file_list", actor=actor):
        if known := FilingList.objects.filter(digest=digest).first():
            raise ListFiled(field="file", batch=known.batch)
        made = FilingList.objects.create(
            batch=next_number(kind="PL", today=today), name=name[:200], digest=digest, on=today, by=actor.label
        )
        found, doubled = _found(actor, (text for _, text in names))
        rows, seen = [], set()
        for line, text in names:
            guarantee = found.get(text)
            code = "AMBIGUOUS" if text in doubled else _file(guarantee, seen, today, made.batch)
            rows.append(FilingListRow(list=made, line=line, text=text, guarantee=guarantee, code=code, words=WORDS[code]))
        FilingListRow.objects.bulk_create(rows)
        facts = {"batch": made.batch, "rows": len(rows), "filed": sum(row.code == "FILED" for row in rows)}
        audit.leave(actor=actor, act="guarantees.file_list", subject=f"filing-list:{made.pk}", facts=facts)
    return made


def _read(data: bytes) -> list[tuple[int, str]]:
    """(line, text) of each row; UTF-8 or GB18030, as Chinese spreadsheets write."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    try:
        lines = list(csv.reader(io.StringIO(text.replace("\0", ""))))
    except csv.Error:  # a cell without end
        raise NoList(field="file") from None
    heads = [cell.strip() for cell in lines[0]] if lines else []
    column = next((heads.index(head) for head in HEADS if head in heads), None)
    if column is None:
        raise NoList(field="file")
    rows = [
        (number, cells[column].strip()[:200])
        for number, cells in enumerate(lines[1:], start=2)
        if len(cells) > column and cells[column].strip()
    ]
    if not rows:
        raise NoList(field="file")
    if len(rows) > ROWS_MAX:
        raise TooManyRows(field="file", most=ROWS_MAX)
    return rows


def _found(actor: Any, texts: Iterable[str]) -> tuple[dict[str, Guarantee], set[str]]:
    """Guarantees by the text that names them, their rows locked in one order; and texts that name more than one.

    What lies outside the person's data scope does not exist for the list either.
    """
    wanted = set(texts)
    named = Q(number__in=wanted) | Q(external_ref__in=wanted) | Q(drawdowns__iou_no__in=wanted)
    keys = sorted(set(visible(actor, Guarantee.objects.all()).filter(named).values_list("pk", flat=True)))
    rows = Guarantee.objects.select_for_update(of=("self",)).select_related("customer", "product").filter(pk__in=keys)
    found: dict[str, Guarantee] = {}
    doubled: set[str] = set()
    for guarantee in rows.order_by("pk").prefetch_related("drawdowns"):
        for text in {guarantee.number, guarantee.external_ref, *(one.iou_no for one in guarantee.drawdowns.all())} & wanted:
            if text and found.setdefault(text, guarantee) is not guarantee:
                doubled.add(text)
    return found, doubled


def _file(guarantee: Guarantee | None, seen: set[int], today: date, batch: str) -> str:
    if guarantee is None:
        return "NOT_FOUND"
    if guarantee.pk in seen:
        return "REPEATED"
    seen.add(guarantee.pk)
    try:
        fileable(guarantee)
    except NotToBeFiled:
        return "ALREADY_FILED" if guarantee.filing_status in ("SUBMITTED", "REVIEWING", "CONFIRMED") else "NOT_RUNNING"
    file(guarantee, today=today, batch=batch)
    return "FILED"
