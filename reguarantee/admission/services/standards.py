"""Standards: drafted by one person, published by another; what is published never changes (PAR-16)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, NotAllowed, NotFound, gettext_noop
from reguarantee.admission.judging import read_standard
from reguarantee.admission.models import Standard
from reguarantee.admission.services.cases import written
from reguarantee.partners.models import Kind
from reguarantee.partners.services import BadFile


class NoSuchStandard(NotFound):
    code = "NO_SUCH_STANDARD"
    sentence = gettext_noop("There is no such standard.")


class StandardPublished(Conflict):
    code = "STANDARD_PUBLISHED"
    sentence = gettext_noop("This version is published and cannot change. Draft the next one.")


class OwnStandard(NotAllowed):
    code = "OWN_STANDARD"
    sentence = gettext_noop("You drafted this standard; another person has to publish it.")


class StandardTooEarly(Conflict):
    code = "STANDARD_TOO_EARLY"
    sentence = gettext_noop("A version takes effect today or later, and not before the one it follows.")


@transaction.atomic
def draft_standard(
    *, actor: Any, today: date, kind: str, document: Mapping[str, Any], effective_from: date, note: str = ""
) -> Standard:
    """Write the open draft of a kind of institution, or open the next version. Needs admission.standards.

    Raises BadStandard and WeightsNotOne with the path of the mistake, BadFile.
    """
    check(actor, "admission.standards")
    if kind not in Kind.values:
        raise BadFile(field="kind")
    content = written(read_standard(document, with_line=kind == Kind.MEMBER))
    row = Standard.objects.select_for_update().filter(kind=kind, published_on=None).first()
    if row is None:
        last = Standard.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
        row = Standard(kind=kind, version=last + 1)
    row.content, row.note, row.effective_from = content, note.strip(), effective_from
    row.drafted_by_id, row.drafted_by, row.drafted_on = actor.id, actor.label, today
    row.save()
    audit.leave(actor=actor, act="admission.draft_standard", subject=f"standard:{row.pk}", facts={"version": row.version})
    return row


@transaction.atomic
def publish_standard(*, actor: Any, today: date, standard_id: int) -> Standard:
    """Put a draft in force for applications from its day on; cases that are open keep theirs.

    Needs admission.publish_standards and another person than the drafter.
    Raises NoSuchStandard, StandardPublished, OwnStandard, StandardTooEarly.
    """
    check(actor, "admission.publish_standards")
    row = Standard.objects.select_for_update().filter(pk=standard_id).first()
    if row is None:
        raise NoSuchStandard
    if row.published_on is not None:
        raise StandardPublished
    if row.drafted_by_id == actor.id:
        raise OwnStandard
    before = Standard.objects.filter(kind=row.kind, published_on__isnull=False).order_by("-version").first()
    if row.effective_from < today or (before is not None and row.effective_from < before.effective_from):
        raise StandardTooEarly(field="effective_from")
    row.published_by, row.published_on = actor.label, today
    row.save(update_fields=["published_by", "published_on"])
    audit.leave(actor=actor, act="admission.publish_standard", subject=f"standard:{row.pk}", facts={"version": row.version})
    return row
