"""Pages of admission, standards and evaluations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from kernel.access.permissions import may
from reguarantee.admission import queries
from reguarantee.console.desks.admission import acts, cases, evaluations, links, standards

_CASE = "admission/cases/<int:pk>/"
_EVALUATION = "evaluations/<int:pk>/"
urlpatterns = [
    page("admission/", cases.board, "admission"),
    page("admission/cases/", cases.listing, "admission_list"),
    page("admission/cases/new/", cases.new, "admission_new"),
    page(_CASE, cases.detail, "admission_case"),
    page(f"{_CASE}correct/", cases.correct, "admission_correct"),
    page(f"{_CASE}papers/new/", acts.attach, "admission_attach"),
    page(f"{_CASE}papers/<uuid:document>/", cases.paper, "admission_paper"),
    page(f"{_CASE}ask/", acts.ask, "admission_ask"),
    page(f"{_CASE}analyse/", acts.analyse, "admission_analyse"),
    page(f"{_CASE}visit/", acts.visit, "admission_visit"),
    page(f"{_CASE}agenda/", acts.agenda, "admission_agenda"),
    page(f"{_CASE}line/", acts.line, "admission_line"),
    page(f"{_CASE}agree/", acts.agree, "admission_agree"),
    page(f"{_CASE}link/", links.renew, "admission_link"),
    page(f"{_CASE}invite/", acts.invite, "admission_invite"),
    page(f"{_CASE}do/<slug:event>/", acts.act, "admission_act"),
    page("admission/standards/", standards.listing, "admission_standards"),
    page("admission/standards/draft/<slug:kind>/", standards.draft, "admission_standard_draft"),
    page("admission/standards/<int:pk>/", standards.detail, "admission_standard"),
    page("admission/standards/<int:pk>/publish/", standards.publish, "admission_standard_publish"),
    page("evaluations/", evaluations.listing, "evaluations"),
    page("evaluations/start/", evaluations.start, "evaluation_start"),
    page("evaluations/ranking/<int:year>/<slug:name>/", evaluations.ranking, "evaluation_ranking"),
    page(_EVALUATION, evaluations.detail, "evaluation"),
    page(f"{_EVALUATION}state/<slug:name>/", evaluations.state, "evaluation_state"),
    page(f"{_EVALUATION}refresh/", evaluations.refresh, "evaluation_refresh"),
    page(f"{_EVALUATION}submit/", evaluations.submit, "evaluation_submit"),
    page(f"{_EVALUATION}approve/", evaluations.approve, "evaluation_approve"),
    page(f"{_EVALUATION}return/", evaluations.give_back, "evaluation_return"),
]


def _cases(user: Any) -> int:
    return queries.waiting() if may(user, "admission.handle") else 0


def _evaluations(user: Any) -> int:
    return queries.evaluations(state="SUBMITTED").count() if may(user, "admission.approve_evaluation") else 0


_SEEN = ("admission.view",)
NAV: tuple[Item, ...] = (
    Item(
        "partners", _("Admission"), "admission", "door-enter", key="a",
        parts=(
            Part(_("Admission board"), "admission", _SEEN, _cases),
            Part(_("All applicants"), "admission_list", _SEEN),
            Part(_("Evaluations"), "evaluations", _SEEN, _evaluations),
            Part(_("Admission standards"), "admission_standards", _SEEN),
        ),
    ),
)  # fmt: skip
