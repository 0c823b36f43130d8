"""What a role may be given in this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("approval.decide", _("Sign tasks of one's posts")),
    ("approval.start", _("Start approvals")),
    ("approval.delegate", _("Name a deputy for a period")),
    ("approval.view_flows", _("Read approval flows")),
    ("approval.manage_flows", _("Draw and publish approval flows, reassign tasks, move running cases")),
    ("approval.monitor", _("Watch all running approvals")),
    ("committee.view", _("See the meetings of the committee")),
    ("committee.vote", _("Vote in the committee")),
    ("committee.manage", _("Convene the committee, keep its agenda and close it, propose its next rule")),
    ("committee.approve_rules", _("Approve rules of the committee that another person proposed")),
)
