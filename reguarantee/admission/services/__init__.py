"""The verbs of admission: apply, handle, review, agree, activate; standards, evaluations, reported changes."""

from reguarantee.admission.services.activating import Activated, Invitation, activate, invite
from reguarantee.admission.services.agreeing import agree, sign, work_out_line
from reguarantee.admission.services.answers import BadAnswer
from reguarantee.admission.services.applying import (
    NoSuchLink,
    answer,
    applicant,
    apply,
    attach,
    detach,
    reapply,
    renew_link,
    withdraw,
)
from reguarantee.admission.services.changing import decide_change, open_change
from reguarantee.admission.services.evaluating import (
    approve,
    open_due,
    refresh,
    return_evaluation,
    start,
    state,
    submit,
)
from reguarantee.admission.services.handling import accept, analyse, ask, complete, conclude, correct, refuse, send_back
from reguarantee.admission.services.reviewing import decided, give_back, put_before, reopen, review, visit
from reguarantee.admission.services.standards import draft_standard, publish_standard

__all__ = [
    "Activated", "BadAnswer", "Invitation", "NoSuchLink", "accept", "activate", "agree", "analyse", "answer", "applicant",
    "apply", "approve", "ask", "attach", "complete", "conclude", "correct", "decide_change", "decided", "detach",
    "draft_standard", "give_back", "invite", "open_change", "open_due", "publish_standard", "put_before", "reapply", "refresh",
    "refuse", "renew_link", "reopen", "return_evaluation", "review", "send_back", "sign", "start", "state", "submit", "visit",
    "withdraw", "work_out_line",
]  # fmt: skip
