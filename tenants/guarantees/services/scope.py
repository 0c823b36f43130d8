"""What the agreement with the group lets it see (design.md 3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.audit import services as audit
from kernel.errors import Invalid, gettext_noop
from kernel.letters import ReportingScopeAgreed
from tenants.acts import act
from tenants.guarantees.models import ReportingScope


class ScopeNotYet(Invalid):
    code = "SCOPE_NOT_YET"
    sentence = gettext_noop("This reporting scope takes effect on %(effective_on)s; nothing more is shown before.")


def agree_scope(*, actor: Any, today: date, scope: str, agreement: str, effective_on: date) -> ReportingScope:
    """Put a reporting scope (CEDED or ALL_BUSINESS) in force and end the one before. The same again changes nothing.

    Raises ScopeNotYet before its day: a letter that comes early waits in the post until then.
    """
    if effective_on > today:
        raise ScopeNotYet(effective_on=effective_on)
    with act("guarantees.agree_scope", actor=actor):
        present = ReportingScope.objects.select_for_update().filter(replaced_on=None).first()
        if present is not None:
            if (present.scope, present.agreement) == (scope, agreement):
                return present
            present.replaced_on = today
            present.save(update_fields=["replaced_on"])
        row = ReportingScope.objects.create(scope=ReportingScope.Scope(scope), agreement=agreement, effective_on=effective_on)
        audit.leave(
            actor=actor,
            act="guarantees.agree_scope",
            subject=f"reporting_scope:{row.pk}",
            facts={"scope": scope, "agreement": agreement, "effective_on": effective_on},
        )
    return row


def open_scope_agreed(letter: ReportingScopeAgreed, *, sender: str, actor: Any, today: date) -> None:
    """Reader of REPORTING_SCOPE_AGREED."""
    agree_scope(
        actor=actor,
        today=today,
        scope=letter.scope,
        agreement=letter.agreement,
        effective_on=letter.effective_on,
    )
