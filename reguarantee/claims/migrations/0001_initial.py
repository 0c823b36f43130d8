import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("filings", "0001_initial"),
        ("treaties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("member_code", models.CharField(max_length=20)),
                ("claim_no", models.CharField(help_text="The member's own number", max_length=40)),
                ("guarantee_id", models.BigIntegerField(help_text="The member's own id")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("RECEIVED", "Received"),
                            ("CHECKING", "Being checked"),
                            ("RETURNED", "Returned for completion"),
                            ("REVIEWING", "Under approval"),
                            ("APPROVED", "Approved"),
                            ("REJECTED", "Refused"),
                            ("PAYING", "Payment prepared"),
                            ("PAID", "Paid to the member"),
                            ("CLOSED", "Closed"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="RECEIVED",
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("is_appeal", models.BooleanField(default=False, help_text="Heard once more after a refusal; only once")),
                ("obligor_name", models.CharField(max_length=200)),
                ("obligor_key", models.CharField(max_length=128)),
                ("legal_rep", models.CharField(blank=True, max_length=80)),
                ("legal_rep_at_filing", models.CharField(blank=True, max_length=80)),
                ("iou_no", models.CharField(blank=True, max_length=80)),
                ("contract_no", models.CharField(blank=True, max_length=80)),
                ("principal_fen", models.BigIntegerField()),
                ("interest_fen", models.BigIntegerField()),
                ("compensation_fen", models.BigIntegerField(help_text="What the member paid the bank")),
                ("asked_fen", models.BigIntegerField()),
                ("compensated_on", models.DateField()),
                ("bank_notice_on", models.DateField()),
                ("voucher_no", models.CharField(max_length=80)),
                ("submitted_on", models.DateField()),
                ("first_submitted_on", models.DateField()),
                ("late_reason", models.CharField(blank=True, max_length=300)),
                ("account_name", models.CharField(max_length=200)),
                ("account_no", models.CharField(max_length=60)),
                ("account_bank", models.CharField(max_length=200)),
                ("checked_by_id", models.BigIntegerField(blank=True, null=True)),
                ("base_fen", models.BigIntegerField(default=0)),
                ("checked_fen", models.BigIntegerField(default=0)),
                ("approved_fen", models.BigIntegerField(default=0)),
                ("netted_fen", models.BigIntegerField(default=0)),
                ("paid_fen", models.BigIntegerField(default=0)),
                ("shares_text", models.TextField(default="{}")),
                ("roles_text", models.TextField(default="{}")),
                ("trace_text", models.TextField(default="{}")),
                ("reason_code", models.CharField(blank=True, max_length=40)),
                ("reason", models.TextField(blank=True)),
                (
                    "answer_by",
                    models.DateField(blank=True, help_text="Last day to complete it, or to appeal against a refusal", null=True),
                ),
                (
                    "final_on",
                    models.DateField(blank=True, help_text="Refused for good: no appeal can change it any more", null=True),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("paid_on", models.DateField(blank=True, null=True)),
                ("letter_no", models.CharField(blank=True, max_length=20)),
                (
                    "filing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="filings.filing",
                    ),
                ),
                (
                    "treaty_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="treaties.treatyversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=30)),
                (
                    "outcome",
                    models.CharField(choices=[("OK", "Right"), ("WARN", "To be looked at"), ("FAIL", "Wrong")], max_length=4),
                ),
                ("sentence", models.TextField()),
                ("facts_text", models.TextField(default="{}")),
                ("on", models.DateField()),
                ("waived_by", models.CharField(blank=True, max_length=120)),
                ("waived_why", models.CharField(blank=True, max_length=300)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member_code", models.CharField(max_length=20)),
                (
                    "subject",
                    models.CharField(help_text="As the letter names it: claim:<claim_no> or filing:<guarantee>", max_length=80),
                ),
                ("is_ours", models.BooleanField()),
                ("author", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="reguarantee_claims.claim",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Amount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("ASKED", "Asked"),
                            ("CHECKED", "Amount checked"),
                            ("APPROVED", "Amount approved"),
                            ("DENIED", "Denied"),
                            ("NETTED", "Netted"),
                            ("PAID", "Paid out"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fen", models.BigIntegerField()),
                ("why", models.TextField()),
                ("facts_text", models.TextField(default="{}")),
                ("on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.CharField(max_length=120)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="amounts", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Deficiency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=30)),
                ("slot", models.CharField(blank=True, max_length=40)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=120)),
                ("mended_on", models.DateField(blank=True, null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deficiencies", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Denial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30)),
                ("fen", models.BigIntegerField()),
                ("text", models.CharField(blank=True, max_length=300)),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=120)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="denials", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Fuse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member_code", models.CharField(max_length=20)),
                ("product", models.CharField(blank=True, max_length=40)),
                ("bank", models.CharField(blank=True, max_length=20)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("NONE", "Within the cap"),
                            ("YELLOW", "Yellow: near the cap"),
                            ("ORANGE", "Orange: very near the cap"),
                            ("RED", "Red: the fuse has blown"),
                        ],
                        default="NONE",
                        max_length=6,
                    ),
                ),
                ("paid_fen", models.BigIntegerField(default=0)),
                ("cap_fen", models.BigIntegerField(default=0)),
                ("base_fen", models.BigIntegerField(default=0)),
                ("since", models.DateField()),
                ("released_on", models.DateField(blank=True, null=True)),
                (
                    "treaty_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fuses", to="treaties.treatyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["treaty_version_id", "member_code", "product", "bank"],
            },
        ),
        migrations.CreateModel(
            name="FuseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("NONE", "Within the cap"),
                            ("YELLOW", "Yellow: near the cap"),
                            ("ORANGE", "Orange: very near the cap"),
                            ("RED", "Red: the fuse has blown"),
                        ],
                        max_length=6,
                    ),
                ),
                ("event", models.CharField(help_text="RISE, FALL or RELEASE", max_length=10)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("facts_text", models.TextField(default="{}")),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=120)),
                (
                    "fuse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="reguarantee_claims.fuse"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="LiquidFunds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member_code", models.CharField(max_length=20)),
                ("as_of", models.DateField()),
                ("liquid_fen", models.BigIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["member_code", "-as_of", "-id"],
                "constraints": [models.CheckConstraint(condition=models.Q(("liquid_fen__gte", 0)), name="rg_claims_liquid_fen")],
            },
        ),
        migrations.CreateModel(
            name="Netting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recovery_no", models.CharField(max_length=40)),
                ("fen", models.BigIntegerField()),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=120)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nettings", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="OutwardClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("party", models.CharField(max_length=64)),
                ("role", models.CharField(max_length=12)),
                ("fen", models.BigIntegerField()),
                ("paid_fen", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "To be submitted"), ("SUBMITTED", "Submitted"), ("PAID", "Received")],
                        default="OPEN",
                        max_length=10,
                    ),
                ),
                ("opened_on", models.DateField()),
                ("submitted_on", models.DateField(blank=True, null=True)),
                ("submitted_by", models.CharField(blank=True, max_length=120)),
                ("paid_on", models.DateField(blank=True, null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outward", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("allocation_id", models.BigIntegerField(unique=True)),
                ("movement_no", models.CharField(max_length=20)),
                ("fen", models.BigIntegerField()),
                ("on", models.DateField()),
                ("voucher_no", models.CharField(max_length=80)),
                ("by", models.CharField(max_length=120)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=20)),
                ("reason_code", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField(blank=True)),
                ("on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.CharField(max_length=120)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rulings", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("RECEIVED", "Received"),
                            ("CHECKING", "Being checked"),
                            ("RETURNED", "Returned for completion"),
                            ("REVIEWING", "Under approval"),
                            ("APPROVED", "Approved"),
                            ("REJECTED", "Refused"),
                            ("PAYING", "Payment prepared"),
                            ("PAID", "Paid to the member"),
                            ("CLOSED", "Closed"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("opened_on", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("by", models.CharField(blank=True, max_length=120)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="reguarantee_claims.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "submitted_on"], name="rg_claims_work"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["filing"], name="rg_claims_filing"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["treaty_version", "member_code"], name="rg_claims_treaty"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("member_code", "claim_no"), name="rg_claims_once"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("REJECTED", "WITHDRAWN")), _negated=True),
                fields=("filing", "voucher_no"),
                name="rg_claims_one_per_voucher",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asked_fen__gte", 0),
                    ("compensation_fen__gte", 0),
                    ("interest_fen__gte", 0),
                    ("principal_fen__gte", 0),
                    ("approved_fen__gte", 0),
                    ("base_fen__gte", 0),
                    ("checked_fen__gte", 0),
                    ("netted_fen__gte", 0),
                    ("paid_fen__gte", 0),
                ),
                name="rg_claims_signs",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_fen", 0),
                    (
                        "approved_fen__gte",
                        django.db.models.expressions.CombinedExpression(models.F("paid_fen"), "+", models.F("netted_fen")),
                    ),
                    _connector="OR",
                ),
                name="rg_claims_not_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("final_on", None), ("status", "REJECTED"), _connector="OR"), name="rg_claims_final_is_refused"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_fen__gt", 0), ("paid_fen", 0), _connector="OR"), name="rg_claims_paid_is_approved"
            ),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(fields=("claim", "run", "code"), name="rg_claims_check_once"),
        ),
        migrations.AddConstraint(
            model_name="denial",
            constraint=models.CheckConstraint(condition=models.Q(("fen__gt", 0)), name="rg_claims_denial_fen"),
        ),
        migrations.AddIndex(
            model_name="fuse",
            index=models.Index(condition=models.Q(("level", "NONE"), _negated=True), fields=["level"], name="rg_claims_fuse_lit"),
        ),
        migrations.AddConstraint(
            model_name="fuse",
            constraint=models.UniqueConstraint(
                fields=("treaty_version", "member_code", "product", "bank"), name="rg_claims_fuse_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="netting",
            constraint=models.UniqueConstraint(fields=("claim", "recovery_no"), name="rg_claims_netted_once"),
        ),
        migrations.AddConstraint(
            model_name="netting",
            constraint=models.CheckConstraint(condition=models.Q(("fen__gt", 0)), name="rg_claims_netting_fen"),
        ),
        migrations.AddConstraint(
            model_name="outwardclaim",
            constraint=models.UniqueConstraint(fields=("claim", "party"), name="rg_claims_outward_once"),
        ),
        migrations.AddConstraint(
            model_name="outwardclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("fen__gte", 0), ("paid_fen__gte", 0), ("paid_fen__lte", models.F("fen"))),
                name="rg_claims_outward_fen",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(condition=models.Q(("closed_on", None)), fields=["due_on"], name="rg_claims_open_steps"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None)), fields=("claim",), name="rg_claims_one_open_step"
            ),
        ),
    ]
