"""The steps of an admission, in their order; there is no way past one (PAR-08, domain.md 7.7)."""

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from reguarantee.admission.models import State

APPLIED, RETURNED, DOCUMENTS, ANALYSIS = (State[name].value for name in ("APPLIED", "RETURNED", "DOCUMENTS", "ANALYSIS"))
REVIEW, COMMITTEE, AGREEMENT = (State[name].value for name in ("REVIEW", "COMMITTEE", "AGREEMENT"))
ACTIVATING, ACTIVE, REFUSED, WITHDRAWN = (State[name].value for name in ("ACTIVATING", "ACTIVE", "REFUSED", "WITHDRAWN"))

STEPS = (APPLIED, DOCUMENTS, ANALYSIS, REVIEW, COMMITTEE, AGREEMENT, ACTIVATING, ACTIVE)
"""The order in which a case is shown."""
_OPEN = (APPLIED, RETURNED, DOCUMENTS, ANALYSIS, REVIEW)

CASE = Flow(
    name="admission",
    title=_("Admission case"),
    states=dict(State.choices),
    initial=APPLIED,
    moves=(
        Move("accept", (APPLIED,), DOCUMENTS, effect="the candidate has a file in the register"),
        Move("send_back", (APPLIED,), RETURNED, guard="a reason, which the applicant reads"),
        Move("reapply", (RETURNED,), APPLIED, effect="the program judges the new figures"),
        Move("complete", (DOCUMENTS,), ANALYSIS, guard="every required document is there and nothing asked is open"),
        Move("conclude", (ANALYSIS,), REVIEW, guard="judged by the case's standard, no hard rule failed"),
        Move("review", (REVIEW,), COMMITTEE, guard="a visit on site is reported; the reviewer is not the analyst"),
        Move("approve", (COMMITTEE,), AGREEMENT, guard="the committee's decision", effect="the candidate is admitted"),
        Move("reject", (COMMITTEE,), REFUSED, guard="the committee's decision"),
        Move("sign", (AGREEMENT,), ACTIVATING, guard="treaty, line and signed agreement are there"),
        Move("activate", (ACTIVATING,), ACTIVE, effect="the house is open, or the bank has its key; all or nothing"),
        Move("return", (ANALYSIS, REVIEW), DOCUMENTS, guard="a reason"),
        Move("reopen", (COMMITTEE,), ANALYSIS, guard="deferred by the committee, or a reason"),
        Move("refuse", _OPEN, REFUSED, guard="a reason, which the applicant reads"),
        Move("withdraw", (*_OPEN, COMMITTEE, AGREEMENT), WITHDRAWN),
    ),
    final=(ACTIVE, REFUSED, WITHDRAWN),
    events={
        "accept": _("Accept"),
        "send_back": _("Return to the applicant"),
        "reapply": _("Apply again"),
        "complete": _("Documents complete"),
        "conclude": _("Conclude the analysis"),
        "review": _("Conclude the review"),
        "approve": _("Approve"),
        "reject": _("Reject"),
        "sign": _("Sign the agreement"),
        "activate": _("Activate"),
        "return": _("Return to documents"),
        "reopen": _("Return to the analysis"),
        "refuse": _("Refuse"),
        "withdraw": _("Withdraw"),
    },
)
