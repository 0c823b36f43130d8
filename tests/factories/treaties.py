"""Treaties in force, made as people make them: one writes, another approves, the first has it signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.access.actors import Actor
from reguarantee.treaties import services
from reguarantee.treaties.models import TreatyVersion

BOARD = Actor("SYSTEM", "board")


def sign(version: TreatyVersion, *, actor: Any, today: date, approver: Any = BOARD) -> TreatyVersion:
    """Bring a draft into force: handed in by its author, approved by somebody else, published."""
    services.submit(actor=actor, today=today, version_id=version.id)
    services.approve(actor=approver, today=today, version_id=version.id)
    return services.publish(actor=actor, today=today, version_id=version.id)


def agree(*, actor: Any, today: date, code: str, terms: dict[str, Any], approver: Any = BOARD, **more: Any) -> TreatyVersion:
    """Draft a treaty with these terms, for all members unless told otherwise, and bring it into force."""
    given = {"title": code, "members": ["*"], **more}
    return sign(
        services.draft(actor=actor, today=today, code=code, terms=terms, **given), actor=actor, today=today, approver=approver
    )
