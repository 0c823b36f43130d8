"""The style guide: every component with made-up figures. Only with DEBUG; nobody and nothing in it is real."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse

from design import answers
from design.forms import DayField, Form, MoneyField, RateField
from design.lists import (
    Column,
    DayColumn,
    LinkColumn,
    MoneyColumn,
    RateColumn,
    StateColumn,
    Table,
    TickColumn,
    list_page,
)
from design.pages import samples
from design.templatetags.states import TONE_OF, TONES
from kernel.access.permissions import anyone


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    def item(name: str, label: str, icon: str, **more: Any) -> dict[str, Any]:
        url = reverse(f"design:guide_{name}")
        return {"label": label, "url": url, "icon": icon, "active": request.path == url, **more}

    work = [
        item("home", "工作台", "layout-dashboard", key="d"),
        item("todo", "待办事项", "checklist", badge=44, key="t"),
        item("list", "担保项目", "folders", key="p"),
        item("detail", "项目详情", "file-text"),
        item("form", "新建申请", "file-plus", key="n"),
    ]
    return [
        {"label": "", "items": work},
        {"label": "样式", "items": [item("parts", "组件", "components"), item("states", "状态", "palette")]},
    ]


def _shown(request: HttpRequest, name: str, **facts: Any) -> HttpResponse:
    shell = {
        "nav": _nav(request),
        "search_url": reverse("design:guide_list"),
        "notices_url": "#",
        "institution_name": "皖信融资担保",
        "unread": 3,
    }
    return render(request, f"design/guide/{name}.html", {**shell, **facts})


@anyone
def home(request: HttpRequest) -> HttpResponse:
    return _shown(
        request, "home", title="工作台", todo=samples.projects(7), due=samples.projects(6), today=datetime.date(2026, 11, 26)
    )


@anyone
def todo(request: HttpRequest) -> HttpResponse:
    tabs = [
        {"label": "待办", "url": "#", "active": True, "count": 44, "tone": "red"},
        {"label": "已办", "url": "#"},
        {"label": "将来待办", "url": "#", "count": 173},
        {"label": "我发起的", "url": "#"},
        {"label": "抄送我的", "url": "#", "count": 2},
    ]
    return _shown(request, "todo", title="待办事项", todo=samples.projects(14), tabs=tabs)


class Projects(Table):
    tick = TickColumn("number")
    number = LinkColumn("design:guide_detail", args=[], verbose_name="项目编号")
    customer = Column(verbose_name="客户名称", note="place")
    product = Column(verbose_name="担保品种")
    bank = Column(verbose_name="合作银行")
    amount_fen = MoneyColumn(verbose_name="担保金额")
    rate = RateColumn(verbose_name="年费率")
    state = StateColumn(verbose_name="状态", labels=samples.LABELS)
    manager = Column(verbose_name="客户经理")
    taken_on = DayColumn(verbose_name="受理日期")


class _Filter(NamedTuple):
    form: Any
    qs: Any


class _FilterForm(forms.Form):
    q = forms.CharField(
        required=False, label="编号、客户", widget=forms.TextInput({"type": "search", "placeholder": "编号、客户"})
    )
    state = forms.ChoiceField(required=False, label="状态", choices=[("", "全部状态"), *samples.LABELS.items()])
    product = forms.ChoiceField(required=False, label="品种", choices=[("", "全部品种"), *((p, p) for p in samples.PRODUCTS)])


def _filter(data: Any, queryset: Any, request: HttpRequest) -> _Filter:
    def keeps(row: Any) -> bool:
        wanted = [data.get("q", "") in row.customer + row.number]
        wanted += [not data.get(name) or getattr(row, name) == data[name] for name in ("state", "product")]
        return all(wanted)

    return _Filter(_FilterForm(data), [row for row in queryset if keeps(row)])


@anyone
def rows(request: HttpRequest) -> HttpResponse:
    shell = {
        "nav": _nav(request),
        "search_url": request.path,
        "notices_url": "#",
        "institution_name": "皖信融资担保",
        "unread": 3,
    }
    actions = [{"label": "新建申请", "url": reverse("design:guide_form"), "icon": "plus", "primary": True}]
    bulk = [
        {"label": "转办", "url": "#"},
        {"label": "作废", "url": "#", "confirm": "作废后不能再提交，确定吗？", "tone": "danger"},
    ]
    return list_page(
        request,
        title="担保项目",
        table=Projects,
        rows=samples.projects(240),
        filterset=_filter,
        actions=actions,
        bulk=bulk,
        context=shell,
    )


@anyone
def detail(request: HttpRequest) -> HttpResponse:
    now = datetime.datetime(2026, 11, 24, 8, 12, tzinfo=datetime.UTC)
    names = ["受理", "尽调", "初审", "风控复核", "审保会", "签约", "放款", "在保"]
    steps = [
        {"label": n, "state": "done" if i < 3 else "now" if i == 3 else "todo", "note": "王建国" if i == 3 else ""}
        for i, n in enumerate(names)
    ]
    events = [
        {"title": "风控复核中", "who": "风控经理 · 王建国", "at": now, "tone": "amber", "icon": "clock"},
        {
            "title": "初审通过",
            "who": "部门负责人 · 周海涛",
            "at": now - datetime.timedelta(days=1),
            "note": "资料齐全，符合准入条件。",
            "tone": "green",
        },
        {
            "title": "提交尽调报告",
            "who": "客户经理 · 张晓明",
            "at": now - datetime.timedelta(days=2),
            "note": "建议追加实际控制人连带责任保证。",
        },
        {"title": "受理登记", "who": "客户经理 · 赵敏", "at": now - datetime.timedelta(days=3), "tone": "grey"},
    ]
    tabs = [
        {"label": label, "url": f"#{i}", "active": not i}
        for i, label in enumerate(["项目概况", "反担保", "审批流程", "业务文档", "变更记录"])
    ]
    return _shown(
        request,
        "detail",
        title="芜湖宏达智能装备有限公司",
        p=samples.projects(1)[0],
        steps=steps,
        events=events,
        tabs=tabs,
        others=samples.projects(5),
    )


class Sample(Form):
    cols = {"amount": 4, "rate": 4, "term": 4, "day": 4, "purpose": 12}
    units = {"term": "个月"}
    customer = forms.CharField(label="客户名称")
    code = forms.CharField(label="统一社会信用代码", help_text="18 位，校验位自动核对")
    product = forms.ChoiceField(label="担保品种", choices=[("", "—"), *((p, p) for p in samples.PRODUCTS)])
    bank = forms.ChoiceField(
        label="合作银行", choices=[("", "—"), *((b, b) for b in samples.BANKS)], widget=forms.Select({"data-select": ""})
    )
    amount = MoneyField(label="申请担保金额", max_fen=1_000_000_000, help_text="单户不超过 1,000 万元")
    rate = RateField(label="年化担保费率")
    term = forms.IntegerField(label="期限", min_value=1, max_value=60)
    day = DayField(label="拟放款日期", required=False)
    measures = forms.MultipleChoiceField(
        label="反担保措施", required=False, choices=[(m, m) for m in samples.MEASURES], widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.CharField(label="资金用途", required=False, widget=forms.Textarea({"rows": 3}))
    green = forms.BooleanField(label="申请绿色通道", required=False)


@anyone
def form(request: HttpRequest) -> HttpResponse:
    bound = Sample(
        request.POST or None, initial={"amount": 325_000_004, "rate": Decimal("0.0125"), "day": datetime.date(2026, 12, 1)}
    )
    if request.method == "POST" and bound.is_valid():
        return answers.saved(request, "design:guide_form", "已提交。")
    response = _shown(request, "form", title="新建申请", form=bound)
    response.status_code = 422 if request.method == "POST" else 200
    return response


class Handover(Form):
    to = forms.ChoiceField(label="转办给", choices=[("", "—"), ("1", "周海涛"), ("2", "赵敏")])
    why = forms.CharField(label="理由", widget=forms.Textarea({"rows": 3}))


@anyone
def dialog(request: HttpRequest) -> HttpResponse:
    bound = Handover(request.POST or None)
    if request.method == "POST" and bound.is_valid():
        return answers.saved(request, "design:guide_parts", "已转办。")
    return render(
        request, "design/dialog.html", {"form": bound, "title": "转办", "submit": "转办"}, status=422 if bound.is_bound else 200
    )


@anyone
def parts(request: HttpRequest) -> HttpResponse:
    return _shown(request, "parts", title="组件", tones=TONES, rows=samples.projects(3))


@anyone
def states(request: HttpRequest) -> HttpResponse:
    grouped = {tone: [code for code, worn in TONE_OF.items() if worn == tone] for tone in TONES}
    return _shown(request, "states", title="状态", grouped=grouped)


@anyone
def chart(request: HttpRequest, name: str) -> HttpResponse:
    if name not in samples.CHARTS:
        raise Http404
    return answers.chart(**samples.CHARTS[name])


@anyone
def flow(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "xml": samples.DRAWING,
            "done": ["accept", "inquiry", "first"],
            "now": [{"id": "risk", "label": "王建国 · 2 天"}],
            "failed": [],
        }
    )


urlpatterns = [
    path("", home, name="guide_home"),
    path("todo/", todo, name="guide_todo"),
    path("list/", rows, name="guide_list"),
    path("detail/", detail, name="guide_detail"),
    path("form/", form, name="guide_form"),
    path("dialog/", dialog, name="guide_dialog"),
    path("parts/", parts, name="guide_parts"),
    path("states/", states, name="guide_states"),
    path("chart/<slug:name>/", chart, name="guide_chart"),
    path("flow/", flow, name="guide_flow"),
]
