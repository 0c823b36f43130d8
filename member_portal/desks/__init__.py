"""The portal's desks: one package each, with its pages (`urls.urlpatterns`) and its entries (`urls.NAV`)."""

from __future__ import annotations

from desks.items import Desks

DESKS = Desks(
    (
        "member_portal.desks.filings.urls",
        "member_portal.desks.claims.urls",
        "member_portal.desks.recoveries.urls",
        "member_portal.desks.cessions.urls",
        "member_portal.desks.channels.urls",
        "desks.tasks.urls",
        "desks.committee.urls",
        "desks.office.urls",
        "desks.parameters.urls",
    )
)
