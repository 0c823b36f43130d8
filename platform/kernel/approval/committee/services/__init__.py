"""The verbs of the committee. Each is one transaction, locks the meeting it changes and leaves one audit line."""

from kernel.approval.committee.rules import decide_rule, propose_rule
from kernel.approval.committee.services.agenda import add_paper, attend, open_item, put_on_agenda, take_off
from kernel.approval.committee.services.ballots import check_conditions, close_item, fulfil, vote
from kernel.approval.committee.services.closing import close_meeting
from kernel.approval.committee.services.convening import cancel, change, convene, summon
from kernel.approval.committee.services.recusals import recuse

__all__ = [
    "add_paper",
    "attend",
    "cancel",
    "change",
    "check_conditions",
    "close_item",
    "close_meeting",
    "convene",
    "decide_rule",
    "fulfil",
    "open_item",
    "propose_rule",
    "put_on_agenda",
    "recuse",
    "summon",
    "take_off",
    "vote",
]
