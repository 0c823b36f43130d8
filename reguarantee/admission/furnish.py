"""The group's house begins with one standard for guarantee companies and one for banks, published by the program."""

from __future__ import annotations

import json
from datetime import date

from reguarantee.admission.judging import defaults, read_standard
from reguarantee.admission.models import Standard
from reguarantee.partners.models import Kind

_FIRST_DAY = date(2020, 1, 1)


def furnish(kind: str) -> None:
    """Idempotent."""
    if kind != "group":
        return
    for of, document in ((Kind.MEMBER, defaults.MEMBER), (Kind.BANK, defaults.BANK)):
        read_standard(document, with_line=of == Kind.MEMBER)
        Standard.objects.get_or_create(
            kind=of,
            version=1,
            defaults={
                "content": json.dumps(document, ensure_ascii=False),
                "effective_from": _FIRST_DAY,
                "drafted_by": "SYSTEM:defaults",
                "drafted_on": _FIRST_DAY,
                "published_by": "SYSTEM:zaidan",
                "published_on": _FIRST_DAY,
            },
        )
