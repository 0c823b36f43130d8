"""Saying of rows what is wrong with them: the same for premium lists and accounts current."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import Form
from desks.money.words import reference
from kernel.errors import Invalid, gettext_noop


class NothingDisputed(Invalid):
    code = "NOTHING_DISPUTED"
    sentence = gettext_noop("Say of at least one row what is wrong. If all is right, confirm instead.")


class DisputeForm(Form):
    """One text per row: what is left empty is right."""

    def __init__(self, data: Any, rows: Iterable[Any], label: str) -> None:
        super().__init__(data)
        self.rows = list(rows)
        for row in self.rows:
            field = forms.CharField(
                label=_("What is wrong with %(row)s") % {"row": reference(getattr(row, label))}, required=False, max_length=500
            )
            self.fields[f"row_{row.pk}"] = field

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """(row, its bound field)."""
        return [(row, self[f"row_{row.pk}"]) for row in self.rows]

    def given(self) -> dict[str, Any]:
        """`disputes`: row id → what is wrong. Raises NothingDisputed."""
        said = {row.pk: self.cleaned_data[f"row_{row.pk}"] for row in self.rows if self.cleaned_data[f"row_{row.pk}"].strip()}
        if not said:
            raise NothingDisputed
        return {"disputes": said}
