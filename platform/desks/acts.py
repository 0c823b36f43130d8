"""What the audit trail calls the acts of engines that both faces have desks for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Any] = {
    "approval.conclude": _("Task closed by the committee"),
    "committee.attend": _("Noted as present at a meeting"),
    "committee.cancel": _("Meeting called off"),
    "committee.change": _("Meeting changed"),
    "committee.close_item": _("Item decided"),
    "committee.close_meeting": _("Meeting closed"),
    "committee.convene": _("Meeting convened"),
    "committee.fulfil": _("Condition met"),
    "committee.open_item": _("Item called"),
    "committee.put_on_agenda": _("Put on the agenda"),
    "committee.recuse": _("Member recused"),
    "committee.revise": _("Rule of the committee revised"),
    "committee.summon": _("Meeting summoned"),
    "committee.take_off": _("Taken off the agenda"),
    "committee.vote": _("Voted in the committee"),
    "parameters.approve": _("Parameter's value approved"),
    "parameters.propose": _("Parameter's value proposed"),
    "parameters.refuse": _("Parameter's value refused"),
}
