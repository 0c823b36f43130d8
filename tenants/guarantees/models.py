"""Guarantees of one member: what was promised, drawn, repaid and paid, and the balance it still answers for."""

from __future__ import annotations

import json

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

ENDED = ("COMPENSATED", "RELEASED", "LAPSED", "CANCELLED")


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old), model_name="GuaranteeEvent")
class Guarantee(models.Model):
    """One guarantee of one loan. Every change passes guarantees/services/funnel.py.

    Money, all in fen: drawn = repaid + compensated principal + outstanding, of the whole loan; `balance_fen` is
    the member's own share of the outstanding principal, with the share fixed at issue as guaranteed / loan.
    """

    class State(models.TextChoices):
        ISSUED = "ISSUED", _("Issued")
        PARTLY_DRAWN = "PARTLY_DRAWN", _("Partly drawn")
        IN_FORCE = "IN_FORCE", _("In force")
        OVERDUE = "OVERDUE", _("Overdue")
        COMPENSATED = "COMPENSATED", _("Compensated")
        RELEASED = "RELEASED", _("Released")
        LAPSED = "LAPSED", _("Lapsed")
        CANCELLED = "CANCELLED", _("Cancelled")

    class Amortisation(models.TextChoices):
        MOVEMENTS = "MOVEMENTS", _("By movements")
        STRAIGHT_LINE = "STRAIGHT_LINE", _("Straight line")

    class Coverage(models.TextChoices):
        COVERED = "COVERED", _("Covered")
        PARTLY = "PARTLY", _("Partly covered")
        UNCOVERED = "UNCOVERED", _("Not covered")

    class Filing(models.TextChoices):
        SUBMITTED = "SUBMITTED", _("Filed")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        REVIEWING = "REVIEWING", _("Under review by the group")
        RETURNED = "RETURNED", _("Returned for correction")
        REJECTED = "REJECTED", _("Refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    class Source(models.TextChoices):
        PORTAL = "PORTAL", _("Portal")
        API = "API", _("Bank API")
        IMPORT = "IMPORT", _("Import")

    number = models.CharField(_("Number"), max_length=40, unique=True)
    application = models.OneToOneField(
        "applications.Application",
        verbose_name=_("Application"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="guarantee",
    )
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("Customer"), on_delete=models.PROTECT, related_name="guarantees"
    )
    product = models.ForeignKey(
        "products.Product", verbose_name=_("Product"), on_delete=models.PROTECT, related_name="guarantees"
    )
    bank_code = models.CharField(_("Bank code"), max_length=20, blank=True)
    bank_name = models.CharField(_("Bank"), max_length=200)
    region_code = models.CharField(_("Region"), max_length=12, blank=True)
    industry = models.CharField(_("Industry"), max_length=1, blank=True)
    approved_on = models.DateField(_("Approved on"))
    issued_on = models.DateField(_("Issued on"))
    loan_fen = models.BigIntegerField(_("Loan"))
    guaranteed_fen = models.BigIntegerField(_("Guaranteed amount"))
    term_months = models.PositiveSmallIntegerField(_("Term in months"))
    fee_rate = models.DecimalField(_("Fee rate per year"), max_digits=7, decimal_places=6)
    start_on = models.DateField(_("First drawdown"), null=True, blank=True)
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.ISSUED)
    drawn_fen = models.BigIntegerField(_("Drawn"), default=0)
    repaid_fen = models.BigIntegerField(_("Repaid"), default=0)
    compensated_principal_fen = models.BigIntegerField(_("Compensated principal"), default=0)
    outstanding_fen = models.BigIntegerField(_("Outstanding principal"), default=0)
    balance_fen = models.BigIntegerField(_("Balance in force"), default=0)
    compensation_fen = models.BigIntegerField(_("Compensation paid"), default=0)
    compensated_on = models.DateField(_("Compensated on"), null=True, blank=True)
    overdue_on = models.DateField(_("Overdue since"), null=True, blank=True)
    release_certificate = models.CharField(_("Bank's settlement certificate"), max_length=80, blank=True)
    end_reason = models.CharField(_("Reason of the end"), max_length=300, blank=True)
    amortisation = models.CharField(
        _("Amortisation"), max_length=14, choices=Amortisation.choices, default=Amortisation.MOVEMENTS
    )
    external_ref = models.CharField(_("External reference"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Account manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # the index below leads with it
    )
    department = models.ForeignKey(
        "access.Department",
        verbose_name=_("Department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    source = models.CharField(_("Source"), max_length=8, choices=Source.choices)
    coverage = models.CharField(_("Coverage"), max_length=10, choices=Coverage.choices, default=Coverage.UNCOVERED)
    ceded_fen = models.BigIntegerField(_("Ceded"), default=0)
    coverage_reason_code = models.CharField(_("Reason code"), max_length=40, default="NOT_FILED", blank=True)
    coverage_reason = models.CharField(_("Reason of the coverage"), max_length=500, blank=True)
    filing_status = models.CharField(_("Filing"), max_length=10, choices=Filing.choices, blank=True)
    treaty_code = models.CharField(_("Treaty"), max_length=40, blank=True)
    # What is filed beside the amounts, and what the group said; rows from outside come without them.
    contract_no = models.CharField(_("Loan contract"), max_length=80, blank=True, default="", db_default="")
    loan_rate = models.CharField(_("Interest of the loan per year"), max_length=20, blank=True, default="", db_default="")
    extends = models.ForeignKey(
        "self", verbose_name=_("Extends"), null=True, blank=True, on_delete=models.PROTECT, related_name="extensions"
    )
    filed_on = models.DateField(_("Filed on"), null=True, blank=True)
    filing_batch = models.CharField(_("Bank's list"), max_length=60, blank=True, default="", db_default="")
    filing_defects = models.TextField(_("What must be corrected"), default="[]", db_default="[]")
    filing_reply_no = models.CharField(_("Formal reply"), max_length=40, blank=True, default="", db_default="")
    filing_conditions = models.TextField(_("Conditions"), blank=True, default="", db_default="")
    uncovered_fen = models.BigIntegerField(_("Not covered"), null=True, blank=True)
    line_near = models.BooleanField(_("A limit is near"), default=False, db_default=False)

    class Meta:
        verbose_name = _("guarantee")
        constraints = [
            models.UniqueConstraint(fields=["external_ref"], condition=~Q(external_ref=""), name="guarantees_external_ref"),
            models.CheckConstraint(
                condition=Q(loan_fen__gt=0, guaranteed_fen__gt=0, guaranteed_fen__lte=F("loan_fen"), fee_rate__gte=0),
                name="guarantees_amounts",
            ),
            # domain.md 7.4: disbursed - repaid - compensated principal = what is outstanding, and never below nothing.
            models.CheckConstraint(
                condition=Q(
                    drawn_fen=F("repaid_fen") + F("compensated_principal_fen") + F("outstanding_fen"),
                    drawn_fen__gte=0,
                    drawn_fen__lte=F("loan_fen"),
                    repaid_fen__gte=0,
                    compensated_principal_fen__gte=0,
                    outstanding_fen__gte=0,
                ),
                name="guarantees_principal_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(balance_fen__gte=0, balance_fen__lte=F("guaranteed_fen"), compensation_fen__gte=0),
                name="guarantees_balance_range",
            ),
            models.CheckConstraint(
                condition=Q(ceded_fen__gte=0, ceded_fen__lte=F("loan_fen"))
                & (Q(coverage__in=["COVERED", "PARTLY"], ceded_fen__gt=0) | Q(coverage="UNCOVERED", ceded_fen=0)),
                name="guarantees_coverage",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_on__isnull=False)
                | Q(state__in=["ISSUED", "PARTLY_DRAWN", "IN_FORCE", "OVERDUE"], ended_on__isnull=True),
                name="guarantees_end_of_state",
            ),
            # domain.md 11 rule 27: nothing stays in the balance of a guarantee that has ended.
            models.CheckConstraint(condition=~Q(state__in=ENDED) | Q(balance_fen=0), name="guarantees_ended_is_empty"),
            models.CheckConstraint(
                condition=Q(drawn_fen=0, start_on__isnull=True, due_on__isnull=True)
                | Q(drawn_fen__gt=0, start_on__isnull=False, due_on__isnull=False),
                name="guarantees_start_is_first_drawdown",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["PORTAL", "API", "IMPORT"], amortisation__in=["MOVEMENTS", "STRAIGHT_LINE"]),
                name="guarantees_codes",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="guarantees_by_state"),
            models.Index(fields=["owner", "-id"], name="guarantees_by_owner"),
            models.Index(fields=["department", "-id"], name="guarantees_by_department"),
            models.Index(fields=["bank_code", "-id"], name="guarantees_by_bank"),
            models.Index(fields=["due_on"], condition=Q(ended_on__isnull=True), name="guarantees_open_by_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"guarantee:{self.pk}"

    @property
    def defects(self) -> list[dict[str, str]]:
        """What the group wants corrected: `[{"code", "text"}]`."""
        return json.loads(self.filing_defects)


class Drawdown(models.Model):
    """The bank paid out a part of the loan against an IOU (借据)."""

    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="drawdowns")
    iou_no = models.CharField(_("IOU number"), max_length=80)
    on = models.DateField(_("Date"))
    amount_fen = models.BigIntegerField(_("Amount"))

    class Meta:
        verbose_name = _("drawdown")
        constraints = [
            models.UniqueConstraint(fields=["guarantee", "iou_no"], name="guarantees_drawdown_iou"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="guarantees_drawdown_amount"),
        ]


class FilingList(models.Model):
    """A bank's list (银担总对总) that the member filed at one go: each row has its own result (domain.md 5.6)."""

    batch = models.CharField(_("Number"), max_length=60, unique=True)
    name = models.CharField(_("File"), max_length=200)
    digest = models.CharField(max_length=64)
    on = models.DateField(_("Date"))
    by = models.CharField(_("Filed by"), max_length=120)

    class Meta:
        verbose_name = _("bank's list")
        ordering = ["-id"]


class FilingListRow(models.Model):
    """One row of a list: filed, or why not."""

    list = models.ForeignKey(FilingList, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("Line"))
    text = models.CharField(_("Number in the file"), max_length=200)
    guarantee = models.ForeignKey(Guarantee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("Result"), max_length=30)
    words = models.CharField(_("What to do"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("row of a bank's list")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["list", "line"], name="guarantees_filinglistrow_line")]


class Repayment(models.Model):
    """The borrower repaid principal to the bank."""

    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="repayments")
    reference = models.CharField(_("Reference"), max_length=80)
    on = models.DateField(_("Date"))
    principal_fen = models.BigIntegerField(_("Principal"))

    class Meta:
        verbose_name = _("repayment")
        constraints = [
            models.UniqueConstraint(fields=["guarantee", "reference"], name="guarantees_repayment_reference"),
            models.CheckConstraint(condition=Q(principal_fen__gt=0), name="guarantees_repayment_amount"),
        ]


class Movement(models.Model):
    """Where principal and balance stood at the end of a day on which they moved: the history behind as-of figures.

    `change_fen` is balance minus the balance of the row before, so that a sum over days is a balance.
    """

    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="movements")
    on = models.DateField(_("Date"))
    outstanding_fen = models.BigIntegerField(_("Outstanding principal"))
    balance_fen = models.BigIntegerField(_("Balance in force"))
    change_fen = models.BigIntegerField(_("Change of the day"))

    class Meta:
        verbose_name = _("movement")
        constraints = [
            models.UniqueConstraint(fields=["guarantee", "on"], name="guarantees_one_movement_a_day"),
            models.CheckConstraint(condition=Q(outstanding_fen__gte=0, balance_fen__gte=0), name="guarantees_movement_range"),
        ]
        indexes = [models.Index(fields=["on"], include=["change_fen"], name="guarantees_movement_by_day")]


class ReportingScope(models.Model):
    """Which business the group may see through the published views; exactly one row has no end (design.md 3)."""

    class Scope(models.TextChoices):
        CEDED = "CEDED", _("Ceded business only")
        ALL_BUSINESS = "ALL_BUSINESS", _("All business")

    scope = models.CharField(_("Scope"), max_length=12, choices=Scope.choices)
    agreement = models.CharField(_("Agreement"), max_length=80)
    effective_on = models.DateField(_("Effective on"))
    replaced_on = models.DateField(_("Replaced on"), null=True, blank=True)

    class Meta:
        verbose_name = _("reporting scope")
        constraints = [
            models.UniqueConstraint(
                models.Value(True), condition=Q(replaced_on__isnull=True), name="guarantees_one_scope_in_force"
            ),
            models.CheckConstraint(condition=Q(scope__in=["CEDED", "ALL_BUSINESS"]), name="guarantees_scope"),
        ]


class ReportedGuarantee(models.Model):
    """The published view, read back by the member itself: the very rows and columns that the group sees."""

    number = models.CharField(_("Number"), max_length=40)
    customer_name = models.CharField(_("Customer"), max_length=200)
    product_code = models.CharField(_("Product"), max_length=40)
    bank_name = models.CharField(_("Bank"), max_length=200)
    region_code = models.CharField(_("Region"), max_length=12)
    industry = models.CharField(_("Industry"), max_length=1)
    approved_on = models.DateField(_("Approved on"))
    loan_fen = models.BigIntegerField(_("Loan"))
    guaranteed_fen = models.BigIntegerField(_("Guaranteed amount"))
    term_months = models.PositiveSmallIntegerField(_("Term in months"))
    start_on = models.DateField(_("First drawdown"), null=True)
    due_on = models.DateField(_("Due on"), null=True)
    ended_on = models.DateField(_("Ended on"), null=True)
    state = models.CharField(_("State"), max_length=12, choices=Guarantee.State.choices)
    amortisation = models.CharField(_("Amortisation"), max_length=14, choices=Guarantee.Amortisation.choices)
    balance_fen = models.BigIntegerField(_("Balance in force"))
    drawn_fen = models.BigIntegerField(_("Drawn"))
    compensation_fen = models.BigIntegerField(_("Compensation paid"))
    compensated_on = models.DateField(_("Compensated on"), null=True)
    ceded_fen = models.BigIntegerField(_("Ceded"))
    coverage = models.CharField(_("Coverage"), max_length=10, choices=Guarantee.Coverage.choices)

    class Meta:
        managed = False
        db_table = "reported_guarantees"
