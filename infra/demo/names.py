"""Made-up firms and people, stable for a seed. No real person or firm is meant."""

from __future__ import annotations

from random import Random

from kernel.codes import complete_resident_id, complete_uscc

_FIRST = [
    "衡",
    "澜",
    "昭",
    "予",
    "霁",
    "岚",
    "栩",
    "祺",
    "笙",
    "珩",
    "湛",
    "屿",
    "翊",
    "澄",
    "槿",
    "铄",
    "骁",
    "钧",
    "沐",
    "霖",
    "曜",
    "晟",
    "芃",
    "菡",
]
_SECOND = ["远", "启", "禾", "拓", "涵", "跃", "宁", "博", "川", "恒", "尚", "朗", "泽", "源", "成", "辉", "信", "嘉", "盈", "通"]
_TRADES = (
    ("精密机械有限公司", "C", "3429"),
    ("食品有限公司", "C", "1499"),
    ("纺织科技有限公司", "C", "1789"),
    ("电子科技有限公司", "C", "3990"),
    ("商贸有限公司", "F", "5199"),
    ("农产品有限公司", "F", "5121"),
    ("农业发展有限公司", "A", "0190"),
    ("建设工程有限公司", "E", "4899"),
    ("物流有限公司", "G", "5990"),
    ("信息技术有限公司", "I", "6510"),
    ("环保科技有限公司", "M", "7512"),
    ("餐饮管理有限公司", "H", "6210"),
)
_FAMILY = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "许", "何"]
_GIVEN = ["文轩", "子墨", "雨桐", "思齐", "嘉言", "明远", "若水", "知行", "书瑶", "景行", "怀瑾", "清越", "念慈", "承志", "安澜"]
# 990000 is no division of GB/T 2260, so no number made here can belong to anybody.
_NOWHERE = "990000"


def person(random: Random) -> str:
    return random.choice(_FAMILY) + random.choice(_GIVEN)


def firm(random: Random, place: str) -> tuple[str, str, str]:
    """(name, GB/T 4754 section, class) of a firm in a place."""
    trade, section, industry = random.choice(_TRADES)
    return f"{place}{random.choice(_FIRST)}{random.choice(_SECOND)}{trade}", section, industry


def uscc(number: int) -> str:
    """A well-formed social credit code of nobody; `number` below a million makes it unique."""
    return complete_uscc(f"91{_NOWHERE}", f"MA{number:06d}")


def resident_id(random: Random, number: int) -> str:
    """A well-formed ID number of nobody."""
    born = f"{random.randint(1962, 1998)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
    return complete_resident_id(f"{_NOWHERE}{born}{number % 1000:03d}")
