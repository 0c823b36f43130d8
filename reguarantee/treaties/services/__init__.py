"""The verbs of treaties, the only writers: draft, revise, renew · submit, approve, publish · join, leave, lines, end."""

from __future__ import annotations

from reguarantee.treaties.services.approval import (
    NoReason,
    NotApproved,
    OwnWording,
    SignedLater,
    VersionPublished,
    VersionsOverlap,
    WordingChanged,
    approve,
    publish,
    send_back,
    submit,
)
from reguarantee.treaties.services.drafts import (
    BadTreaty,
    Facts,
    InForce,
    NeverPublished,
    NoSuchTreaty,
    NoSuchVersion,
    TreatyEnded,
    TreatyExists,
    draft,
    renew,
    revise,
)
from reguarantee.treaties.services.life import EndsTooEarly, LastMember, LineBelowUse, end, join, leave, set_line
from reguarantee.treaties.services.scenarios import NoName, NoSuchScenario, drop, keep
from reguarantee.treaties.services.telling import tell_uses

__all__ = [
    "BadTreaty",
    "EndsTooEarly",
    "Facts",
    "InForce",
    "LastMember",
    "LineBelowUse",
    "NeverPublished",
    "NoName",
    "NoReason",
    "NoSuchScenario",
    "NoSuchTreaty",
    "NoSuchVersion",
    "NotApproved",
    "OwnWording",
    "SignedLater",
    "TreatyEnded",
    "TreatyExists",
    "VersionPublished",
    "VersionsOverlap",
    "WordingChanged",
    "approve",
    "draft",
    "drop",
    "end",
    "join",
    "keep",
    "leave",
    "publish",
    "renew",
    "revise",
    "send_back",
    "set_line",
    "submit",
    "tell_uses",
]
