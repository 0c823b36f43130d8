"""What belongs to no single room: the search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desks.office.search import Hit, Kind, answer
from kernel.access.permissions import signed_in
from reguarantee.console.pages import today
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries as monitoring
from reguarantee.treaties import queries as treaties


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Numbers and customers over filings, treaties and the consolidated book."""
    return answer(request, _KINDS, _("A number of a guarantee or filing, a customer, a treaty."))


def _guarantees(user: Any, words: str, limit: int) -> Iterable[Hit]:
    for row in monitoring.guarantees(wanted=monitoring.Wanted(search=words), as_of=today(), size=limit).rows:
        url = reverse("console:guarantee", args=[row["member_code"], row["guarantee_id"]])
        note = f"{row['customer_name']} · {row['member_name']}"
        yield Hit(row["number"], url, note, row["state"], monitoring.state_label(row["state"]), row["guaranteed_fen"])


def _filings(user: Any, words: str, limit: int) -> Iterable[Hit]:
    for row in filings.listing(q=words)[:limit]:
        url, note = reverse("console:filing", args=[row.pk]), f"{row.obligor_name} · {row.member_code}"
        yield Hit(row.number, url, note, row.status, row.get_status_display(), row.guaranteed_fen)


def _treaties(user: Any, words: str, limit: int) -> Iterable[Hit]:
    for row in treaties.listing(today=today(), q=words)[:limit]:
        yield Hit(row.code, reverse("console:treaty", args=[row.code]), row.title, row.status, row.get_status_display())


_KINDS = (
    Kind(gettext_lazy("Guarantees"), "monitoring.view", "guarantees", _guarantees, query="search"),
    Kind(gettext_lazy("Filings"), "filings.view", "filings", _filings),
    Kind(gettext_lazy("Treaties"), "treaties.view", "treaties", _treaties),
)
