"""Small files in the form of the shipped mappings."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from kernel.codes import complete_uscc

_HEADING = """
业务编号 客户名称 证件号码 客户类型 企业规模 合作银行 区划代码 行业门类 审批日期 放款日期 到期日期 期限（月）
贷款金额（元） 担保金额（元） 年担保费率（%） 状态 结束日期 代偿本金（元）
"""
HEADING = _HEADING.split()


def uscc(number: int) -> str:
    return complete_uscc("91990000", f"MA{number:06d}")


def row(number: int, **changed: Any) -> dict[str, str]:
    """A sound row of the mapping `portfolio`; `changed` by heading."""
    sound = {
        "业务编号": f"X{number:05d}", "客户名称": f"穹原第{number}机械有限公司", "证件号码": uscc(number), "客户类型": "企业",
        "企业规模": "小型", "合作银行": "华星银行", "区划代码": "340100", "行业门类": "C", "审批日期": "2024-03-01",
        "放款日期": "2024/3/15", "到期日期": "", "期限（月）": "24", "贷款金额（元）": "1,000,000.00", "担保金额（元）": "800000",
        "年担保费率（%）": "1.5", "状态": "已解保", "结束日期": "2026年3月10日", "代偿本金（元）": "",
    }  # fmt: skip
    return {**sound, **changed}


def write(path: Path, rows: list[dict[str, str]], *, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADING, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
