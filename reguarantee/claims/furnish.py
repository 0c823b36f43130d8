"""Reference data of the group's house: the drawing of a claim's approval."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kernel.access.actors import SYSTEM
from kernel.approval import queries, services

FLOW = "claim_approval"
_DRAWING = Path(__file__).parent / "flows" / f"{FLOW}.bpmn"
_FIRST_DAY = date(2026, 1, 1)


def furnish(kind: str) -> None:
    """Publish the drawing where the group has no version of it yet; idempotent."""
    if kind != "group" or queries.definition(FLOW) is not None:
        return
    services.publish(
        actor=SYSTEM,
        today=_FIRST_DAY,
        code=FLOW,
        bpmn=_DRAWING.read_text(encoding="utf-8"),
        title_zh="代偿补偿审批",
        title_en="Approval of a claim",
    )
