"""Writing terms, as a form or as JSON, and going from one to the other without saving (AGR-01, design.md 5).

A mistake stands at its field: the engine names its place in the document, and the editor knows which field shows that place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import say
from design.forms import Form
from kernel.errors import DomainError
from reguarantee.console.desks.agreements import wording
from reguarantee.console.desks.agreements.fields import BaseForm, Layers, MoneyForm, Parties, ScopeForm

FORM, JSON = "form", "json"
_ROW = re.compile(r"layers\[(\d+)\]\.?(\w*).*")
_SHARE = re.compile(r"layers\[\d+\]\.shares\.(.+)")


class JsonForm(Form):
    terms = forms.CharField(
        label=gettext_lazy("Terms (JSON)"), widget=forms.Textarea({"rows": 28, "spellcheck": "false", "class": "code"})
    )


class Editor:
    """The terms on a page. `mode` is "form" or "json"; `said` holds the document once `is_valid()` is true."""

    def __init__(self, request: HttpRequest, opened: Mapping[str, Any], names: Mapping[str, str] | None = None) -> None:
        data = request.POST if request.method == "POST" else None
        self.names: dict[str, str] = dict(names or {})
        self.errors: list[str] = []
        self.said: dict[str, Any] | None = None
        self.opened = dict(opened)
        self.mode = _mode(data, opened)
        self.sent = data
        if data is None:
            self._show(self.opened)
            return
        if (carried := _read(data.get("opened", ""))) is not None and wording.shown(carried):
            self.opened = carried
        if self.mode == JSON:
            self.json = JsonForm(data)
        else:
            self._forms(data)

    @property
    def switching(self) -> str:
        """The other way of writing that was asked for, or ""."""
        wanted = (self.sent or {}).get("switch", "")
        return wanted if wanted in (FORM, JSON) else ""

    def switch(self) -> None:
        """Show what was written in the other way; a mistake keeps it in this one."""
        if not self.is_valid():
            return
        assert self.said is not None
        if self.switching == FORM and not wording.shown(self.said):
            self.errors.append(_("These terms use what the form cannot show. Go on in JSON."))
            return
        self.mode = self.switching
        self._show(self.said)

    def is_valid(self) -> bool:
        """Read what was written. What is wrong stands at its field; whether terms make sense the engine says later."""
        if self.said is not None:
            return True
        if self.mode == JSON:
            self.said = self._from_json()
        elif all(self._checked()):
            told = {
                "base": self.base.cleaned_data,
                "scope": self.scope.cleaned_data,
                "money": self.money.cleaned_data,
                "parties": _kept(self.parties),
                "layers": _kept(self.layers),
            }
            self.said, self.names = wording.document(told, self.opened)
        return self.said is not None

    def _checked(self) -> list[bool]:
        """Every part is checked, so that all mistakes show at once."""
        return [form.is_valid() for form in (self.base, self.scope, self.money, self.parties, self.layers)]

    def refuse(self, refusal: DomainError) -> None:
        """Put a refusal of the engine at the field that shows its place, else above the form with the place named."""
        path, sentence = refusal.field or "", say(refusal)
        if self.mode == JSON:
            self.json.add_error("terms", f"{path}: {sentence}" if path else sentence)
            return
        form, name = self._place(path)
        if form is not None:
            form.add_error(name, sentence)
        else:
            self.errors.append(f"{path}: {sentence}" if path else sentence)

    @property
    def text(self) -> str:
        """The document the form was opened with, carried along in the page."""
        return json.dumps(self.opened, ensure_ascii=False)

    def _show(self, document: Mapping[str, Any]) -> None:
        self.opened = dict(document)
        if self.mode == JSON:
            self.json = JsonForm(initial={"terms": json.dumps(document, ensure_ascii=False, indent=2)})
            return
        told = wording.rows(document, self.names)
        self.base, self.scope = BaseForm(initial=told["base"], prefix="base"), ScopeForm(initial=told["scope"], prefix="scope")
        self.money = MoneyForm(initial=told["money"], prefix="money")
        self.parties = Parties(initial=told["parties"], prefix="parties")
        self.layers = Layers(initial=told["layers"], prefix="layers")

    def _forms(self, data: Any) -> None:
        self.base, self.scope = BaseForm(data, prefix="base"), ScopeForm(data, prefix="scope")
        self.money = MoneyForm(data, prefix="money")
        self.parties, self.layers = Parties(data, prefix="parties"), Layers(data, prefix="layers")

    def _from_json(self) -> dict[str, Any] | None:
        if not self.json.is_valid():
            return None
        try:
            document = json.loads(self.json.cleaned_data["terms"])
        except json.JSONDecodeError as bad:
            where = {"line": bad.lineno, "column": bad.colno}
            self.json.add_error("terms", _("This is not JSON: line %(line)s, column %(column)s.") % where)
            return None
        except RecursionError:
            self.json.add_error("terms", _("This is nested too deeply."))
            return None
        if not isinstance(document, dict):
            self.json.add_error("terms", _("The terms are one JSON object."))
            return None
        return document

    def _place(self, path: str) -> tuple[Any, str | None]:
        """The form and the field that show a place of the document; (None, None) where none does."""
        head, _dot, rest = path.partition(".")
        if share := _SHARE.fullmatch(path):
            return self._party(share[1], "quota")
        if row := _ROW.fullmatch(path):
            return self._layer(int(row[1]), row[2])
        simple = {"residual": "residual", "loss_base": "loss_base", "attaches.from": "first", "attaches.to": "last"}
        if path in simple:
            return self.base, simple[path]
        if head == "parties":
            return self._party(rest, "kind")
        if head == "scope" and rest.split("[")[0] in self.scope.fields:
            return self.scope, rest.split("[")[0]
        if head in ("premium", "claims", "recoveries", "fuse"):
            name = {"rates": "rate"}.get(rest.split("[")[0].split(".")[0], rest.split("[")[0])
            return (self.money, name) if name in self.money.fields else (None, None)
        return None, None

    def _party(self, key: str, name: str) -> tuple[Any, str | None]:
        for form in self.parties.forms:
            if form.is_bound and form.cleaned_data.get("key") == key:
                return form, name
        return None, None

    def _layer(self, n: int, name: str) -> tuple[Any, str | None]:
        assert self.said is not None
        layers = self.said["layers"]
        if n >= len(layers) or layers[n]["kind"] == "QUOTA_SHARE":
            return None, None
        alive = [form for form in self.layers.forms if not form.cleaned_data.get("DELETE")]
        place = n - sum(layer["kind"] == "QUOTA_SHARE" for layer in layers[:n])
        giver, taker = wording.ends(layers[n]["kind"])
        name = {giver: "source", taker: "target"}.get(name, name)
        form = alive[place] if place < len(alive) else None
        return (form, name if form is not None and name in form.fields else None)


def _mode(data: Any, opened: Mapping[str, Any]) -> str:
    if data is None:
        return FORM if wording.shown(opened) else JSON
    asked = data.get("mode", "")
    return asked if asked in (FORM, JSON) else (JSON if "terms" in data else FORM)


def _kept(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _read(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
