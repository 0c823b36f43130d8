"""Issue a guarantee from an approved application."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.access.permissions import check
from kernel.approval.committee import services as committee
from kernel.audit import services as audit
from kernel.documents.numbering import next_number
from kernel.errors import NotAllowed, gettext_noop
from tenants.acts import act
from tenants.applications import services as applications
from tenants.guarantees.flow import GUARANTEE
from tenants.guarantees.models import Guarantee


class OwnApplication(NotAllowed):
    code = "OWN_APPLICATION"
    sentence = gettext_noop("You wrote the application %(number)s yourself. Somebody else must issue its guarantee.")


def issue(*, actor: Any, today: date, application_id: int) -> Guarantee:
    """Issue the guarantee of an approved application. Its share is fixed here for good.

    Raises MissingPermission, OwnApplication (four eyes, domain.md 7.1), NoSuchApplication, ConditionsOpen when the committee
    passed it on conditions that are not noted as met (domain.md 7.2), and WrongState when the application is not approved
    or has been issued by somebody else.
    """
    check(actor, "guarantees.issue")
    with act("guarantees.issue", actor=actor):
        application = applications.mark_issued(actor=actor, today=today, application_id=application_id)
        if actor.id is not None and actor.id == application.author_id:
            raise OwnApplication(number=application.number)
        committee.check_conditions(subject=application.subject)
        guarantee = Guarantee(
            number=next_number(kind="DB", today=today),
            application=application,
            customer=application.customer,
            product=application.product,
            bank_code=application.bank_code,
            bank_name=application.bank_name,
            region_code=application.customer.region_code,
            industry=application.customer.industry,
            approved_on=application.decided_on,
            issued_on=today,
            loan_fen=application.approved_fen,
            guaranteed_fen=application.guaranteed_fen,
            term_months=application.term_months,
            fee_rate=application.fee_rate,
            state=GUARANTEE.initial,
            owner_id=application.owner_id,
            department_id=application.department_id,
            source=application.source,
        )
        guarantee.save(force_insert=True)
        audit.leave(
            actor=actor,
            act="guarantees.issue",
            subject=guarantee.subject,
            facts={
                "number": guarantee.number,
                "application": application.number,
                "loan_fen": guarantee.loan_fen,
                "guaranteed_fen": guarantee.guaranteed_fen,
            },
        )
    return guarantee
