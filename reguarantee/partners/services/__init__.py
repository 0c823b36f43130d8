"""The verbs of partner institutions: their file, their life and the stops. The only writers of this room."""

from reguarantee.partners.services.branches import BadBranch, BranchExists, NoSuchBranch, NotABank, save_branch
from reguarantee.partners.services.files import (
    BadFile,
    CapitalAboveWhole,
    PartnerExists,
    amend,
    change_file,
    enrol,
    hold,
    register,
)
from reguarantee.partners.services.life import (
    ReasonRequired,
    activate,
    admit,
    ease,
    exit,
    give_grade,
    put,
    recheck_banks,
    record_grade,
    resume,
    suspend,
    watch,
)
from reguarantee.partners.services.stops import lift, stop

__all__ = [
    "BadBranch", "BadFile", "BranchExists", "CapitalAboveWhole", "NoSuchBranch", "NotABank", "PartnerExists",
    "ReasonRequired", "activate", "admit", "amend", "change_file", "ease", "enrol", "exit", "give_grade", "hold", "lift", "put",
    "recheck_banks", "record_grade", "register", "resume", "save_branch", "stop", "suspend", "watch",
]  # fmt: skip
