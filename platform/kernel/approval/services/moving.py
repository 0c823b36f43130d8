"""Move a running case to another version of its flow: an explicit, logged act of one who manages flows (ui.md 2.3)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kernel.access.models import User
from kernel.access.permissions import check
from kernel.approval import engine
from kernel.approval.drawing import paths
from kernel.approval.drawing.reading import read
from kernel.approval.models import FlowCase, FlowDefinition, FlowTask, Opinion
from kernel.approval.services import course, rights
from kernel.audit import services as audit
from kernel.errors import NotFound, gettext_noop


class NoSuchVersion(NotFound):
    """The flow has no other version with this number that was ever published."""

    code = "NO_SUCH_VERSION"
    sentence = gettext_noop("The flow has no other published version %(version)s.")


@dataclass(frozen=True)
class Preview:
    """What a move would change: element ids open now, and those expected to follow before and after it."""

    open: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


def move_preview(*, case_id: int, version: int) -> Preview:
    """Return what `move` would do, without doing it. Raises NoSuchCase, NoSuchVersion, CannotMove."""
    case = FlowCase.objects.select_related("definition").filter(id=case_id).first()
    if case is None:
        raise course.NoSuchCase()
    old, new = course.drawing_of(case), read(_version(case, version).bpmn)
    step = engine.move(old, case.state, new)
    before, after = (tuple(paths.ahead(drawing, step.open, case.facts)) for drawing in (old, new))
    return Preview(step.open, before, after)


@transaction.atomic
def move(*, actor: User, today: date, case_id: int, version: int, text: str) -> FlowCase:
    """Move a running case to published `version` of its flow. Open tasks stay open, with the votes they have.

    Raises MissingPermission, CaseClosed, NoSuchVersion, CannotMove, TextRequired.
    """
    check(actor, rights.MANAGE)
    case = course.lock(case_id)
    if not text.strip():
        raise course.TextRequired(field="text")
    former, target = case.definition.version, _version(case, version)
    drawing = read(target.bpmn)
    step = engine.move(course.drawing_of(case), case.state, drawing)
    case.definition, case.state = target, step.state
    case.save(update_fields=["definition", "state"])
    for element in step.open:
        node = drawing.elements[element]
        FlowTask.objects.filter(case=case, element=element, state=FlowTask.State.TODO).update(
            name_zh=node.name_zh, name_en=node.name_en, post=node.post, entry=node.entry, distinct=node.distinct,
            # What a committee decides in the new version, nobody may still sign alone.
            meeting=node.meeting,
        )  # fmt: skip
    course.forecast(case, step.open)
    course.say(case, actor, today, Opinion.Verdict.MOVE, text=text)
    facts = {"case": case.id, "from": former, "to": version, "reason": text}
    audit.leave(actor=actor, act="approval.move", subject=case.subject, facts=facts)
    return case


def _version(case: FlowCase, version: int) -> FlowDefinition:
    found = FlowDefinition.objects.filter(code=case.definition.code, version=version).exclude(id=case.definition_id)
    definition = found.exclude(status=FlowDefinition.Status.DRAFT).first()
    if definition is None:
        raise NoSuchVersion(version=version)
    return definition
