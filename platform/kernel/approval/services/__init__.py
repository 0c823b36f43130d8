"""The verbs of approval. Each is one transaction, locks the case it changes and leaves one audit line."""

from kernel.approval.services.courtesy import copy, urge
from kernel.approval.services.deputies import delegate, end_delegation
from kernel.approval.services.flows import check, draft, furnish, publish, ship
from kernel.approval.services.moving import move
from kernel.approval.services.signers import add_signer, remove_signer, transfer
from kernel.approval.services.signing import decide, send_back, start, withdraw

__all__ = [
    "add_signer",
    "check",
    "copy",
    "decide",
    "delegate",
    "draft",
    "end_delegation",
    "furnish",
    "move",
    "publish",
    "remove_signer",
    "send_back",
    "ship",
    "start",
    "transfer",
    "urge",
    "withdraw",
]
