"""An agreement on its way: handed in, approved, signed, renewed; its papers; versions side by side (AGR-01)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from desks.items import Item, Part
from desks.pages import page
from reguarantee.console.desks.agreements import papers, views
from reguarantee.treaties import queries

urlpatterns = [
    page("agreements/waiting/", views.waiting, "agreements_waiting"),
    page("agreements/expiring/", views.expiring, "agreements_expiring"),
    page("agreements/<slug:code>/submit/<int:pk>/", views.submit, "agreement_submit"),
    page("agreements/<slug:code>/approve/<int:pk>/", views.approve, "agreement_approve"),
    page("agreements/<slug:code>/return/<int:pk>/", views.send_back, "agreement_return"),
    page("agreements/<slug:code>/sign/<int:pk>/", views.sign, "agreement_sign"),
    page("agreements/<slug:code>/renew/", views.renew, "agreement_renew"),
    page("agreements/<slug:code>/compare/<int:old>/<int:new>/", views.compare, "agreement_compare"),
    page("agreements/<slug:code>/papers/", papers.add, "agreement_paper_add"),
    page("agreements/<slug:code>/papers/<uuid:paper>/", papers.fetch, "agreement_paper"),
]
_SEE = ("treaties.view",)
NAV = (
    Item(
        "business", gettext_lazy("Treaties"), "treaties", "writing-sign", key="c", phone=True,
        parts=(
            Part(gettext_lazy("Treaties"), "treaties", _SEE),
            Part(
                gettext_lazy("Treaties to approve"), "agreements_waiting", ("treaties.approve",),
                lambda user: queries.waiting_count(),
            ),
            Part(gettext_lazy("Expiring soon"), "agreements_expiring", _SEE),
        ),
    ),
    Item(
        "business", gettext_lazy("Treaty analysis"), "whatif", "target-arrow",
        parts=(
            Part(gettext_lazy("What treaties brought"), "outcome", ("monitoring.view",)),
            Part(gettext_lazy("What if"), "whatif", _SEE),
            Part(gettext_lazy("Kept scenarios"), "scenarios", _SEE),
        ),
    ),
)  # fmt: skip
