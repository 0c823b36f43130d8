"""A decision goes back to where the matter came from: its room, and the approval that waits for the committee."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.access.actors import Actor
from kernel.approval.committee import listeners
from kernel.approval.committee.counting import DEFERRED, INVALID, REJECTED, VETOED
from kernel.approval.committee.models import AgendaItem, Decision
from kernel.approval.models import FlowTask
from kernel.approval.services import signing


def open_task(subject: str) -> FlowTask | None:
    """The open task of a running approval of `subject` that only a meeting can close."""
    rows = FlowTask.objects.filter(case__subject=subject, state=FlowTask.State.TODO).exclude(meeting="")
    return rows.select_related("case__definition").first()


def tell(item: AgendaItem, decision: Decision, conditions: tuple[str, ...], actor: Any, today: date) -> None:
    """Tell the room, then carry the approval on: passed signs the task, rejected ends the case, deferred leaves it waiting."""
    listener = listeners.of(item.subject)
    if listener is not None:
        listener.on_decided(subject=item.subject, outcome=decision.outcome, conditions=conditions, actor=actor, today=today)
    task = open_task(item.subject)
    if task is None or decision.outcome in (DEFERRED, INVALID):
        return
    committee = item.meeting.rule.title_zh
    told = {REJECTED: "未通过", VETOED: "主任委员否决"}.get(decision.outcome, "通过")
    told += f"，附条件：{'；'.join(conditions)}" if conditions else ""
    signing.conclude(
        actor=Actor("SYSTEM", f"{committee} {item.meeting.number}"),
        today=today,
        task_id=task.pk,
        verdict="REJECT" if decision.outcome in (REJECTED, VETOED) else "APPROVE",
        text=f"{committee}{told}",
    )
