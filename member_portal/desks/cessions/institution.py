"""Our own file with the group, our staff, our archive (PAR-24, PAR-25, PAR-26)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import saved
from design.forms import DayField, Form, MoneyField, UploadForm
from design.lists import ActsColumn, Column, DayColumn, SearchFilter, StateColumn, Table, list_page
from desks.pages import acted, form_page, handed, sent, today
from kernel.access.permissions import may, needs
from registry.tenancy import current
from tenants.cessions import queries, services

ROWS: dict[str, tuple[str, ...]] = {
    "shareholders": ("name", "share"),
    "management": ("name", "post", "phone"),
    "contacts": ("name", "post", "phone", "email"),
    "bank_accounts": ("bank", "account_name", "account_no"),
}
_HELP = {
    "shareholders": gettext_lazy("One a line: name, share in %"),
    "management": gettext_lazy("One a line: name, post, telephone"),
    "contacts": gettext_lazy("One a line: name, post, telephone, e-mail"),
    "bank_accounts": gettext_lazy("One a line: bank, account name, account number"),
}
ARCHIVE = {
    "LICENCE": gettext_lazy("Licence"),
    "ARTICLES": gettext_lazy("Articles of association"),
    "AUDIT_REPORT": gettext_lazy("Audit report"),
    "TAX": gettext_lazy("Tax return"),
    "RULES": gettext_lazy("Internal rules"),
    "AGREEMENT": gettext_lazy("Agreement"),
    "OTHER": gettext_lazy("Other"),
}

_HEADS = ("department", "count")
_FORM = "portal/cessions/form.html"


class RowsField(forms.CharField):
    """Short lists typed one row a line, values separated by commas."""

    def __init__(self, keys: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), required=False, **kwargs)
        self.keys = keys

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join("，".join(self._shown(key, row.get(key, "")) for key in self.keys) for row in value)

    def _shown(self, key: str, text: str) -> str:
        return f"{(Decimal(text) * 100).normalize():f}" if key == "share" and text else text

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows = []
        for line in super().clean(value).replace(",", "，").splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split("，")]
            row = dict(zip(self.keys, [*parts, *[""] * len(self.keys)], strict=False))
            if row.get("share"):
                try:
                    row["share"] = f"{(Decimal(row['share'].rstrip('%')) / 100).normalize():f}"
                except InvalidOperation:
                    raise forms.ValidationError(gettext_lazy("“%s” is not a percentage.") % row["share"]) from None
            rows.append(row)
        return rows


class ChangeForm(Form):
    name = forms.CharField(max_length=200)
    uscc = forms.CharField(max_length=18, required=False)
    established_on = DayField(required=False)
    legal_rep = forms.CharField(max_length=60, required=False)
    licence_no = forms.CharField(max_length=80, required=False)
    licence_issuer = forms.CharField(max_length=120, required=False)
    licence_valid_to = DayField(required=False)
    registered_capital_fen = MoneyField(required=False)
    paid_in_capital_fen = MoneyField(required=False)
    address = forms.CharField(max_length=300, required=False)
    shareholders = RowsField(ROWS["shareholders"])
    management = RowsField(ROWS["management"])
    contacts = RowsField(ROWS["contacts"])
    bank_accounts = RowsField(ROWS["bank_accounts"])
    reason = forms.CharField(label=gettext_lazy("Reason of the change"), widget=forms.Textarea, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in queries.FILE_LABELS:
                field.label = queries.FILE_LABELS[name]
            if name in _HELP:
                field.help_text = _HELP[name]

    def given(self) -> dict[str, Any]:
        changes = dict(self.cleaned_data)
        return {"reason": changes.pop("reason"), "changes": changes}


class StaffForm(Form):
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=80)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=80, required=False)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=80)
    is_executive = forms.BooleanField(label=gettext_lazy("Director, supervisor or senior manager"), required=False)
    education = forms.CharField(label=gettext_lazy("Schooling"), max_length=80, required=False)
    qualification = forms.CharField(label=gettext_lazy("Qualification"), max_length=200, required=False)
    mobile = forms.CharField(label=gettext_lazy("Mobile"), max_length=20, required=False)
    joined_on = DayField(label=gettext_lazy("Joined on"))
    left_on = DayField(label=gettext_lazy("Left on"), required=False)


class ReasonForm(Form):
    reason = forms.CharField(label=gettext_lazy("Reason of the change"), widget=forms.Textarea, max_length=500)


class ArchiveForm(UploadForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(ARCHIVE.items()))
    field_order = ("kind", "file")


class StaffTable(Table):
    name = Column(verbose_name=gettext_lazy("Full name"), note="education")
    department = Column(verbose_name=gettext_lazy("Department"))
    position = Column(verbose_name=gettext_lazy("Position"), note="qualification")
    joined_on = DayColumn(verbose_name=gettext_lazy("Joined on"))
    left_on = DayColumn(verbose_name=gettext_lazy("Left on"))
    acts = ActsColumn(template_name="portal/cessions/staff_acts.html")


class StaffFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name", "department", "position"], placeholder=gettext_lazy("Name, department, position"))


class ArchiveTable(Table):
    name = Column(verbose_name=gettext_lazy("File"))
    kind = StateColumn(verbose_name=gettext_lazy("Kind"), labels=ARCHIVE)
    on = DayColumn(verbose_name=gettext_lazy("Kept on"))
    by = Column(verbose_name=gettext_lazy("By"))
    acts = ActsColumn(template_name="portal/cessions/archive_acts.html")


class ArchiveFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name", "kind"], placeholder=gettext_lazy("File"))
    kind = django_filters.ChoiceFilter(choices=list(ARCHIVE.items()), label=gettext_lazy("Kind"))


def _fields(row: Any) -> list[dict[str, Any]]:
    """The file's fields with their labels; lists as lines, shares in %."""
    rows = []
    for name, label in queries.FILE_LABELS.items():
        value = getattr(row, name)
        kind = "money" if name.endswith("_fen") else "lines" if isinstance(value, list) else "text"
        kind = "day" if isinstance(value, date) else kind
        rows.append({"label": label, "value": _lines(name, value) if kind == "lines" else value, "kind": kind})
    return rows


def _lines(name: str, value: list[dict[str, str]]) -> list[str]:
    """The rows of a list as people read them: what is not known leaves no gap, shares carry their sign."""
    return ["，".join(filter(None, (_cell(key, row.get(key, "")) for key in ROWS.get(name, _HEADS)))) for row in value]


def _cell(key: str, text: Any) -> str:
    if key == "share" and text:
        return f"{(Decimal(text) * 100).normalize():f}%"
    return _("%(count)s people") % {"count": text} if key == "count" else str(text)


@needs("cessions.view")
def detail(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Our institution"),
        "fields": _fields(queries.institution()),
        "changes": [
            {"row": row, "lines": [_change(name, told) for name, told in row.changes.items()]} for row in queries.changes()[:50]
        ],
        "open": queries.open_change(),
        "standings": queries.standings()[:20],
        "may_keep": may(request.user, "cessions.institution"),
        "banner": queries.banner(),
        "house": current(),
    }
    return render(request, "portal/cessions/institution.html", context)


def _change(name: str, told: dict[str, Any]) -> dict[str, Any]:
    def shown(value: Any) -> Any:
        if isinstance(value, list):
            return "；".join(_lines(name, value))
        return value

    return {
        "label": queries.FILE_LABELS.get(name, name),
        "was": shown(told["from"]),
        "to": shown(told["to"]),
        "money": name.endswith("_fen"),
    }


@needs("cessions.institution")
def change(request: HttpRequest) -> HttpResponse:
    now = queries.institution()
    names = [name for name in ChangeForm.base_fields if name != "reason"]
    form = ChangeForm(sent(request), initial={name: getattr(now, name) for name in names})
    if acted(request, form, services.report_change):
        return saved(request, reverse("portal:institution"), _("Reported to the group. It stands here once accepted."))
    return form_page(
        request, _FORM, form, title=_("Report a change"), submit=_("Report to the group"), back=reverse("portal:institution")
    )


@needs("cessions.view")
def staff(request: HttpRequest) -> HttpResponse:
    actions: list[dict[str, Any]] = []
    if may(request.user, "cessions.institution"):
        actions = [
            {"label": _("Report the head count"), "url": reverse("portal:staff_report"), "icon": "send"},
            {"label": _("Add a person"), "url": reverse("portal:staff_add"), "icon": "user-plus", "primary": True},
        ]
    return list_page(
        request, title=_("Staff of the institution"), table=StaffTable, rows=queries.employees(), filterset=StaffFilter,
        actions=actions,
    )  # fmt: skip


@needs("cessions.institution")
def add(request: HttpRequest) -> HttpResponse:
    return _person(request, None)


@needs("cessions.institution")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _person(request, queries.employee(pk))


def _person(request: HttpRequest, row: Any) -> HttpResponse:
    initial = {name: getattr(row, name) for name in StaffForm.base_fields} if row else {"joined_on": today()}
    form = StaffForm(sent(request), initial=initial)
    if acted(request, form, services.save_employee, employee_id=row.pk if row else None):
        return saved(request, reverse("portal:staff"), _("Saved."))
    title = row.name if row else _("Add a person")
    return form_page(request, _FORM, form, title=title, submit=_("Save"), back=reverse("portal:staff"))


@needs("cessions.institution")
def report(request: HttpRequest) -> HttpResponse:
    form = ReasonForm(sent(request))
    if acted(request, form, services.report_staff):
        return saved(request, reverse("portal:institution"), _("Reported to the group. It stands here once accepted."))
    return form_page(
        request, _FORM, form, title=_("Report the head count"), submit=_("Report to the group"), back=reverse("portal:staff")
    )


@needs("cessions.view")
def archive(request: HttpRequest) -> HttpResponse:
    actions: list[dict[str, Any]] = []
    if may(request.user, "cessions.institution"):
        actions = [{"label": _("Keep a file"), "url": reverse("portal:archive_add"), "icon": "upload", "primary": True}]
    return list_page(
        request, title=_("Archive of the institution"), table=ArchiveTable, rows=queries.archive(), filterset=ArchiveFilter,
        actions=actions,
    )  # fmt: skip


@needs("cessions.institution")
def keep(request: HttpRequest) -> HttpResponse:
    form = ArchiveForm(sent(request), request.FILES or None)
    if acted(request, form, services.keep_archive):
        return saved(request, reverse("portal:archive"), _("Kept."))
    return form_page(request, _FORM, form, title=_("Keep a file"), submit=_("Keep the file"), back=reverse("portal:archive"))


@needs("cessions.view")
def fetch(request: HttpRequest, paper: UUID) -> HttpResponseBase:
    return handed(services.ARCHIVE, paper)
