"""Forms of customers, products and imports."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from design.answers import say
from design.forms import DayField, Form, MoneyField, RateField, UploadForm
from desks.words import PROVINCES
from kernel.codes import resident_id, uscc
from kernel.errors import DomainError
from kernel.intake import queries as intake
from tenants.customers import queries as customers
from tenants.products import queries as products

_CHECK = {
    "hx-get": reverse_lazy("portal:customer_check"),
    "hx-trigger": "blur",
    "hx-target": "#code-check",
    "hx-include": "closest form",
    "autocomplete": "off",
}


class CustomerForm(Form):
    """A company or a person. What only companies have is left out for a person."""

    cols = {"name": 6, "id_number": 6, "address": 12}
    company_only = ("industry_code", "size_class", "legal_rep")

    kind = forms.ChoiceField(label=_("Kind"), choices=customers.KINDS, widget=forms.Select({"x-model": "value"}))
    name = forms.CharField(label=_("Name"), max_length=200)
    id_number = forms.CharField(label=_("Identity code"), max_length=40, widget=forms.TextInput(_CHECK))
    region_code = forms.CharField(
        label=_("Region code"), max_length=12, required=False, widget=forms.TextInput({"inputmode": "numeric"})
    )
    industry = forms.ChoiceField(label=_("Industry"), choices=[("", "-"), *customers.INDUSTRIES], required=False)
    industry_code = forms.CharField(label=_("Industry code"), max_length=8, required=False)
    size_class = forms.ChoiceField(label=_("Size class"), choices=[("", "-"), *customers.SIZE_CLASSES], required=False)
    legal_rep = forms.CharField(label=_("Legal representative"), max_length=60, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"}))
    is_farmer = forms.BooleanField(label=_("Farmer or farm business"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)

    def __init__(self, *args: Any, known: Any = None, masked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["region_code"].help_text = _("Six digits, for example 340100 (%(place)s)") % {"place": PROVINCES["34"]}
        if known is not None:
            del self.fields["kind"]
        if masked:
            # Whoever may not read personal data does not overwrite it unseen either.
            del self.fields["id_number"], self.fields["mobile"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("kind") == "PERSON":
            told |= {"industry_code": "", "size_class": "", "legal_rep": ""}
        if told.get("id_number"):
            # The kernel's own check, asked here so that what is wrong stands at its field.
            kind = self.known.kind if self.known is not None else told.get("kind")
            try:
                told["id_number"] = resident_id(told["id_number"]) if kind == "PERSON" else uscc(told["id_number"])
            except DomainError as refusal:
                self.add_error("id_number", say(refusal))
        return told


class MarkForm(Form):
    cols = {"status": 12}
    status = forms.ChoiceField(label=_("Status"), choices=customers.STATUSES)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))


class ProductForm(Form):
    cols = {
        "code": 4,
        "name_zh": 4,
        "name_en": 4,
        "for_kind": 4,
        "category": 4,
        "term_max_months": 4,
        "rate_max": 4,
        "guaranteed_share": 4,
        "amount_max_fen": 4,
        "green_channel_max_fen": 4,
    }
    units = {"term_max_months": _("months")}

    code = forms.CharField(label=_("Code"), max_length=40)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100)
    for_kind = forms.ChoiceField(label=_("For"), choices=[("", _("Everybody")), *products.KINDS], required=False)
    category = forms.ChoiceField(label=_("Kind of business"), choices=[("", _("Other")), *products.CATEGORIES], required=False)
    amount_max_fen = MoneyField(label=_("Largest loan"), min_fen=1)
    green_channel_max_fen = MoneyField(
        label=_("Green channel up to"), help_text=_("Loans up to this amount skip the committee; 0: none")
    )
    term_max_months = forms.IntegerField(
        label=_("Longest term"), min_value=1, widget=forms.TextInput({"inputmode": "numeric", "class": "num"})
    )
    rate_max = RateField(label=_("Highest fee per year"))
    guaranteed_share = RateField(label=_("Guaranteed share"))
    required_documents = forms.CharField(
        label=_("Required papers"), required=False, widget=forms.Textarea({"rows": 4}), help_text=_("One on each line")
    )

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known is not None:
            del self.fields["code"]

    def clean_required_documents(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["required_documents"].splitlines()]
        return list(dict.fromkeys(line[:40] for line in lines if line))


class ImportForm(UploadForm):
    field_order = ("mapping", "as_of", "file")
    mapping = forms.ChoiceField(label=_("What the file holds"))
    as_of = DayField(label=_("The day it speaks for"))
    file = forms.FileField(label=_("File"), help_text=_("csv, csv.xz or xlsx. Nothing is written before you confirm."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["mapping"]).choices = intake.mappings("portfolio")
