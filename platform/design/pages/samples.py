"""Made-up rows and figures of the style guide, the same on every visit."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

PLACES = ["安徽 合肥", "安徽 芜湖", "江苏 南京", "山东 青岛", "四川 成都", "湖北 武汉", "浙江 宁波"]
NAMES = [
    "宏达智能装备",
    "博远精密机械",
    "金桥农业科技",
    "众诚新材料",
    "锐驰食品",
    "天和生物医药",
    "恒泰信息技术",
    "佳禾食品",
    "华瑞建设工程",
]
PRODUCTS = ["流动资金贷款担保", "创业担保贷款", "政采贷", "履约保函", "科技贷"]
BANKS = ["中国工商银行", "中国农业银行", "中国建设银行", "徽商银行", "招商银行", "兴业银行", "邮政储蓄银行"]
MEASURES = ["抵押", "质押", "保证", "保证金", "应收账款", "知识产权"]
INDUSTRIES = ["制造业", "建筑业", "批发和零售业", "农林牧渔业", "科技服务业"]
STATES = [
    "IN_REVIEW",
    "IN_COMMITTEE",
    "INVESTIGATING",
    "CONTRACTED",
    "IN_FORCE",
    "OVERDUE",
    "ACCEPTED",
    "DEFERRED",
    "RELEASED_NORMAL",
    "COMPENSATED",
]
LABELS = dict(
    zip(STATES, ["风控复核", "审保会", "尽职调查", "合同签约", "在保", "逾期", "受理", "暂缓", "已解保", "已代偿"], strict=True)
)


class Project(NamedTuple):
    number: str
    customer: str
    place: str
    product: str
    bank: str
    amount_fen: int
    rate: Decimal
    state: str
    state_label: str
    manager: str
    taken_on: datetime.date


def projects(count: int) -> list[Project]:
    """The first `count` made-up projects."""
    made = []
    for n in range(count):
        place, state = PLACES[n % 7], STATES[n % 10]
        made.append(
            Project(
                number=f"DB2026{1100288 + n * 37}",
                customer=f"{place.split()[1]}{NAMES[n % 9]}有限公司",
                place=f"{INDUSTRIES[n % 5]} · {place}",
                product=PRODUCTS[n % 5],
                bank=BANKS[n % 7],
                amount_fen=(n * 7919 % 97 + 3) * 10_000_000 + n % 3 * 123_456,
                rate=Decimal(80 + n % 9 * 10).scaleb(-4),
                state=state,
                state_label=LABELS[state],
                manager=["张晓明", "周海涛", "赵敏", "王建国"][n % 4],
                taken_on=datetime.date(2026, 11, 26) - datetime.timedelta(days=n),
            )
        )
    return made


_MONTHS = [f"{25 if m > 11 else 26}-{(m % 12) + 1:02d}" for m in [11, *range(11)]]
_NEW = [41200, 49800, 43100, 48000, 59600, 72400, 78900, 73800, 103900, 89700, 95300, 31000]
_COUNT = [112, 138, 134, 143, 173, 195, 197, 199, 261, 240, 250, 77]
_WHERE = ["安徽", "江苏", "山东", "四川", "湖北", "浙江", "河南", "湖南", "广东", "福建"]
_SUMS = [162000, 58000, 47500, 39000, 36000, 33500, 30100, 28000, 21000, 15000]
CHARTS: dict[str, dict[str, Any]] = {
    "months": {
        "kind": "mix",
        "categories": _MONTHS,
        "unit": "万元",
        "series": [
            {
                "name": "新增担保额",
                "kind": "bar",
                "data": [{"value": v, "url": f"/styleguide/list/?q={m}"} for v, m in zip(_NEW, _MONTHS, strict=True)],
            },
            {"name": "笔数", "kind": "line", "axis": 1, "unit": "笔", "data": _COUNT},
        ],
    },
    "map": {"kind": "map", "categories": _WHERE, "unit": "万元", "series": [{"name": "在保余额", "data": _SUMS}]},
    "industry": {
        "kind": "pie",
        "categories": INDUSTRIES,
        "unit": "万元",
        "series": [{"name": "在保余额", "data": [182000, 121000, 83000, 61000, 43500]}],
    },
    "banks": {
        "kind": "rank",
        "categories": BANKS,
        "unit": "万元",
        "series": [{"name": "在保余额", "data": [100380, 85810, 70790, 68130, 62090, 35660, 32140]}],
    },
    "stack": {
        "kind": "stack",
        "categories": ["一季度", "二季度", "三季度", "四季度"],
        "unit": "万元",
        "series": [
            {"name": "担保公司", "data": [40, 52, 61, 30]},
            {"name": "再担保", "data": [20, 26, 30, 15]},
            {"name": "国家基金", "data": [20, 26, 31, 15]},
            {"name": "银行", "data": [20, 26, 30, 15]},
        ],
    },
    "line": {
        "kind": "line",
        "categories": _MONTHS,
        "unit": "%",
        "series": [{"name": "代偿率", "data": [1.2, 1.3, 1.25, 1.4, 1.5, 1.45, 1.6, 1.7, 1.66, 1.8, 1.75, 1.7]}],
    },
    "none": {"kind": "bar", "categories": [], "series": [{"name": "-", "data": []}]},
}


_SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
_NODES = {
    "accept": "受理",
    "inquiry": "尽职调查",
    "first": "部门初审",
    "risk": "风控复核",
    "vote": "审保会",
    "sign": "合同签约",
}


def _shape(name: str, left: int, width: int, height: int) -> str:
    bounds = f'<dc:Bounds x="{left}" y="{100 - height // 2}" width="{width}" height="{height}"/>'
    return f'<bpmndi:BPMNShape id="s_{name}" bpmnElement="{name}">{bounds}</bpmndi:BPMNShape>'


def _edge(number: int, start: int, end: int) -> str:
    way = f'<di:waypoint x="{start}" y="100"/><di:waypoint x="{end}" y="100"/>'
    return f'<bpmndi:BPMNEdge id="e{number}" bpmnElement="f{number}">{way}</bpmndi:BPMNEdge>'


def _drawing() -> str:
    """A small approval drawing in BPMN: one step after the other."""
    ids = ["begin", *_NODES, "finish"]
    tasks = "".join(f'<bpmn:userTask id="{name}" name="{label}"/>' for name, label in _NODES.items())
    lines = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{other}"/>'
        for number, (one, other) in enumerate(pairwise(ids))
    )
    shapes = _shape("begin", 20, 36, 36) + _shape("finish", 1010, 36, 36)
    shapes += "".join(_shape(name, 110 + number * 150, 100, 80) for number, name in enumerate(_NODES))
    ends = [(56, 110), *((210 + n * 150, 260 + n * 150) for n in range(5)), (960, 1010)]
    edges = "".join(_edge(number, start, end) for number, (start, end) in enumerate(ends))
    spaces = " ".join(f'xmlns:{short}="{long}"' for short, long in _SPACES.items())
    begin, finish = '<bpmn:startEvent id="begin" name="申请"/>', '<bpmn:endEvent id="finish" name="承保"/>'
    process = f'<bpmn:process id="p" isExecutable="false">{begin}{tasks}{finish}{lines}</bpmn:process>'
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="p">{shapes}{edges}</bpmndi:BPMNPlane>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {spaces} targetNamespace="zaidan">'
        f'{process}<bpmndi:BPMNDiagram id="d">{plane}</bpmndi:BPMNDiagram></bpmn:definitions>'
    )


DRAWING = _drawing()
