"""The verbs of members' claims; the only writers of this room (domain.md 5.7, 5.8, 7.6).

One lock order: the case of approval, the filing, the dues by their keys, the claim, the treaty's position, a recovery's
parts, the claims on funds. Money that moves begins with its due and goes on from there.
"""

from reguarantee.claims.services.checking import (
    deny,
    give_back,
    look_again,
    refuse,
    send_to_approval,
    take_up,
    waive,
    write,
)
from reguarantee.claims.services.deciding import closed, lapse, resumed, returned
from reguarantee.claims.services.funds import keep_funds
from reguarantee.claims.services.fuses import release
from reguarantee.claims.services.opening import open_claim, open_message, open_withdrawn
from reguarantee.claims.services.outward import open_outward
from reguarantee.claims.services.outward import receive as receive_outward
from reguarantee.claims.services.outward import submit as submit_outward
from reguarantee.claims.services.papers import package
from reguarantee.claims.services.paying import cancel, confirm, net, prepare, put_back
from reguarantee.claims.services.records import NoSuchClaim

__all__ = [
    "NoSuchClaim",
    "cancel",
    "closed",
    "confirm",
    "deny",
    "give_back",
    "keep_funds",
    "lapse",
    "look_again",
    "net",
    "open_claim",
    "open_message",
    "open_outward",
    "open_withdrawn",
    "package",
    "prepare",
    "put_back",
    "receive_outward",
    "refuse",
    "release",
    "resumed",
    "returned",
    "send_to_approval",
    "submit_outward",
    "take_up",
    "waive",
    "write",
]
