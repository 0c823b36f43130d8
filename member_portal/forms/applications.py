"""Forms of applications. Rules stand in the room; a form only asks and repeats what the room refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from design.forms import Form, MoneyField, RateField, UploadForm
from member_portal.pages import today, with_present
from registry import queries as registry
from tenants.applications import queries as applications
from tenants.customers import queries as customers
from tenants.products import queries as products


class CustomerPicker(forms.IntegerField):
    """One of the customers that the person may see, found by typing."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "data-select": "",
            "data-select-url": reverse_lazy("portal:customer_options"),
            "data-placeholder": _("Type a name or code"),
        }
        super().__init__(widget=forms.Select(attrs=attrs), **kwargs)


def graded(bank: Any) -> str:
    """A bank as the form offers it: with the group's grade of it (PAR-27)."""
    if not bank.grade:
        return bank.name
    words = _("%(bank)s, grade %(grade)s, too low") if bank.below_minimum else _("%(bank)s, grade %(grade)s")
    return str(words) % {"bank": bank.name, "grade": bank.grade}


def read_rate(text: str) -> Decimal | None:
    """A rate as it is being typed, in percent; None while it cannot be read."""
    try:
        return RateField(required=False).clean(text)
    except forms.ValidationError:
        return None


class ApplicationForm(Form):
    cols = {
        "customer_id": 12,
        "product_code": 6,
        "bank_code": 6,
        "amount_fen": 6,
        "guaranteed_fen": 6,
        "term_months": 6,
        "fee_rate": 6,
        "channel_id": 6,
        "introducer_id": 6,
    }
    units = {"term_months": _("months")}

    customer_id = CustomerPicker(label=_("Customer"))
    product_code = forms.ChoiceField(label=_("Product"))
    bank_code = forms.ChoiceField(label=_("Lending bank"))
    amount_fen = MoneyField(label=_("Loan amount"), min_fen=1)
    guaranteed_fen = MoneyField(
        label=_("Guaranteed amount"), required=False, min_fen=1, help_text=_("Left empty: as much as the product allows")
    )
    term_months = forms.IntegerField(
        label=_("Term"), min_value=1, widget=forms.TextInput({"inputmode": "numeric", "class": "num"})
    )
    fee_rate = RateField(label=_("Guarantee fee per year"), required=False, help_text=_("Left empty: the product's rate"))
    purpose = forms.CharField(label=_("Purpose of the loan"), max_length=300, widget=forms.Textarea({"rows": 3}))
    channel_id = forms.TypedChoiceField(label=_("Channel"), coerce=int, help_text=_("By which way the business came"))
    introducer_id = forms.TypedChoiceField(label=_("Introducer"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        live = {
            "hx-get": reverse_lazy("portal:limits"),
            "hx-trigger": "load, change",
            "hx-target": "#limits",
            "hx-include": "closest form",
        }
        offered = [(product.code, product.label) for product in products.open_products()]
        chosen = self["product_code"].value()
        cast(Any, self.fields["product_code"]).choices = [("", _("Choose a product")), *with_present(offered, chosen)]
        self.fields["product_code"].widget.attrs |= live
        self.fields["amount_fen"].widget.attrs |= {**live, "hx-trigger": "change"}
        self.fields["fee_rate"].widget.attrs |= {**live, "hx-trigger": "change"}
        self.fields["guaranteed_fen"].widget.attrs |= {**live, "hx-trigger": "change"}
        self.fields["bank_code"].widget.attrs |= {**live, "hx-trigger": "change"}
        banks = [(bank.code, graded(bank)) for bank in registry.banks()]
        cast(Any, self.fields["bank_code"]).choices = [("", _("Choose a bank")), *with_present(banks, self["bank_code"].value())]
        self.fields["customer_id"].widget.choices = self._chosen_customer()
        channels, introducers = applications.to_name(today())
        first = [] if applications.own_channel() else [("", _("Choose a channel"))]
        self._offer("channel_id", [*first, *((row.pk, row.name) for row in channels)])
        self._offer("introducer_id", [("", _("No introducer")), *((row.pk, row.name) for row in introducers)])

    def _offer(self, name: str, rows: list[tuple[Any, Any]]) -> None:
        """Open ones, and the one that is named already."""
        present = self.initial.get(name)
        if present and present not in dict(rows):
            read = applications.channel if name == "channel_id" else applications.introducer
            rows.append((present, read(present).name))
        cast(Any, self.fields[name]).choices = rows

    def _chosen_customer(self) -> list[tuple[Any, str]]:
        """The picker starts with what is chosen; the rest comes as the person types."""
        value = self["customer_id"].value()
        known = customers.book(self.user).filter(pk=value).first() if str(value or "").isdecimal() else None
        return [("", ""), *([(known.pk, known.name)] if known else [])]

    def clean_customer_id(self) -> int:
        return customers.one(self.user, self.cleaned_data["customer_id"]).pk

    def given(self) -> dict[str, Any]:
        """The keywords of `applications.services.draft` and `revise`."""
        names = {bank.code: bank.name for bank in registry.banks()}
        told = dict(self.cleaned_data)
        return {**told, "bank_name": names.get(told["bank_code"], told["bank_code"])}


class TakeUpForm(Form):
    cols = {"fee_rate": 12, "introducer_id": 12}
    fee_rate = RateField(label=_("Guarantee fee per year"), required=False, help_text=_("Left empty: as the bank sent it"))
    introducer_id = forms.TypedChoiceField(label=_("Introducer"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _channels, introducers = applications.to_name(today())
        cast(Any, self.fields["introducer_id"]).choices = [("", _("No introducer")), *((row.pk, row.name) for row in introducers)]


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 4}))


class TextForm(Form):
    text = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 4}))


class PaperForm(UploadForm):
    file = forms.FileField(label=_("File"), help_text=_("PDF, picture, Word, Excel or CSV, 20 MB at most"))
