"""Keeping a what-if run (AGR-03, design.md 5): the only thing that pricing a draft ever stores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.errors import Invalid, NotFound, gettext_noop
from reguarantee.treaties.engine import read_terms
from reguarantee.treaties.models import Scenario
from reguarantee.treaties.services.drafts import allowed


class NoName(Invalid):
    code = "SCENARIO_NO_NAME"
    sentence = gettext_noop("Give the scenario a name, so that others find it.")


class NoSuchScenario(NotFound):
    code = "NO_SUCH_SCENARIO"
    sentence = gettext_noop("There is no such scenario.")


@transaction.atomic
def keep(
    *,
    actor: Any,
    today: date,
    name: str,
    treaty_code: str,
    member_code: str,
    period_from: date,
    period_to: date,
    terms: Mapping[str, Any],
    totals: Mapping[str, Mapping[str, int]],
    losses: int,
) -> Scenario:
    """Keep a run: `totals` is {"now": {party: fen}, "draft": {party: fen}} over `losses` losses. Raises NoName, BadTerms."""
    allowed(actor, "treaties.edit")
    if not name.strip():
        raise NoName(field="name")
    scenario = Scenario.objects.create(
        name=name.strip(),
        treaty_code=treaty_code,
        member_code=member_code,
        period_from=period_from,
        period_to=period_to,
        terms=json.dumps(read_terms(terms).document, ensure_ascii=False),
        totals=json.dumps(totals, ensure_ascii=False),
        losses=losses,
        saved_by=actor.label,
        saved_on=today,
    )
    facts = {"name": scenario.name, "code": treaty_code, "member": member_code}
    audit.leave(actor=actor, act="treaties.keep_scenario", subject=f"scenario:{scenario.id}", facts=facts)
    return scenario


@transaction.atomic
def drop(*, actor: Any, today: date, scenario_id: int) -> None:
    """Forget a kept run. Raises NoSuchScenario."""
    allowed(actor, "treaties.edit")
    scenario = Scenario.objects.select_for_update().filter(id=scenario_id).first()
    if scenario is None:
        raise NoSuchScenario
    audit.leave(actor=actor, act="treaties.drop_scenario", subject=f"scenario:{scenario.id}", facts={"name": scenario.name})
    scenario.delete()
