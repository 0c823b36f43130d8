"""Re-guarantee premiums: what cover costs, the monthly lists, the bills, and what of it goes on to the funds.

An item is what one filing costs for one stretch of days. It stands on a list until the member agrees, then on a bill;
from then on it never changes (a trigger keeps it) and a mistake is put right by another item, its correction.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reguarantee.filings.models import Filing


class Vat(models.TextChoices):
    EXEMPT = "EXEMPT", _("Free of VAT")
    TAXABLE = "TAXABLE", _("With VAT")


class Standard(models.Model):
    """A standard of premiums from one day to another, for everything or for a treaty, product, member or one filing.

    A TABLE replaces the treaty's rates; a FACTOR multiplies what the table says (0 waives, 0.5 halves, domain.md 5.4).
    `payee` empty: what the member pays; FUND: what a fund gets of it. Proposed by one person and approved by another,
    then it never changes: a later one takes over on its day.
    """

    class Kind(models.TextChoices):
        TABLE = "TABLE", _("Rate table")
        FACTOR = "FACTOR", _("Waiver or reduction")

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")

    class Payee(models.TextChoices):
        GROUP = "", _("The member's premium")
        FUND = "FUND", _("The fund's part")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    payee = models.CharField(max_length=4, choices=Payee.choices, default="", blank=True)
    treaty_code = models.CharField(max_length=40, blank=True)
    product_code = models.CharField(max_length=40, blank=True)
    member_code = models.CharField(max_length=20, blank=True)
    filing = models.ForeignKey(Filing, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rates = models.TextField(default="[]", help_text=_('[{"max_fen": 500000000, "rate": "0.003"}, {"rate": "0.005"}]'))
    factor = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text=_("Last day, included; empty means open"))
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by_id = models.BigIntegerField()
    proposed_by = models.CharField(max_length=120)
    proposed_on = models.DateField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-effective_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="TABLE", factor=None) | Q(kind="FACTOR", factor__gte=0), name="premiums_standard_kind"
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")), name="premiums_standard_period"
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_on=None) | ~Q(state="PROPOSED") & Q(decided_on__isnull=False),
                name="premiums_standard_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | ~Q(decided_by=F("proposed_by")), name="premiums_standard_two_people"
            ),
        ]

    @property
    def table(self) -> list[dict[str, Any]]:
        """The rows of a TABLE, lowest band first."""
        return json.loads(self.rates)


class PremiumList(models.Model):
    """The premiums of one member and month, to be confirmed by the member."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ISSUED = "ISSUED", _("With the member")
        DISPUTED = "DISPUTED", _("Disputed")
        AGREED = "AGREED", _("Confirmed by the member")
        BILLED = "BILLED", _("Billed")

    number = models.CharField(max_length=30, unique=True)
    member_code = models.CharField(max_length=20)
    period = models.CharField(max_length=7, help_text=_("YYYY-MM"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was sent to the member"))
    drawn_on = models.DateField()
    issued_on = models.DateField(null=True, blank=True)
    confirm_by = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    tacit = models.BooleanField(default=False, help_text=_("Agreed by silence"))

    class Meta:
        ordering = ["-period", "member_code"]
        constraints = [
            models.UniqueConstraint(fields=["member_code", "period"], name="premiums_list_once"),
            models.CheckConstraint(
                condition=Q(state__in=["AGREED", "BILLED"], agreed_on__isnull=False)
                | Q(state__in=["DRAFT", "ISSUED", "DISPUTED"], agreed_on=None),
                name="premiums_list_agreed",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Bill(models.Model):
    """A bill, or (negative) a credit note to one. EXEMPT and TAXABLE never stand on one bill (domain.md 4.6)."""

    class Kind(models.TextChoices):
        BILL = "BILL", _("Bill")
        CREDIT = "CREDIT", _("Credit note")

    class Status(models.TextChoices):
        ISSUED = "ISSUED", _("Still open")
        OVERDUE = "OVERDUE", _("Overdue")
        SETTLED = "SETTLED", _("Settled")
        CREDITED = "CREDITED", _("Credited")

    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.BILL)
    member_code = models.CharField(max_length=20)
    period = models.CharField(max_length=7, help_text=_("YYYY-MM or YYYY-Qn"))
    vat = models.CharField(max_length=7, choices=Vat.choices)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    premium_fen = models.BigIntegerField(help_text=_("With VAT; negative on a credit note"))
    net_fen = models.BigIntegerField()
    tax_fen = models.BigIntegerField()
    key = models.CharField(max_length=120, unique=True)
    credits = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="credit_notes")
    refund_fen = models.BigIntegerField(default=0, help_text=_("Of a credit note: what has to be paid back"))
    paid_fen = models.BigIntegerField(default=0, help_text=_("Received, or of a credit note paid back"))
    credited_fen = models.BigIntegerField(default=0, help_text=_("Of a bill: taken back by credit notes"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ISSUED)
    issued_on = models.DateField()
    issued_by = models.CharField(max_length=120)
    due_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)
    stopped_on = models.DateField(null=True, blank=True, help_text=_("New cessions are refused since, because of it"))

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="BILL", premium_fen__gt=0, credits=None, refund_fen=0)
                | Q(kind="CREDIT", premium_fen__lt=0, credits__isnull=False, refund_fen__gte=0),
                name="premiums_bill_kind",
            ),
            models.CheckConstraint(condition=Q(premium_fen=F("net_fen") + F("tax_fen")), name="premiums_bill_sum"),
            models.CheckConstraint(condition=Q(vat="TAXABLE") | Q(vat="EXEMPT", tax_fen=0), name="premiums_bill_exempt"),
            models.CheckConstraint(condition=Q(paid_fen__gte=0, credited_fen__gte=0), name="premiums_bill_signs"),
            models.CheckConstraint(
                condition=Q(kind="CREDIT") | Q(credited_fen__lte=F("premium_fen")), name="premiums_bill_credited"
            ),
        ]
        indexes = [models.Index(fields=["member_code", "status"], name="premiums_bill_open")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"premium-bill:{self.pk}"

    @property
    def open_fen(self) -> int:
        """What has still to come (or, of a credit note, to be paid back)."""
        if self.kind == self.Kind.CREDIT:
            return self.refund_fen - self.paid_fen
        refunded = sum(note.refund_fen for note in self.credit_notes.all())
        return self.premium_fen - self.credited_fen - self.paid_fen + refunded


class Item(models.Model):
    """What one filing costs for a stretch of days, and how that was found. Fen; days from `first` to `last`, both counted.

    `base_fen` is the principal at the start (INITIAL_PRINCIPAL) or the average over the days (DAILY_BALANCE); `ceded_fen`
    the part of it that is ceded. `premium_fen` includes what VAT there is.
    """

    class Kind(models.TextChoices):
        COVER = "COVER", _("Whole cover, in advance")
        BALANCE = "BALANCE", _("Daily balance, in arrears")
        CORRECTION = "CORRECTION", _("Correction")

    class Dispute(models.TextChoices):
        NONE = "", _("Not disputed")
        OPEN = "OPEN", _("Disputed")
        EXPLAINED = "EXPLAINED", _("Explained")
        CHANGED = "CHANGED", _("Row changed")

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="premium_items")
    list = models.ForeignKey(PremiumList, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    bill = models.ForeignKey(Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    first = models.DateField()
    last = models.DateField()
    days = models.PositiveIntegerField()
    base_fen = models.BigIntegerField()
    ceded_fen = models.BigIntegerField()
    rate = models.DecimalField(max_digits=9, decimal_places=8)
    day_count = models.CharField(max_length=10)
    premium_fen = models.BigIntegerField()
    fund_fen = models.BigIntegerField(help_text=_("Of the premium: what goes on to the funds"))
    vat = models.CharField(max_length=7, choices=Vat.choices)
    basis = models.TextField(default="{}", help_text=_("What the rate was found by, JSON"))
    dropped = models.BooleanField(default=False, help_text=_("Taken off the list after a dispute: costs nothing"))
    dispute = models.CharField(max_length=10, choices=Dispute.choices, default="", blank=True)
    dispute_text = models.CharField(max_length=500, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing"], condition=Q(kind="COVER"), name="premiums_item_cover_once"
            ),
            models.UniqueConstraint(
                fields=["filing", "first"], condition=Q(kind="BALANCE"), name="premiums_item_balance_once"
            ),
            models.UniqueConstraint(
                fields=["corrects", "list"], condition=Q(kind="CORRECTION"), name="premiums_item_correction_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="CORRECTION", corrects__isnull=False)
                | ~Q(kind="CORRECTION") & Q(corrects=None, premium_fen__gte=0),
                name="premiums_item_kind",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="premiums_item_period"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["filing", "last"], name="premiums_item_filing")]

    @property
    def net_fen(self) -> int:
        """The province's own part: the rest, odd fen included (domain.md 5.4, worked example 9)."""
        return self.premium_fen - self.fund_fen

    @property
    def found_by(self) -> list[dict[str, Any]]:
        """The figures behind the rate: `size_fen`, `table`, `rate`, and where it was reduced `factor`, `by`."""
        return [found for found in json.loads(self.basis) if "rate" in found]

    @property
    def waived_fen(self) -> int:
        """What a dropped correction would have cost."""
        return sum(found.get("waived_fen", 0) for found in json.loads(self.basis))


class Bordereau(models.Model):
    """What a fund gets for a period: the sum of its parts, and the list behind it."""

    party = models.CharField(max_length=40)
    period = models.CharField(max_length=7, help_text=_("YYYY-MM or YYYY-Qn"))
    fen = models.BigIntegerField()
    key = models.CharField(max_length=120, unique=True)
    closed_on = models.DateField()
    closed_by = models.CharField(max_length=120)
    due_on = models.DateField()

    class Meta:
        ordering = ["-period", "party"]
        verbose_name = _("bordereau")
        constraints = [
            models.UniqueConstraint(fields=["party", "period"], name="premiums_bordereau_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="premiums_bordereau_fen"),
        ]

    @property
    def subject(self) -> str:
        return f"bordereau:{self.pk}"


class Part(models.Model):
    """One fund's part of an item (signed on a correction)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="parts")
    party = models.CharField(max_length=40)
    ceded_fen = models.BigIntegerField()
    rate = models.DecimalField(max_digits=9, decimal_places=8)
    fen = models.BigIntegerField()
    bordereau = models.ForeignKey(Bordereau, null=True, blank=True, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "party"], name="premiums_part_once")]


class Subsidy(models.Model):
    """A state subsidy of premiums (保费补贴) that the group claimed for a period, filing by filing."""

    number = models.CharField(max_length=30, unique=True)
    payer = models.CharField(max_length=40, help_text=_("Who grants it, as a counterparty code"))
    payer_name = models.CharField(max_length=200)
    period = models.CharField(max_length=7, help_text=_("YYYY, YYYY-MM or YYYY-Qn"))
    fen = models.BigIntegerField()
    key = models.CharField(max_length=120, unique=True)
    claimed_on = models.DateField()
    claimed_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["payer", "period"], name="premiums_subsidy_once")]

    @property
    def subject(self) -> str:
        return f"subsidy:{self.pk}"


class SubsidyLine(models.Model):
    """What is claimed for one filing."""

    subsidy = models.ForeignKey(Subsidy, on_delete=models.CASCADE, related_name="lines")
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="+")
    premium_fen = models.BigIntegerField(help_text=_("The premium of the period that the subsidy is reckoned on"))
    fen = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["subsidy", "filing"], name="premiums_subsidy_line_once")]
