"""Papers about a claim: the decision letter (批复), and the package for a fund."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.documents import papers
from kernel.documents import queries as documents
from kernel.documents import services as files
from kernel.documents.numbering import next_number
from kernel.money import capitals, yuan
from registry.tenancy import current
from reguarantee.claims.models import Claim, OutwardClaim
from reguarantee.claims.reasons import DENIALS
from reguarantee.claims.services.checking import denials

DECISION = "DECISION"


def decision(claim: Claim, *, actor: Any, today: date) -> None:
    """Write the decision letter beside the claim's papers, and its number on the claim. In the house's language."""
    with translation.override(settings.LANGUAGE_CODE):
        claim.letter_no = next_number(kind="BCH", today=today)
        claim.save(update_fields=["letter_no"])
        title = _("Decision on a claim")
        pdf = papers.render(title, _blocks(claim), number=claim.letter_no, on=today, house=current().name)
        name = f"{claim.letter_no}.pdf"
    files.store(actor=actor, today=today, subject=claim.subject, kind=DECISION, name=name, file=io.BytesIO(pdf))


def _blocks(claim: Claim) -> list[papers.Block]:
    filing = claim.filing
    assert filing is not None
    facts = (
        (_("Claim"), f"{claim.number} / {claim.claim_no}"),
        (_("Member"), claim.member_code),
        (_("Debtor"), claim.obligor_name),
        (_("Guarantee"), filing.number),
        (_("Compensated on"), str(claim.compensated_on)),
        (_("Treaty"), claim.trace.get("treaty", "")),
    )
    rows = [(party, claim.roles[party], yuan(fen)) for party, fen in claim.shares.items()]
    shares = papers.Table((_("Party"), _("Role"), _("Yuan")), rows, right=(2,), foot=(_("Base"), "", yuan(claim.base_fen)))
    verdict = _("Approved: %(yuan)s yuan (%(capitals)s); held recoveries of %(netted)s yuan are taken off.") % {
        "yuan": yuan(claim.approved_fen),
        "capitals": capitals(claim.approved_fen),
        "netted": yuan(claim.netted_fen),
    }
    blocks: list[papers.Block] = [papers.Facts(facts), papers.Heading(_("Shares of the loss")), shares, papers.Paragraph(verdict)]
    denied = [f"{DENIALS[row.code]}: {yuan(row.fen)} {row.text}" for row in denials(claim)]
    if denied:
        blocks += [papers.Heading(_("Not paid")), papers.Numbered(denied)]
    reasons = [_(step["sentence"]) % step["facts"] for step in claim.trace.get("steps", ())]
    if reasons:
        blocks += [papers.Heading(_("How the shares came about")), papers.Numbered(reasons)]
    return [*blocks, papers.Signatures((_("Claims officer"), _("Approved by")))]


def package(outward: OutwardClaim) -> bytes:
    """The claim on a fund as one ZIP: a sheet of its figures and every paper of the claim. Reads only."""
    claim, out = outward.claim, io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("claim.csv", "\ufeff" + _sheet(outward))
        for place, document in enumerate(documents.of(claim.subject), 1):
            _known, stream = files.fetch(subject=claim.subject, document_id=document.id)
            with stream:
                pack.writestr(f"{place:02d}_{document.kind}_{document.name}", stream.read())
    return out.getvalue()


def _sheet(outward: OutwardClaim) -> str:
    claim, filing = outward.claim, outward.claim.filing
    assert filing is not None
    told = {
        "number": outward.number,
        "party": outward.party,
        "claim": claim.number,
        "member": claim.member_code,
        "member_claim": claim.claim_no,
        "guarantee": filing.number,
        "debtor": claim.obligor_name,
        "bank": filing.bank_name,
        "contract": claim.contract_no,
        "iou": claim.iou_no,
        "drawdown": filing.drawdown_on,
        "due": filing.due_on,
        "compensated": claim.compensated_on,
        "unpaid_principal": yuan(claim.principal_fen),
        "base": yuan(claim.base_fen),
        "paid_to_member": yuan(claim.paid_fen),
        "netted": yuan(claim.netted_fen),
        "claimed": yuan(outward.fen),
    }
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(told)
    # A name that begins like a formula must stay text in a spreadsheet.
    sheet.writerow([f"'{value}" if str(value).startswith(("=", "+", "@", "\t")) else value for value in told.values()])
    return text.getvalue()
