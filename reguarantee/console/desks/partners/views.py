"""The register: everybody the group works with, one institution's file, and the verbs of its life."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import saved
from design.lists import list_page
from design.templatetags.design import rate
from desks.institutions import name as institution
from desks.pages import acted, dialog, form_page, sent, today
from kernel.access.permissions import check, may, needs
from kernel.money import BadAmount, from_yuan, yuan
from reguarantee.admission import queries as admission
from reguarantee.console.desks.partners import banks
from reguarantee.console.desks.partners.forms import BranchForm, EnrolForm, FileForm, GradeForm, ReasonForm, RowsForm
from reguarantee.console.desks.partners.tables import LicenceTable, PartnerFilter, PartnerTable, StopTable
from reguarantee.console.words import product
from reguarantee.filings.queries import fees
from reguarantee.monitoring.queries.leverage import leverage
from reguarantee.partners import queries, services
from reguarantee.treaties import queries as treaties

LISTS = {
    "shareholders": (gettext_lazy("Shareholders"), "users-group", (gettext_lazy("Name"), gettext_lazy("Share"))),
    "management": (gettext_lazy("Management"), "user-star", (gettext_lazy("Name"), gettext_lazy("Post"), gettext_lazy("Phone"))),
    "staff": (gettext_lazy("Staff"), "users", (gettext_lazy("Department"), gettext_lazy("Number of people"))),
    "contacts": (
        gettext_lazy("Contacts"),
        "address-book",
        (gettext_lazy("Name"), gettext_lazy("Post"), gettext_lazy("Phone"), gettext_lazy("E-mail")),
    ),
    "bank_accounts": (
        gettext_lazy("Bank accounts"),
        "building-bank",
        (gettext_lazy("Bank"), gettext_lazy("Account name"), gettext_lazy("Account number")),
    ),
    "capital": (
        gettext_lazy("Capital by source"),
        "coins",
        (gettext_lazy("Source of capital"), gettext_lazy("Given by"), gettext_lazy("Amount in yuan")),
    ),
}
"""Lists of the file → title, icon and headings, in the order of services.LISTS."""
MOVES = {
    "watch": (gettext_lazy("Put on watch"), "eye-exclamation", services.watch, gettext_lazy("On watch.")),
    "ease": (gettext_lazy("Take off the watch"), "eye-check", services.ease, gettext_lazy("Active again.")),
    "suspend": (
        gettext_lazy("Suspend"), "player-pause", services.suspend, gettext_lazy("Suspended: new cessions are refused."),
    ),
    "resume": (gettext_lazy("Resume"), "player-play", services.resume, gettext_lazy("Active again.")),
    "exit": (gettext_lazy("End the cooperation"), "door-exit", services.exit, gettext_lazy("The cooperation has ended.")),
}  # fmt: skip
_DANGER = ("suspend", "exit")
_SOURCES = dict(queries.CAPITAL_SOURCES)
_CODES: dict[str, dict[str, Any]] = {
    "status": dict(queries.STATUSES), "grade": dict(queries.GRADES), "category": dict(queries.CATEGORIES),
    "capital_source": _SOURCES,
}  # fmt: skip


@needs("partners.view")
def listing(request: HttpRequest) -> HttpResponse:
    day = today()
    enrol = {"label": _("Take up"), "url": reverse("console:partner_new"), "icon": "plus"}
    new = {"label": _("New application"), "url": reverse("console:admission_new"), "icon": "file-plus", "primary": True}
    acts = [enrol] if may(request.user, "partners.edit") else []
    expiring = queries.expiring_licences(today=day)
    return list_page(
        request, title=_("Partner institutions"), table=PartnerTable, rows=admission.register(today=day),
        filterset=PartnerFilter, actions=[*acts, *([new] if may(request.user, "admission.handle") else [])],
        template="console/institutions/partners/list.html",
        context={
            "expiring": expiring.count(),
            "overdue": admission.overdue_evaluations(today=day).count(),
            "stops": queries.open_stops(on=day).count(),
        },
    )  # fmt: skip


@needs("partners.view")
def licences(request: HttpRequest) -> HttpResponse:
    """Licences that end soon or have ended (PAR-31)."""
    day = today()
    rows = list(queries.expiring_licences(today=day))
    for partner in rows:
        partner.days_left = (partner.licence_valid_to - day).days if partner.licence_valid_to else None
    return list_page(request, title=_("Licences that end soon"), table=LicenceTable, rows=rows)


@needs("partners.view")
def stops(request: HttpRequest) -> HttpResponse:
    """Who may not cede anything new, and why."""
    rows = [words(stop) for stop in queries.open_stops(on=today())]
    return list_page(request, title=_("Stops of new cessions"), table=StopTable, rows=rows)


def words(stop: Any) -> dict[str, Any]:
    """A stop as a row; its sentence in the reader's language."""
    scope = [str(part) for part in (product(stop.product), stop.bank and institution(stop.bank), stop.treaty) if part]
    everybody = stop.member_code == "*"
    return {
        "member_code": _("All members") if everybody else stop.member_code,
        "reason_code": stop.reason_code,
        "get_reason_code_display": stop.get_reason_code_display(),
        "reason": stop.get_reason_code_display(),
        "scope": " · ".join(scope) or _("Everything"),
        "words": _(stop.sentence) % stop.facts if stop.facts else _(stop.sentence),
        "since": stop.since,
        "lifted_on": stop.lifted_on,
        "by": stop.by,
    }


@needs("partners.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Take an institution up that worked with the group before there was a register."""
    form = EnrolForm(sent(request))
    if acted(request, form, services.enrol):
        return saved(request, reverse("console:partner", args=[form.made.code]), _("Taken up. Complete its file now."))
    return form_page(
        request,
        "console/institutions/partners/new.html",
        form,
        title=_("Take an institution up"),
        cancel=reverse("console:partners"),
    )


@needs("partners.view")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One institution: how it stands, its file, limits, evaluations, stops, and everything that changed."""
    day = today()
    partner = queries.get(code)
    row = admission.register(today=day, q=partner.code).filter(pk=partner.pk).get()
    found = admission.case_of(code)
    history = [words(stop) for stop in queries.stops_ever(code)]
    context = {
        "title": partner.name,
        "partner": row,
        "is_member": partner.kind == "MEMBER",
        "low": partner.kind == "BANK" and queries.bank_below_minimum(code, on=day),
        "late": bool(partner.next_evaluation_on and partner.next_evaluation_on < day),
        "stops": [words(stop) for stop in _open_stops(partner, day)],
        "history": history,
        "lists": _lists(partner),
        "licence_days": (partner.licence_valid_to - day).days if partner.licence_valid_to else None,
        "moves": _moves(request, partner),
        "events": [_event(change) for change in queries.changes(partner)[:40]],
        "lines": _lines(code, day) if partner.kind == "MEMBER" and may(request.user, "treaties.view") else [],
        "evaluations": admission.evaluations().filter(partner_code=code)[:6] if may(request.user, "admission.view") else [],
        "reported": admission.changes(member_code=code, state="REPORTED"),
        "case": found if may(request.user, "admission.view") else None,
        "may_edit": may(request.user, "partners.edit"),
        "links": _links(request, partner),
        "branches": banks.of_bank(request.user, partner, day) if partner.kind == "BANK" else None,
        "leverage": leverage(partner, on=day) if partner.kind == "MEMBER" else None,
        "fees": fees.of_year(code, year=day.year, on=day) if partner.is_policy else None,
        "service": admission.service(member_code=code, year=day.year) if partner.kind == "MEMBER" else None,
        "year": day.year,
    }
    return render(request, "console/institutions/partners/detail.html", context)


def _open_stops(partner: Any, day: date) -> Any:
    if partner.kind == "BANK":
        return queries.stops_ever(partner.code).filter(lifted_on=None)
    return queries.open_stops(on=day, member_code=partner.code).filter(bank="")


def _moves(request: HttpRequest, partner: Any) -> list[dict[str, Any]]:
    if not may(request.user, "partners.status"):
        return []
    return [
        {
            "name": name,
            "label": MOVES[name][0],
            "icon": MOVES[name][1],
            "url": reverse("console:partner_move", args=[partner.code, name]),
            "danger": name in _DANGER,
        }
        for name in queries.events(partner)
        if name in MOVES
    ]


def _links(request: HttpRequest, partner: Any) -> list[dict[str, str]]:
    """What the group has of this institution elsewhere; only what the person may open."""
    code = partner.code
    where = [
        ("monitoring.view", _("Reported book"), "console:member", [code], "", "shield-check"),
        ("filings.view", _("Filings"), "console:filings", [], f"?member_code={code}", "file-text"),
        ("monitoring.view", _("Guarantees"), "console:guarantees", [], f"?member={code}", "list-details"),
    ]
    if partner.kind != "MEMBER" or partner.status in ("CANDIDATE", "ADMITTED"):
        return []
    return [
        {"label": label, "url": reverse(view, args=args) + query, "icon": icon}
        for needed, label, view, args, query, icon in where
        if may(request.user, needed)
    ]


def _lines(code: str, day: date) -> list[dict[str, Any]]:
    rows = []
    for treaty in treaties.listing(today=day, member_code=code):
        own = next((line for line in treaties.lines(treaty.code, day.year) if line.member_code == code), None)
        rows.append({"treaty": treaty, "line": own, "taken": own.used_fen + own.reserved_fen if own else 0})
    return rows


def _lists(partner: Any) -> list[dict[str, Any]]:
    found = []
    for name, (title, icon, headings) in LISTS.items():
        # By name: the database keeps no order of keys.
        rows = [[row.get(key, "") for key in queries.LISTS[name]] for row in getattr(partner, name)]
        if partner.kind == "BANK" and name == "capital":
            continue
        if name == "shareholders":
            rows = [[who, rate(Decimal(share)) if share else "-"] for who, share in rows]
        if name == "capital":
            rows = [[_SOURCES.get(source, source), giver, yuan(int(fen))] for source, giver, fen in rows]
        found.append({"name": name, "title": title, "icon": icon, "headings": headings, "rows": rows})
    return found


def _event(change: Any) -> dict[str, Any]:
    """A line of the history: what changed, from what to what."""
    parts: list[str] = []
    # A branch's change begins with its name, which is the title of the line.
    for field, moved in sorted(change.changes.items(), key=lambda item: item[0] != "branch"):
        if field == "name" and "branch" in change.changes and not moved["from"]:
            continue  # it is the title
        names = _CODES.get(field, {})
        before, after = (_told(field, moved[side], names) for side in ("from", "to"))
        if field == "branch":
            parts.append(_("Branch %(name)s") % {"name": after})
        elif field in LISTS:
            parts.append(str(LISTS[field][0]))
        elif before in ("", None):
            parts.append(f"{_label(field)}: {after}")
        else:
            parts.append(f"{_label(field)}: {before} → {after}")
    tones = {"SUSPENDED": "orange", "EXITED": "grey", "WATCH": "yellow", "ACTIVE": "green"}
    tone = tones.get(change.changes.get("status", {}).get("to", ""), "blue")
    note = " · ".join(part for part in (change.reason, *parts[1:]) if part)
    return {
        "title": parts[0] if parts else change.get_what_display(),
        "who": change.by,
        "at": change.at,
        "note": note,
        "tone": tone,
    }


def _label(field: str) -> str:
    if field == "status":
        return _("Status")
    if field == "grade":
        return _("Grade")
    form_field = FileForm.base_fields.get(field) or BranchForm.base_fields.get(field)
    return str(form_field.label) if form_field else field


def _told(field: str, value: Any, names: dict[str, Any]) -> Any:
    """A value of the history as a reader knows it: yuan, percent, the name of a code."""
    if value in ("", None):
        return ""
    if field.endswith("_fen"):
        return yuan(int(value))
    if field == "deposit_ratio":
        return rate(Decimal(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return names.get(value, value) if isinstance(value, str) else value


@needs("partners.edit")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    partner = queries.get(code)
    initial = {name: getattr(partner, name) for name in FileForm.base_fields if hasattr(partner, name)}
    form = FileForm(sent(request), initial=initial, kind=partner.kind)
    if acted(request, form, services.amend, code=code):
        return saved(request, reverse("console:partner", args=[code]), _("Saved. The old values stay in the history."))
    return form_page(
        request, "console/institutions/partners/edit.html", form, title=_("Edit the file"), partner=partner,
        cancel=reverse("console:partner", args=[code]),
    )  # fmt: skip


@needs("partners.edit")
def edit_list(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A short list of the file, one row a line."""
    partner = queries.get(code)
    if name not in LISTS:
        raise Http404
    title, _icon, headings = LISTS[name]
    keys = queries.LISTS[name]
    lines = [", ".join(_shown(name, row, key) for key in keys) for row in getattr(partner, name)]
    heading = _("One row a line: %(parts)s") % {"parts": ", ".join(map(str, headings))}
    form = RowsForm(sent(request), initial={"rows": "\n".join(lines)}, keys=keys, heading=heading)

    def amend(*, rows: list[dict[str, str]], **told: Any) -> Any:
        return services.amend(changes={name: [_read(name, row) for row in rows]}, **told)

    if acted(request, form, amend, code=code):
        return saved(request, reverse("console:partner", args=[code]), _("Saved. The old values stay in the history."))
    return dialog(request, form, title=title, submit=_("Save"))


def _shown(name: str, row: dict[str, str], key: str) -> str:
    if name == "shareholders" and key == "share" and row[key]:
        return f"{(Decimal(row[key]) * 100).normalize():f}%"
    if name == "capital" and row.get(key):
        return (
            str(_SOURCES.get(row[key], row[key]))
            if key == "source"
            else yuan(int(row[key])).replace(",", "")
            if key == "fen"
            else row[key]
        )
    return row.get(key, "")


def _read(name: str, row: dict[str, str]) -> dict[str, str]:
    """Shares are typed in percent and kept per 1, amounts in yuan and kept in fen, sources by name; what is neither number nor
    source the room refuses."""
    if name == "capital":
        codes = {str(label): code for code, label in queries.CAPITAL_SOURCES}
        try:
            fen = str(from_yuan(row["fen"])) if row["fen"] else "0"
        except BadAmount:
            fen = row["fen"]
        return {**row, "source": codes.get(row["source"], row["source"]), "fen": fen}
    if name == "shareholders" and row["share"]:
        try:
            return {**row, "share": str(Decimal(row["share"].rstrip("%％")) / 100)}
        except InvalidOperation:
            return row
    return row


@needs("partners.edit")
def grade(request: HttpRequest, code: str) -> HttpResponse:
    """A bank's rating with its day; below the minimum its loans are not covered (PAR-27, PAR-28)."""
    queries.get(code)
    form = GradeForm(sent(request))
    if acted(request, form, services.give_grade, code=code):
        return saved(request, reverse("console:partner", args=[code]), _("Graded."))
    return dialog(request, form, title=_("Give a grade"), submit=_("Save"))


@needs("partners.status")
def move(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Watch, suspend, resume, end: each asks why, and the reason stays."""
    check(request.user, "partners.status")
    queries.get(code)
    if name not in MOVES:
        raise Http404
    label, _icon, verb, done = MOVES[name]
    form = ReasonForm(sent(request))
    if acted(request, form, verb, code=code):
        return saved(request, reverse("console:partner", args=[code]), done)
    return dialog(request, form, title=label, submit=label)
