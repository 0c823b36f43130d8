import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Scenario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("treaty_code", models.CharField(max_length=40)),
                ("member_code", models.CharField(help_text="A member, or * for all", max_length=20)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("terms", models.TextField()),
                ("totals", models.TextField(help_text="Totals by party in fen, today's terms and the draft, as JSON")),
                ("losses", models.PositiveIntegerField()),
                ("saved_by", models.CharField(max_length=120)),
                ("saved_on", models.DateField()),
            ],
            options={
                "ordering": ["-saved_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Treaty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("members", models.JSONField(default=list, help_text="Member codes, or * for all")),
                (
                    "rank",
                    models.PositiveSmallIntegerField(default=100, help_text="When several treaties fit, the lowest goes first"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("ACTIVE", "In effect"), ("ENDED", "Ended")], default="DRAFT", max_length=10
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "left",
                    models.JSONField(
                        blank=True, default=dict, help_text="Members that left: code → last day on which a drawdown attaches"
                    ),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=60, help_text="So many days before its last day it is listed as expiring"
                    ),
                ),
                (
                    "renewal_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewals",
                        to="treaties.treaty",
                    ),
                ),
            ],
            options={
                "ordering": ["rank", "code"],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member_code", models.CharField(help_text="A member, or * for the line all members share", max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("line_fen", models.BigIntegerField(blank=True, null=True)),
                (
                    "target_fen",
                    models.BigIntegerField(blank=True, help_text="Volume this member is to bring in the year", null=True),
                ),
                ("used_fen", models.BigIntegerField(default=0)),
                ("reserved_fen", models.BigIntegerField(default=0)),
                (
                    "treaty",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="treaties.treaty"),
                ),
            ],
            options={
                "ordering": ["treaty_id", "year", "member_code"],
            },
        ),
        migrations.CreateModel(
            name="TreatyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("terms", models.TextField()),
                (
                    "above_limits",
                    models.CharField(
                        choices=[
                            ("REVIEW", "An officer decides case by case"),
                            ("PART", "What fits is covered, the rest is not"),
                        ],
                        default="REVIEW",
                        max_length=10,
                    ),
                ),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(blank=True, help_text="Last day, included; empty means open", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("IN_APPROVAL", "Waiting for approval"),
                            ("APPROVED", "Approved, to be signed"),
                            ("PUBLISHED", "Signed and published"),
                        ],
                        default="DRAFT",
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(blank=True, help_text="Number of the paper agreement", max_length=60)),
                (
                    "party_names",
                    models.JSONField(blank=True, default=dict, help_text="Party of the terms → name of the institution"),
                ),
                ("target_fen", models.BigIntegerField(blank=True, help_text="Volume agreed per year", null=True)),
                ("drafted_by", models.CharField(max_length=120)),
                ("drafted_by_id", models.BigIntegerField(blank=True, null=True)),
                ("submitted_on", models.DateField(blank=True, null=True)),
                ("approved_on", models.DateField(blank=True, null=True)),
                ("approved_by", models.CharField(blank=True, max_length=120)),
                ("approved_by_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "opinion",
                    models.CharField(blank=True, help_text="What the approver said, or why the draft came back", max_length=500),
                ),
                ("signed_on", models.DateField(blank=True, null=True)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("published_by", models.CharField(blank=True, max_length=120)),
                (
                    "treaty",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="treaties.treaty"),
                ),
            ],
            options={
                "ordering": ["treaty_id", "version"],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("totals", models.TextField(default="{}")),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="position", to="treaties.treatyversion"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="treaty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("status", "ENDED")),
                    models.Q(("ended_on", None), ("status__in", ["DRAFT", "ACTIVE"])),
                    _connector="OR",
                ),
                name="treaties_treaty_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("treaty", "year", "member_code"), name="treaties_line_once"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("reserved_fen__gte", 0), ("used_fen__gte", 0)), name="treaties_line_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("line_fen", None),
                    (
                        "line_fen__gte",
                        django.db.models.expressions.CombinedExpression(models.F("used_fen"), "+", models.F("reserved_fen")),
                    ),
                    _connector="OR",
                ),
                name="treaties_line_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyversion",
            constraint=models.UniqueConstraint(fields=("treaty", "version"), name="treaties_version_once"),
        ),
        migrations.AddConstraint(
            model_name="treatyversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_on__isnull", True)), fields=("treaty",), name="treaties_one_open_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_to", None), ("effective_to__gte", models.F("effective_from")), _connector="OR"),
                name="treaties_version_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_on__isnull", False), ("signed_on__isnull", False), ("state", "PUBLISHED")),
                    models.Q(("published_on", None), ("state__in", ["DRAFT", "IN_APPROVAL", "APPROVED"])),
                    _connector="OR",
                ),
                name="treaties_version_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_on", None), ("state__in", ["DRAFT", "IN_APPROVAL"])),
                    models.Q(
                        ("approved_on__isnull", False),
                        ("state__in", ["APPROVED", "PUBLISHED"]),
                        models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="treaties_version_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("target_fen", None), ("target_fen__gte", 0), _connector="OR"), name="treaties_version_target"
            ),
        ),
    ]
