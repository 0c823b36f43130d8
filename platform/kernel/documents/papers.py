"""Papers of a house as PDF: resolutions, replies, bills, letters, statements. Set in STSong-Light, which every reader has:
no font file is carried, and the text can be searched and copied.

    papers.render("审保会决议", [
        papers.Facts((("项目", "DB2026-000012"), ("客户", "芜湖某某公司"))),
        papers.Heading("一、表决结果"),
        papers.Paragraph("应到 7 人，实到 6 人。"),
        papers.Numbered(("落实房产抵押。", "追加连带责任保证。")),
        papers.Table(("委员", "意见"), (("吴国栋", "同意"),)),
        papers.Signatures(("主任委员", "秘书")),
    ], number="SBH2026-000003", on=date(2026, 3, 1))

Equal input gives equal bytes: a paper can be made again and compared by its digest.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Paragraph as Flow
from reportlab.platypus import Table as Grid

FONT = "STSong-Light"
_INK, _LINE, _SHADE = colors.HexColor("#1f2937"), colors.HexColor("#9ca3af"), colors.HexColor("#f1f5f9")


@dataclass(frozen=True)
class Facts:
    """Labels with their values, two pairs a line: the head of a paper."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str
    indent: bool = True


@dataclass(frozen=True)
class Numbered:
    """Paragraphs that count: 1. 2. 3."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Table:
    """`right` names the columns of figures (from 0); `widths` are shares of the line; `foot` is a row of totals."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    widths: Sequence[float] = ()
    foot: Sequence[str] = ()


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on; a name stands printed beside its line, a seal over the last."""

    labels: Sequence[str]
    names: Sequence[str] = field(default=())


Block = Facts | Heading | Paragraph | Numbered | Table | Signatures


def render(
    title: str,
    blocks: Iterable[Block],
    *,
    number: str,
    on: date,
    house: str = "",
    wide: bool = False,
    compressed: bool = True,
) -> bytes:
    """The paper as PDF. `house` stands over the title, `number` and the day under it; `wide` turns the page.

    Every page carries the number and “第 x 页 / 共 y 页”. Markup in a text is printed as it is written.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    size = landscape(A4) if wide else A4
    document = SimpleDocTemplate(
        out,
        pagesize=size,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=title,
        author=house,
        subject=number,
        pageCompression=int(compressed),
        invariant=1,
    )
    width = size[0] - 44 * mm
    story: list[Any] = [Flow(escape(house), _style(10, align=TA_CENTER))] if house else []
    story += [
        Flow(escape(title), _style(18, align=TA_CENTER, after=4 * mm)),
        Flow(escape(f"编号：{number}　　{_day(on)}"), _style(9.5, align=TA_CENTER, after=5 * mm)),
    ]
    for block in blocks:
        story += _DRAWN[type(block)](block, width)
    document.build(story, canvasmaker=lambda *args, **more: _Counted(*args, footing=number, **more))
    return out.getvalue()


def _day(on: date) -> str:
    return f"{on.year} 年 {on.month} 月 {on.day} 日"


def _style(size: float, *, align: int = 0, indent: float = 0, after: float = 0, before: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        "paper",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.6,
        alignment=align,
        firstLineIndent=indent,
        spaceAfter=after,
        spaceBefore=before,
        textColor=_INK,
        wordWrap="CJK",
    )


def _said(text: str, size: float = 10.5, align: int = 0) -> Flow:
    return Flow(escape(str(text)).replace("\n", "<br/>"), _style(size, align=align))


def _facts(block: Facts, width: float) -> list[Any]:
    pairs = [list(pair) for pair in block.pairs]
    if len(pairs) % 2:
        pairs.append(["", ""])
    rows = [[_said(text, 10) for pair in pairs[at : at + 2] for text in pair] for at in range(0, len(pairs), 2)]
    if not rows:
        return []
    grid = Grid(rows, colWidths=[width * share for share in (0.16, 0.34, 0.16, 0.34)])
    shaded = [("BACKGROUND", (column, 0), (column, -1), _SHADE) for column in (0, 2)]
    grid.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, _LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"), *shaded]))
    return [grid, Spacer(1, 4 * mm)]


def _heading(block: Heading, width: float) -> list[Any]:
    return [Flow(escape(block.text), _style(12.5, before=3 * mm, after=2 * mm))]


def _paragraph(block: Paragraph, width: float) -> list[Any]:
    style = _style(10.5, indent=21 if block.indent else 0, after=2 * mm)
    return [Flow(escape(block.text).replace("\n", "<br/>"), style)]


def _numbered(block: Numbered, width: float) -> list[Any]:
    return [
        Flow(escape(f"{place}. {text}"), _style(10.5, indent=21, after=1.5 * mm)) for place, text in enumerate(block.texts, 1)
    ]


def _table(block: Table, width: float) -> list[Any]:
    shares = list(block.widths) or [1.0] * len(block.head)
    whole = sum(shares)

    def line(cells: Sequence[str]) -> list[Flow]:
        return [_said(text, 9, TA_RIGHT if place in block.right else 0) for place, text in enumerate(cells)]

    rows = [line(block.head), *(line(row) for row in block.rows), *([line(block.foot)] if block.foot else [])]
    grid = Grid(rows, colWidths=[width * share / whole for share in shares], repeatRows=1)
    look = [("GRID", (0, 0), (-1, -1), 0.5, _LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"), ("BACKGROUND", (0, 0), (-1, 0), _SHADE)]
    if block.foot:
        look.append(("BACKGROUND", (0, -1), (-1, -1), _SHADE))
    grid.setStyle(TableStyle(look))
    return [grid, Spacer(1, 4 * mm)]


def _signatures(block: Signatures, width: float) -> list[Any]:
    names = [*block.names, *[""] * len(block.labels)]
    lines = [f"{label}：{name or '＿＿＿＿＿＿'}" for label, name in zip(block.labels, names, strict=False)]
    rows = [[_said(text) for text in lines[at : at + 2]] + [""] * (2 - len(lines[at : at + 2])) for at in range(0, len(lines), 2)]
    if not rows:
        return []
    grid = Grid(rows, colWidths=[width / 2] * 2, rowHeights=[14 * mm] * len(rows))
    return [KeepTogether([Spacer(1, 8 * mm), grid])]


_DRAWN: dict[type, Callable[[Any, float], list[Any]]] = {
    Facts: _facts,
    Heading: _heading,
    Paragraph: _paragraph,
    Numbered: _numbered,
    Table: _table,
    Signatures: _signatures,
}


class _Counted(Canvas):
    """Writes the foot of each page at the end, when the number of pages is known."""

    def __init__(self, *args: Any, footing: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._footing = footing
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = self._pages
        for place, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self._pages = pages
            width = self._pagesize[0]
            self.setFont(FONT, 8)
            self.setFillColor(_INK)
            self.drawString(22 * mm, 11 * mm, self._footing)
            self.drawRightString(width - 22 * mm, 11 * mm, f"第 {place} 页 / 共 {len(pages)} 页")
            super().showPage()
        super().save()
