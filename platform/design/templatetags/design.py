"""Template tags of the look. Also a builtin of the template engine, so `{% load design %}` is optional."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from design.templatetags import amounts
from design.templatetags.assets import asset as asset_url
from design.templatetags.states import tone_of
from kernel import money as fen_money

register = template.Library()

register.simple_tag(asset_url, name="asset")


# --- Money, rates, days ---------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def money(
    context: template.Context, fen: int | None, unit: bool = False, big: bool = False, signed: bool = False, in_unit: str = ""
) -> SafeString | str:
    """An amount in fen as the reader wants it: `{% money g.amount_fen %}`. The exact yuan show on hover."""
    if fen is None or fen == "":
        return amounts.NOTHING
    fen = int(fen)
    chosen = in_unit or context.get("unit") or amounts.WAN
    text = amounts.big(fen) if big else amounts.amount(fen, chosen)
    if unit and not big:
        text = amounts.with_unit(fen, chosen)
    if signed and fen > 0:
        text = f"+{text}"
    exact = f"{fen_money.yuan(fen)} {amounts.unit_label(amounts.YUAN)}"
    return format_html('<span class="money{}" title="{}">{}</span>', " negative" if fen < 0 else "", exact, text)


@register.simple_tag(takes_context=True)
def unit_label(context: template.Context) -> str:
    return amounts.unit_label(context.get("unit") or amounts.WAN)


@register.filter
def yuan(fen: int | None) -> str:
    return amounts.amount(fen, amounts.YUAN)


@register.filter
def wan(fen: int | None) -> str:
    return amounts.amount(fen, amounts.WAN)


@register.filter
def capitals(fen: int | None) -> str:
    """大写 for documents."""
    return amounts.NOTHING if fen is None or fen == "" else fen_money.capitals(int(fen))


@register.filter
def rate(value: Any, digits: int = 2) -> str:
    """A Decimal per 1 as a percentage."""
    return amounts.percent(value, int(digits))


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    if not value:
        return amounts.NOTHING
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%Y-%m-%d}"


@register.filter
def minute(value: datetime.datetime | None) -> str:
    if not value:
        return amounts.NOTHING
    return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"


# --- Personal data (domain.md 9.2) ----------------------------------------------------------------------
def _masked(text: str, head: int, tail: int) -> str:
    """The first `head` and last `tail` characters; something is always hidden."""
    if len(text) <= head + tail:
        return text[:1] + "*" * max(len(text) - 1, 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


@register.filter
def mask_id(value: object) -> str:
    """110105********002X"""
    return _masked(str(value).strip(), 6, 4) if value else amounts.NOTHING


@register.filter
def mask_mobile(value: object) -> str:
    """138****1234"""
    return _masked(str(value).strip(), 3, 4) if value else amounts.NOTHING


@register.filter
def mask_name(value: object) -> str:
    """张* : the family name and stars."""
    text = str(value or "").strip()
    return text[0] + "*" * max(len(text) - 1, 1) if text else amounts.NOTHING


@register.filter
def mask_card(value: object) -> str:
    """Bank card: the last four digits."""
    text = str(value or "").replace(" ", "")
    return f"**** {text[-4:]}" if len(text) > 4 else "****" if text else amounts.NOTHING


# --- Signs ----------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString | str:
    """A sign from the sprite. Name it as a literal: the build collects the names it finds in templates."""
    if not name:
        return ""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"></use></svg>', said, asset_url("sprite.svg"), name)


@register.simple_tag
def state_badge(code: object, label: object = "") -> SafeString | str:
    """A state in its tone: `{% state_badge g.state g.get_state_display %}`."""
    if code is None or code == "":
        return amounts.NOTHING
    return format_html('<span class="tag tone-{}">{}</span>', tone_of(code), label or getattr(code, "label", "") or code)


register.filter("tone_of", tone_of)


# --- Links and forms ------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def querystring_replace(context: template.Context, **changes: Any) -> str:
    """This page's query string with changes; None or "" takes a key away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def control(field: Any) -> SafeString:
    """The input of a bound field, dressed for its kind; used by design/field.html."""
    widget = field.field.widget
    kind = "choices" if kind_of(field) == "choices" else getattr(widget, "input_type", "")
    extra = {"class": (widget.attrs.get("class", "") + " " + _dress(kind)).strip()}
    if kind == "checkbox" and hasattr(widget, "check_test"):
        extra["role"] = "switch"
    return field.as_widget(attrs=extra)


def _dress(kind: str) -> str:
    return {"select": "form-select", "checkbox": "form-check-input", "choices": "", "hidden": ""}.get(kind, "form-control")


@register.filter
def kind_of(field: Any) -> str:
    """check · choices · date · file · plain: how design/field.html lays a field out."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    if kind == "checkbox" and hasattr(widget, "check_test"):
        return "check"
    if kind in ("checkbox", "radio"):
        return "choices"
    if getattr(widget, "is_calendar", False):
        return "date"
    return "file" if kind == "file" else "plain"


@register.simple_tag
def phone_items(nav: Any) -> list[Any]:
    """What stands in the phone's bottom bar: the items marked `phone`, else the first four."""
    items = [item for group in nav or () for item in group["items"]]
    return ([item for item in items if item.get("phone")] or items)[:4]


@register.simple_tag
def place(nav: Any, path: str) -> dict[str, list[Any]]:
    """Where the page at `path` stands: on an entry's own lists its `tabs`, further in the `trail` that leads back to it."""
    for group in nav or ():
        for item in group["items"]:
            if not item.get("active"):
                continue
            tabs = item.get("tabs") or [item]
            if any(tab["url"] == path for tab in tabs):
                return {"tabs": tabs if len(tabs) > 1 else [], "trail": []}
            inside = [tab for tab in tabs if tab["active"] and tab["url"] != item["url"]]
            return {"tabs": [], "trail": [item, *inside] if item["url"] != "/" else []}
    return {"tabs": [], "trail": []}


@register.simple_tag
def words() -> str:
    """What the browser side says, in the reader's language (frontend/js/shell.js `word`)."""
    return json.dumps(
        {
            "confirm": gettext("Please confirm"),
            "go": gettext("Continue"),
            "close": gettext("Close"),
            "refused": gettext("You may not do this."),
            "missing": gettext("There is no such record."),
            "failed": gettext("This did not work. Please try again."),
            "offline": gettext("No connection. Nothing was saved."),
            "unsaved": gettext("Your changes are not saved."),
            "nothing": gettext("Nothing found."),
            "ticked": gettext("%s chosen"),
            "today": gettext("Today"),
            "clear": gettext("Clear"),
            "calendar": gettext("Calendar"),
            "previousMonth": gettext("Previous month"),
            "nextMonth": gettext("Next month"),
            "previousYear": gettext("Previous year"),
            "nextYear": gettext("Next year"),
        },
        ensure_ascii=False,
    )


@register.simple_tag
def filter_control(field: Any) -> SafeString:
    """A filter's input: labelled for readers, its empty choice says what it would choose."""
    widget = field.field.widget
    attrs = {"aria-label": str(field.label), "class": _dress(getattr(widget, "input_type", ""))}
    if getattr(widget, "input_type", "") == "text" and not widget.attrs.get("placeholder"):
        attrs["placeholder"] = str(field.label)
    # The search box is heard by its `input` events; its `change` would race the next click (ui.md 1.4 rule 2).
    if field.name != "q":
        attrs["class"] += " js-f"
    if getattr(widget, "input_type", "") == "select" and not getattr(widget, "allow_multiple_selected", False):
        if hasattr(field.field, "empty_label"):
            field.field.empty_label = gettext("All: %(label)s") % {"label": field.label}
            widget.choices = field.field.choices
        if len(widget.choices) > 12:
            attrs["data-select"] = ""
            attrs["data-placeholder"] = widget.attrs.get("data-placeholder", str(getattr(field.field, "empty_label", "")))
    return field.as_widget(attrs=attrs)


@register.simple_tag
def page_numbers(page: Any) -> list[int]:
    """The numbers a pager shows: first, last, three around; 0 stands for a gap."""
    last = page.paginator.num_pages
    wanted = sorted({1, last, *(n for n in range(page.number - 2, page.number + 3) if 1 <= n <= last)})
    shown: list[int] = []
    for number in wanted:
        if shown and number - shown[-1] > 1:
            shown.append(0)
        shown.append(number)
    return shown
