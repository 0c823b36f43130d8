"""PAR-22: an applicant's figures come as a table; each row is checked, the form shows them, the case keeps the file."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.access.models import User
from kernel.documents import queries as documents
from kernel.documents import services as store
from reguarantee.admission import queries
from reguarantee.admission.models import Case
from reguarantee.console.desks.admission import figures
from tests.console.institutions.test_cases import typed
from tests.console.institutions.test_public import stranger as _stranger
from tests.reguarantee.admission.conftest import people as _people

People = dict[str, User]
people, stranger = _people, _stranger


def values() -> dict[str, str]:
    """Code → value, as an applicant types them into the template."""
    told = typed()
    return {
        code: {"on": "是"}.get(str(told.get(name, "")), str(told.get(name, ""))) for code, name in figures.codes("MEMBER").items()
    }


def book(rows: dict[str, str], *, more: list[list[Any]] | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        lines = [["Code", "Figure", "Unit", "Value"], *([code, "", "", value] for code, value in rows.items()), *(more or [])]
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return out.getvalue()


def sheet(rows: dict[str, str]) -> bytes:
    return "\n".join(["编号,项目,单位,数值", *(f'{code},,,"{value}"' for code, value in rows.items())]).encode()


def fill(client: Client, data: bytes, filename: str = "f.xlsx", path: str = "/apply/new/member/", **more: Any) -> Any:
    return client.post(path, {"fill": "1", "table_file": SimpleUploadedFile(filename, data), **more})


def test_the_template_asks_for_every_figure_of_the_form(stranger: Client) -> None:
    """PAR-22: public, an attachment, one row a figure; filled in it is read back whole."""
    for kind in ("member", "bank"):
        answer = stranger.get(f"/apply/new/{kind}/table/")
        assert (answer.status_code, answer["Content-Disposition"][:10]) == (200, "attachment")
        rows = figures._rows("t.xlsx", answer.content)
        assert [cells[0] for _number, cells in rows] == list(figures.codes(kind.upper()))
    assert stranger.get("/apply/new/nobody/table/").status_code == 404


@pytest.mark.parametrize("name", ["f.xlsx", "f.csv"])
def test_a_table_fills_the_form_and_stays_with_the_case(stranger: Client, name: str) -> None:
    """PAR-22: nothing is sent by reading; what is sent is judged as if it had been typed, and the file is kept."""
    told = {key: value for key, value in typed().items() if key not in queries.FIGURES["MEMBER"]}
    data = book(values()) if name.endswith("xlsx") else sheet(values())
    shown = fill(stranger, data, name, name=told["name"])
    assert shown.status_code == 200 and not Case.objects.exists()
    form = shown.context["form"]
    assert not form.errors and form["name"].value() == told["name"]
    found = {
        figure: form[figure].value() for figure in queries.FIGURES["MEMBER"] if form[figure].value() not in (None, "", False)
    }
    assert found["registered_capital_fen"] == "300000000" and found["risk_rules"] is True
    hidden = re.search(r'name="table" value="([^"]+)"', shown.content.decode())
    assert hidden is not None
    assert (
        stranger.post(
            "/apply/new/member/",
            {**told, **{figure: "on" if value is True else value for figure, value in found.items()}, "table": hidden[1]},
        ).status_code
        == 200
    )
    case = Case.objects.get()
    assert case.told["registered_capital_fen"] == 30_000_000_000
    assert case.analyses.get().outcome == "PASS"
    kept = documents.of(case.subject).get()
    assert (kept.kind, kept.name) == (queries.TABLE, name)
    assert store.fetch(subject=case.subject, document_id=kept.id)[1].read() == data


def test_each_row_that_cannot_be_used_is_named(stranger: Client) -> None:
    """PAR-22: an unknown code, a word for a number, below nothing, a row twice: each with its row; the others are read."""
    rows = {"registered_capital": "三亿", "paid_in_capital": "-1", "staff_total": "60", "risk_rules": "maybe", "wealth": "1"}
    shown = fill(stranger, book(rows, more=[["staff_total", "", "", "61"]]))
    assert shown.status_code == 422
    said = " ".join(shown.context["form"].non_field_errors())
    for row in (2, 3, 5, 6, 7):
        assert f"第 {row} 行" in said, said
    assert "第 4 行" not in said and "wealth" in said
    assert shown.context["form"]["staff_total"].value() == "60"
    assert shown.context["form"]["registered_capital_fen"].value() in (None, "")


def _far() -> bytes:
    """A small workbook with one cell at the far corner: whoever lays it out fills the memory."""
    source, out = zipfile.ZipFile(io.BytesIO(book({"staff_total": "1"}))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b'r="D2"', b'r="XFD1048576"')
            made.writestr(part.filename, content)
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    return out.getvalue()


_BAD = [b"", b"PK\x03\x04 broken", b"MZ program", b"\xfd7zXZ\x00 packed", b"x" * 300_000, b"%PDF-1.4", _far(), _bomb()]


@pytest.mark.parametrize("data", _BAD, ids=range(len(_BAD)))
def test_what_is_no_table_is_refused_in_words(stranger: Client, data: bytes) -> None:
    """PAR-22: empty, broken, a program, packed, too large, a picture of paper, a bomb: the form stays and says so."""
    shown = fill(stranger, data, "x.xlsx" if data.startswith(b"PK") else "x.csv", name="新禾融资担保有限公司")
    assert shown.status_code == 422
    assert shown.context["form"].non_field_errors()
    assert shown.context["form"]["name"].value() == "新禾融资担保有限公司"


@pytest.mark.parametrize(
    ("name", "packed"), [("f.exe", True), ("f", False), ("f.csv", True), ("f.xlsx", False), ("f.csv.xz", False)]
)
def test_a_name_that_says_something_else_is_refused_at_once(stranger: Client, name: str, packed: bool) -> None:
    """PAR-22: not only when the application is sent and its file is to be kept."""
    rows = {"staff_total": "60"}
    assert fill(stranger, book(rows) if packed else sheet(rows), name).context["form"].non_field_errors()


def test_a_table_that_we_did_not_sign_is_not_kept(stranger: Client) -> None:
    """The hidden field is ours: another one is no way to lay a file with a case."""
    assert stranger.post("/apply/new/member/", typed(table="WyJ4LnBkZiIsIngiXQ:1:forged")).status_code == 200
    assert not documents.of(Case.objects.get().subject).exists()
