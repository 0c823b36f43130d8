"""Replay from files: terms as JSON, losses as CSV, the outcome as plain data (the contract of `manage.py replay`)."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

from kernel.errors import Invalid, gettext_noop

from . import engine
from .form import BadTerms
from .losses import AMOUNTS, Loss, Outcome
from .terms import SCOPE_LISTS, Terms, read_treaties

ALWAYS = ("loss_id", "date", *AMOUNTS)
TEXTS = ("product", "obligor_kind", "obligor_id", "bank", "region", "industry")
KNOWN = (*ALWAYS, *TEXTS, "term_months", "obligor_total_fen")
# An 18-digit figure already exceeds any sum of money a treaty could see and still fits a PostgreSQL bigint.
LONGEST_NUMBER = 18


class BadFile(Invalid):
    """A file that cannot be read as losses or terms; the sentence names the file, line and field."""

    code = "BAD_FILE"


def replay(terms_path: str | Path, losses_path: str | Path) -> dict[str, Any]:
    """Return the outcome of the losses under the terms, as JSON-ready data; amounts are fen.

    `{"losses": [{"loss_id", "shares": {party: fen}, "layers": [{"order", "kind", "from", "to", "fen", "why"}]}],
    "totals": {party: fen}}`. Raises BadTerms or BadFile with a sentence that names the place.
    """
    treaties = load_terms(terms_path)
    replayed = engine.replay(treaties, load_losses(losses_path, treaties))
    several = len(treaties) > 1
    return {"losses": [_outcome(outcome, several) for outcome in replayed.outcomes], "totals": replayed.totals}


def _outcome(outcome: Outcome, several: bool) -> dict[str, Any]:
    layers = [
        {
            "order": step.order,
            "kind": step.kind,
            "from": step.source,
            "to": step.target,
            "fen": step.fen,
            "why": f"{step.treaty}: {step.why}" if several else step.why,
        }
        for step in outcome.trace.steps
    ]
    return {"loss_id": outcome.trace.loss_id, "shares": dict(outcome.shares), "layers": layers}


def load_terms(path: str | Path) -> tuple[Terms, ...]:
    """Return the treaty or treaties in a JSON file. Raises BadTerms (field is the path in it) or BadFile.

    The facts of both hold the reason as an error of its own, so that a face can translate it by itself.
    """
    text = _text(path)
    try:
        return read_treaties(_document(text))
    except Invalid as error:
        sentence = gettext_noop("%(file)s, field %(path)s: %(reason)s")
        raise BadTerms(sentence, field=error.field, file=str(path), path=error.field or ".", reason=error) from None


def _document(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_no_doubles)
    except json.JSONDecodeError as error:
        sentence = gettext_noop("This is not JSON: line %(line)s, column %(column)s.")
        raise BadTerms(sentence, line=error.lineno, column=error.colno) from None
    except (ValueError, RecursionError):
        raise BadTerms(gettext_noop("A number is too long, or the document nested too deeply.")) from None


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadTerms(gettext_noop("“%(name)s” is given twice."), field=twice, name=twice)
    return record


def _text(path: str | Path) -> str:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BadFile(gettext_noop("%(file)s cannot be read: %(reason)s."), file=str(path), reason=error.strerror) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = gettext_noop("this is not UTF-8 text (byte %(byte)s of the file). Save the file as UTF-8.")
        _refuse(path, data.count(b"\n", 0, error.start) + 1, "-", sentence, byte=error.start + 1)


def needed_columns(treaties: Sequence[Terms]) -> list[str]:
    """Return the columns the terms cannot do without: the six amounts and keys, and those their scope looks at."""
    needed = list(ALWAYS)
    for terms in treaties:
        needed += [column for name, column in SCOPE_LISTS.items() if terms.scope.get(name)]
        if terms.scope.get("term_max_months") is not None:
            needed.append("term_months")
        if terms.scope.get("obligor_total_max_fen") is not None:
            needed.append("obligor_id")
    return list(dict.fromkeys(needed))


def load_losses(path: str | Path, treaties: Sequence[Terms]) -> Iterator[Loss]:
    """Yield the losses of a CSV file in its order. Raises BadFile with line and field at the first mistake."""
    reader = csv.reader(StringIO(_text(path), newline=""), strict=True)
    needed, seen, line = needed_columns(treaties), set[str](), 1
    try:
        columns = _header(path, next(reader, []), needed)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) != len(columns):
                    _refuse(path, line, columns[-1], _COLUMNS, expected=len(columns), found=len(cells))
                row = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
                loss = _loss(path, line, row, needed)
                if loss.loss_id in seen:
                    _refuse(path, line, "loss_id", gettext_noop("“%(value)s” occurs twice."), value=loss.loss_id)
                seen.add(loss.loss_id)
                yield loss
            line = reader.line_num + 1  # where the next record begins; a quoted cell may hold line ends
    except csv.Error as error:
        _refuse(path, line, "-", gettext_noop("the line is not CSV (%(reason)s)."), reason=str(error))


_COLUMNS = gettext_noop("the header has %(expected)s columns, this line %(found)s.")


def _refuse(path: str | Path, line: int, field: str, sentence: str, **facts: Any) -> NoReturn:
    place = gettext_noop("%(file)s, line %(line)s, field %(column)s: %(reason)s")
    raise BadFile(place, field=field, file=str(path), line=line, column=field, reason=Invalid(sentence, **facts))


def _header(path: str | Path, cells: list[str], needed: list[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for column in columns:
        if column not in KNOWN:
            _refuse(path, 1, column or "-", gettext_noop("this column is not known."))
        if columns.count(column) > 1:
            _refuse(path, 1, column, gettext_noop("this column occurs twice."))
    for column in needed:
        if column not in columns:
            _refuse(path, 1, column, gettext_noop("this column is missing."))
    return columns


def _loss(path: str | Path, line: int, row: dict[str, str], needed: list[str]) -> Loss:
    if not row["loss_id"]:
        _refuse(path, line, "loss_id", gettext_noop("this may not be blank."))
    day = row["date"]
    try:
        on = date.fromisoformat(day)
    except ValueError:
        on = None
    if on is None or on.isoformat() != day:
        _refuse(path, line, "date", gettext_noop("“%(value)s” is not a day written as 2026-03-01."), value=day)
    values: dict[str, Any] = {name: _number(path, line, name, row[name]) or 0 for name in AMOUNTS}
    term = _number(path, line, "term_months", row.get("term_months", ""))
    if term is None and "term_months" in needed:
        _refuse(path, line, "term_months", gettext_noop("the terms limit this, so it may not be blank."))
    if not row.get("obligor_id") and "obligor_id" in needed and not row.get("obligor_total_fen"):
        _refuse(path, line, "obligor_id", gettext_noop("the terms limit an obligor's total, so it may not be blank."))
    total = _number(path, line, "obligor_total_fen", row.get("obligor_total_fen", ""))
    values |= {name: row.get(name, "") for name in TEXTS}
    return Loss(row["loss_id"], on, **values, term_months=term, obligor_total_fen=total)


def _number(path: str | Path, line: int, field: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        _refuse(path, line, field, gettext_noop("“%(value)s” is not a whole number of at least 0."), value=text)
    return int(text)
