import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("treaties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True)),
                ("bank_code", models.CharField(max_length=20)),
                ("period", models.CharField(help_text="YYYY-MM", max_length=7)),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(help_text="SHA-256 of the file: a file counts once", max_length=64, unique=True)),
                ("received_on", models.DateField()),
                ("received_by", models.CharField(max_length=120)),
                ("is_late", models.BooleanField(default=False, help_text="Received after the month's cut-off")),
                ("confirmed_on", models.DateField(blank=True, null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("SUBMITTED", "Submitted"),
                            ("REVIEWING", "Under review"),
                            ("RETURNED", "Returned for correction"),
                            ("CONFIRMED", "Confirmed"),
                            ("REJECTED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("VOIDED", "Voided"),
                        ],
                        default="SUBMITTED",
                        max_length=10,
                    ),
                ),
                (
                    "coverage",
                    models.CharField(
                        choices=[("COVERED", "Covered"), ("PARTLY", "Partly covered"), ("UNCOVERED", "Not covered")],
                        default="UNCOVERED",
                        max_length=10,
                    ),
                ),
                ("guaranteed_fen", models.BigIntegerField()),
                ("covered_fen", models.BigIntegerField(default=0)),
                ("uncovered_fen", models.BigIntegerField()),
                ("ceded_fen", models.BigIntegerField(default=0)),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("SUBMITTED", "Not decided yet"),
                            ("WITHIN_TREATY", "Within the treaty"),
                            ("NO_TREATY", "No treaty"),
                            ("PRODUCT_OUT_OF_SCOPE", "Product out of scope"),
                            ("OBLIGOR_KIND_OUT_OF_SCOPE", "Kind of obligor out of scope"),
                            ("BANK_OUT_OF_SCOPE", "Bank out of scope"),
                            ("REGION_OUT_OF_SCOPE", "Region out of scope"),
                            ("INDUSTRY_OUT_OF_SCOPE", "Industry out of scope"),
                            ("NOTHING_CEDED", "Nothing to cede"),
                            ("BAD_FIGURES", "Contradictory figures"),
                            ("PRINCIPAL_ABOVE_LIMIT", "Loan above the limit"),
                            ("OBLIGOR_ABOVE_LIMIT", "Obligor above the limit"),
                            ("TERM_ABOVE_LIMIT", "Term above the limit"),
                            ("LINE_PART", "Line nearly used"),
                            ("LINE_EXHAUSTED", "Line used up"),
                            ("COVER_KEPT", "Increase not covered"),
                            ("APPROVED_CASE", "Approved case by case"),
                            ("REFUSED_CASE", "Refused case by case"),
                            ("REOPENED", "Under review again"),
                            ("RETURNED", "To be corrected"),
                            ("WITHDRAWN", "Withdrawn by the member"),
                            ("ENDED_BEFORE", "Ended before the answer"),
                            ("TOO_LATE_TO_WITHDRAW", "Can no longer be withdrawn"),
                            ("FROZEN", "Frozen by a claim"),
                            ("ENDED_STANDS", "Ended, nothing changes"),
                            ("LATE_FILING", "Filed late"),
                            ("CHECK_NEEDED", "To be checked by an officer"),
                            ("ON_WATCH", "Member on watch"),
                            ("DUPLICATE_IOU", "Drawdown note filed twice"),
                            ("BANK_SHARE", "Bank keeps too little"),
                            ("EXTENSION_WITHOUT_FIRST", "Extension without its first"),
                            ("EXTENDED_TOO_OFTEN", "Extended too often"),
                            ("SUSPENDED", "Cooperation suspended"),
                            ("PREMIUM_ARREARS", "Premiums in arrears"),
                            ("FUSE", "Fuse of the treaty"),
                            ("GRADE", "Grade too low"),
                            ("STOPPED", "New cessions stopped"),
                        ],
                        default="SUBMITTED",
                        max_length=40,
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        default="The filing has arrived and is not decided yet.", help_text="A message id, or an officer's words"
                    ),
                ),
                ("facts", models.TextField(default="{}", help_text="The figures behind the reason, JSON")),
                ("member_code", models.CharField(max_length=20)),
                ("guarantee_id", models.BigIntegerField(help_text="The member's own id")),
                ("number", models.CharField(max_length=60)),
                ("product_code", models.CharField(max_length=40)),
                ("obligor_kind", models.CharField(max_length=10)),
                ("obligor_name", models.CharField(max_length=200)),
                ("obligor_key", models.CharField(help_text="Keyed hash: the same obligor at any member", max_length=128)),
                ("bank_code", models.CharField(max_length=20)),
                ("bank_name", models.CharField(max_length=200)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("industry", models.CharField(blank=True, max_length=4)),
                ("principal_fen", models.BigIntegerField()),
                ("term_months", models.PositiveIntegerField()),
                ("drawdown_on", models.DateField()),
                ("due_on", models.DateField()),
                ("iou_no", models.CharField(blank=True, help_text="Drawdown note, unique at its bank", max_length=80)),
                ("contract_no", models.CharField(blank=True, max_length=80)),
                ("loan_rate", models.CharField(blank=True, help_text="Per year, a decimal", max_length=20)),
                ("fee_rate", models.CharField(blank=True, help_text="The member's fee per year, a decimal", max_length=20)),
                ("size_class", models.CharField(blank=True, help_text="As it was when the guarantee took effect", max_length=10)),
                ("is_farmer", models.BooleanField(default=False)),
                (
                    "extends_guarantee_id",
                    models.BigIntegerField(blank=True, help_text="The member's id of what this prolongs", null=True),
                ),
                ("batch", models.CharField(blank=True, help_text="The bank's list it came with", max_length=60)),
                ("filed_on", models.DateField(help_text="The day on which the member filed it first")),
                ("attached_on", models.DateField(help_text="The drawdown by which the treaty's version was found")),
                ("reserved_fen", models.BigIntegerField(default=0, help_text="Held on the line while under review")),
                (
                    "line_used_fen",
                    models.BigIntegerField(default=0, help_text="Used of the line now; less than ceded when it revolves"),
                ),
                ("submitted_on", models.DateField()),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=120)),
                ("extended_on", models.DateField(blank=True, help_text="The day from which an extension covers it", null=True)),
                ("is_late", models.BooleanField(default=False, help_text="Filed after the deadline")),
                ("line_near", models.BooleanField(default=False, help_text="Little is left of a limit")),
                ("deficiencies", models.TextField(default="[]", help_text="What must be mended, JSON [{code, text}]")),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ACCEPTANCE", "Acceptance"),
                            ("EXAMINATION", "Examination"),
                            ("VERIFICATION", "Verification"),
                            ("REVIEW", "Review"),
                            ("REPLY", "Formal reply"),
                            ("SIGNING", "Signing"),
                        ],
                        help_text="Waiting there while under review",
                        max_length=12,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0, help_text="How often it was put under review")),
                (
                    "granted_fen",
                    models.BigIntegerField(blank=True, help_text="Of the guaranteed amount, by the formal reply", null=True),
                ),
                ("reply_no", models.CharField(blank=True, max_length=40)),
                ("conditions", models.TextField(blank=True)),
                ("certificate_no", models.CharField(blank=True, max_length=40)),
                (
                    "shares",
                    models.TextField(default="[]", help_text="Who bears how much of a full loss, JSON; kept at confirmation"),
                ),
                ("billed_on", models.DateField(blank=True, help_text="First premium billed; voided only before", null=True)),
                ("claimed_on", models.DateField(blank=True, help_text="From here on its figures are frozen", null=True)),
                ("overdue_on", models.DateField(blank=True, null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("RELEASED", "Released"),
                            ("COMPENSATED", "Compensated"),
                            ("LAPSED", "Lapsed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "released_principal_fen",
                    models.BigIntegerField(default=0, help_text="Of the whole loan, ended without compensation"),
                ),
                (
                    "extends",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="filings.filing",
                    ),
                ),
                (
                    "treaty_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="treaties.treatyversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("SUBMITTED", "Submitted"),
                            ("REVIEWING", "Under review"),
                            ("RETURNED", "Returned for correction"),
                            ("CONFIRMED", "Confirmed"),
                            ("REJECTED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("VOIDED", "Voided"),
                        ],
                        default="SUBMITTED",
                        max_length=10,
                    ),
                ),
                (
                    "coverage",
                    models.CharField(
                        choices=[("COVERED", "Covered"), ("PARTLY", "Partly covered"), ("UNCOVERED", "Not covered")],
                        default="UNCOVERED",
                        max_length=10,
                    ),
                ),
                ("guaranteed_fen", models.BigIntegerField()),
                ("covered_fen", models.BigIntegerField(default=0)),
                ("uncovered_fen", models.BigIntegerField()),
                ("ceded_fen", models.BigIntegerField(default=0)),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("SUBMITTED", "Not decided yet"),
                            ("WITHIN_TREATY", "Within the treaty"),
                            ("NO_TREATY", "No treaty"),
                            ("PRODUCT_OUT_OF_SCOPE", "Product out of scope"),
                            ("OBLIGOR_KIND_OUT_OF_SCOPE", "Kind of obligor out of scope"),
                            ("BANK_OUT_OF_SCOPE", "Bank out of scope"),
                            ("REGION_OUT_OF_SCOPE", "Region out of scope"),
                            ("INDUSTRY_OUT_OF_SCOPE", "Industry out of scope"),
                            ("NOTHING_CEDED", "Nothing to cede"),
                            ("BAD_FIGURES", "Contradictory figures"),
                            ("PRINCIPAL_ABOVE_LIMIT", "Loan above the limit"),
                            ("OBLIGOR_ABOVE_LIMIT", "Obligor above the limit"),
                            ("TERM_ABOVE_LIMIT", "Term above the limit"),
                            ("LINE_PART", "Line nearly used"),
                            ("LINE_EXHAUSTED", "Line used up"),
                            ("COVER_KEPT", "Increase not covered"),
                            ("APPROVED_CASE", "Approved case by case"),
                            ("REFUSED_CASE", "Refused case by case"),
                            ("REOPENED", "Under review again"),
                            ("RETURNED", "To be corrected"),
                            ("WITHDRAWN", "Withdrawn by the member"),
                            ("ENDED_BEFORE", "Ended before the answer"),
                            ("TOO_LATE_TO_WITHDRAW", "Can no longer be withdrawn"),
                            ("FROZEN", "Frozen by a claim"),
                            ("ENDED_STANDS", "Ended, nothing changes"),
                            ("LATE_FILING", "Filed late"),
                            ("CHECK_NEEDED", "To be checked by an officer"),
                            ("ON_WATCH", "Member on watch"),
                            ("DUPLICATE_IOU", "Drawdown note filed twice"),
                            ("BANK_SHARE", "Bank keeps too little"),
                            ("EXTENSION_WITHOUT_FIRST", "Extension without its first"),
                            ("EXTENDED_TOO_OFTEN", "Extended too often"),
                            ("SUSPENDED", "Cooperation suspended"),
                            ("PREMIUM_ARREARS", "Premiums in arrears"),
                            ("FUSE", "Fuse of the treaty"),
                            ("GRADE", "Grade too low"),
                            ("STOPPED", "New cessions stopped"),
                        ],
                        default="SUBMITTED",
                        max_length=40,
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        default="The filing has arrived and is not decided yet.", help_text="A message id, or an officer's words"
                    ),
                ),
                ("facts", models.TextField(default="{}", help_text="The figures behind the reason, JSON")),
                ("on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.CharField(max_length=120)),
                ("event", models.CharField(max_length=20)),
                ("note", models.TextField(blank=True, help_text="What was said with it, for example conditions")),
                (
                    "treaty_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="treaties.treatyversion",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="filings.filing"),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("member_code", models.CharField(blank=True, max_length=20)),
                ("iou_no", models.CharField(blank=True, max_length=80)),
                ("principal_fen", models.BigIntegerField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("MATCHED", "Matched and covered"),
                            ("NOT_COVERED", "Filed, not covered"),
                            ("WAITING", "Filed, under review"),
                            ("AMOUNT_DIFFERS", "Amount differs"),
                            ("NOT_FILED", "Not filed"),
                            ("REPEATED", "Repeated in the list"),
                            ("UNREADABLE", "Unreadable"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                (
                    "list",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="filings.batchlist"),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batch_rows",
                        to="filings.filing",
                    ),
                ),
            ],
            options={
                "ordering": ["line"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("ACCEPTANCE", "Acceptance"),
                            ("EXAMINATION", "Examination"),
                            ("VERIFICATION", "Verification"),
                            ("REVIEW", "Review"),
                            ("REPLY", "Formal reply"),
                            ("SIGNING", "Signing"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("AGREED", "Agreed"),
                            ("OPPOSED", "Opposed"),
                            ("RETURNED", "Returned for correction"),
                            ("REFUSED", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("person_id", models.BigIntegerField(help_text="The user's id")),
                ("by", models.CharField(max_length=120)),
                ("on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("risk_degree", models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True)),
                ("risk_fen", models.BigIntegerField(blank=True, null=True)),
                (
                    "filing",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="filings.filing"),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["obligor_key"], name="filings_filing_obligor"),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(
                condition=models.Q(("iou_no", ""), _negated=True), fields=["bank_code", "iou_no"], name="filings_filing_note"
            ),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(
                condition=models.Q(("batch", ""), _negated=True), fields=["member_code", "batch"], name="filings_filing_batch"
            ),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["treaty_version", "ended_on"], name="filings_filing_released"),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["status", "submitted_on"], name="filings_filing_work"),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(fields=("member_code", "guarantee_id"), name="filings_filing_once"),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "guaranteed_fen",
                        django.db.models.expressions.CombinedExpression(models.F("covered_fen"), "+", models.F("uncovered_fen")),
                    )
                ),
                name="filings_filing_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ceded_fen__gt", 0), ("coverage", "COVERED"), ("covered_fen__gt", 0), ("uncovered_fen", 0)),
                    models.Q(("ceded_fen__gt", 0), ("coverage", "PARTLY"), ("covered_fen__gt", 0), ("uncovered_fen__gt", 0)),
                    models.Q(("ceded_fen", 0), ("coverage", "UNCOVERED"), ("covered_fen", 0)),
                    _connector="OR",
                ),
                name="filings_filing_coverage",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ceded_fen__gte", 0),
                    ("covered_fen__gte", 0),
                    ("guaranteed_fen__gte", 0),
                    ("principal_fen__gte", 0),
                    ("uncovered_fen__gte", 0),
                ),
                name="filings_filing_signs",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(("ceded_fen__lte", models.F("covered_fen"))), name="filings_filing_ceded"
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("coverage__in", ["COVERED", "PARTLY"]), ("status", "CONFIRMED"), ("treaty_version__isnull", False)),
                    models.Q(("coverage", "UNCOVERED"), ("status", "REVIEWING"), ("treaty_version__isnull", False)),
                    models.Q(
                        ("coverage", "UNCOVERED"), ("status__in", ["SUBMITTED", "RETURNED", "REJECTED", "WITHDRAWN", "VOIDED"])
                    ),
                    _connector="OR",
                ),
                name="filings_filing_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reserved_fen", 0), models.Q(("reserved_fen__gt", 0), ("status", "REVIEWING")), _connector="OR"
                ),
                name="filings_filing_reserved",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("reason_code", ""), _negated=True)),
                name="filings_filing_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(("line_used_fen__gte", 0), ("line_used_fen__lte", models.F("ceded_fen"))),
                name="filings_filing_line_used",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end", ""), ("ended_on", None)),
                    models.Q(models.Q(("end", ""), _negated=True), ("ended_on__isnull", False)),
                    _connector="OR",
                ),
                name="filings_filing_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "REVIEWING"), models.Q(("stage", ""), _negated=True)),
                    models.Q(models.Q(("status", "REVIEWING"), _negated=True), ("stage", "")),
                    _connector="OR",
                ),
                name="filings_filing_stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("granted_fen", None),
                    models.Q(("granted_fen__gt", 0), ("granted_fen__lte", models.F("guaranteed_fen"))),
                    _connector="OR",
                ),
                name="filings_filing_granted",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("iou_no", ""), _negated=True), ("status__in", ["SUBMITTED", "REVIEWING", "CONFIRMED"])
                ),
                fields=("member_code", "bank_code", "iou_no"),
                name="filings_filing_iou",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["filing", "on", "id"], name="filings_decision_day"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "guaranteed_fen",
                        django.db.models.expressions.CombinedExpression(models.F("covered_fen"), "+", models.F("uncovered_fen")),
                    )
                ),
                name="filings_decision_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ceded_fen__gt", 0), ("coverage", "COVERED"), ("covered_fen__gt", 0), ("uncovered_fen", 0)),
                    models.Q(("ceded_fen__gt", 0), ("coverage", "PARTLY"), ("covered_fen__gt", 0), ("uncovered_fen__gt", 0)),
                    models.Q(("ceded_fen", 0), ("coverage", "UNCOVERED"), ("covered_fen", 0)),
                    _connector="OR",
                ),
                name="filings_decision_coverage",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.UniqueConstraint(fields=("list", "line"), name="filings_batchrow_line"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(fields=("filing", "round", "stage"), name="filings_opinion_once"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="filings_opinion_says_something"
            ),
        ),
    ]
