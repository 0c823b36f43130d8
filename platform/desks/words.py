"""What the audit trail says, in words. How it is said stands here, with the words of the engines that both faces share.

    # in the AppConfig.ready() of a face
    words.register("portal", "member_portal.tables.words.WORDS")

Each face has words of its own and never a union: two houses may call two acts by one code (claims.submit).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from design.lists import Column
from desks import institutions
from desks.money.words import PURPOSES
from kernel.access.permissions import may
from kernel.money import yuan

_ACTS: dict[str, Any] = {
    "access.add_user": _("Person added"),
    "access.give_roles": _("Roles given"),
    "access.resume": _("Person active again"),
    "access.suspend": _("Person suspended"),
    "approval.add_signer": _("Signer added"),
    "approval.conclude": _("Task closed by the committee"),
    "approval.copy": _("Copied to readers"),
    "approval.decide": _("Task signed"),
    "approval.delegate": _("Deputy named"),
    "approval.draft": _("Flow drawn"),
    "approval.end_delegation": _("Deputy's period ended"),
    "approval.move": _("Case moved to another version"),
    "approval.publish": _("Flow published"),
    "approval.remove_signer": _("Signer removed"),
    "approval.send_back": _("Case sent back"),
    "approval.start": _("Approval started"),
    "approval.transfer": _("Task handed over"),
    "approval.urge": _("Holder urged"),
    "approval.withdraw": _("Case withdrawn"),
    "cash.cancel": _("Payment cancelled"),
    "cash.change": _("Amount due changed"),
    "cash.expect": _("Money became due"),
    "cash.move": _("Money moved"),
    "cash.prepare": _("Payment prepared"),
    "cash.report": _("The other side reported money"),
    "cash.reverse": _("Movement reversed"),
    "cash.unmatch": _("Receipt taken off"),
    "committee.attend": _("Noted as present at a meeting"),
    "committee.cancel": _("Meeting called off"),
    "committee.change": _("Meeting changed"),
    "committee.close_item": _("Item decided"),
    "committee.close_meeting": _("Meeting closed"),
    "committee.convene": _("Meeting convened"),
    "committee.fulfil": _("Condition met"),
    "committee.open_item": _("Item called"),
    "committee.put_on_agenda": _("Put on the agenda"),
    "committee.recuse": _("Member recused"),
    "committee.propose_rule": _("Rule of the committee proposed"),
    "committee.approve_rule": _("Rule of the committee approved"),
    "committee.refuse_rule": _("Rule of the committee refused"),
    "committee.summon": _("Meeting summoned"),
    "committee.take_off": _("Taken off the agenda"),
    "committee.vote": _("Voted in the committee"),
    "documents.remove": _("File removed"),
    "documents.store": _("File added"),
    "documents.take": _("File taken over"),
    "parameters.approve": _("Parameter's value approved"),
    "parameters.propose": _("Parameter's value proposed"),
    "parameters.refuse": _("Parameter's value refused"),
}
_FACTS: dict[str, Any] = {
    "agreed": _("Agreed"),
    "bank": _("Bank"),
    "behalf": _("In place of"),
    "bill": _("Bill"),
    "by_fen": _("Changed by"),
    "case": _("Case"),
    "changed": _("Changed"),
    "code": _("Code"),
    "count": _("Count"),
    "counterparty": _("Counterparty"),
    "direction": _("Direction"),
    "disputes": _("Disputed rows"),
    "document": _("File"),
    "due_on": _("Due"),
    "email": _("E-mail"),
    "fen": _("Amount"),
    "fields": _("Fields"),
    "file": _("File"),
    "flow": _("Flow"),
    "from_on": _("From"),
    "grade": _("Grade"),
    "id": _("Number"),
    "key": _("Key"),
    "kind": _("Kind"),
    "letters": _("Letters"),
    "list": _("List"),
    "matched": _("Matched"),
    "member": _("Member"),
    "minutes": _("Minutes"),
    "name": _("Name"),
    "number": _("Number"),
    "on": _("Day"),
    "order": _("Payment"),
    "outcome": _("Outcome"),
    "payer": _("Payer"),
    "period": _("Period"),
    "person": _("Staff member"),
    "purpose": _("Purpose"),
    "reason": _("Reason"),
    "roles": _("Roles"),
    "round": _("Round"),
    "rows": _("Number of rows"),
    "said": _("Said"),
    "score": _("Score"),
    "sha256": _("Digest"),
    "slot": _("Paper"),
    "status": _("Status"),
    "task": _("Step"),
    "text": _("Text"),
    "to": _("To"),
    "to_on": _("Until"),
    "vat": _("VAT"),
    "verdict": _("Verdict"),
    "version": _("Version"),
    "voucher_no": _("Voucher"),
    "why": _("Reason"),
    "year": _("Year"),
}
_VALUES: dict[str, Any] = {
    "APPROVE": _("Agree"), "REJECT": _("Reject"), "IN": _("To receive"), "OUT": _("To pay"), "SENT": _("Sent"),
    "ARRIVED": _("Arrived"), "TAXABLE": _("With VAT"), "EXEMPT": _("Free of VAT"), **PURPOSES,
}  # fmt: skip
_INSTITUTIONS = ("bank", "counterparty", "member", "payer", "to_house")
_ACTORS: dict[str, Any] = {
    "APPLICANT": _("Applicant %(name)s"),
    "BANK": _("Bank %(name)s"),
    "IMPORT": _("Import %(name)s"),
    "LETTER": _("Letter from %(name)s"),
    "SYSTEM": _("System"),
}
# GB/T 2260, provinces: the names on the map.
PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾",
    "81": "香港", "82": "澳门",
}  # fmt: skip

_ROMAN = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia", "21": "Liaoning", "22": "Jilin",
    "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu", "33": "Zhejiang", "34": "Anhui", "35": "Fujian", "36": "Jiangxi",
    "37": "Shandong", "41": "Henan", "42": "Hubei", "43": "Hunan", "44": "Guangdong", "45": "Guangxi", "46": "Hainan",
    "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan", "54": "Tibet", "61": "Shaanxi", "62": "Gansu",
    "63": "Qinghai", "64": "Ningxia", "65": "Xinjiang", "71": "Taiwan", "81": "Hong Kong", "82": "Macao",
}  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """What an audit line is about: `view` is the page of it by its id, `needs` the permission that opens the page."""

    label: Any
    view: str = ""
    needs: str = ""


_SUBJECTS = {
    "user": Subject(_("Staff member")),
    "flow": Subject(_("Flow")),
    "meeting": Subject(_("Meeting")),
    "committee": Subject(_("Rule of the committee")),
    "movement": Subject(_("Movement")),
    "due": Subject(_("Item of money")),
    "parameter": Subject(_("Parameter")),
}


@dataclass(frozen=True)
class Words:
    """The words of one face: acts and facts by code, subjects by kind, and codes that stand as values of facts."""

    acts: Mapping[str, Any]
    subjects: Mapping[str, Subject]
    facts: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)

    def act_label(self, act: str) -> str:
        """What an audited act is called; an act nobody named keeps its code."""
        return str(self.acts.get(act) or _ACTS.get(act, act))

    def facts_label(self, facts: Mapping[str, Any]) -> str:
        """The facts of an audit line for people; what has no name here keeps its own."""
        parts = []
        for key, value in facts.items():
            if value in (None, "", [], {}):
                continue
            label = self.facts.get(key) or _FACTS.get(key, key)
            parts.append(f"{label}: {self._value(key, value)[:80]}")
        return " · ".join(parts)

    def _value(self, key: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if isinstance(value, int) and (key == "fen" or key.endswith("_fen")):
            return yuan(value)
        if key in _INSTITUTIONS:
            return str(institutions.name(str(value)))
        if isinstance(value, str):
            # A reason may be a sentence of ours, which is kept in English.
            return str(self.values.get(value) or _VALUES.get(value) or (gettext(value) if key == "reason" else value))
        return str(value)

    def subject_label(self, subject: str) -> str:
        """ "guarantee:12" in words."""
        kind, _colon, number = subject.partition(":")
        found = self._subject(kind)
        return f"{found.label} {number}".strip() if found else subject

    def subject_url(self, subject: str, user: Any) -> str:
        """The page of a subject that this person may open, or "" where there is none."""
        kind, _colon, number = subject.partition(":")
        found = self._subject(kind)
        opens = found and found.view and number.isdigit() and may(user, found.needs)
        return reverse(found.view, args=[number]) if found and opens else ""

    def _subject(self, kind: str) -> Subject | None:
        return self.subjects.get(kind) or _SUBJECTS.get(kind)


_FACES: dict[str, str] = {}


def register(face: str, path: str) -> None:
    """Let the face "portal" or "console" speak the words at this dotted path; it is imported when it is first asked for."""
    if _FACES.setdefault(face, path) != path:
        raise ImproperlyConfigured(f"Two sets of words in {face}")


def of(request: HttpRequest) -> Words:
    """The words of the face that is asked."""
    return import_string(_FACES[request.resolver_match.namespace])


def actor_label(actor: str) -> str:
    """A person's name, or who acted where no person did ("BANK:HXYH/demo")."""
    kind, colon, name = actor.partition(":")
    if kind not in _ACTORS or not (colon or kind == "SYSTEM"):
        return actor
    # The key's own name, after the stroke, says nothing to people.
    code = name.partition("/")[0]
    return str(_ACTORS[kind]) % {"name": institutions.name(code) if kind in ("BANK", "LETTER") else code}


class ActorColumn(Column):
    """Who acted, named for people."""

    def shown(self, value: Any, record: Any, table: Any) -> Any:
        return actor_label(value)

    def value(self, **kwargs: Any) -> Any:
        return actor_label(kwargs["value"])


def story(entries: Iterable[Any]) -> list[Any]:
    """A timeline whose actors are named for people."""
    return [replace(entry, who=actor_label(entry.who)) for entry in entries]


def is_province(code: str) -> bool:
    """Whether a region code is one of GB/T 2260 rather than a partner's own."""
    return code.isdigit() and code[:2] in PROVINCES


def region_label(code: str) -> str:
    """The province of a region code of GB/T 2260, with the code where it says more; other codes as they are."""
    if not code:
        return gettext("Not stated")
    if not is_province(code):
        return code
    province = (PROVINCES if (get_language() or "").startswith("zh") else _ROMAN)[code[:2]]
    return province if code[2:] in ("", "0000") else f"{province} {code}"
