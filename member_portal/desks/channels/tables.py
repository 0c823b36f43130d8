"""What each channel and introducer brought; every number opens the list behind it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.lists import ActsColumn, Column, MoneyColumn, Table

NOBODY = "null"
"""The choice of the lists' filters for what names none."""


class _Counted(Column):
    """A count that opens the list `view`, narrowed to the row's channel (or introducer) and the states."""

    def __init__(self, view: str, state: str = "", **kwargs: Any) -> None:
        self.view, self.state = view, state
        super().__init__(css="num", orderable=False, **kwargs)

    def shown(self, value: Any, record: Any, table: Any) -> Any:
        asked = {table.by: NOBODY if record.pk is None else record.pk, "state": self.state}
        return format_html('<a href="{}?{}">{}</a>', reverse(self.view), urlencode(asked), value)


class _Named(Column):
    def shown(self, value: Any, record: Any, table: Any) -> Any:
        return record.name or _("Not named")


class ChannelTable(Table):
    by = "channel"
    name = _Named(verbose_name=gettext_lazy("Channel"), note="kind", empty_values=(), orderable=False)
    applications = _Counted("portal:applications", verbose_name=gettext_lazy("Applications"))
    asked_fen = MoneyColumn(verbose_name=gettext_lazy("Loans asked for"), orderable=False)
    approved = _Counted("portal:applications", "PASSED", verbose_name=gettext_lazy("Approved"))
    approved_fen = MoneyColumn(verbose_name=gettext_lazy("Approved loans"), orderable=False)
    in_force = _Counted("portal:guarantees", "OPEN", verbose_name=gettext_lazy("In force"))
    balance_fen = MoneyColumn(verbose_name=gettext_lazy("Balance in force"), orderable=False)
    compensated = _Counted("portal:guarantees", "COMPENSATED", verbose_name=gettext_lazy("Compensated"))
    compensated_fen = MoneyColumn(verbose_name=gettext_lazy("Paid to banks"), orderable=False)
    acts = ActsColumn(template_name="portal/channels/acts.html", extra_context={"by": "channel"})


class IntroducerTable(ChannelTable):
    by = "introducer"
    name = _Named(verbose_name=gettext_lazy("Introducer"), empty_values=(), orderable=False)
    acts = ActsColumn(template_name="portal/channels/acts.html", extra_context={"by": "introducer"})
