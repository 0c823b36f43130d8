"""Imports of one institution: which file, with what outcome, and which rows it brought."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.intake.refusals import SENTENCES


class ImportBatch(models.Model):
    """One file on its way into this house. `rows` = accepted + unchanged + rejected."""

    class State(models.TextChoices):
        CHECKED = "CHECKED", _("Checked")
        DONE = "DONE", _("Imported")
        CANCELLED = "CANCELLED", _("Cancelled")
        UNDONE = "UNDONE", _("Undone")

    target = models.CharField(_("Target"), max_length=40)
    mapping = models.CharField(_("Mapping"), max_length=40)
    file_name = models.CharField(_("File"), max_length=200)
    sha256 = models.CharField(max_length=64)
    document_id = models.UUIDField(null=True)
    as_of = models.DateField(_("As of"))
    state = models.CharField(_("State"), max_length=10, choices=State.choices)
    rows = models.PositiveIntegerField(_("Rows in the file"), default=0)
    accepted = models.PositiveIntegerField(_("Rows accepted"), default=0)
    unchanged = models.PositiveIntegerField(_("Rows unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("Rows rejected"), default=0)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(_("By"), max_length=120)
    on = models.DateField(_("Date"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("import")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rows=models.F("accepted") + models.F("unchanged") + models.F("rejected")),
                name="intake_every_row_counted",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["CHECKED", "DONE", "CANCELLED", "UNDONE"]), name="intake_batch_state"
            ),
        ]

    @property
    def subject(self) -> str:
        return f"import:{self.pk}"


class ImportReject(models.Model):
    """One row that a file brought and this house did not take."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField(_("Line"))
    column = models.CharField(_("Column"), max_length=200, blank=True)
    code = models.CharField(_("Code"), max_length=40)
    facts = models.JSONField(default=dict)
    cells = models.JSONField(default=list)

    class Meta:
        verbose_name = _("rejected row")
        ordering = ["line", "id"]

    @property
    def reason(self) -> str:
        """What is wrong and what to do, in the reader's language."""
        return gettext(SENTENCES[self.code]) % self.facts


class Landed(models.Model):
    """Which row of which table a batch brought, and the digest of what the file said about it.

    The link to the batch is neither a foreign key of the database nor indexed: both would be paid by every row of every
    import, only kernel.intake writes here, and only an undo looks for a batch.
    """

    pk = models.CompositePrimaryKey("kind", "row_id")
    kind = models.CharField(max_length=20)
    row_id = models.BigIntegerField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    digest = models.UUIDField(null=True)
