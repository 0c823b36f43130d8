"""The minutes of a meeting, in Chinese: who was there, what came before it, who voted how, what was decided and its count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext, override

from kernel.approval.committee.models import AgendaItem, Ballot, Decision, Meeting, Seat
from kernel.documents import papers

_ORDINALS = "一二三四五六七八九十"


def paper(meeting: Meeting, *, remarks: str, house: str, compressed: bool = True) -> bytes:
    """The minutes as PDF. The same meeting always gives the same bytes."""
    with override("zh-hans"):
        title = f"{meeting.rule.title_zh}会议纪要"
        day = meeting.closed_on or meeting.on
        blocks = list(_blocks(meeting, remarks))
        return papers.render(title, blocks, number=meeting.number, on=day, house=house, compressed=compressed)


def said(decision: Decision) -> list[str]:
    """The working of a decision in words, in the reader's language."""
    return [gettext(step["sentence"]) % step["facts"] for step in decision.working]


def _blocks(meeting: Meeting, remarks: str) -> Iterator[papers.Block]:
    seats = list(meeting.seats.all())
    yield papers.Facts(_head(meeting, seats))
    items = meeting.items.filter(state=AgendaItem.State.DECIDED).select_related("decision")
    for place, item in enumerate(items.prefetch_related("ballots", "recusals", "decision__conditions")):
        yield from _item(place, item)
    if remarks:
        yield papers.Heading("其他")
        yield papers.Paragraph(remarks)
    there = [seat.name for seat in seats if seat.kind == Seat.Kind.MEMBER and seat.attended_at]
    labels = ["主持人（主任委员）", "记录人（秘书）", *["委员"] * len(there)]
    yield papers.Signatures(labels, [meeting.chair.label, meeting.secretary.label, *there])


def _head(meeting: Meeting, seats: list[Seat]) -> list[tuple[str, str]]:
    def names(kind: str, present: bool) -> str:
        rows = [seat for seat in seats if seat.kind == kind and bool(seat.attended_at) == present]
        return "、".join(f"{seat.name}（远程）" if seat.remote else seat.name for seat in rows) or "无"

    hour = f" {meeting.at:%H:%M}" if meeting.at else ""
    return [
        ("会议时间", f"{meeting.on:%Y-%m-%d}{hour}"),
        ("会议地点", meeting.place or ("远程会议" if meeting.remote else "-")),
        ("主持人", meeting.chair.label),
        ("记录人", meeting.secretary.label),
        ("出席委员", names(Seat.Kind.MEMBER, True)),
        ("缺席委员", names(Seat.Kind.MEMBER, False)),
        ("列席人员", names(Seat.Kind.OBSERVER, True)),
        ("表决规则", _rule(meeting.rule)),
    ]


def _rule(rule: Any) -> str:
    told = f"出席不少于委员的 {rule.quorum}，同意比例不低于 {rule.pass_share} 通过；同意与续议合计不低于 {rule.defer_share} 续议"
    told += "；主任委员有一票否决权" if rule.chair_veto else ""
    return told + ("" if rule.abstentions_count else "；弃权不计入表决基数")


def _item(place: int, item: AgendaItem) -> Iterator[papers.Block]:
    decision = item.decision
    number = _ORDINALS[place] if place < len(_ORDINALS) else str(place + 1)
    yield papers.Heading(f"{number}、{item.title}")
    if item.summary:
        yield papers.Paragraph(item.summary)
    for recusal in item.recusals.all():
        yield papers.Paragraph(f"回避：{recusal.name}（{gettext(recusal.reason)}）。")
    if item.discussion:
        yield papers.Paragraph(f"审议情况：{item.discussion}")
    last = {ballot.person_id: ballot for ballot in item.ballots.all()}
    barred = {recusal.person_id for recusal in item.recusals.all()}
    if last:
        rows = [_ballot(ballot, counts=ballot.person_id not in barred) for ballot in last.values()]
        yield papers.Table(("委员", "表决", "意见"), rows, widths=(2, 2, 6))
    yield papers.Paragraph("计票：" + "".join(said(decision)))
    yield papers.Paragraph(f"决议：{decision.get_outcome_display()}。")
    conditions = [condition.text for condition in decision.conditions.all()]
    if conditions:
        yield papers.Paragraph("附加条件：")
        yield papers.Numbered(conditions)


def _ballot(ballot: Ballot, *, counts: bool) -> tuple[str, str, str]:
    """A ballot that was cast before its member was recused stands there too: whoever reads sees that it was not counted."""
    opinion = "；".join([*ballot.conditions, *([ballot.text] if ballot.text else [])]) or "-"
    changed = f"（第 {ballot.nth} 次表决）" if ballot.nth > 1 else ""
    return ballot.name, f"{ballot.get_choice_display()}{changed}{'' if counts else '（回避，不计票）'}", opinion
