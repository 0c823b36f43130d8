"""One call makes a list page: filter, sort, page, remember, export; a whole page or its fragment."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from django.test import Client

from design.lists import StateColumn, Table

LIST = "/styleguide/list/"
HTMX = {"HX-Request": "true", "HX-Target": "div#list"}


def text(answer: Any) -> str:
    return answer.content.decode()


def cells(workbook: bytes) -> list[list[Any]]:
    """The cells of the first sheet as they are stored: text, or a number."""
    sheet = ElementTree.fromstring(ZipFile(BytesIO(workbook)).read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f")), "a formula"
    return [
        ["".join(cell.itertext()) if cell.get("t") == "inlineStr" else float("".join(cell.itertext()) or 0) for cell in row]
        for row in sheet.iter(f"{space}row")
    ]


def test_the_page_shows_twenty_rows_with_labels_for_a_phone(guide: Client) -> None:
    page = text(guide.get(LIST))
    assert page.count("data-row href") == 20
    assert 'data-label="担保金额"' in page and "担保金额 (万元)" in page
    assert "第 1–20 条，共 240 条" in page


def test_filters_sort_and_pages_keep_each_other(guide: Client) -> None:
    page = text(guide.get(LIST, {"q": "合肥", "sort": "-amount_fen", "page": "2"}))
    assert page.count("data-row href") == 15 and "芜湖" not in page.split("<tbody>")[1]
    assert 'aria-sort="descending"' in page
    assert "?q=%E5%90%88%E8%82%A5&amp;sort=amount_fen" in page  # the next click turns the order and goes to page 1


def test_htmx_gets_the_rows_and_the_new_order_only(guide: Client) -> None:
    fragment = text(guide.get(LIST, {"sort": "number"}, headers=HTMX))
    assert "<html" not in fragment and fragment.count("data-row href") == 20
    assert '<input type="hidden" name="sort" id="id_sort" value="number" hx-swap-oob="true">' in fragment


def test_a_list_remembers_its_filters_until_reset(guide: Client) -> None:
    guide.get(LIST, {"q": "合肥", "page": "2", "state": ""})
    answer = guide.get(LIST)
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?q=%E5%90%88%E8%82%A5")
    assert guide.get(LIST, {"_reset": "1"})["Location"] == LIST
    assert guide.get(LIST).status_code == 200


def test_row_numbers_that_we_do_not_offer_are_ignored(guide: Client) -> None:
    assert text(guide.get(LIST, {"per_page": "50"})).count("data-row href") == 50
    assert text(guide.get(LIST, {"per_page": "100000"})).count("data-row href") == 20
    assert text(guide.get(LIST, {"page": "9999"})).count("data-row href") == 20  # the last page


def test_nothing_found_says_so_and_offers_the_way_back(guide: Client) -> None:
    page = text(guide.get(LIST, {"q": "没有这样的客户"}))
    assert "没有找到" in page and "?_reset=1" in page


def test_export_holds_all_filtered_rows_as_numbers_and_dates(guide: Client) -> None:
    answer = guide.get(LIST, {"q": "合肥", "_export": "xlsx"})
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%8B%85")
    head, first, *rest = cells(answer.content)
    assert len(rest) == 34 and head[4] == "担保金额 (元)" and len(head) == 9  # no column of ticks
    assert first[0] == "DB20261100288" and first[4] == 300_000 and first[5] == 0.008
    assert first[8] == 46_352  # 2026-11-26 as a spreadsheet counts days


def test_a_name_that_begins_like_a_formula_stays_text(rf: Any) -> None:
    from types import SimpleNamespace

    from django.contrib.auth.models import AnonymousUser

    from design.lists import Column, Table
    from design.lists.export import spreadsheet

    class Names(Table):
        name = Column(verbose_name="Name")

    request = rf.get("/")
    request.user = AnonymousUser()
    made = spreadsheet(request, Names([SimpleNamespace(name='=HYPERLINK("http://x")')]), "names")
    assert cells(made.content) == [["Name"], ['=HYPERLINK("http://x")']]


def test_a_state_of_a_plain_row_is_said_in_the_rows_own_words(rf: Any) -> None:
    class Stops(Table):
        reason_code = StateColumn(verbose_name="Reason")

    rows = [{"reason_code": "GRADE", "get_reason_code_display": "评级过低"}]
    (row,) = Stops(rows, request=rf.get("/")).rows
    assert "评级过低" in str(row.get_cell("reason_code")) and "GRADE" not in str(row.get_cell("reason_code"))
