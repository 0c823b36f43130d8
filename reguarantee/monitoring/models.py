"""The group's own picture of its members' books: narrow facts, totals by dimension, and how fresh they are.

Nothing here is entered by hand. The projector (projector.py) is the only writer; it copies what the members' published
views show (design.md 3). Member and bank names stand in small tables so that a fact stays narrow.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Member(models.Model):
    """A member whose views are read; the id is the institution's. Copied from the registry by the projector."""

    id = models.SmallIntegerField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=12, blank=True)
    schema_name = models.CharField(max_length=63, unique=True)
    trouble = models.TextField(blank=True, help_text=_("Why its views could not be read at the last try"))
    trouble_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Bank(models.Model):
    """A bank as members name it."""

    name = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """One reported guarantee as it stands now; what it was on another day follows from its dates and movements."""

    pk = models.CompositePrimaryKey("institution_id", "guarantee_id")
    institution_id = models.SmallIntegerField()
    guarantee_id = models.BigIntegerField()
    number = models.TextField()
    customer_name = models.TextField()
    product_code = models.TextField()
    bank_id = models.IntegerField()
    region_code = models.TextField()
    industry = models.TextField(help_text=_("GB/T 4754 section"))
    approved_on = models.DateField()
    approved_month = models.IntegerField(help_text=_("YYYYMM"))
    loan_fen = models.BigIntegerField()
    guaranteed_fen = models.BigIntegerField()
    term_months = models.SmallIntegerField()
    start_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    state = models.TextField()
    released = models.BooleanField()
    compensated = models.BooleanField()
    compensated_on = models.DateField(null=True)
    compensation_fen = models.BigIntegerField()
    amortisation = models.CharField(max_length=1, help_text=_("S straight line, M by movements"))
    drawn_fen = models.BigIntegerField()
    balance_fen = models.BigIntegerField(help_text=_("As the member reports it now"))
    last_moved_on = models.DateField(null=True)
    coverage = models.TextField()
    ceded_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amortisation__in=["S", "M"]), name="monitoring_fact_amortisation"),
        ]
        # The order of the drill-down list; every other filter is answered by a scan of a narrow table.
        indexes = [models.Index(fields=["approved_on", "institution_id", "guarantee_id"], name="monitoring_fact_listed")]

    def __str__(self) -> str:
        return self.number


class FactMovement(models.Model):
    """The balance of a guarantee after a day on which it moved."""

    pk = models.CompositePrimaryKey("institution_id", "guarantee_id", "on")
    institution_id = models.SmallIntegerField()
    guarantee_id = models.BigIntegerField()
    on = models.DateField()
    balance_fen = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.institution_id}:{self.guarantee_id} {self.on}"


class Standing(models.Model):
    """What of a set of guarantees is in force on one day. Money in fen."""

    in_force_count = models.BigIntegerField(default=0)
    in_force_loan_fen = models.BigIntegerField(default=0)
    in_force_guaranteed_fen = models.BigIntegerField(default=0)
    in_force_balance_fen = models.BigIntegerField(default=0)
    in_force_ceded_fen = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class Marginal(Standing):
    """Totals of all guarantees that share one key of one dimension: a page reads a few hundred rows, not a million.

    Cumulative columns hold whenever they are read; the in-force columns are those of `as_of`. It is the day in
    `MarginalDay` in every row: a reader asks one table, which costs a page a third less than asking two.
    """

    class Dimension(models.TextChoices):
        TOTAL = "TOTAL", _("Total")
        MEMBER = "MEMBER", _("Member")
        BANK = "BANK", _("Bank")
        INDUSTRY = "INDUSTRY", _("Industry")
        REGION = "REGION", _("Region")
        MONTH = "MONTH", _("Month of approval")
        COVERAGE = "COVERAGE", _("Coverage")

    pk = models.CompositePrimaryKey("dimension", "key")
    dimension = models.CharField(max_length=8, choices=Dimension.choices)
    key = models.TextField()
    as_of = models.DateField()
    count = models.BigIntegerField()
    loan_fen = models.BigIntegerField()
    guaranteed_fen = models.BigIntegerField()
    released_count = models.BigIntegerField()
    compensated_count = models.BigIntegerField()
    compensation_fen = models.BigIntegerField()
    ceded_fen = models.BigIntegerField()
    ended_fen = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.dimension} {self.key}"


class MarginalDay(models.Model):
    """The one day for which the in-force columns of the marginals hold; one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    as_of = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="monitoring_one_marginal_day")]

    def __str__(self) -> str:
        return str(self.as_of)


class MonthEnd(Standing):
    """The whole book on the last day of a past month; kept by the projector as late reports change the past."""

    as_of = models.DateField(primary_key=True)

    def __str__(self) -> str:
        return str(self.as_of)


class Backlog(models.Model):
    """Keys still to be read again in bulk (a resync, another reporting scope); guarantee 0 means all of a member."""

    pk = models.CompositePrimaryKey("institution_id", "guarantee_id")
    institution_id = models.SmallIntegerField()
    guarantee_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.institution_id}:{self.guarantee_id}"


class Run(models.Model):
    """The latest run of each step."""

    class Step(models.TextChoices):
        PROJECT = "PROJECT", _("Projection")
        ROLL = "ROLL", _("Roll to a new day")
        COMPARE = "COMPARE", _("Comparison")

    step = models.CharField(primary_key=True, max_length=8, choices=Step.choices)
    at = models.DateTimeField()
    seconds = models.DecimalField(max_digits=10, decimal_places=3)
    guarantees = models.BigIntegerField(default=0, help_text=_("Read again, or compared"))
    staleness_ms = models.BigIntegerField(default=0, help_text=_("Age of the oldest change when it became visible"))
    trouble = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.step} {self.at}"


class Comparison(models.Model):
    """One comparison of all members' published views with the facts and marginals."""

    at = models.DateTimeField()
    as_of = models.DateField()
    seconds = models.DecimalField(max_digits=10, decimal_places=3)
    members = models.IntegerField()
    guarantees = models.BigIntegerField()
    waiting = models.BigIntegerField(help_text=_("Guarantees left out because a change to them was not projected yet"))
    breaks = models.BigIntegerField()
    trouble = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="monitoring_comparison_latest")]

    def __str__(self) -> str:
        return f"{self.at}: {self.breaks}"


class Break(models.Model):
    """A row that differs: a fact, a movement or a marginal."""

    class Where(models.TextChoices):
        FACT = "FACT", _("Guarantee")
        MOVEMENT = "MOVEMENT", _("Movement")
        MARGINAL = "MARGINAL", _("Total")
        MONTH_END = "MONTH_END", _("Month end")

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="rows")
    where = models.CharField(max_length=9, choices=Where.choices)
    member_code = models.CharField(max_length=20, blank=True)
    guarantee_id = models.BigIntegerField(null=True)
    key = models.TextField(help_text=_("The guarantee's number, the movement's day, or the marginal's key"))
    field = models.TextField(help_text=_("The first column that differs; empty when the whole row is missing"))
    truth = models.TextField(blank=True)
    held = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.where} {self.member_code} {self.key} {self.field}"


class Cover(models.Model):
    """A row of the view monitoring_coverage: the cover of one guarantee from `since` up to, not including, `until`."""

    pk = models.CompositePrimaryKey("member_code", "guarantee_id", "since")
    member_code = models.TextField()
    guarantee_id = models.BigIntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    filing_id = models.BigIntegerField(null=True)
    number = models.TextField()
    customer_name = models.TextField()
    bank_name = models.TextField()
    product_code = models.TextField()
    region_code = models.TextField()
    industry = models.TextField()
    approved_on = models.DateField()
    due_on = models.DateField(null=True)
    state = models.TextField()
    status = models.TextField()
    coverage = models.TextField()
    reason_code = models.TextField()
    guaranteed_fen = models.BigIntegerField()
    covered_fen = models.BigIntegerField()
    uncovered_fen = models.BigIntegerField()
    ceded_fen = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "monitoring_coverage"

    def __str__(self) -> str:
        return f"{self.member_code} {self.number}"
