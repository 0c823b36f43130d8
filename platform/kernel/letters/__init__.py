"""What the houses tell each other (design.md 3).

A letter is a frozen dataclass of primitives with a `kind` and a `version`. It is posted in the
sender's transaction and opened by exactly one reader (`infra/wiring.py`). Fields are only ever
added, with a default; another meaning is another version.
"""

from __future__ import annotations

from kernel.letters.base import Letter
from kernel.letters.claims import (
    CaseMessage,
    ClaimDecided,
    ClaimPaid,
    ClaimSubmitted,
    ClaimWithdrawn,
    RecoveryReported,
    RecoveryShared,
    WriteOffReported,
)
from kernel.letters.filings import (
    FilingDecided,
    FilingSubmitted,
    FilingWithdrawn,
    GuaranteeEnded,
    GuaranteeOverdue,
    ReportingScopeAgreed,
)
from kernel.letters.money import (
    MoneyReported,
    PremiumBilled,
    PremiumListAnswered,
    PremiumListIssued,
    StatementAnswered,
    StatementIssued,
)
from kernel.letters.partners import (
    AgreementTold,
    InstitutionChangeDecided,
    InstitutionChangeReported,
    InstitutionFileTold,
    PartnerStanding,
)

LETTERS: dict[str, type[Letter]] = {
    letter.kind: letter
    for letter in (
        FilingSubmitted,
        FilingDecided,
        FilingWithdrawn,
        ReportingScopeAgreed,
        GuaranteeEnded,
        GuaranteeOverdue,
        ClaimSubmitted,
        ClaimWithdrawn,
        ClaimDecided,
        ClaimPaid,
        RecoveryReported,
        RecoveryShared,
        WriteOffReported,
        CaseMessage,
        MoneyReported,
        PremiumListIssued,
        PremiumListAnswered,
        PremiumBilled,
        StatementIssued,
        StatementAnswered,
        AgreementTold,
        PartnerStanding,
        InstitutionChangeReported,
        InstitutionFileTold,
        InstitutionChangeDecided,
    )
}

__all__ = [
    "LETTERS",
    "Letter",
    "AgreementTold",
    "CaseMessage",
    "ClaimDecided",
    "ClaimPaid",
    "ClaimSubmitted",
    "ClaimWithdrawn",
    "FilingDecided",
    "FilingSubmitted",
    "FilingWithdrawn",
    "GuaranteeEnded",
    "GuaranteeOverdue",
    "InstitutionChangeDecided",
    "InstitutionChangeReported",
    "InstitutionFileTold",
    "MoneyReported",
    "PartnerStanding",
    "PremiumBilled",
    "PremiumListAnswered",
    "PremiumListIssued",
    "RecoveryReported",
    "RecoveryShared",
    "ReportingScopeAgreed",
    "StatementAnswered",
    "StatementIssued",
    "WriteOffReported",
]
