"""Reference data of a member's house: the drawing by which an extension is approved."""

from __future__ import annotations

from pathlib import Path

from kernel.approval import queries, services

FLOW = "extension_review"
_DRAWING = Path(__file__).parent / "services" / f"{FLOW}.bpmn"


def furnish(kind: str) -> None:
    """Publish the drawing where a member has no version of it yet; idempotent."""
    if kind != "member" or queries.definition(FLOW) is not None:
        return
    services.ship(
        code=FLOW,
        bpmn=_DRAWING.read_text(encoding="utf-8"),
        title_zh="展期审批",
        title_en="Approval of an extension",
    )
