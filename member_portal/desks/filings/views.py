"""Filings with the group: state, cover and why; correct, withdraw, file; lists with a result for each row."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.forms import Form, RateField, UploadForm
from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table, list_page
from desks.pages import Request, acted, dialog, form_page, posted, sent, today
from kernel.access.permissions import may, needs
from member_portal.tables.words import coverage_reason
from tenants.guarantees import queries, services

_RESULTS = {
    "FILED": gettext_lazy("Filed"),
    "NOT_FOUND": gettext_lazy("Not found"),
    "ALREADY_FILED": gettext_lazy("Filed before"),
    "NOT_RUNNING": gettext_lazy("Not in force"),
    "REPEATED": gettext_lazy("Repeated in the list"),
    "AMBIGUOUS": gettext_lazy("More than one"),
}


class CorrectForm(Form):
    """What can be mended here; amounts, dates and names are mended where they come from."""

    cols = {"contract_no": 6, "loan_rate": 6, "extends_number": 12}
    contract_no = forms.CharField(label=gettext_lazy("Loan contract"), required=False, max_length=80)
    loan_rate = RateField(label=gettext_lazy("Interest of the loan per year"), required=False)
    extends_number = forms.CharField(
        label=gettext_lazy("Extends the guarantee"), required=False, max_length=40,
        help_text=gettext_lazy("Number of the first guarantee of the same customer; only for an extension"),
    )  # fmt: skip


class WithdrawForm(Form):
    cols = {"reason": 12}
    reason = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=300, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The group reads it."),
    )  # fmt: skip


class ListForm(UploadForm):
    file = forms.FileField(
        label=gettext_lazy("List (CSV)"),
        help_text=gettext_lazy("One column names the guarantees: number, 借据号 or external_ref; up to 5,000 rows."),
    )

    def given(self) -> dict[str, Any]:
        file = self.cleaned_data["file"]
        return {"name": file.name, "data": file.read()}


class FilingTable(Table):
    number = LinkColumn("portal:guarantee", args=[A("pk")], verbose_name=gettext_lazy("Number"))
    customer = Column(accessor="customer__name", verbose_name=gettext_lazy("Customer"), note="bank_name")
    guaranteed_fen = MoneyColumn(verbose_name=gettext_lazy("Guaranteed"))
    ceded_fen = MoneyColumn(verbose_name=gettext_lazy("Ceded"))
    filing_status = StateColumn(
        verbose_name=gettext_lazy("Filing"), labels={**dict(queries.FILINGS), "": gettext_lazy("Not filed")}
    )
    coverage = StateColumn(verbose_name=gettext_lazy("Coverage"), labels=dict(queries.COVERAGES))
    coverage_reason = Column(verbose_name=gettext_lazy("Why, and what to do"), orderable=False, empty_values=())
    filed_on = DayColumn(verbose_name=gettext_lazy("Filed on"))

    def render_coverage_reason(self, record: Any) -> str:
        return self.value_coverage_reason(record)

    def value_coverage_reason(self, record: Any) -> str:
        """The reason, what the group wants corrected, and what comes next."""
        wanted = ", ".join(str(queries.DEFECTS.get(one["code"], one["code"])) for one in record.defects)
        return " ".join(part for part in (coverage_reason(record), wanted, queries.what_to_do(record)) if part)


class FilingFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "customer__name", "filing_batch"], placeholder=gettext_lazy("Number, customer, list"))
    filing_status = django_filters.ChoiceFilter(choices=queries.FILINGS, label=gettext_lazy("Filing"))
    coverage = django_filters.ChoiceFilter(choices=queries.COVERAGES, label=gettext_lazy("Coverage"))


class ListTable(Table):
    batch = LinkColumn("portal:filing_list", args=[A("pk")], verbose_name=gettext_lazy("Number"), note="name")
    rows_count = Column(verbose_name=gettext_lazy("Number of rows"), css="num")
    filed = Column(verbose_name=gettext_lazy("Filed"), css="num")
    on = DayColumn(verbose_name=gettext_lazy("Date"))
    by = Column(verbose_name=gettext_lazy("Filed by"))


class RowTable(Table):
    line = Column(verbose_name=gettext_lazy("Line"), css="num")
    text = Column(verbose_name=gettext_lazy("Number in the file"))
    code = StateColumn(verbose_name=gettext_lazy("Result"), labels=_RESULTS)
    words = Column(verbose_name=gettext_lazy("What to do"), orderable=False)
    guarantee = LinkColumn("portal:guarantee", args=[A("guarantee_id")], verbose_name=gettext_lazy("Guarantee"), orderable=False)

    def render_words(self, value: str) -> str:
        return _(value) if value else ""


class RowFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["text"], placeholder=gettext_lazy("Number in the file"))
    code = django_filters.ChoiceFilter(choices=list(_RESULTS.items()), label=gettext_lazy("Result"))


@needs("guarantees.view")
def listing(request: Request) -> HttpResponse:
    """Everything that is filed, or has to be, with the group's answer and what to do."""
    actions = [{"label": _("Filed lists"), "url": reverse("portal:filing_lists"), "icon": "list-check"}]
    if may(request.user, "guarantees.file"):
        actions.append({"label": _("File a list"), "url": reverse("portal:filing_list_new"), "icon": "upload", "primary": True})
    return list_page(
        request, title=_("Filings"), table=FilingTable, rows=queries.filings(request.user), filterset=FilingFilter,
        actions=actions, template="portal/guarantees/filings/list.html",
        context={"to_mend": queries.filings_to_mend(request.user)},
    )  # fmt: skip


@needs("guarantees.file")
def correct(request: Request, pk: int) -> HttpResponse:
    """Mend what the group returned and file it again."""
    guarantee = queries.one(request.user, pk)
    first = guarantee.extends.number if guarantee.extends else ""
    initial = {"contract_no": guarantee.contract_no, "loan_rate": guarantee.loan_rate or None, "extends_number": first}
    form = CorrectForm(sent(request), initial=initial)
    if acted(request, form, services.correct_filing, guarantee_id=pk):
        return _done(request, pk, _("Corrected and filed again. The group's answer comes in a moment."))
    wanted = [queries.DEFECTS.get(one["code"], one["code"]) for one in guarantee.defects]
    return dialog(
        request, form, title=_("Correct the filing of %(number)s") % {"number": guarantee.number}, submit=_("File again"),
        template="portal/guarantees/filings/correct.html", guarantee=guarantee, wanted=wanted, reason=coverage_reason(guarantee),
    )  # fmt: skip


@needs("guarantees.file")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a filing back; the group answers whether it is still possible."""
    guarantee = queries.one(request.user, pk)
    form = WithdrawForm(sent(request))
    if acted(request, form, services.withdraw_filing, guarantee_id=pk):
        return _done(request, pk, _("Sent. The group's answer comes in a moment."))
    title = _("Withdraw the filing of %(number)s") % {"number": guarantee.number}
    return dialog(request, form, title=title, submit=_("Withdraw"))


@needs("guarantees.file")
@posted
def file(request: Request, pk: int) -> HttpResponse:
    """File what was refused, withdrawn, or never filed."""
    queries.one(request.user, pk)
    services.file_again(actor=request.user, today=today(), guarantee_id=pk)
    return _done(request, pk, _("Filed. The group's answer comes in a moment."))


@needs("guarantees.view")
def lists(request: Request) -> HttpResponse:
    actions = []
    if may(request.user, "guarantees.file"):
        actions = [{"label": _("File a list"), "url": reverse("portal:filing_list_new"), "icon": "upload", "primary": True}]
    return list_page(request, title=_("Filed lists"), table=ListTable, rows=queries.filing_lists(), actions=actions)


@needs("guarantees.file")
def new(request: Request) -> HttpResponse:
    """File the guarantees of a list; each row has its own result."""
    form = ListForm(sent(request), request.FILES or None)
    if acted(request, form, services.file_list):
        return saved(request, reverse("portal:filing_list", args=[form.made.pk]), _("Each row has its result."))
    return form_page(request, "portal/guarantees/filings/form.html", form, title=_("File a list"))


@needs("guarantees.view")
def one_list(request: Request, pk: int) -> HttpResponse:
    found = queries.filing_list(pk)
    return list_page(
        request, title=found.batch, table=RowTable, rows=queries.filing_list_rows(pk), filterset=RowFilter,
        template="portal/guarantees/filings/rows.html", context={"one": found},
    )  # fmt: skip


def _done(request: Request, pk: int, words: str) -> HttpResponse:
    return saved(request, reverse("portal:guarantee", args=[pk]), words)
