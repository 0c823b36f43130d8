"""Draw and publish flows. A published version never changes; running cases keep the one they started with."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kernel.access.actors import SYSTEM
from kernel.approval import engine
from kernel.approval.drawing.lint import Finding, lint
from kernel.approval.drawing.reading import read
from kernel.approval.models import FlowDefinition
from kernel.audit import services as audit
from kernel.errors import Invalid, gettext_noop

_SHIPPED = Path(__file__).parent.parent / "drawing" / "flows"
_TITLES = {"guarantee_review": ("担保项目审批", "Guarantee approval")}
Status = FlowDefinition.Status


class FlowRejected(Invalid):
    """The drawing has mistakes; `findings` lists them, each with the element to mark."""

    code = "FLOW_REJECTED"
    sentence = gettext_noop("The drawing cannot be published: it has %(count)s mistakes.")

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(count=len(findings))
        self.findings = findings


def check(bpmn: str) -> list[Finding]:
    """Return what is wrong with a drawing, an empty list if it may be published. Raises UnsafeDrawing."""
    return lint(read(bpmn))


@transaction.atomic
def draft(*, actor: Any, today: date, code: str, bpmn: str, title_zh: str, title_en: str = "") -> FlowDefinition:
    """Keep an unfinished drawing: one draft per flow, replaced each time. Raises UnsafeDrawing, not FlowRejected."""
    read(bpmn)
    definition = _draft_of(code)
    _fill(definition, bpmn, title_zh, title_en)
    definition.save()
    audit.leave(actor=actor, act="approval.draft", subject=f"flow:{code}", facts={"version": definition.version})
    return definition


@transaction.atomic
def publish(*, actor: Any, today: date, code: str, bpmn: str, title_zh: str = "", title_en: str = "") -> FlowDefinition:
    """Publish a drawing as the next version of flow `code`; new cases use it, the former version is retired.

    Empty titles keep those of the draft or the former version. Raises UnsafeDrawing, FlowRejected.
    """
    definition = _publish(actor.label, code, bpmn, title_zh, title_en)
    audit.leave(actor=actor, act="approval.publish", subject=f"flow:{code}", facts={"version": definition.version})
    return definition


@transaction.atomic
def furnish() -> None:
    """Publish the flows that ship with the program where a house has no version of them yet. No audit: furniture."""
    for path in sorted(_SHIPPED.glob("*.bpmn")):
        if not FlowDefinition.objects.filter(code=path.stem).exclude(status=Status.DRAFT).exists():
            _publish(SYSTEM.label, path.stem, path.read_text(encoding="utf-8"), *_TITLES[path.stem])


@transaction.atomic
def ship(*, code: str, bpmn: str, title_zh: str, title_en: str) -> FlowDefinition:
    """Publish a drawing that the program brings, as `furnish` does: no act of a house, so its audit trail begins without it."""
    return _publish(SYSTEM.label, code, bpmn, title_zh, title_en)


def _publish(by: str, code: str, bpmn: str, title_zh: str, title_en: str) -> FlowDefinition:
    drawing = read(bpmn)
    if findings := lint(drawing):
        raise FlowRejected(findings)
    engine.compiled(drawing)
    definition = _draft_of(code)
    former = FlowDefinition.objects.filter(code=code, status=Status.PUBLISHED).first()
    if former:
        former.status = Status.RETIRED
        former.save(update_fields=["status"])
        definition.title_zh, definition.title_en = (
            definition.title_zh or former.title_zh,
            definition.title_en or former.title_en,
        )
    _fill(definition, bpmn, title_zh, title_en)
    definition.status, definition.published_at, definition.published_by = Status.PUBLISHED, timezone.now(), by
    definition.save()
    return definition


def _draft_of(code: str) -> FlowDefinition:
    """Return the draft of a flow, or a new one with the next number. Locks the flow's versions."""
    versions = list(FlowDefinition.objects.select_for_update().filter(code=code).order_by("-version"))
    for version in versions:
        if version.status == Status.DRAFT:
            return version
    return FlowDefinition(code=code, version=versions[0].version + 1 if versions else 1)


def _fill(definition: FlowDefinition, bpmn: str, title_zh: str, title_en: str) -> None:
    definition.bpmn = bpmn
    definition.title_zh = title_zh or definition.title_zh or definition.code
    definition.title_en = title_en or definition.title_en
