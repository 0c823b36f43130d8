import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("customers", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("products", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Introducer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="Name")),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="Unified social credit code")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="Contact")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telephone")),
                ("agreement_no", models.CharField(blank=True, max_length=60, verbose_name="Agreement")),
                ("agreed_to", models.DateField(blank=True, null=True, verbose_name="Agreement ends")),
                ("is_active", models.BooleanField(default=True, verbose_name="Open for new applications")),
            ],
            options={
                "verbose_name": "introducer",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("OWN_STAFF", "Own staff"),
                            ("BANK", "Bank"),
                            ("GOVERNMENT", "Government platform"),
                            ("PROMOTER", "Promotion organisation"),
                            ("ONLINE", "Online"),
                            ("OTHER", "Other"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("bank_code", models.CharField(blank=True, max_length=20, verbose_name="Bank")),
                ("is_active", models.BooleanField(default=True, verbose_name="Open for new applications")),
            ],
            options={
                "verbose_name": "channel",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("bank_code", ""), _negated=True),
                        fields=("bank_code",),
                        name="applications_channel_of_bank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "BANK"), models.Q(("bank_code", ""), _negated=True)),
                            models.Q(("bank_code", ""), ("kind__in", ["OWN_STAFF", "GOVERNMENT", "PROMOTER", "ONLINE", "OTHER"])),
                            _connector="OR",
                        ),
                        name="applications_channel_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="Number")),
                ("bank_code", models.CharField(max_length=20, verbose_name="Bank code")),
                ("bank_name", models.CharField(max_length=200, verbose_name="Bank")),
                (
                    "bank_grade",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=1, verbose_name="Group's grade of the bank"
                    ),
                ),
                (
                    "bank_below_minimum",
                    models.BooleanField(db_default=False, default=False, verbose_name="Bank's grade is too low"),
                ),
                ("bank_reference", models.CharField(blank=True, max_length=80, null=True, verbose_name="Bank's reference")),
                ("amount_fen", models.BigIntegerField(verbose_name="Loan amount")),
                ("guaranteed_fen", models.BigIntegerField(verbose_name="Guaranteed amount")),
                ("approved_fen", models.BigIntegerField(blank=True, null=True, verbose_name="Approved loan amount")),
                ("term_months", models.PositiveSmallIntegerField(verbose_name="Term in months")),
                ("purpose", models.CharField(max_length=300, verbose_name="Purpose")),
                ("fee_rate", models.DecimalField(decimal_places=6, max_digits=7, verbose_name="Fee rate per year")),
                (
                    "source",
                    models.CharField(
                        choices=[("PORTAL", "Portal"), ("API", "Bank API"), ("IMPORT", "Import")],
                        max_length=8,
                        verbose_name="Source",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("SUBMITTED", "Submitted"),
                            ("IN_REVIEW", "In review"),
                            ("RETURNED", "Returned"),
                            ("APPROVED", "Approved"),
                            ("REJECTED", "Rejected"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("ISSUED", "Guarantee issued"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="Reason")),
                ("created_on", models.DateField(verbose_name="Created on")),
                ("submitted_on", models.DateField(blank=True, null=True, verbose_name="Submitted on")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="Decided on")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Who wrote it or took it up; may neither approve nor issue it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Author",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.department",
                        verbose_name="Department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Account manager",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="products.product",
                        verbose_name="Product",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="applications.channel",
                        verbose_name="Channel",
                    ),
                ),
                (
                    "introducer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="applications.introducer",
                        verbose_name="Introducer",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
            },
        ),
        migrations.CreateModel(
            name="ApplicationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(max_length=40, verbose_name="Number")),
                ("bank_code", models.CharField(max_length=20, verbose_name="Bank code")),
                ("bank_name", models.CharField(max_length=200, verbose_name="Bank")),
                (
                    "bank_grade",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=1, verbose_name="Group's grade of the bank"
                    ),
                ),
                (
                    "bank_below_minimum",
                    models.BooleanField(db_default=False, default=False, verbose_name="Bank's grade is too low"),
                ),
                ("bank_reference", models.CharField(blank=True, max_length=80, null=True, verbose_name="Bank's reference")),
                ("amount_fen", models.BigIntegerField(verbose_name="Loan amount")),
                ("guaranteed_fen", models.BigIntegerField(verbose_name="Guaranteed amount")),
                ("approved_fen", models.BigIntegerField(blank=True, null=True, verbose_name="Approved loan amount")),
                ("term_months", models.PositiveSmallIntegerField(verbose_name="Term in months")),
                ("purpose", models.CharField(max_length=300, verbose_name="Purpose")),
                ("fee_rate", models.DecimalField(decimal_places=6, max_digits=7, verbose_name="Fee rate per year")),
                (
                    "source",
                    models.CharField(
                        choices=[("PORTAL", "Portal"), ("API", "Bank API"), ("IMPORT", "Import")],
                        max_length=8,
                        verbose_name="Source",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("SUBMITTED", "Submitted"),
                            ("IN_REVIEW", "In review"),
                            ("RETURNED", "Returned"),
                            ("APPROVED", "Approved"),
                            ("REJECTED", "Rejected"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("ISSUED", "Guarantee issued"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="Reason")),
                ("created_on", models.DateField(verbose_name="Created on")),
                ("submitted_on", models.DateField(blank=True, null=True, verbose_name="Submitted on")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="Decided on")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Who wrote it or took it up; may neither approve nor issue it",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Author",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="access.department",
                        verbose_name="Department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Account manager",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="applications.application",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.product",
                        verbose_name="Product",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="applications.channel",
                        verbose_name="Channel",
                    ),
                ),
                (
                    "introducer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="applications.introducer",
                        verbose_name="Introducer",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["state", "-id"], name="applications_by_state"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["owner", "-id"], name="applications_by_owner"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["department", "-id"], name="applications_by_department"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["bank_code", "-id"], name="applications_by_bank"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["channel", "-id"], name="applications_by_channel"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(fields=("bank_code", "bank_reference"), name="applications_bank_reference"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_fen__gt", 0),
                    ("fee_rate__gte", 0),
                    ("guaranteed_fen__gt", 0),
                    ("guaranteed_fen__lte", models.F("amount_fen")),
                    ("term_months__gt", 0),
                ),
                name="applications_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_fen__isnull", True),
                    models.Q(("approved_fen__gt", 0), ("approved_fen__lte", models.F("amount_fen"))),
                    _connector="OR",
                ),
                name="applications_approved_within_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["APPROVED", "ISSUED"]), _negated=True),
                    models.Q(("approved_fen__isnull", False), ("decided_on__isnull", False)),
                    _connector="OR",
                ),
                name="applications_approved_has_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["DRAFT", "SUBMITTED", "IN_REVIEW", "RETURNED", "APPROVED", "REJECTED", "WITHDRAWN", "ISSUED"])
                ),
                name="applications_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["PORTAL", "API", "IMPORT"])), name="applications_source"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "applications_applicationevent" ("amount_fen", "approved_fen", "author_id", "bank_below_minimum", "bank_code", "bank_grade", "bank_name", "bank_reference", "channel_id", "created_on", "customer_id", "decided_on", "department_id", "fee_rate", "guaranteed_fen", "id", "introducer_id", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "purpose", "reason", "source", "state", "submitted_on", "term_months") VALUES (OLD."amount_fen", OLD."approved_fen", OLD."author_id", OLD."bank_below_minimum", OLD."bank_code", OLD."bank_grade", OLD."bank_name", OLD."bank_reference", OLD."channel_id", OLD."created_on", OLD."customer_id", OLD."decided_on", OLD."department_id", OLD."fee_rate", OLD."guaranteed_fen", OLD."id", OLD."introducer_id", OLD."number", OLD."owner_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."product_id", OLD."purpose", OLD."reason", OLD."source", OLD."state", OLD."submitted_on", OLD."term_months"); RETURN NULL;',
                    hash="8ab20e5f22ba1d1d6d5476fe32bffa3324f77f41",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f714e",
                    table="applications_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "applications_applicationevent" ("amount_fen", "approved_fen", "author_id", "bank_below_minimum", "bank_code", "bank_grade", "bank_name", "bank_reference", "channel_id", "created_on", "customer_id", "decided_on", "department_id", "fee_rate", "guaranteed_fen", "id", "introducer_id", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "purpose", "reason", "source", "state", "submitted_on", "term_months") VALUES (OLD."amount_fen", OLD."approved_fen", OLD."author_id", OLD."bank_below_minimum", OLD."bank_code", OLD."bank_grade", OLD."bank_name", OLD."bank_reference", OLD."channel_id", OLD."created_on", OLD."customer_id", OLD."decided_on", OLD."department_id", OLD."fee_rate", OLD."guaranteed_fen", OLD."id", OLD."introducer_id", OLD."number", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."purpose", OLD."reason", OLD."source", OLD."state", OLD."submitted_on", OLD."term_months"); RETURN NULL;',
                    hash="bd8e35679e629b61cbdfeb1831dc639802fae98d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9016e",
                    table="applications_application",
                    when="AFTER",
                ),
            ),
        ),
    ]
