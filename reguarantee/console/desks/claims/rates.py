"""How much is claimed against the limit (CLM-05), fuses and their release (AGR-22), what members could pay (CLM-06)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from desks.institutions import name
from desks.words import actor_label
from kernel.access.permissions import may, needs
from reguarantee.claims import queries, services
from reguarantee.console.desks.claims import forms
from reguarantee.console.pages import acted, dialog, sent, today
from reguarantee.console.words import product

_BY = ("product", "bank", "member")
_NAMES = {"product": product, "bank": str, "member": name}


@needs("reguarantee_claims.view")
def rates(request: HttpRequest) -> HttpResponse:
    by = request.GET.get("by", "product")
    by = by if by in _BY else "product"
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= 2100 else today().year
    url = reverse("console:claim_rates")
    labels = {"product": _("By product"), "bank": _("By bank"), "member": _("By member")}
    context = {
        "title": _("Claim rates"),
        "rows": [{**row, "name": _NAMES[by](row["name"])} for row in queries.rates(by=by, year=year)],
        "tabs": [{"label": labels[way], "url": f"{url}?by={way}&year={year}", "active": way == by} for way in _BY],
        "years": [{"label": str(n), "url": f"{url}?by={by}&year={n}", "active": n == year} for n in range(year - 2, year + 2)],
        "heading": {"product": _("Product"), "bank": _("Bank"), "member": _("Member")}[by],
        "year": year,
    }
    return render(request, "console/claims/rates.html", context)


@needs("reguarantee_claims.view")
def fuses(request: HttpRequest) -> HttpResponse:
    rows = list(queries.fuses().prefetch_related("events"))
    told: list[dict[str, Any]] = [
        {"row": row, "events": [{"one": event, "by": actor_label(event.by)} for event in list(row.events.all())[::-1][:5]]}
        for row in rows
    ]
    context = {"title": _("Fuses"), "rows": told, "may_release": may(request.user, "reguarantee_claims.fuse")}
    return render(request, "console/claims/fuses.html", context)


@needs("reguarantee_claims.fuse")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    fuse = queries.fuse(pk)
    form = forms.WhyForm(sent(request))
    if acted(request, form, services.release, fuse_id=fuse.pk):
        return saved(request, "console:claim_fuses", _("Released. New filings come in again."))
    return dialog(request, form, title=_("Release the fuse"), submit=_("Release"))


@needs("reguarantee_claims.view")
def abilities(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Claim-paying ability"),
        "rows": queries.abilities(today()),
        "may_keep": may(request.user, "reguarantee_claims.outward"),
    }
    return render(request, "console/claims/abilities.html", context)


@needs("reguarantee_claims.outward")
def keep_funds(request: HttpRequest) -> HttpResponse:
    form = forms.FundsForm(sent(request), initial={"as_of": today()})
    if acted(request, form, services.keep_funds):
        return saved(request, "console:claim_abilities", _("Kept."))
    return dialog(request, form, title=_("Liquid funds of a member"), submit=_("Keep"))
