"""The figures of an application as a table (PAR-22): the template to download, and what came back, row by row.

One row a figure: its code, what it is, its unit, its value, in the units of the form. The form's own fields read the values,
shows them, and nothing is sent before the applicant has seen them. The file travels with the form under our signature
and is kept with the case once it is sent.
"""

from __future__ import annotations

import base64
import io
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from lxml import etree

from design.answers import say
from kernel.errors import DomainError, Invalid, gettext_noop
from kernel.intake.reading import open_table
from reguarantee.admission import queries
from reguarantee.console.desks.admission.application import ApplicationForm, figure_field

_BYTES, _UNPACKED = 256 * 1024, 4 * 1024 * 1024
_ROWS, _COLUMN_LETTERS, _ERRORS = 1000, 2, 20
_SALT, _HOURS = "admission.figures", 24
_YES, _NO = ("是", "yes", "y", "true", "1"), ("否", "no", "n", "false", "0", "")
_PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False}


class NoTable(Invalid):
    code = "NO_FIGURES_TABLE"
    sentence = gettext_noop("Choose the filled-in table first: the template as xlsx or csv, at most 256 KB.")


@dataclass
class Read:
    """Name of a figure → its value as the form takes it; `errors` say of each row that cannot be used why."""

    values: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def codes(kind: str) -> dict[str, str]:
    """Code in the table → name of the figure: amounts are yuan there, so their code does not say fen."""
    return {name.removesuffix("_fen"): name for name in queries.FIGURES[kind]}


def template(kind: str) -> bytes:
    """The table with every figure that the form of this kind of institution asks for, its values empty, as xlsx."""
    out = io.BytesIO()
    units = {"fen": _("yuan"), "rate": "%", "times": "%", "count": _("number"), "bool": _("yes or no")}
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet(_("Figures")), book.add_format({"bold": True})
        # Text, so that a typed 86% stays 86% and does not become 0.86.
        text = book.add_format({"num_format": "@", "bg_color": "#FFF8E1"})
        sheet.write_row(0, 0, [_("Code"), _("Figure"), _("Unit"), _("Value")], bold)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 40)
        sheet.set_column(3, 3, 24, text)
        for row, (code, name) in enumerate(codes(kind).items(), 1):
            sheet.write_row(row, 0, [code, str(queries.LABELS[name]), units[queries.UNITS[name]]])
            sheet.write_blank(row, 3, None, text)
    return out.getvalue()


def read(kind: str, *, name: str, data: bytes) -> Read:
    """What a filled-in table says. Raises NoTable and the refusals of a file that is no table."""
    known, found = codes(kind), Read()
    for number, cells in _rows(name, data):
        code, value = (cells[0].strip().lower(), cells[3].strip()) if len(cells) > 3 else ("", "")
        figure = known.get(code)
        if figure is None:
            if any(cell.strip() for cell in cells) or not cells:
                found.errors.append(_("Row %(row)s: “%(code)s” is no figure of this table.") % {"row": number, "code": code[:40]})
        elif figure in found.values:
            told = {"row": number, "figure": queries.LABELS[figure]}
            found.errors.append(_("Row %(row)s: %(figure)s stands in the table twice.") % told)
        elif value:
            try:
                found.values[figure] = _checked(figure, value)
            except ValidationError as bad:
                told = {"row": number, "figure": queries.LABELS[figure], "why": " ".join(bad.messages)}
                found.errors.append(_("Row %(row)s, %(figure)s: %(why)s") % told)
    if not found.values and not found.errors:
        found.errors.append(_("The table holds no value. Fill in the last column of the template."))
    del found.errors[_ERRORS:]
    return found


def _checked(name: str, value: str) -> str:
    """The value as the form's field takes it. Raises ValidationError in the field's own words."""
    if queries.UNITS[name] != "bool":
        figure_field(name).clean(value)
        return value
    if value.lower() not in (*_YES, *_NO):
        raise ValidationError(_("Write yes or no."))
    return "on" if value.lower() in _YES else ""


def _rows(name: str, data: bytes) -> list[tuple[int, list[str]]]:
    """(row number, cells) below the heading; a row that cannot be read has no cells."""
    # The file is kept with the case, so its name says what it is, here already.
    named = name.lower().endswith(".xlsx" if data.startswith(b"PK") else ".csv")
    if not data or len(data) > _BYTES or not named or data.startswith(b"\xfd7zXZ"):
        raise NoTable(field="table")
    if data.startswith(b"PK"):
        _check_small(data)
    with tempfile.NamedTemporaryFile(suffix=".table") as kept:
        kept.write(data)
        kept.flush()
        table = open_table(Path(kept.name), name=name)
        rows = [(number, list(cells) if isinstance(cells, list) else []) for batch in table.batches() for number, cells in batch]
    return rows[:_ROWS]


def _check_small(data: bytes) -> None:
    """A stranger's workbook is looked at before it is opened: what it unpacks to, and how far its cells lie apart.

    A few bytes may claim a cell at the far corner of a sheet, and whoever lays the sheet out then fills the memory. Python
    reads a part to the size that the archive states and checks its sum, so a size that lies is found here.
    Raises NoTable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
            if sum(part.file_size for part in parts) > _UNPACKED:
                raise NoTable(field="table")
            for part in parts:
                content = book.read(part)
                if part.filename.endswith(".xml"):
                    _check_cells(content)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, NotImplementedError, RuntimeError, ValueError) as bad:
        raise NoTable(field="table") from bad


def _check_cells(content: bytes) -> None:
    rows = 0
    for _event, element in etree.iterparse(io.BytesIO(content), events=("end",), **_PARSER):
        kind = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if kind not in ("c", "row"):
            continue
        rows += kind == "row"
        place = element.get("r", "")
        letters, number = place.rstrip("0123456789"), place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if rows > _ROWS or len(letters) > _COLUMN_LETTERS or int(number or 0) > _ROWS:
            raise NoTable(field="table")


def filled(request: HttpRequest, kind: str, **options: Any) -> ApplicationForm:
    """The form with what was typed and what the table of this request says; each row that cannot be used is named."""
    file, typed = request.FILES.get("table_file"), request.POST.copy()
    found = Read()
    try:
        data = file.read(_BYTES + 1) if file else b""
        found = read(kind, name=(file.name if file else "") or "", data=data)
        typed["table"] = signing.dumps([file.name, base64.b64encode(data).decode()], salt=_SALT, compress=True)
    except DomainError as refusal:
        found.errors.append(say(refusal))
    for name, value in found.values.items():
        typed[name] = value
        if not value:
            del typed[name]
    form = ApplicationForm(typed, kind=kind, **options)
    form.full_clean()
    form.errors.clear()  # nothing was sent yet: what is still empty is no mistake
    for sentence in found.errors:
        form.add_error(None, sentence)
    form.table, form.read_from = typed.get("table", ""), len(found.values)
    return form


def kept(request: HttpRequest) -> tuple[str, bytes] | None:
    """The table that came with the form: its name and bytes; None without one, or with one that we did not sign."""
    try:
        name, text = signing.loads(request.POST.get("table", ""), salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return None
    return str(name), base64.b64decode(text)
