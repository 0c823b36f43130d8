"""Reads of applications."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from kernel.access.permissions import may
from kernel.access.queries import visible
from kernel.approval import queries as approvals
from registry import queries as registry
from tenants import timeline as story
from tenants.applications import cautions as warnings
from tenants.applications.cautions import Caution
from tenants.applications.flow import APPLICATION
from tenants.applications.models import Application, Channel, Introducer
from tenants.applications.services.channels import OWN, NoSuchChannel, NoSuchIntroducer
from tenants.applications.services.writing import NoSuchApplication

STATES = Application.State.choices
SOURCES = Application.Source.choices
KINDS = Channel.Kind.choices
PASSED = (Application.State.APPROVED.value, Application.State.ISSUED.value)
"""States of applications that were approved."""
_STEP = {"DONE": "done", "NOW": "now", "COMING": "todo", "SKIPPED": "skipped", "REJECTED": "failed"}
_VERBS = (
    ("submit", ("submit", "resubmit"), "applications.create"),
    ("take_up", ("start_review",), "applications.create"),
    ("decline", ("decline",), "applications.create"),
    ("withdraw", ("withdraw",), "applications.create"),
    ("issue", ("issue",), "guarantees.issue"),
)


def _rows() -> QuerySet[Application]:
    return Application.objects.select_related("customer", "product", "owner", "department", "author", "channel", "introducer")


def book(user: Any) -> QuerySet[Application]:
    """The applications that the user's data scope shows him, newest first.

    A bank's application that nobody has taken up has no owner yet: everybody who takes up applications sees it.
    """
    rows = visible(user, _rows())
    if may(user, "applications.create"):
        rows = rows | _rows().filter(_waiting())
    return rows.order_by("-id")


def _waiting() -> Q:
    return Q(state=Application.State.SUBMITTED, owner__isnull=True)


def find(
    user: Any, *, q: str = "", state: str = "", product: str = "", bank: str = "", source: str = ""
) -> QuerySet[Application]:
    """`book`, narrowed: `q` looks in number, customer and the bank's reference; the others match codes (BUS-81)."""
    rows = book(user)
    if q := q.strip():
        rows = rows.filter(Q(number__icontains=q) | Q(customer__name__icontains=q) | Q(bank_reference__istartswith=q))
    wanted = {"state": state, "product__code": product, "bank_code": bank, "source": source}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def one(user: Any, application_id: int) -> Application:
    """One visible application; also what the user has to sign. Raises NoSuchApplication."""
    found = book(user).filter(pk=application_id).first()
    if found is None:
        raise NoSuchApplication
    return found


def one_to_sign(user: Any, application_id: int, today: date) -> Application:
    """One application that the user may see, or may see because a signature is asked of him today."""
    asked = approvals.mine(user, f"application:{application_id}", today).exists()
    found = _rows().filter(pk=application_id).first() if asked else None
    return found if found is not None else one(user, application_id)


def inbox(user: Any) -> QuerySet[Application]:
    """Banks' applications that wait for somebody to take them up, oldest first."""
    return _rows().filter(_waiting()).order_by("id") if may(user, "applications.create") else _rows().none()


def of_customer(user: Any, customer_id: int) -> QuerySet[Application]:
    """The visible applications of one customer."""
    return book(user).filter(customer_id=customer_id)


def for_bank(
    bank_code: str, *, after: int | None = None, limit: int = 50, state: str = "", reference: str = ""
) -> list[Application]:
    """A page of what this bank sent or lends on, newest first; `after` is the last id of the page before."""
    rows = _rows().filter(bank_code=bank_code).exclude(state=Application.State.DRAFT)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    if state:
        rows = rows.filter(state=state)
    if reference:
        rows = rows.filter(bank_reference=reference)
    return list(rows.select_related("guarantee").order_by("-id")[:limit])


def one_for_bank(bank_code: str, application_id: int) -> Application:
    """One application of this bank. For any other bank it does not exist: raises NoSuchApplication."""
    rows = _rows().select_related("guarantee").filter(bank_code=bank_code, pk=application_id)
    found = rows.exclude(state=Application.State.DRAFT).first()
    if found is None:
        raise NoSuchApplication
    return found


def by_bank_reference(bank_code: str, reference: str) -> Application | None:
    """The application that a bank sent under its own reference, if it did."""
    return _rows().filter(bank_code=bank_code, bank_reference=reference).first()


def channels() -> QuerySet[Channel]:
    """The ways by which business comes, by kind; with `used`, how many applications name each."""
    return Channel.objects.annotate(used=Count("applications")).order_by("kind", "code")


def channel(channel_id: int) -> Channel:
    """Raises NoSuchChannel."""
    found = Channel.objects.filter(pk=channel_id).first()
    if found is None:
        raise NoSuchChannel
    return found


def own_channel() -> int | None:
    """The channel of what our own people write, as long as it is open."""
    return Channel.objects.filter(code=OWN, is_active=True).values_list("pk", flat=True).first()


def introducers() -> QuerySet[Introducer]:
    """Organisations that bring business, by name; with `used`, how many applications name each."""
    return Introducer.objects.annotate(used=Count("applications")).order_by("name")


def introducer(introducer_id: int) -> Introducer:
    """Raises NoSuchIntroducer."""
    found = Introducer.objects.filter(pk=introducer_id).first()
    if found is None:
        raise NoSuchIntroducer
    return found


def to_name(today: date) -> tuple[list[Channel], list[Introducer]]:
    """What a new application may name: open channels, and introducers whose agreement has not ended. Two statements."""
    still = Q(agreed_to=None) | Q(agreed_to__gte=today)
    return list(Channel.objects.filter(is_active=True)), list(Introducer.objects.filter(still, is_active=True))


def actions(user: Any, application: Application) -> list[str]:
    """The verbs for which the user gets a button: possible in this state, permitted, and rightly his.

    Only the author corrects and hands in; he never issues (domain.md 7.1, four eyes).
    """
    possible = set(APPLICATION.events(application.state))
    verbs = [verb for verb, events, permission in _VERBS if possible & set(events) and may(user, permission)]
    is_author = application.author_id == user.id
    if "submit" in verbs:
        verbs.remove("submit")
        if is_author:
            verbs = ["submit", "revise", *verbs]
    if "issue" in verbs and is_author:
        verbs.remove("issue")
    return verbs


def cautions(application: Application) -> list[Caution]:
    """What speaks against an application without forbidding it: its bank's grade, its fee (PAR-27, AGR-14)."""
    return warnings.of(application)


def cautions_of(
    *, bank_code: str, fee_rate: Decimal | None, guaranteed_fen: int, product: str, on: date
) -> tuple[list[Caution], Any, Decimal | None]:
    """What would speak against an application that is being written; the bank with the group's grade of it, and the cap of
    the fee (None: no policy institution, or no amount yet)."""
    bank = registry.bank(bank_code) if bank_code else None
    found = [warnings.of_bank(bank)] if bank is not None and bank.below_minimum else []
    cap = warnings.fee_cap(guaranteed_fen, on=on, product=product) if guaranteed_fen else None
    if cap is not None and fee_rate is not None and fee_rate > cap:
        found.append(warnings.of_fee(fee_rate, cap))
    return found, bank, cap


def steps(application: Application) -> list[dict[str, Any]]:
    """The step bar: written, the review's own steps, guarantee issued. Keys label, state, note."""
    state = application.state
    written = "now" if state in (Application.State.DRAFT, Application.State.SUBMITTED) else "done"
    bar = [{"label": _("Application"), "state": written, "note": f"{application.submitted_on or application.created_on}"}]
    for step in approvals.steps(application.subject):
        note = " ".join(str(part) for part in (step.on, step.by) if part) or step.rule
        bar.append({"label": step.name, "state": _STEP[step.state], "note": note})
    if state in (Application.State.REJECTED, Application.State.WITHDRAWN):
        bar.append({"label": application.get_state_display(), "state": "failed", "note": f"{application.decided_on or ''}"})
    else:
        issued = {Application.State.ISSUED: "done", Application.State.APPROVED: "now"}.get(Application.State(state), "todo")
        bar.append({"label": _("Guarantee issued"), "state": issued, "note": ""})
    return bar


def timeline(application: Application) -> list[story.TimelineEntry]:
    """What happened to the application and who said what, newest first."""
    return story.of(application.subject)
