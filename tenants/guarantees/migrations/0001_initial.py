import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("applications", "0001_initial"),
        ("customers", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("products", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportedGuarantee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="Number")),
                ("customer_name", models.CharField(max_length=200, verbose_name="Customer")),
                ("product_code", models.CharField(max_length=40, verbose_name="Product")),
                ("bank_name", models.CharField(max_length=200, verbose_name="Bank")),
                ("region_code", models.CharField(max_length=12, verbose_name="Region")),
                ("industry", models.CharField(max_length=1, verbose_name="Industry")),
                ("approved_on", models.DateField(verbose_name="Approved on")),
                ("loan_fen", models.BigIntegerField(verbose_name="Loan")),
                ("guaranteed_fen", models.BigIntegerField(verbose_name="Guaranteed amount")),
                ("term_months", models.PositiveSmallIntegerField(verbose_name="Term in months")),
                ("start_on", models.DateField(null=True, verbose_name="First drawdown")),
                ("due_on", models.DateField(null=True, verbose_name="Due on")),
                ("ended_on", models.DateField(null=True, verbose_name="Ended on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ISSUED", "Issued"),
                            ("PARTLY_DRAWN", "Partly drawn"),
                            ("IN_FORCE", "In force"),
                            ("OVERDUE", "Overdue"),
                            ("COMPENSATED", "Compensated"),
                            ("RELEASED", "Released"),
                            ("LAPSED", "Lapsed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                (
                    "amortisation",
                    models.CharField(
                        choices=[("MOVEMENTS", "By movements"), ("STRAIGHT_LINE", "Straight line")],
                        max_length=14,
                        verbose_name="Amortisation",
                    ),
                ),
                ("balance_fen", models.BigIntegerField(verbose_name="Balance in force")),
                ("drawn_fen", models.BigIntegerField(verbose_name="Drawn")),
                ("compensation_fen", models.BigIntegerField(verbose_name="Compensation paid")),
                ("compensated_on", models.DateField(null=True, verbose_name="Compensated on")),
                ("ceded_fen", models.BigIntegerField(verbose_name="Ceded")),
                (
                    "coverage",
                    models.CharField(
                        choices=[("COVERED", "Covered"), ("PARTLY", "Partly covered"), ("UNCOVERED", "Not covered")],
                        max_length=10,
                        verbose_name="Coverage",
                    ),
                ),
            ],
            options={
                "db_table": "reported_guarantees",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="FilingList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", models.CharField(max_length=60, unique=True, verbose_name="Number")),
                ("name", models.CharField(max_length=200, verbose_name="File")),
                ("digest", models.CharField(max_length=64)),
                ("on", models.DateField(verbose_name="Date")),
                ("by", models.CharField(max_length=120, verbose_name="Filed by")),
            ],
            options={
                "verbose_name": "bank's list",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Guarantee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="Number")),
                ("bank_code", models.CharField(blank=True, max_length=20, verbose_name="Bank code")),
                ("bank_name", models.CharField(max_length=200, verbose_name="Bank")),
                ("region_code", models.CharField(blank=True, max_length=12, verbose_name="Region")),
                ("industry", models.CharField(blank=True, max_length=1, verbose_name="Industry")),
                ("approved_on", models.DateField(verbose_name="Approved on")),
                ("issued_on", models.DateField(verbose_name="Issued on")),
                ("loan_fen", models.BigIntegerField(verbose_name="Loan")),
                ("guaranteed_fen", models.BigIntegerField(verbose_name="Guaranteed amount")),
                ("term_months", models.PositiveSmallIntegerField(verbose_name="Term in months")),
                ("fee_rate", models.DecimalField(decimal_places=6, max_digits=7, verbose_name="Fee rate per year")),
                ("start_on", models.DateField(blank=True, null=True, verbose_name="First drawdown")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="Due on")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="Ended on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ISSUED", "Issued"),
                            ("PARTLY_DRAWN", "Partly drawn"),
                            ("IN_FORCE", "In force"),
                            ("OVERDUE", "Overdue"),
                            ("COMPENSATED", "Compensated"),
                            ("RELEASED", "Released"),
                            ("LAPSED", "Lapsed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="ISSUED",
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                ("drawn_fen", models.BigIntegerField(default=0, verbose_name="Drawn")),
                ("repaid_fen", models.BigIntegerField(default=0, verbose_name="Repaid")),
                ("compensated_principal_fen", models.BigIntegerField(default=0, verbose_name="Compensated principal")),
                ("outstanding_fen", models.BigIntegerField(default=0, verbose_name="Outstanding principal")),
                ("balance_fen", models.BigIntegerField(default=0, verbose_name="Balance in force")),
                ("compensation_fen", models.BigIntegerField(default=0, verbose_name="Compensation paid")),
                ("compensated_on", models.DateField(blank=True, null=True, verbose_name="Compensated on")),
                ("overdue_on", models.DateField(blank=True, null=True, verbose_name="Overdue since")),
                (
                    "release_certificate",
                    models.CharField(blank=True, max_length=80, verbose_name="Bank's settlement certificate"),
                ),
                ("end_reason", models.CharField(blank=True, max_length=300, verbose_name="Reason of the end")),
                (
                    "amortisation",
                    models.CharField(
                        choices=[("MOVEMENTS", "By movements"), ("STRAIGHT_LINE", "Straight line")],
                        default="MOVEMENTS",
                        max_length=14,
                        verbose_name="Amortisation",
                    ),
                ),
                ("external_ref", models.CharField(blank=True, max_length=80, verbose_name="External reference")),
                (
                    "source",
                    models.CharField(
                        choices=[("PORTAL", "Portal"), ("API", "Bank API"), ("IMPORT", "Import")],
                        max_length=8,
                        verbose_name="Source",
                    ),
                ),
                (
                    "coverage",
                    models.CharField(
                        choices=[("COVERED", "Covered"), ("PARTLY", "Partly covered"), ("UNCOVERED", "Not covered")],
                        default="UNCOVERED",
                        max_length=10,
                        verbose_name="Coverage",
                    ),
                ),
                ("ceded_fen", models.BigIntegerField(default=0, verbose_name="Ceded")),
                (
                    "coverage_reason_code",
                    models.CharField(blank=True, default="NOT_FILED", max_length=40, verbose_name="Reason code"),
                ),
                ("coverage_reason", models.CharField(blank=True, max_length=500, verbose_name="Reason of the coverage")),
                (
                    "filing_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SUBMITTED", "Filed"),
                            ("CONFIRMED", "Confirmed"),
                            ("REVIEWING", "Under review by the group"),
                            ("RETURNED", "Returned for correction"),
                            ("REJECTED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="Filing",
                    ),
                ),
                ("treaty_code", models.CharField(blank=True, max_length=40, verbose_name="Treaty")),
                (
                    "contract_no",
                    models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="Loan contract"),
                ),
                (
                    "loan_rate",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=20, verbose_name="Interest of the loan per year"
                    ),
                ),
                ("filed_on", models.DateField(blank=True, null=True, verbose_name="Filed on")),
                (
                    "filing_batch",
                    models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="Bank's list"),
                ),
                ("filing_defects", models.TextField(db_default="[]", default="[]", verbose_name="What must be corrected")),
                (
                    "filing_reply_no",
                    models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="Formal reply"),
                ),
                ("filing_conditions", models.TextField(blank=True, db_default="", default="", verbose_name="Conditions")),
                ("uncovered_fen", models.BigIntegerField(blank=True, null=True, verbose_name="Not covered")),
                ("line_near", models.BooleanField(db_default=False, default=False, verbose_name="A limit is near")),
                (
                    "application",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guarantee",
                        to="applications.application",
                        verbose_name="Application",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guarantees",
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
                    "extends",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="guarantees.guarantee",
                        verbose_name="Extends",
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
                        related_name="guarantees",
                        to="products.product",
                        verbose_name="Product",
                    ),
                ),
            ],
            options={
                "verbose_name": "guarantee",
            },
        ),
        migrations.CreateModel(
            name="FilingListRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="Line")),
                ("text", models.CharField(max_length=200, verbose_name="Number in the file")),
                ("code", models.CharField(max_length=30, verbose_name="Result")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="What to do")),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="guarantees.filinglist"
                    ),
                ),
                (
                    "guarantee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="guarantees.guarantee",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a bank's list",
                "ordering": ["line"],
            },
        ),
        migrations.CreateModel(
            name="Drawdown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("iou_no", models.CharField(max_length=80, verbose_name="IOU number")),
                ("on", models.DateField(verbose_name="Date")),
                ("amount_fen", models.BigIntegerField(verbose_name="Amount")),
                (
                    "guarantee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drawdowns", to="guarantees.guarantee"
                    ),
                ),
            ],
            options={
                "verbose_name": "drawdown",
            },
        ),
        migrations.CreateModel(
            name="GuaranteeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(max_length=40, verbose_name="Number")),
                ("bank_code", models.CharField(blank=True, max_length=20, verbose_name="Bank code")),
                ("bank_name", models.CharField(max_length=200, verbose_name="Bank")),
                ("region_code", models.CharField(blank=True, max_length=12, verbose_name="Region")),
                ("industry", models.CharField(blank=True, max_length=1, verbose_name="Industry")),
                ("approved_on", models.DateField(verbose_name="Approved on")),
                ("issued_on", models.DateField(verbose_name="Issued on")),
                ("loan_fen", models.BigIntegerField(verbose_name="Loan")),
                ("guaranteed_fen", models.BigIntegerField(verbose_name="Guaranteed amount")),
                ("term_months", models.PositiveSmallIntegerField(verbose_name="Term in months")),
                ("fee_rate", models.DecimalField(decimal_places=6, max_digits=7, verbose_name="Fee rate per year")),
                ("start_on", models.DateField(blank=True, null=True, verbose_name="First drawdown")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="Due on")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="Ended on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ISSUED", "Issued"),
                            ("PARTLY_DRAWN", "Partly drawn"),
                            ("IN_FORCE", "In force"),
                            ("OVERDUE", "Overdue"),
                            ("COMPENSATED", "Compensated"),
                            ("RELEASED", "Released"),
                            ("LAPSED", "Lapsed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="ISSUED",
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                ("drawn_fen", models.BigIntegerField(default=0, verbose_name="Drawn")),
                ("repaid_fen", models.BigIntegerField(default=0, verbose_name="Repaid")),
                ("compensated_principal_fen", models.BigIntegerField(default=0, verbose_name="Compensated principal")),
                ("outstanding_fen", models.BigIntegerField(default=0, verbose_name="Outstanding principal")),
                ("balance_fen", models.BigIntegerField(default=0, verbose_name="Balance in force")),
                ("compensation_fen", models.BigIntegerField(default=0, verbose_name="Compensation paid")),
                ("compensated_on", models.DateField(blank=True, null=True, verbose_name="Compensated on")),
                ("overdue_on", models.DateField(blank=True, null=True, verbose_name="Overdue since")),
                (
                    "release_certificate",
                    models.CharField(blank=True, max_length=80, verbose_name="Bank's settlement certificate"),
                ),
                ("end_reason", models.CharField(blank=True, max_length=300, verbose_name="Reason of the end")),
                (
                    "amortisation",
                    models.CharField(
                        choices=[("MOVEMENTS", "By movements"), ("STRAIGHT_LINE", "Straight line")],
                        default="MOVEMENTS",
                        max_length=14,
                        verbose_name="Amortisation",
                    ),
                ),
                ("external_ref", models.CharField(blank=True, max_length=80, verbose_name="External reference")),
                (
                    "source",
                    models.CharField(
                        choices=[("PORTAL", "Portal"), ("API", "Bank API"), ("IMPORT", "Import")],
                        max_length=8,
                        verbose_name="Source",
                    ),
                ),
                (
                    "coverage",
                    models.CharField(
                        choices=[("COVERED", "Covered"), ("PARTLY", "Partly covered"), ("UNCOVERED", "Not covered")],
                        default="UNCOVERED",
                        max_length=10,
                        verbose_name="Coverage",
                    ),
                ),
                ("ceded_fen", models.BigIntegerField(default=0, verbose_name="Ceded")),
                (
                    "coverage_reason_code",
                    models.CharField(blank=True, default="NOT_FILED", max_length=40, verbose_name="Reason code"),
                ),
                ("coverage_reason", models.CharField(blank=True, max_length=500, verbose_name="Reason of the coverage")),
                (
                    "filing_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SUBMITTED", "Filed"),
                            ("CONFIRMED", "Confirmed"),
                            ("REVIEWING", "Under review by the group"),
                            ("RETURNED", "Returned for correction"),
                            ("REJECTED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="Filing",
                    ),
                ),
                ("treaty_code", models.CharField(blank=True, max_length=40, verbose_name="Treaty")),
                (
                    "contract_no",
                    models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="Loan contract"),
                ),
                (
                    "loan_rate",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=20, verbose_name="Interest of the loan per year"
                    ),
                ),
                ("filed_on", models.DateField(blank=True, null=True, verbose_name="Filed on")),
                (
                    "filing_batch",
                    models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="Bank's list"),
                ),
                ("filing_defects", models.TextField(db_default="[]", default="[]", verbose_name="What must be corrected")),
                (
                    "filing_reply_no",
                    models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="Formal reply"),
                ),
                ("filing_conditions", models.TextField(blank=True, db_default="", default="", verbose_name="Conditions")),
                ("uncovered_fen", models.BigIntegerField(blank=True, null=True, verbose_name="Not covered")),
                ("line_near", models.BooleanField(db_default=False, default=False, verbose_name="A limit is near")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="applications.application",
                        verbose_name="Application",
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
                    "extends",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="guarantees.guarantee",
                        verbose_name="Extends",
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
                        to="guarantees.guarantee",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="Date")),
                ("outstanding_fen", models.BigIntegerField(verbose_name="Outstanding principal")),
                ("balance_fen", models.BigIntegerField(verbose_name="Balance in force")),
                ("change_fen", models.BigIntegerField(verbose_name="Change of the day")),
                (
                    "guarantee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="guarantees.guarantee"
                    ),
                ),
            ],
            options={
                "verbose_name": "movement",
            },
        ),
        migrations.CreateModel(
            name="Repayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=80, verbose_name="Reference")),
                ("on", models.DateField(verbose_name="Date")),
                ("principal_fen", models.BigIntegerField(verbose_name="Principal")),
                (
                    "guarantee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="repayments", to="guarantees.guarantee"
                    ),
                ),
            ],
            options={
                "verbose_name": "repayment",
            },
        ),
        migrations.CreateModel(
            name="ReportingScope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(
                        choices=[("CEDED", "Ceded business only"), ("ALL_BUSINESS", "All business")],
                        max_length=12,
                        verbose_name="Scope",
                    ),
                ),
                ("agreement", models.CharField(max_length=80, verbose_name="Agreement")),
                ("effective_on", models.DateField(verbose_name="Effective on")),
                ("replaced_on", models.DateField(blank=True, null=True, verbose_name="Replaced on")),
            ],
            options={
                "verbose_name": "reporting scope",
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(True),
                        condition=models.Q(("replaced_on__isnull", True)),
                        name="guarantees_one_scope_in_force",
                    ),
                    models.CheckConstraint(condition=models.Q(("scope__in", ["CEDED", "ALL_BUSINESS"])), name="guarantees_scope"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="guarantee",
            index=models.Index(fields=["state", "-id"], name="guarantees_by_state"),
        ),
        migrations.AddIndex(
            model_name="guarantee",
            index=models.Index(fields=["owner", "-id"], name="guarantees_by_owner"),
        ),
        migrations.AddIndex(
            model_name="guarantee",
            index=models.Index(fields=["department", "-id"], name="guarantees_by_department"),
        ),
        migrations.AddIndex(
            model_name="guarantee",
            index=models.Index(fields=["bank_code", "-id"], name="guarantees_by_bank"),
        ),
        migrations.AddIndex(
            model_name="guarantee",
            index=models.Index(condition=models.Q(("ended_on__isnull", True)), fields=["due_on"], name="guarantees_open_by_due"),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_ref", ""), _negated=True), fields=("external_ref",), name="guarantees_external_ref"
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fee_rate__gte", 0),
                    ("guaranteed_fen__gt", 0),
                    ("guaranteed_fen__lte", models.F("loan_fen")),
                    ("loan_fen__gt", 0),
                ),
                name="guarantees_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("compensated_principal_fen__gte", 0),
                    (
                        "drawn_fen",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("repaid_fen"), "+", models.F("compensated_principal_fen")
                            ),
                            "+",
                            models.F("outstanding_fen"),
                        ),
                    ),
                    ("drawn_fen__gte", 0),
                    ("drawn_fen__lte", models.F("loan_fen")),
                    ("outstanding_fen__gte", 0),
                    ("repaid_fen__gte", 0),
                ),
                name="guarantees_principal_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("balance_fen__gte", 0), ("balance_fen__lte", models.F("guaranteed_fen")), ("compensation_fen__gte", 0)
                ),
                name="guarantees_balance_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ceded_fen__gte", 0),
                    ("ceded_fen__lte", models.F("loan_fen")),
                    models.Q(
                        models.Q(("ceded_fen__gt", 0), ("coverage__in", ["COVERED", "PARTLY"])),
                        models.Q(("ceded_fen", 0), ("coverage", "UNCOVERED")),
                        _connector="OR",
                    ),
                ),
                name="guarantees_coverage",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state__in", ("COMPENSATED", "RELEASED", "LAPSED", "CANCELLED"))),
                    models.Q(("ended_on__isnull", True), ("state__in", ["ISSUED", "PARTLY_DRAWN", "IN_FORCE", "OVERDUE"])),
                    _connector="OR",
                ),
                name="guarantees_end_of_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("COMPENSATED", "RELEASED", "LAPSED", "CANCELLED")), _negated=True),
                    ("balance_fen", 0),
                    _connector="OR",
                ),
                name="guarantees_ended_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drawn_fen", 0), ("due_on__isnull", True), ("start_on__isnull", True)),
                    models.Q(("drawn_fen__gt", 0), ("due_on__isnull", False), ("start_on__isnull", False)),
                    _connector="OR",
                ),
                name="guarantees_start_is_first_drawdown",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amortisation__in", ["MOVEMENTS", "STRAIGHT_LINE"]), ("source__in", ["PORTAL", "API", "IMPORT"])
                ),
                name="guarantees_codes",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guarantee",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "guarantees_guaranteeevent" ("amortisation", "application_id", "approved_on", "balance_fen", "bank_code", "bank_name", "ceded_fen", "compensated_on", "compensated_principal_fen", "compensation_fen", "contract_no", "coverage", "coverage_reason", "coverage_reason_code", "customer_id", "department_id", "drawn_fen", "due_on", "end_reason", "ended_on", "extends_id", "external_ref", "fee_rate", "filed_on", "filing_batch", "filing_conditions", "filing_defects", "filing_reply_no", "filing_status", "guaranteed_fen", "id", "industry", "issued_on", "line_near", "loan_fen", "loan_rate", "number", "outstanding_fen", "overdue_on", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "region_code", "release_certificate", "repaid_fen", "source", "start_on", "state", "term_months", "treaty_code", "uncovered_fen") VALUES (OLD."amortisation", OLD."application_id", OLD."approved_on", OLD."balance_fen", OLD."bank_code", OLD."bank_name", OLD."ceded_fen", OLD."compensated_on", OLD."compensated_principal_fen", OLD."compensation_fen", OLD."contract_no", OLD."coverage", OLD."coverage_reason", OLD."coverage_reason_code", OLD."customer_id", OLD."department_id", OLD."drawn_fen", OLD."due_on", OLD."end_reason", OLD."ended_on", OLD."extends_id", OLD."external_ref", OLD."fee_rate", OLD."filed_on", OLD."filing_batch", OLD."filing_conditions", OLD."filing_defects", OLD."filing_reply_no", OLD."filing_status", OLD."guaranteed_fen", OLD."id", OLD."industry", OLD."issued_on", OLD."line_near", OLD."loan_fen", OLD."loan_rate", OLD."number", OLD."outstanding_fen", OLD."overdue_on", OLD."owner_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."product_id", OLD."region_code", OLD."release_certificate", OLD."repaid_fen", OLD."source", OLD."start_on", OLD."state", OLD."term_months", OLD."treaty_code", OLD."uncovered_fen"); RETURN NULL;',
                    hash="174a8571dadc8ee06d5299aa533df826dbac6774",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5d5d6",
                    table="guarantees_guarantee",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guarantee",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "guarantees_guaranteeevent" ("amortisation", "application_id", "approved_on", "balance_fen", "bank_code", "bank_name", "ceded_fen", "compensated_on", "compensated_principal_fen", "compensation_fen", "contract_no", "coverage", "coverage_reason", "coverage_reason_code", "customer_id", "department_id", "drawn_fen", "due_on", "end_reason", "ended_on", "extends_id", "external_ref", "fee_rate", "filed_on", "filing_batch", "filing_conditions", "filing_defects", "filing_reply_no", "filing_status", "guaranteed_fen", "id", "industry", "issued_on", "line_near", "loan_fen", "loan_rate", "number", "outstanding_fen", "overdue_on", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "region_code", "release_certificate", "repaid_fen", "source", "start_on", "state", "term_months", "treaty_code", "uncovered_fen") VALUES (OLD."amortisation", OLD."application_id", OLD."approved_on", OLD."balance_fen", OLD."bank_code", OLD."bank_name", OLD."ceded_fen", OLD."compensated_on", OLD."compensated_principal_fen", OLD."compensation_fen", OLD."contract_no", OLD."coverage", OLD."coverage_reason", OLD."coverage_reason_code", OLD."customer_id", OLD."department_id", OLD."drawn_fen", OLD."due_on", OLD."end_reason", OLD."ended_on", OLD."extends_id", OLD."external_ref", OLD."fee_rate", OLD."filed_on", OLD."filing_batch", OLD."filing_conditions", OLD."filing_defects", OLD."filing_reply_no", OLD."filing_status", OLD."guaranteed_fen", OLD."id", OLD."industry", OLD."issued_on", OLD."line_near", OLD."loan_fen", OLD."loan_rate", OLD."number", OLD."outstanding_fen", OLD."overdue_on", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."region_code", OLD."release_certificate", OLD."repaid_fen", OLD."source", OLD."start_on", OLD."state", OLD."term_months", OLD."treaty_code", OLD."uncovered_fen"); RETURN NULL;',
                    hash="00885920ae4c46308ed91c6837557719d41c4d1e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_80895",
                    table="guarantees_guarantee",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="filinglistrow",
            constraint=models.UniqueConstraint(fields=("list", "line"), name="guarantees_filinglistrow_line"),
        ),
        migrations.AddConstraint(
            model_name="drawdown",
            constraint=models.UniqueConstraint(fields=("guarantee", "iou_no"), name="guarantees_drawdown_iou"),
        ),
        migrations.AddConstraint(
            model_name="drawdown",
            constraint=models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="guarantees_drawdown_amount"),
        ),
        migrations.AddIndex(
            model_name="movement",
            index=models.Index(fields=["on"], include=("change_fen",), name="guarantees_movement_by_day"),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.UniqueConstraint(fields=("guarantee", "on"), name="guarantees_one_movement_a_day"),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(("balance_fen__gte", 0), ("outstanding_fen__gte", 0)), name="guarantees_movement_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="repayment",
            constraint=models.UniqueConstraint(fields=("guarantee", "reference"), name="guarantees_repayment_reference"),
        ),
        migrations.AddConstraint(
            model_name="repayment",
            constraint=models.CheckConstraint(condition=models.Q(("principal_fen__gt", 0)), name="guarantees_repayment_amount"),
        ),
    ]
