"""The account current as a paper."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.documents import papers
from kernel.money import capitals, yuan
from reguarantee.settlements.models import Row, Statement

# Papers are Chinese documents, whatever language their reader's pages are in.
_PURPOSES = {
    "CLAIM": "代偿补偿款",
    "RECOVERY": "追偿款分配",
    "RECOVERY_REFUND": "追偿款退回",
    "PREMIUM": "再担保费",
    "PREMIUM_REFUND": "再担保费退费",
    "FUND_PREMIUM": "基金再担保费",
    "FUND_CLAIM": "基金代偿补偿",
    "FUND_RECOVERY": "基金追偿款",
    "FUND_RECOVERY_REFUND": "基金追偿款退回",
}


def statement(row: Statement, rows: Sequence[Row]) -> bytes:
    """PDF with opening, rows and closing; amounts in yuan, positive what the counterparty owes the group."""
    balance, lines = row.opening_fen, []
    for line in rows:
        balance += line.due_fen - line.moved_fen
        due, moved = (yuan(fen) if fen else "" for fen in (line.due_fen, line.moved_fen))
        lines.append((line.on.isoformat(), _PURPOSES.get(line.purpose, line.purpose), line.key, due, moved, yuan(balance)))
    owes = row.counterparty if row.closing_fen >= 0 else "再担保集团"
    return papers.render(
        "往来对账单",
        [
            papers.Facts(
                (
                    ("往来单位", row.counterparty),
                    ("对账期间", f"{row.from_on.isoformat()} 至 {row.to_on.isoformat()}"),
                    ("期初余额（元）", yuan(row.opening_fen)),
                    ("期末余额（元）", yuan(row.closing_fen)),
                )
            ),
            papers.Table(
                ("日期", "事项", "编号", "应收付", "已收付", "余额"),
                tuple(lines),
                right=(3, 4, 5),
                widths=(12, 14, 34, 13, 13, 14),
                foot=("", "", "期末余额", "", "", yuan(row.closing_fen)),
            ),
            papers.Paragraph(f"期末由{owes}应付：人民币{capitals(abs(row.closing_fen))}。"),
            papers.Signatures(("再担保集团", row.counterparty)),
        ],
        number=row.number,
        on=row.drafted_on,
    )
