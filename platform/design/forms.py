"""Forms of the look: the renderer, and fields for what this business types in all day (yuan, percent, days)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from design.answers import say
from kernel.errors import DomainError
from kernel.money import BadAmount, from_yuan, yuan


class Renderer(TemplatesSetting):
    """FORM_RENDERER: `{{ form }}` and `{{ form.name.as_field_group }}` in our look."""

    form_template_name = "design/form.html"
    field_template_name = "design/field.html"


class Form(forms.Form):
    """A form on a grid of twelve: `cols = {"name": 8}` sets widths on the desktop, six is the default."""

    default_renderer = Renderer
    required_css_class = "required"
    cols: ClassVar[dict[str, int]] = {}
    units: ClassVar[dict[str, Any]] = {}
    made: Any = None  # what the verb answered (desks.pages.acted)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            wide = isinstance(field.widget, forms.Textarea)
            field.col = self.cols.get(name, getattr(field, "col", 12 if wide else 6))
            if name in self.units:
                field.unit = self.units[name]

    def given(self) -> dict[str, Any]:
        """What the verb is told. A form whose fields are not the verb's own words says here what they mean."""
        return self.cleaned_data

    @contextmanager
    def catching(self) -> Iterator[None]:
        """`with form.catching(): verb(...)`: a refusal becomes an error of the form, at its field when it names one."""
        try:
            yield
        except DomainError as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, say(refusal))


class UploadForm(Form):
    """A file, alone or with what a subclass asks beside it; the verb is told its content and its name."""

    cols = {"file": 12}
    file = forms.FileField(label=_("File"))

    def given(self) -> dict[str, Any]:
        file = self.cleaned_data.get("file")
        return {**self.cleaned_data, "name": file.name if file else ""}


class Amount(forms.TextInput):
    """Yuan with thousands separators and the amount in words below while typing."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "data-amount": "", "class": "num", **(attrs or {})})


class MoneyField(forms.Field):
    """Typed in yuan, kept in fen (int). `min_fen` and `max_fen` are limits in fen."""

    widget = Amount
    unit = _("yuan")
    words = True

    def __init__(self, *, min_fen: int | None = 0, max_fen: int | None = None, **kwargs: Any) -> None:
        self.min_fen, self.max_fen = min_fen, max_fen
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return yuan(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            fen = value if isinstance(value, int) else from_yuan(value)
        except BadAmount as bad:
            raise ValidationError(say(bad), code=bad.code) from bad
        if self.min_fen is not None and fen < self.min_fen:
            raise ValidationError(_("At least %(limit)s yuan."), code="min", params={"limit": yuan(self.min_fen)})
        if self.max_fen is not None and fen > self.max_fen:
            raise ValidationError(_("At most %(limit)s yuan."), code="max", params={"limit": yuan(self.max_fen)})
        return fen

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class RateField(forms.Field):
    """Typed in percent, kept as a Decimal per 1: `1.25` is 0.0125. At most `places` decimals of the percentage."""

    unit = "%"

    def __init__(
        self, *, min_rate: Decimal = Decimal(0), max_rate: Decimal | None = Decimal(1), places: int = 4, **kwargs: Any
    ) -> None:
        self.min_rate, self.max_rate, self.places = min_rate, max_rate, places
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "num"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            typed = Decimal(str(value).strip().rstrip("%％").strip())
        except InvalidOperation as bad:
            raise ValidationError(_("Enter a percentage."), code="invalid") from bad
        if not typed.is_finite() or -typed.as_tuple().exponent > self.places:
            raise ValidationError(
                _("A percentage with at most %(places)s decimals."), code="places", params={"places": self.places}
            )
        rate = typed.scaleb(-2)
        if rate < self.min_rate or (self.max_rate is not None and rate > self.max_rate):
            limits = {"least": f"{self.min_rate * 100:f}", "most": "∞" if self.max_rate is None else f"{self.max_rate * 100:f}"}
            raise ValidationError(_("Between %(least)s%% and %(most)s%%."), code="range", params=limits)
        return rate


class Calendar(forms.DateInput):
    """One calendar in every browser; native date inputs follow the browser's language (ui.md 1.1)."""

    is_calendar = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        plain = {"inputmode": "numeric", "autocomplete": "off", "placeholder": "YYYY-MM-DD", "maxlength": "11"}
        super().__init__({**plain, **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day: 2026-11-22, 2026/11/22, 20261122 or 2026年11月22日."""

    widget = Calendar

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日"])
        super().__init__(**kwargs)
