"""The console's desks: one package each, with its pages (`urls.urlpatterns`) and its entries (`urls.NAV`)."""

from __future__ import annotations

from desks.items import Desks

DESKS = Desks(
    (
        "reguarantee.console.desks.filings.urls",
        "reguarantee.console.desks.agreements.urls",
        "reguarantee.console.desks.whatif.urls",
        "reguarantee.console.desks.outcome.urls",
        "reguarantee.console.desks.claims.urls",
        "reguarantee.console.desks.recoveries.urls",
        "reguarantee.console.desks.premiums.urls",
        "reguarantee.console.desks.settlements.urls",
        "reguarantee.console.desks.partners.urls",
        "reguarantee.console.desks.admission.urls",
        "desks.tasks.urls",
        "desks.committee.urls",
        "desks.office.urls",
        "desks.parameters.urls",
    )
)
