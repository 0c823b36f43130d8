"""Activation is all or nothing, and can be pressed again."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from kernel.access.models import User
from kernel.approval.committee import services as committee
from kernel.approval.committee.services import ballots as committee_ballots
from kernel.audit.models import Entry
from kernel.errors import DomainError
from kernel.outbox.models import Letter
from registry import queries as registry
from registry.models import Domain, Institution, PartnerKey
from registry.tenancy import PUBLIC, inside
from reguarantee.admission import services
from reguarantee.admission.services import activating
from reguarantee.admission.services.agreeing import ConditionsOpen, NotAgreed, NotSigned
from reguarantee.admission.services.cases import NotInStep, NotYet
from reguarantee.partners import queries as partners
from reguarantee.treaties import queries as treaties
from tests.reguarantee.admission.conftest import LINE, PDF, TODAY, YI, reach

People = dict[str, User]


def test_a_member_gets_its_house_administrators_treaty_and_line(people: People, treaty: str) -> None:
    """PAR-14, PAR-36: after the signature the house is open, two people are invited, treaty and line stand."""
    case = reach("ACTIVATING", people)
    done = services.activate(actor=people["executive"], today=TODAY, case_id=case.pk)
    member = registry.institution("XINHE")
    assert (done.host, registry.host_of(member)) == ("xinhe.localhost", "xinhe.localhost")
    assert [one.email for one in done.invitations] == ["admin@new.example", "security@new.example"]
    with inside(member):
        roles = {user.email: [role.code for role in user.roles.all()] for user in User.objects.all()}
        assert roles == {"admin@new.example": ["SYSTEM_ADMIN"], "security@new.example": ["SECURITY_ADMIN"]}
        assert User.objects.filter(posts__isnull=False).count() == 0
    assert "XINHE" in treaties.get(treaty).members
    (line,) = treaties.lines(treaty, 2026).filter(member_code="XINHE")
    assert line.line_fen == 15 * YI
    partner = partners.get("XINHE")
    assert (partner.status, partner.next_evaluation_on) == ("ACTIVE", TODAY.replace(year=2027))


def test_a_house_that_is_open_gets_told(people: People, treaty: str) -> None:
    """PAR-36: the new house finds a letter with its standing."""
    reach("ACTIVE", people)
    with inside(PUBLIC):
        assert Letter.objects.filter(recipient="XINHE", kind="PARTNER_STANDING").count() == 1


@pytest.mark.parametrize("broken", ["add_user", "join", "set_line", "activate"])
def test_a_failure_leaves_nothing_and_it_can_be_pressed_again(
    people: People, treaty: str, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """PAR-36: whatever fails, no half house is left; the case waits with the reason and the next press works."""
    case = reach("ACTIVATING", people)
    room: Any = {
        "add_user": activating.access, "join": activating.treaties, "set_line": activating.treaties,
        "activate": activating.partners,
    }[broken]  # fmt: skip
    trail = Entry.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr(room, broken, _fails)
        with pytest.raises(RuntimeError):
            services.activate(actor=people["executive"], today=TODAY, case_id=case.pk)
    case.refresh_from_db()
    assert case.state == "ACTIVATING"
    assert case.failure
    assert "boom" not in case.failure
    with inside(PUBLIC):
        assert not Institution.objects.filter(code="XINHE").exists()
        assert not Domain.objects.filter(domain="xinhe.localhost").exists()
        assert not Letter.objects.filter(recipient="XINHE").exists()
    assert not _schema_exists("m_xinhe")
    assert "XINHE" not in treaties.get(treaty).members
    assert partners.standing("XINHE") == "ADMITTED"
    assert Entry.objects.count() == trail
    done = services.activate(actor=people["executive"], today=TODAY, case_id=case.pk)
    assert (done.case.state, done.case.failure, partners.standing("XINHE")) == ("ACTIVE", "", "ACTIVE")


def _fails(**_: Any) -> None:
    raise RuntimeError("boom")


def _schema_exists(name: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_namespace where nspname = %s", [name])
        return cursor.fetchone() is not None


def test_a_refusal_of_a_room_is_kept_in_words(people: People, treaty: str) -> None:
    """PAR-36: a code that was taken in the meantime says so and the case waits."""
    case = reach("ACTIVATING", people)
    from reguarantee.admission.models import Case

    Case.objects.filter(pk=case.pk).update(code="ANHE")
    with pytest.raises(DomainError):
        services.activate(actor=people["executive"], today=TODAY, case_id=case.pk)
    case.refresh_from_db()
    assert "ANHE" in case.failure


def test_pressed_twice_opens_one(people: People, treaty: str) -> None:
    """PAR-36: the second who presses hears that it is done."""
    case = reach("ACTIVE", people)
    with pytest.raises(NotInStep):
        services.activate(actor=people["executive"], today=TODAY, case_id=case.pk)
    assert len([one for one in registry.members() if one.code == "XINHE"]) == 1


def test_a_bank_gets_a_key_shown_once(people: People) -> None:
    """PAR-02, PAR-36: a bank has no house; its key is given once and only its digest stays."""
    case = reach("ACTIVATING", people, kind="BANK", code="XINYIN")
    done = services.activate(actor=people["executive"], today=TODAY, case_id=case.pk)
    assert done.key.startswith("zd_live_")
    with inside(PUBLIC):
        (key,) = PartnerKey.objects.filter(bank__code="XINYIN")
        assert key.digest not in done.key
    assert done.key not in "".join(Entry.objects.values_list("facts", flat=True))
    assert (partners.get("XINYIN").kind, partners.get("XINYIN").status) == ("BANK", "ACTIVE")


def test_nothing_is_signed_without_what_was_agreed(people: People, treaty: str) -> None:
    """PAR-14: treaty, line, number, the conditions of the committee and the signed file are needed."""
    case = reach("AGREEMENT", people)
    me: dict[str, Any] = {"today": TODAY, "case_id": case.pk}
    signing: dict[str, Any] = {"actor": people["executive"], "signed_on": TODAY, "name": "x.pdf", "file": None, **me}
    with pytest.raises(NotAgreed):
        services.sign(**signing)
    services.work_out_line(actor=people["admission"], **me, **LINE)
    services.agree(actor=people["admission"], agreement_no="XY-1", treaty_code=treaty, **me)
    with pytest.raises(NotSigned):
        services.sign(**signing)
    case.refresh_from_db()
    case.conditions = ["补充资本"]
    case.save()
    with pytest.raises(ConditionsOpen):
        services.sign(**signing)


def test_the_committees_conditions_are_met_before_the_signature(people: People, treaty: str) -> None:
    """PAR-13, PAR-14: a tick of the signer is not enough: each condition is noted as met at the meeting, with its proof."""
    case = reach("COMMITTEE", people)
    me: dict[str, Any] = {"today": TODAY, "case_id": case.pk}
    runs: dict[str, Any] = {"actor": people["secretary"], "today": TODAY}
    members = [people[key].pk for key in ("chair", "executive", "risk2")]
    meeting = committee.convene(**runs, on=TODAY, chair_id=members[0], member_ids=members)
    item = services.put_before(**runs, case_id=case.pk, meeting_id=meeting.pk)
    committee.open_item(**runs, item_id=item.pk)
    for key in ("chair", "executive", "risk2"):
        vote = {"choice": "AGREE_WITH_CONDITIONS", "conditions": ["补充资本"]}
        committee.vote(actor=people[key], today=TODAY, item_id=item.pk, **vote)
    (condition,) = committee.close_item(**runs, item_id=item.pk).conditions.all()
    services.work_out_line(actor=people["admission"], **me, **LINE)
    services.agree(actor=people["admission"], agreement_no="XY-1", treaty_code=treaty, **me)
    signing: dict[str, Any] = {"actor": people["executive"], "name": "x.pdf", "conditions_met": True, **me}
    with pytest.raises(committee_ballots.ConditionsOpen, match="补充资本"):
        services.sign(**signing, signed_on=TODAY, file=BytesIO(PDF))
    committee.fulfil(**runs, condition_id=condition.pk, proof="验资报告 1 号")
    with pytest.raises(NotYet):
        services.sign(**signing, signed_on=TODAY + timedelta(days=1), file=BytesIO(PDF))
    assert services.sign(**signing, signed_on=TODAY, file=BytesIO(PDF)).state == "ACTIVATING"


def test_an_agreement_may_open_a_treaty_draft(people: People, treaty: str) -> None:
    """PAR-14: approval opens an agreement draft like another treaty, for this member alone."""
    case = reach("AGREEMENT", people)
    me: dict[str, Any] = {"today": TODAY, "case_id": case.pk, "actor": people["admission"]}
    services.work_out_line(**me, **LINE)
    services.agree(agreement_no="XY-1", treaty_code="XINHE-2026", like=treaty, title="新禾合作协议", **me)
    made = treaties.get("XINHE-2026")
    assert (made.status, made.members) == ("DRAFT", ["XINHE"])


def test_invited_again(people: People, treaty: str) -> None:
    """PAR-36: new links for those who have not come in yet; none for those who have."""
    case = reach("ACTIVE", people)
    assert len(services.invite(actor=people["executive"], today=TODAY, case_id=case.pk).invitations) == 2
