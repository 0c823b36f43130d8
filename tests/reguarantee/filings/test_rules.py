"""What must hold for a new cession beyond the treaty, and what becomes of a filing afterwards (domain.md 5.5, 7.5, 11)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.letters import FilingWithdrawn, GuaranteeEnded, GuaranteeOverdue
from kernel.parameters.models import Value
from reguarantee.filings import queries, services
from reguarantee.filings.models import Filing
from reguarantee.partners import services as partners
from reguarantee.partners.models import Partner
from reguarantee.treaties import services as treaty_services
from tests.factories.houses import ANHE, BOYU
from tests.factories.treaties import sign
from tests.reguarantee.engine.terms import MILLION, document, quota
from tests.reguarantee.filings.test_filings import POST, TODAY, answer, file, letters, lines, people, publish, set_line, through
from tests.reguarantee.filings.test_filings_cover import LETTER

__all__ = ["people"]


def withdraw(sender: str = ANHE, guarantee_id: int = 1) -> Filing:
    letter = FilingWithdrawn(guarantee_id=guarantee_id, reason="客户改用他行")
    services.open_withdrawn(letter, sender=sender, actor=POST, today=TODAY)
    return of(sender, guarantee_id)


def end(
    how: str = "RELEASED", guarantee_id: int = 1, on: date = TODAY, released: int = 5 * MILLION, sender: str = ANHE
) -> Filing:
    letter = GuaranteeEnded(guarantee_id=guarantee_id, end=how, on=on, released_principal_fen=released)
    services.open_ended(letter, sender=sender, actor=POST, today=TODAY)
    return of(sender, guarantee_id)


def of(sender: str, guarantee_id: int) -> Filing:
    found = queries.find(sender, guarantee_id)
    assert found is not None
    return found


def told() -> dict[str, Any]:
    return json.loads(letters()[-1].body)


def set_value(key: str, value: str, scope: str = "") -> None:
    given = {"key": key, "scope": scope, "value": value, "effective_from": date(2026, 1, 1)}
    signed = {"proposed_by": "a", "proposed_on": date(2026, 1, 1), "decided_by": "b", "decided_on": date(2026, 1, 1)}
    Value.objects.create(**given, **signed, state=Value.State.APPROVED)


def test_the_shares_are_kept_at_confirmation(people: dict[str, User]) -> None:
    """AGR-17: a later version of the agreement does not change the project's split."""
    publish(people)
    filing = file()
    kept = [(one["party"], one["role"], one["fen"], one["ratio"]) for one in filing.split]
    assert kept[0] == ("bank", "BANK", MILLION, "0.20000000") and sum(one[2] for one in kept) == 5 * MILLION
    changed = document(quota(bank="0.20", member="0.60", group="0.20"), attaches={"from": "2026-03-02"})
    following = treaty_services.revise(actor=people["treaty"], today=TODAY, code="P4222", terms=changed)
    sign(following, actor=people["treaty"], today=TODAY)
    again = file(contract_no="HT-1")
    assert ([tuple(one.values())[0] for one in again.split], again.ceded_fen) == ([one[0] for one in kept], 2 * MILLION)
    assert str(again.treaty_version) == "P4222/1"


def test_the_shares_kept_are_of_what_is_ceded(people: dict[str, User]) -> None:
    """domain.md 5.8.1: less guaranteed than the treaty asks, less ceded; the table of the certificate adds up to it."""
    publish(people)
    for number, fen in ((1, MILLION * 7 // 2), (2, MILLION * 7 // 2 + 1), (3, 3), (4, MILLION * 4)):
        filing = file(guarantee_id=number, obligor_key=f"k{number}", guaranteed_fen=fen)
        borne = {one["party"]: one["fen"] for one in filing.split}
        assert borne["group"] + borne["nfgf"] == filing.ceded_fen and min(borne.values()) >= 0
        assert abs(borne["member"] + filing.ceded_fen - fen) <= 1
        if fen > 3:
            assert {one["party"]: one["ratio"][:4] for one in filing.split} == {
                "bank": "0.20", "member": "0.40", "group": "0.20", "nfgf": "0.20", "gov": "0.00",
            }  # fmt: skip


def test_a_case_is_signed_under_the_version_of_its_drawdown(people: dict[str, User]) -> None:
    """AGR-16, domain.md 7.5: a version that began while a case waited decides what was drawn down since, not what is covered."""
    publish(people)
    late = {"filed_on": date(2026, 4, 20), "drawdown_on": date(2026, 3, 3)}
    covered = file()
    before, after = (file(guarantee_id=n, obligor_key=f"k{n}", **late) for n in (2, 3))
    april = file(guarantee_id=4, obligor_key="k4", filed_on=date(2026, 6, 1), drawdown_on=date(2026, 4, 2))
    changed = document(quota(bank="0.20", member="0.60", group="0.20"), attaches={"from": "2026-03-03"})
    sign(
        treaty_services.revise(actor=people["treaty"], today=TODAY, code="P4222", terms=changed),
        actor=people["treaty"],
        today=TODAY,
    )
    services.reject(actor=people["filing"], today=TODAY, filing_id=before.id, text="不予补报")
    signed = [services.confirm(actor=people["filing"], today=TODAY, filing_id=one.id) for one in (after, april)]
    assert [(str(one.treaty_version), one.ceded_fen) for one in signed] == [("P4222/2", MILLION)] * 2
    assert (str(of(ANHE, 1).treaty_version), of(ANHE, 1).ceded_fen, covered.ceded_fen) == ("P4222/1", 2 * MILLION, 2 * MILLION)
    assert lines()[ANHE] == (4 * MILLION, 0)


def test_a_treaty_that_ended_before_the_drawdown_covers_no_waiting_case(people: dict[str, User]) -> None:
    publish(people)
    waits = file(filed_on=date(2026, 4, 20), drawdown_on=date(2026, 3, 3))
    treaty_services.end(actor=people["treaty"], today=TODAY, code="P4222", on=date(2026, 3, 2))
    with pytest.raises(services.NothingToReview):
        services.confirm(actor=people["filing"], today=TODAY, filing_id=waits.id)
    assert of(ANHE, 1).status == "REVIEWING"


def test_a_corrected_drawdown_moves_a_case_not_what_is_covered(people: dict[str, User]) -> None:
    """domain.md 7.5: the version of the drawdown; the reserve moves along to the line of its year."""
    publish(people)
    publish(people, "P2025", attaches={"from": "2025-01-01", "to": "2025-12-31"})
    late = {"filed_on": date(2026, 4, 20)}
    assert str(file(**late).treaty_version) == "P4222/1" and lines()[ANHE] == (0, 2 * MILLION)
    moved = file(**late, drawdown_on=date(2025, 12, 1))
    assert (str(moved.treaty_version), moved.attached_on, moved.reserved_fen) == ("P2025/1", date(2025, 12, 1), 2 * MILLION)
    assert lines()[ANHE] == (0, 0)
    assert services.confirm(actor=people["filing"], today=TODAY, filing_id=moved.id).line_used_fen == 2 * MILLION
    assert str(file(**late, drawdown_on=date(2026, 1, 5)).treaty_version) == "P2025/1"


def test_within_limits_by_itself_above_them_by_review(people: dict[str, User]) -> None:
    """AGR-19: within limits covered on filing, above them reviewed."""
    publish(people, scope={"principal_max_fen": 5 * MILLION})
    assert file().status == "CONFIRMED"
    large = file(guarantee_id=2, obligor_key="k2", principal_fen=6 * MILLION, guaranteed_fen=MILLION * 24 // 5)
    assert (large.status, large.stage, large.round) == ("REVIEWING", "ACCEPTANCE", 1)


def test_each_stage_by_another_person_and_in_order(people: dict[str, User]) -> None:
    """BUS-02 to BUS-07: own node, own opinion, another person; a second press hears that the case has moved."""
    publish(people, scope={"principal_max_fen": 3 * MILLION})
    filing = file()
    first = {"actor": people["filing"], "today": TODAY, "filing_id": filing.id, "text": "齐全"}
    with pytest.raises(services.StageNotYet):
        services.confirm(actor=people["filing"], today=TODAY, filing_id=filing.id)
    services.opine(**first, stage="ACCEPTANCE")
    with pytest.raises(services.StageNotYet):
        services.opine(**first, stage="ACCEPTANCE")
    with pytest.raises(services.SamePerson):
        services.opine(**first, stage="EXAMINATION")
    services.opine(**{**first, "actor": people["treaty"]}, stage="EXAMINATION")
    services.opine(**{**first, "actor": people["risk"]}, stage="VERIFICATION", agreed=False)
    with pytest.raises(services.BadRisk):
        services.opine(**{**first, "actor": people["risk2"]}, stage="REVIEW", risk_fen=-1)
    services.opine(**{**first, "actor": people["risk2"]}, stage="REVIEW", risk_fen=MILLION)
    said = {**first, "actor": people["executive"], "conditions": "追加保证"}
    services.reply(**said, granted_fen=3 * MILLION)
    assert (told()["status"], told()["reply_no"][:2], told()["conditions"]) == ("REVIEWING", "PF", "追加保证")
    with pytest.raises(services.BadGrant):
        services.confirm(actor=people["filing"], today=TODAY, filing_id=filing.id, guaranteed_fen=4 * MILLION)
    done = services.confirm(actor=people["filing"], today=TODAY, filing_id=filing.id)
    assert (done.covered_fen, done.stage, done.certificate_no[:4]) == (3 * MILLION, "", "FBQR")
    assert [one.outcome for one in done.opinions.order_by("id")] == ["AGREED", "AGREED", "OPPOSED", "AGREED", "AGREED", "AGREED"]


def test_a_negative_reply_ends_the_case_and_frees_the_line(people: dict[str, User]) -> None:
    """BUS-06: the reserve of a case that dies is free again."""
    publish(people, scope={"principal_max_fen": 3 * MILLION})
    filing = file()
    assert lines()[ANHE] == (0, 2 * MILLION)
    through(filing, people, until="REPLY")
    services.reply(actor=people["executive"], today=TODAY, filing_id=filing.id, text="不同意", approved=False)
    assert (of(ANHE, 1).status, lines()[ANHE], told()["reason"]) == ("REJECTED", (0, 0), "不同意")


def test_a_returned_case_is_corrected_and_begins_anew(people: dict[str, User]) -> None:
    """BUS-02, AGR-18: returned with codes and text, its reserve free; filed again, in time as it was first."""
    publish(people, scope={"principal_max_fen": 3 * MILLION})
    filing = file(filed_on=TODAY)
    who = {"actor": people["filing"], "today": TODAY, "filing_id": filing.id}
    with pytest.raises(services.DeficiencyMissing):
        services.return_filing(**who, deficiencies=["NONSENSE"], text="缺")
    back = services.return_filing(**who, deficiencies=["CONTRACT_NO"], text="缺合同号")
    assert (back.status, back.reserved_fen, lines()[ANHE]) == ("RETURNED", 0, (0, 0))
    assert (told()["status"], told()["deficiencies"][0]["code"]) == ("RETURNED", "CONTRACT_NO")
    again = file(filed_on=TODAY + timedelta(days=60), contract_no="HT-9", today=TODAY + timedelta(days=60))
    assert (again.status, again.round, again.is_late, again.defects) == ("REVIEWING", 2, False, [])
    old = replace(LETTER, filed_on=TODAY)
    services.return_filing(**{**who, "today": TODAY + timedelta(days=61)}, deficiencies=["OTHER"], text="再补")
    services.open_filing(replace(old, contract_no="HT-9"), sender=ANHE, actor=POST, today=TODAY + timedelta(days=62))
    assert of(ANHE, 1).status == "RETURNED"  # a letter from before the return asks nothing new


def test_a_late_filing_needs_one_officer(people: dict[str, User]) -> None:
    """domain.md 5.5, 7.5: late filing is flagged and allowed by an officer; the deadline is a parameter."""
    publish(people)
    late = file(filed_on=date(2026, 4, 1), today=date(2026, 4, 1))
    assert (*answer(late)[::4], late.is_late, late.stage, late.reserved_fen) == (
        "REVIEWING", "LATE_FILING", True, "SIGNING", 2 * MILLION,
    )  # fmt: skip
    assert services.confirm(actor=people["filing"], today=TODAY, filing_id=late.id, text="准予补报").coverage == "COVERED"
    set_value("rg.filing.deadline_days", "60", f"member={BOYU}")
    assert file(BOYU, filed_on=date(2026, 4, 1), obligor_key="k2").status == "CONFIRMED"


def test_stops_refuse_new_cessions_and_leave_what_stands(people: dict[str, User]) -> None:
    """PAR-37: a stop refuses with its sentence; what is covered stays; lifted, it can be filed again."""
    publish(people)
    standing = file()
    stop = {"actor": SYSTEM, "today": TODAY, "member_code": ANHE, "reason_code": "PREMIUM_ARREARS"}
    partners.stop(**stop, sentence="The premium is not paid.")
    new = file(guarantee_id=2, obligor_key="k2")
    assert (*answer(new)[::4], new.reason) == ("REJECTED", "PREMIUM_ARREARS", "The premium is not paid.")
    assert file(guarantee_id=1, principal_fen=6 * MILLION, guaranteed_fen=MILLION * 24 // 5).ceded_fen > standing.ceded_fen
    assert file(BOYU, obligor_key="k3").status == "CONFIRMED"
    partners.lift(**stop)
    assert file(guarantee_id=2, obligor_key="k2").status == "CONFIRMED"
    partners.stop(**{**stop, "reason_code": "FUSE"}, treaty="OTHER", sentence="x")
    assert file(guarantee_id=3, obligor_key="k4").status == "CONFIRMED"


def test_a_member_on_watch_is_decided_case_by_case(people: dict[str, User]) -> None:
    """domain.md 5.5: member on watch."""
    publish(people)
    Partner.objects.update_or_create(
        code=ANHE, defaults={"name": "安和", "kind": "MEMBER", "status": "WATCH", "status_since": TODAY}
    )
    assert answer(file())[::4] == ("REVIEWING", "ON_WATCH")


def test_a_drawdown_note_is_filed_once(people: dict[str, User]) -> None:
    """domain.md 7.5: unique by member and note; at another member an officer looks and the member learns nothing."""
    publish(people)
    file(iou_no="J1")
    twice = file(guarantee_id=2, iou_no="J1")
    assert answer(twice)[::4] == ("REJECTED", "DUPLICATE_IOU")
    other = file(BOYU, guarantee_id=9, iou_no="J1", obligor_key="k9")
    assert answer(other)[::4] == ("REVIEWING", "CHECK_NEEDED")
    assert ANHE not in json.dumps(told()) and "k1" not in json.dumps(told())
    assert file(guarantee_id=3, iou_no="J1", bank_code="X", obligor_key="k3").status == "CONFIRMED"


def test_a_refused_filing_is_not_reopened_beside_another_with_its_note(people: dict[str, User]) -> None:
    """domain.md 7.5: the note is filed once also when an officer takes up again what was refused, or a blank is filled."""
    publish(people)
    late = file(iou_no="J1", filed_on=date(2026, 4, 20))
    services.reject(actor=people["filing"], today=TODAY, filing_id=late.id, text="不予补报")
    file(guarantee_id=2, obligor_key="k2", iou_no="J1")
    with pytest.raises(services.NoteTaken):
        services.reopen(actor=people["filing"], today=TODAY, filing_id=late.id, text="重新审议")
    claimed = file(guarantee_id=3, obligor_key="k3")
    services.freeze(actor=SYSTEM, today=TODAY, filing_id=claimed.pk)
    assert file(guarantee_id=3, obligor_key="k3", iou_no="J1").iou_no == ""
    assert told()["reason_code"] == "DUPLICATE_IOU"


def test_the_member_learns_only_that_a_limit_is_near(people: dict[str, User]) -> None:
    """domain.md 11.25: the obligor's total counts over all members; no figure of another member is told."""
    publish(people, scope={"obligor_total_max_fen": 9 * MILLION})
    file(BOYU)
    assert told()["line_near"] is False
    second = file(ANHE)
    assert (second.status, told()["line_near"]) == ("CONFIRMED", False)
    third = file(ANHE, guarantee_id=2, principal_fen=MILLION, guaranteed_fen=MILLION * 4 // 5)
    assert (third.status, told()["line_near"]) == ("CONFIRMED", True)
    file(ANHE, guarantee_id=3)
    assert told()["line_near"] is True and not {"others_fen", "limit_fen"} & set(told())


def test_the_bank_keeps_its_part_where_the_fund_shares(people: dict[str, User]) -> None:
    """domain.md 13 rg.bank.min_share: blocked for the fund; an odd fen is rounding."""
    publish(people)
    assert answer(file(guaranteed_fen=4 * MILLION + 100))[::4] == ("REJECTED", "BANK_SHARE")
    assert file(guarantee_id=2, obligor_key="k2", guaranteed_fen=4 * MILLION + 1).status == "CONFIRMED"
    set_value("rg.bank.min_share", "0.10")
    assert file(guaranteed_fen=4 * MILLION + 100).status == "CONFIRMED"


def test_an_extension_points_to_its_first(people: dict[str, User]) -> None:
    """domain.md 11.18: chained to the first, of the same obligor; without it, it goes back; the obligor counts once."""
    publish(people, scope={"obligor_total_max_fen": 5 * MILLION})
    early = {"guarantee_id": 2, "extends_guarantee_id": 1, "drawdown_on": date(2026, 9, 1), "due_on": date(2027, 9, 1)}
    told = {"filed_on": date(2026, 9, 1), "today": date(2026, 9, 1)}
    lost = file(**early, **told)
    assert (*answer(lost)[::4], lost.defects[0]["code"]) == ("RETURNED", "EXTENSION_WITHOUT_FIRST", "EXTENSION")
    first = file()
    end(on=date(2026, 9, 1), released=0)
    longer = file(**early, **told)
    assert (longer.status, longer.extends) == ("CONFIRMED", first)  # 4 + 4 would be above 5: the first counts no more
    assert queries.get(first.id).extended and queries.extended(of(ANHE, 1))
    late = {**early, "guarantee_id": 3, "extends_guarantee_id": 2, "drawdown_on": date(2027, 9, 1), "due_on": date(2028, 3, 1)}
    publish(people, "P2027", attaches={"from": "2027-01-01"})
    again = file(**late, filed_on=date(2027, 9, 1))
    assert (*answer(again)[::4], again.extends) == ("REVIEWING", "EXTENDED_TOO_OFTEN", first)
    assert [one.guarantee_id for one in queries.chain(again)] == [1, 2, 3]
    assert of(ANHE, 2).extended_on is None
    set_value("proc.extension.max_count", "2")
    withdraw(guarantee_id=3)
    assert file(**late, filed_on=date(2027, 9, 1)).status == "CONFIRMED"
    ends = [one.extended_on for one in queries.chain(again)]
    assert ends == [date(2026, 9, 1), date(2027, 9, 1), None]  # each is charged to the day before the next begins
    assert file(**{**late, "guarantee_id": 4, "obligor_key": "other"}).status == "RETURNED"
    assert file(**{**late, "guarantee_id": 5, "bank_code": "X"}).status == "RETURNED"


def test_what_runs_beside_the_first_is_no_extension(people: dict[str, User]) -> None:
    """domain.md 7.5, 11.25: naming a first that still runs does not lift the obligor's limit."""
    publish(people, scope={"obligor_total_max_fen": 5 * MILLION})
    file()
    beside = file(guarantee_id=2, extends_guarantee_id=1, drawdown_on=date(2026, 3, 2), due_on=date(2027, 9, 1))
    assert answer(beside)[::4] == ("RETURNED", "EXTENSION_WITHOUT_FIRST")
    assert file(guarantee_id=2, drawdown_on=date(2026, 3, 2), due_on=date(2027, 9, 1)).reason_code == "OBLIGOR_ABOVE_LIMIT"
    end("COMPENSATED", on=TODAY, released=0)
    claimed = file(guarantee_id=3, extends_guarantee_id=1, drawdown_on=TODAY, due_on=date(2027, 9, 1))
    assert answer(claimed)[::4] == ("RETURNED", "EXTENSION_WITHOUT_FIRST")


def test_an_extension_taken_back_leaves_the_first_as_it_was(people: dict[str, User]) -> None:
    """The premium of the first ends where an extension begins, so an extension that is voided must be forgotten."""
    publish(people)
    first = file()
    end(on=TODAY, released=0)
    after = {"guarantee_id": 2, "extends_guarantee_id": 1, "drawdown_on": TODAY, "due_on": date(2027, 9, 1)}
    assert file(**after).extends == first and of(ANHE, 1).extended_on == TODAY
    assert withdraw(guarantee_id=2).status == "VOIDED"
    assert of(ANHE, 1).extended_on is None
    file(**after, filed_on=TODAY)
    assert of(ANHE, 1).extended_on == TODAY


def test_the_first_of_a_live_extension_is_not_taken_back(people: dict[str, User]) -> None:
    publish(people)
    file(due_on=TODAY)
    file(guarantee_id=2, extends_guarantee_id=1, drawdown_on=TODAY, due_on=date(2027, 9, 1))
    assert (withdraw().status, told()["reason_code"]) == ("CONFIRMED", "TOO_LATE_TO_WITHDRAW")
    withdraw(guarantee_id=2)
    assert withdraw().status == "VOIDED"


def test_a_waiting_extension_is_not_signed_after_a_claim_on_its_first(people: dict[str, User]) -> None:
    """domain.md 5.5, 11.23: what is claimed is not prolonged, also when the claim came while the case waited."""
    publish(people)
    first = file(due_on=TODAY)
    late = {"guarantee_id": 2, "extends_guarantee_id": 1, "drawdown_on": TODAY, "due_on": date(2027, 9, 1)}
    waits = file(**late, filed_on=TODAY + timedelta(days=40))
    assert answer(waits)[::4] == ("REVIEWING", "LATE_FILING")
    services.freeze(actor=SYSTEM, today=TODAY, filing_id=first.pk)
    with pytest.raises(services.FirstGone):
        services.confirm(actor=people["filing"], today=TODAY, filing_id=waits.id)
    assert services.reject(actor=people["filing"], today=TODAY, filing_id=waits.id, text="已代偿").status == "REJECTED"


def test_a_case_under_review_holds_its_part_of_the_obligors_limit(people: dict[str, User]) -> None:
    """Issue 3.4: reserved before signing, so that two members cannot both take the last part; free when the case dies."""
    publish(people, scope={"obligor_total_max_fen": 5 * MILLION})
    waits = file(filed_on=date(2026, 4, 2))
    assert answer(waits)[::4] == ("REVIEWING", "LATE_FILING")
    small = {"principal_fen": 2 * MILLION, "guaranteed_fen": MILLION * 8 // 5}
    second = file(BOYU, guarantee_id=7, **small)
    assert (*answer(second)[::4], told()["line_near"]) == ("REVIEWING", "OBLIGOR_ABOVE_LIMIT", True)
    assert second.figures["others_fen"] == 4 * MILLION
    services.reject(actor=people["filing"], today=TODAY, filing_id=waits.id, text="不予补报")
    assert file(BOYU, guarantee_id=8, **small, drawdown_on=TODAY).reason_code == "WITHIN_TREATY"


def test_a_guarantee_in_arrears_counts_also_after_its_last_day(people: dict[str, User]) -> None:
    """domain.md 11.25: the risk of an obligor ends with the guarantee, not with the calendar."""
    publish(people, scope={"obligor_total_max_fen": 5 * MILLION})
    file(due_on=date(2026, 3, 10))
    services.open_overdue(GuaranteeOverdue(guarantee_id=1, on=date(2026, 3, 11)), sender=ANHE, actor=POST, today=TODAY)
    after = {"drawdown_on": date(2026, 3, 20)}
    assert file(BOYU, guarantee_id=7, **after).reason_code == "OBLIGOR_ABOVE_LIMIT"
    end("COMPENSATED", on=date(2026, 3, 19), released=0)
    assert file(BOYU, guarantee_id=8, **after).status == "CONFIRMED"


def test_withdrawn_before_voided_after_confirmation(people: dict[str, User]) -> None:
    """domain.md 7.5: withdrawn frees the reserve, voided the line; not after a premium, a claim or the end."""
    publish(people, scope={"principal_max_fen": 5 * MILLION})
    file()
    assert (withdraw().status, lines()[ANHE], told()["status"]) == ("VOIDED", (0, 0), "WITHDRAWN")
    assert withdraw().status == "VOIDED"
    assert file(filed_on=TODAY).status == "CONFIRMED"
    large = file(guarantee_id=2, obligor_key="k2", principal_fen=10 * MILLION, guaranteed_fen=8 * MILLION)
    assert (large.status, withdraw(guarantee_id=2).status) == ("REVIEWING", "WITHDRAWN")
    assert lines()[ANHE] == (2 * MILLION, 0)
    services.mark_billed(actor=SYSTEM, today=TODAY, filing_ids=[of(ANHE, 1).pk])
    stands = withdraw()
    assert (stands.status, told()["status"], told()["reason_code"]) == ("CONFIRMED", "CONFIRMED", "TOO_LATE_TO_WITHDRAW")
    letter = FilingWithdrawn(guarantee_id=404, reason="x")
    services.open_withdrawn(letter, sender=ANHE, actor=POST, today=TODAY)  # never filed: nothing to take back


@pytest.mark.parametrize(("measure", "used"), [("ANNUAL_FLOW", 2 * MILLION), ("REVOLVING", 0)])
def test_the_end_frees_the_obligor_and_a_revolving_line(people: dict[str, User], measure: str, used: int) -> None:
    """domain.md 11.24: the annual flow keeps what was used; a revolving line is free again; the obligor's total always."""
    publish(people, scope={"obligor_total_max_fen": 4 * MILLION})
    set_value("rg.line.measure", measure)
    file()
    assert file(guarantee_id=2, drawdown_on=TODAY).status == "REVIEWING"
    ended = end()
    assert (ended.end, ended.ended_on, ended.released_principal_fen, ended.ceded_fen) == (
        "RELEASED",
        TODAY,
        5 * MILLION,
        2 * MILLION,
    )
    assert end() == ended and queries.timeline(ended.id).count() == 2
    assert lines()[ANHE][0] == used
    assert file(guarantee_id=3, drawdown_on=TODAY).status == "CONFIRMED"
    services.open_filing(replace(LETTER, principal_fen=6 * MILLION), sender=ANHE, actor=POST, today=TODAY)
    assert told()["reason_code"] == "ENDED_STANDS" and of(ANHE, 1).principal_fen == 5 * MILLION


def test_a_case_dies_with_its_guarantee(people: dict[str, User]) -> None:
    """Issue 3.4: limits reserved before signing are released when a case dies."""
    publish(people, scope={"principal_max_fen": 3 * MILLION})
    file()
    assert lines()[ANHE] == (0, 2 * MILLION)
    dead = end("CANCELLED", released=0)
    assert (dead.status, dead.end, dead.reason_code, lines()[ANHE]) == ("WITHDRAWN", "CANCELLED", "ENDED_BEFORE", (0, 0))


def test_arrears_come_and_go(people: dict[str, User]) -> None:
    """domain.md 5.14, BUS-08: the group's monitoring hears of arrears."""
    publish(people)
    file()
    for cured, since in ((False, TODAY), (False, TODAY), (True, None)):
        letter = GuaranteeOverdue(guarantee_id=1, on=TODAY, cured=cured)
        services.open_overdue(letter, sender=ANHE, actor=POST, today=TODAY)
        assert of(ANHE, 1).overdue_on == since
    assert [one.event for one in queries.timeline(of(ANHE, 1).id)] == ["accept", "overdue", "cure"]


def test_a_claim_freezes_what_was_filed(people: dict[str, User]) -> None:
    """domain.md 11.23: base fields of a claimed filing are refused with a reason; new facts are kept; the database insists."""
    publish(people)
    filing = file()
    services.freeze(actor=people["filing"], today=TODAY, filing_id=filing.id)
    services.open_filing(replace(LETTER, principal_fen=6 * MILLION), sender=ANHE, actor=POST, today=TODAY)
    assert (told()["reason_code"], told()["status"], of(ANHE, 1).principal_fen) == ("FROZEN", "CONFIRMED", 5 * MILLION)
    services.open_filing(replace(LETTER, contract_no="HT-1"), sender=ANHE, actor=POST, today=TODAY)
    assert (of(ANHE, 1).contract_no, told()["reason_code"]) == ("HT-1", "WITHIN_TREATY")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update filings_filing set principal_fen = principal_fen + 1 where id = %s", [filing.id])
    services.thaw(actor=people["filing"], today=TODAY, filing_id=filing.id)
    assert file(principal_fen=6 * MILLION, guaranteed_fen=4 * MILLION).principal_fen == 6 * MILLION


def test_the_released_base_of_a_period(people: dict[str, User]) -> None:
    """domain.md 5.6, worked example 11: annualised by days outstanding over 365, half up per loan."""
    publish(people)
    version = file().treaty_version
    file(guarantee_id=2, obligor_key="k2")
    file(BOYU, obligor_key="k3")
    file(guarantee_id=4, obligor_key="k4")
    end(guarantee_id=1, on=date(2026, 5, 13), released=5 * MILLION)  # 73 days: a fifth of a year
    end(guarantee_id=2, on=date(2026, 12, 31), released=MILLION)
    end(guarantee_id=1, on=date(2026, 4, 1), released=2 * MILLION, sender=BOYU)
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert queries.released_base(ANHE, version, *year, annualised=False) == 6 * MILLION
    assert queries.released_base("", version, *year, annualised=False) == 8 * MILLION
    assert queries.released_base(ANHE, version, date(2026, 5, 1), date(2026, 5, 31), annualised=True) == MILLION
    assert queries.released_base(ANHE, version, date(2025, 1, 1), date(2025, 12, 31), annualised=False) == 0


def test_a_line_part_reserved_is_bounded(people: dict[str, User]) -> None:
    """A case reserves at most what the line holds; a second case reserves what is left."""
    publish(people, scope={"principal_max_fen": 3 * MILLION})
    set_line(people, 3 * MILLION)
    assert file().reserved_fen == 2 * MILLION
    assert file(BOYU, obligor_key="k2").reserved_fen == MILLION
    assert file(BOYU, guarantee_id=2, obligor_key="k3").reserved_fen == 0
