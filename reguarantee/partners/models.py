"""The group's file of every institution it works with: members and banks (domain.md 5.10, 7.7).

`Partner` holds what is known today; `PartnerChange` every change with who, when and why (append-only, a trigger keeps
it); `Stop` what a member may not do for now. A stop names a member by code, so it also holds for a member whose house was
opened without an admission case.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LISTS: dict[str, tuple[str, ...]] = {
    "shareholders": ("name", "share"),
    "management": ("name", "post", "phone"),
    "staff": ("department", "count"),
    "contacts": ("name", "post", "phone", "email"),
    "bank_accounts": ("bank", "account_name", "account_no"),
    "capital": ("source", "giver", "fen"),
}
"""List → the keys of its rows. All values are texts: `share` a decimal per 1, `count` and `fen` whole numbers, `source` a
code of CapitalSource."""

EVERY_MEMBER = "*"
"""A stop of all members: of a bank whose grade is too low."""


class Kind(models.TextChoices):
    MEMBER = "MEMBER", _("Guarantee company")
    BANK = "BANK", _("Bank")


class Status(models.TextChoices):
    CANDIDATE = "CANDIDATE", _("Candidate")
    ADMITTED = "ADMITTED", _("Admitted")
    ACTIVE = "ACTIVE", _("Active")
    WATCH = "WATCH", _("On watch")
    SUSPENDED = "SUSPENDED", _("Cooperation suspended")
    EXITED = "EXITED", _("Exited")


class CapitalSource(models.TextChoices):
    """Where the capital comes from (AGR-13)."""

    LOCAL_FINANCE = "LOCAL_FINANCE", _("Local public finance")
    STATE_OWNED = "STATE_OWNED", _("State-owned enterprise")
    DEPARTMENT = "DEPARTMENT", _("Industry department")
    PRIVATE = "PRIVATE", _("Private capital")
    MIXED = "MIXED", _("Mixed")


PUBLIC_SOURCES = (CapitalSource.LOCAL_FINANCE.value, CapitalSource.DEPARTMENT.value)
"""Public money: what local finance and departments brought (AGR-13)."""


class Category(models.TextChoices):
    """What a guarantee company was founded for (BUS-65, BUS-66); the codes are those of filings and products."""

    AGRICULTURE = "AGRICULTURE", _("Agricultural-credit guarantee company")
    SME = "SME", _("Guarantee company for small and medium enterprises")


class Grade(models.TextChoices):
    """A = 优秀, B = 良好, C = 合格, D = 不合格 (domain.md 5.10.2)."""

    A = "A", _("A · excellent")
    B = "B", _("B · good")
    C = "C", _("C · sufficient")
    D = "D", _("D · insufficient")


class Partner(models.Model):
    """One institution. Amounts in fen. The lists are JSON rows whose keys `LISTS` names."""

    code = models.CharField(max_length=20, unique=True, help_text=_("Code of the member's house or of the bank"))
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CANDIDATE)
    status_since = models.DateField()
    status_reason = models.CharField(max_length=500, blank=True)
    grade = models.CharField(max_length=1, choices=Grade.choices, blank=True)
    graded_on = models.DateField(null=True, blank=True)
    next_evaluation_on = models.DateField(null=True, blank=True)

    uscc = models.CharField(max_length=18, blank=True)
    is_policy = models.BooleanField(default=False, help_text=_("Policy institution: not for profit (AGR-14)"))
    category = models.CharField(max_length=12, choices=Category.choices, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=300, blank=True)
    established_on = models.DateField(null=True, blank=True)
    legal_rep = models.CharField(max_length=60, blank=True)
    licence_no = models.CharField(max_length=80, blank=True)
    licence_issuer = models.CharField(max_length=120, blank=True)
    licence_valid_to = models.DateField(null=True, blank=True)
    registered_capital_fen = models.BigIntegerField(null=True, blank=True)
    paid_in_capital_fen = models.BigIntegerField(null=True, blank=True)
    capital_source = models.CharField(max_length=20, choices=CapitalSource.choices, blank=True)
    shareholders = models.JSONField(default=list, blank=True)
    management = models.JSONField(default=list, blank=True)
    staff = models.JSONField(default=list, blank=True)
    contacts = models.JSONField(default=list, blank=True)
    bank_accounts = models.JSONField(default=list, blank=True)
    capital = models.JSONField(default=list, blank=True, help_text=_("Paid-in capital by its source (AGR-13)"))

    class Meta:
        ordering = ["kind", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["MEMBER", "BANK"]), name="partners_partner_kind"),
            models.CheckConstraint(
                condition=Q(category="") | Q(kind="MEMBER", category__in=["AGRICULTURE", "SME"]), name="partners_partner_category"
            ),
            models.CheckConstraint(
                condition=(Q(registered_capital_fen=None) | Q(registered_capital_fen__gte=0))
                & (Q(paid_in_capital_fen=None) | Q(paid_in_capital_fen__gte=0)),
                name="partners_partner_capital",
            ),
            models.CheckConstraint(
                condition=Q(grade="", graded_on=None) | (~Q(grade="") & Q(graded_on__isnull=False)),
                name="partners_partner_graded",
            ),
            models.UniqueConstraint(fields=["kind", "uscc"], condition=~Q(uscc=""), name="partners_partner_uscc_once"),
        ]
        indexes = [
            models.Index(fields=["licence_valid_to"], condition=Q(licence_valid_to__isnull=False), name="partners_licence_end"),
            models.Index(fields=["next_evaluation_on"], name="partners_next_evaluation"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def subject(self) -> str:
        return f"partner:{self.pk}"

    @property
    def capital_parts(self) -> dict[str, int]:
        """Paid-in capital by source, fen; what no row names stands under "". A single source of the file brought it all."""
        paid_in = self.paid_in_capital_fen or 0
        if not self.capital and self.capital_source not in ("", CapitalSource.MIXED):
            return {self.capital_source: paid_in} if paid_in else {}
        parts: dict[str, int] = {}
        for row in self.capital:
            parts[row["source"]] = parts.get(row["source"], 0) + int(row["fen"])
        unnamed = paid_in - sum(parts.values())
        return parts | ({"": unnamed} if unnamed > 0 else {})

    @property
    def public_capital_fen(self) -> int:
        """The part of the paid-in capital that is public money."""
        return sum(fen for source, fen in self.capital_parts.items() if source in PUBLIC_SOURCES)


class Branch(models.Model):
    """A branch of a bank with which the cooperation runs: whom to call, up to how much, on which deposit (PAR-29).

    `line_fen` is the line of loans under guarantee agreed for it, fen; `deposit_ratio` the deposit that a guarantor keeps
    there, per 1 of what it guarantees (domain.md 3.4). It holds from `valid_from` to `valid_to`, both included.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="branches")
    name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    line_fen = models.BigIntegerField(null=True, blank=True)
    deposit_ratio = models.DecimalField(max_digits=7, decimal_places=6, default=0)
    deposit_terms = models.CharField(max_length=500, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["partner_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "name"], name="partners_branch_once"),
            models.CheckConstraint(
                condition=(Q(line_fen=None) | Q(line_fen__gte=0)) & Q(deposit_ratio__gte=0, deposit_ratio__lte=1),
                name="partners_branch_terms",
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="partners_branch_days"),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerChange(models.Model):
    """One change of a partner: its status, its grade, its file or a branch of it. Never altered (PAR-03)."""

    class What(models.TextChoices):
        STATUS = "STATUS", _("Status")
        GRADE = "GRADE", _("Grade")
        FILE = "FILE", _("File")
        BRANCH = "BRANCH", _("Branch")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=10, choices=What.choices)
    changes = models.JSONField(help_text='Field → {"from", "to"}')
    reason = models.CharField(max_length=500, blank=True)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-id"]


class Stop(models.Model):
    """New cessions of a member are refused, of all its business or of one product, bank or treaty. Cover that stands stays.

    `sentence` is an English message id with named places, `facts` fills them.
    """

    class Reason(models.TextChoices):
        SUSPENDED = "SUSPENDED", _("Cooperation suspended")
        PREMIUM_ARREARS = "PREMIUM_ARREARS", _("Premium unpaid")
        FUSE = "FUSE", _("Claim rate at its limit")
        GRADE = "GRADE", _("Grade too low")

    member_code = models.CharField(max_length=20, help_text=_("A member, or * for all"))
    reason_code = models.CharField(max_length=20, choices=Reason.choices)
    product = models.CharField(max_length=40, blank=True)
    bank = models.CharField(max_length=40, blank=True)
    treaty = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=300)
    facts = models.JSONField(default=dict, blank=True)
    since = models.DateField()
    by = models.CharField(max_length=120)
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member_code", "reason_code", "product", "bank", "treaty"],
                condition=Q(lifted_on=None),
                name="partners_stop_open_once",
            ),
        ]
        indexes = [models.Index(fields=["member_code"], condition=Q(lifted_on=None), name="partners_stop_open")]
