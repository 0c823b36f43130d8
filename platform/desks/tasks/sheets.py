"""What a signer sees beside his decision. A face registers a sheet for a kind of subject; without one the thing is linked.

    # in the AppConfig.ready() of a face
    sheets.register("portal", "application", "member_portal.views.applications.signing_sheet")

The function takes (request, subject) and returns a Sheet; it raises NotFound when the person may not see the thing. It is
imported when it is first asked for: an AppConfig.ready() comes before the views.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from desks.tasks.forms import DecisionForm
from kernel.approval import queries as approvals
from kernel.documents import queries as documents


@dataclass(frozen=True)
class Sheet:
    """`template` is included beside the decision, with `context` (title, and optionally steps, events, pretitle, badge).

    `form` is the decision's form; `facts(cleaned)` says what an agreement adds to the facts of the case, or None.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    form: type[DecisionForm] = DecisionForm
    facts: Callable[[dict[str, Any]], dict[str, Any] | None] | None = None


_SHEETS: dict[tuple[str, str], str] = {}


def register(face: str, kind: str, function: str) -> None:
    """Let subjects of `kind` ("application" of "application:12") show this sheet in the face "portal" or "console"."""
    if _SHEETS.setdefault((face, kind), function) != function:
        raise ImproperlyConfigured(f"Two sheets of {kind} in {face}")


def sheet(request: Any, task: Any) -> Sheet:
    """The sheet of what a task is about."""
    face, kind = request.resolver_match.namespace, task.subject.partition(":")[0]
    if (face, kind) in _SHEETS:
        return import_string(_SHEETS[face, kind])(request, task.subject)
    context = {
        "title": task.title or task.subject,
        "subject_url": approvals.page_of(task.subject),
        "papers": documents.of(task.subject),
        "steps": [{"label": step.name, "state": _STATE[step.state], "note": step.by} for step in approvals.steps(task.subject)],
        "said": approvals.timeline(task.subject),
    }
    return Sheet("desks/tasks/sheet.html", context)


_STATE = {"DONE": "done", "NOW": "now", "COMING": "todo", "SKIPPED": "skipped", "REJECTED": "failed"}
