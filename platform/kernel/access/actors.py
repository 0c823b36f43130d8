"""Who acts when no person does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["BANK", "SYSTEM", "LETTER", "IMPORT", "APPLICANT"]


@dataclass(frozen=True)
class Actor:
    """A bank's key, a clock, a letter's reader, an import or an applicant; stands where a user may stand."""

    kind: Kind
    name: str
    id: None = None

    @property
    def label(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def post_codes(self) -> frozenset[str]:
        return frozenset()

    @property
    def permission_codes(self) -> frozenset[str]:
        return frozenset()


SYSTEM = Actor("SYSTEM", "zaidan")
