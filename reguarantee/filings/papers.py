"""The papers of a filing as PDF, in Chinese: the formal reply (批复) and the certificate of cover (确认书)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kernel.documents import papers, services
from kernel.money import capitals, yuan
from registry.tenancy import current
from reguarantee.filings.models import Filing


def subject(filing: Filing) -> str:
    """Under which the papers of a filing are kept."""
    return f"filing:{filing.pk}"


def certificate(filing: Filing, *, on: date) -> bytes:
    """The certificate of a confirmed filing: what is covered, who bears how much, until when."""
    return _chinese(lambda: _certificate(filing, on))


def keep_certificate(filing: Filing, *, actor: Any, today: date) -> None:
    """Keep the certificate of a case that was signed."""
    _keep(filing, certificate(filing, on=today), "CERTIFICATE", filing.certificate_no, actor=actor, today=today)


def keep_reply(filing: Filing, text: str, *, actor: Any, today: date) -> None:
    """Keep the formal reply: number, amount, ratio, conditions (BUS-06)."""
    _keep(filing, _chinese(lambda: _reply(filing, text, today)), "REPLY", filing.reply_no, actor=actor, today=today)


def _chinese(make: Callable[[], bytes]) -> bytes:
    with translation.override("zh-hans"):
        return make()


def _keep(filing: Filing, data: bytes, kind: str, number: str, *, actor: Any, today: date) -> None:
    services.store(actor=actor, today=today, subject=subject(filing), name=f"{number}.pdf", file=BytesIO(data), kind=kind)


def _head(filing: Filing) -> papers.Facts:
    return papers.Facts(
        (
            (_("Member"), filing.member_code),
            (_("Guarantee"), filing.number),
            (_("Obligor"), filing.obligor_name),
            (_("Bank"), filing.bank_name),
            (_("Loan"), f"{yuan(filing.principal_fen)} {_('yuan')}"),
            (_("Guaranteed"), f"{yuan(filing.guaranteed_fen)} {_('yuan')}"),
            (_("Drawn on"), filing.drawdown_on.isoformat()),
            (_("Due on"), filing.due_on.isoformat()),
        )
    )


def _reply(filing: Filing, text: str, on: date) -> bytes:
    granted = filing.granted_fen or 0
    ratio = Decimal(granted) / filing.guaranteed_fen if filing.guaranteed_fen else Decimal(0)
    facts = papers.Facts(
        (
            (_("Granted"), f"{yuan(granted)} {_('yuan')}"),
            (_("In words"), capitals(granted)),
            (_("Part of what was asked"), f"{ratio:.2%}"),
            (_("Treaty"), str(filing.treaty_version or "")),
        )
    )
    blocks: list[papers.Block] = [_head(filing), papers.Heading(_("Reply")), papers.Paragraph(text), facts]
    if filing.conditions:
        blocks += [papers.Heading(_("Conditions")), papers.Numbered(filing.conditions.splitlines())]
    blocks.append(papers.Signatures((_("Approved by"),)))
    return papers.render(_("Reply on re-guarantee"), blocks, number=filing.reply_no, on=on, house=current().name)


def _certificate(filing: Filing, on: date) -> bytes:
    rows = [(_role(one["role"], one["party"]), f"{Decimal(one['ratio']):.2%}", yuan(one["fen"])) for one in filing.split]
    facts = papers.Facts(
        (
            (_("Covered"), f"{yuan(filing.covered_fen)} {_('yuan')}"),
            (_("Ceded"), f"{yuan(filing.ceded_fen)} {_('yuan')}"),
            (_("In words"), capitals(filing.ceded_fen)),
            (_("Treaty"), str(filing.treaty_version or "")),
        )
    )
    blocks: list[papers.Block] = [
        _head(filing),
        papers.Heading(_("Cover")),
        facts,
        papers.Heading(_("Who bears a full loss of the covered part")),
        papers.Table((_("Party"), _("Ratio"), _("Amount (yuan)")), rows, right=(1, 2)),
    ]
    if filing.conditions:
        blocks += [papers.Heading(_("Conditions")), papers.Numbered(filing.conditions.splitlines())]
    blocks.append(papers.Signatures((_("Re-guarantor (seal)"), _("Guarantor (seal)"))))
    number = filing.certificate_no or filing.number
    return papers.render(_("Certificate of re-guarantee"), blocks, number=number, on=on, house=current().name)


def _role(role: str, party: str) -> str:
    names = {
        "BANK": _("Bank"), "GUARANTOR": _("Guarantor"), "REGUARANTOR": _("Re-guarantor"), "FUND": _("National fund"),
        "GOVERNMENT": _("Government"),
    }  # fmt: skip
    return names.get(role, party)
