import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="Code of the member's house or of the bank", max_length=20, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=[("MEMBER", "Guarantee company"), ("BANK", "Bank")], max_length=10)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("CANDIDATE", "Candidate"),
                            ("ADMITTED", "Admitted"),
                            ("ACTIVE", "Active"),
                            ("WATCH", "On watch"),
                            ("SUSPENDED", "Cooperation suspended"),
                            ("EXITED", "Exited"),
                        ],
                        default="CANDIDATE",
                        max_length=10,
                    ),
                ),
                ("status_since", models.DateField()),
                ("status_reason", models.CharField(blank=True, max_length=500)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A · excellent"), ("B", "B · good"), ("C", "C · sufficient"), ("D", "D · insufficient")],
                        max_length=1,
                    ),
                ),
                ("graded_on", models.DateField(blank=True, null=True)),
                ("next_evaluation_on", models.DateField(blank=True, null=True)),
                ("uscc", models.CharField(blank=True, max_length=18)),
                ("is_policy", models.BooleanField(default=False, help_text="Policy institution: not for profit (AGR-14)")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AGRICULTURE", "Agricultural-credit guarantee company"),
                            ("SME", "Guarantee company for small and medium enterprises"),
                        ],
                        max_length=12,
                    ),
                ),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("established_on", models.DateField(blank=True, null=True)),
                ("legal_rep", models.CharField(blank=True, max_length=60)),
                ("licence_no", models.CharField(blank=True, max_length=80)),
                ("licence_issuer", models.CharField(blank=True, max_length=120)),
                ("licence_valid_to", models.DateField(blank=True, null=True)),
                ("registered_capital_fen", models.BigIntegerField(blank=True, null=True)),
                ("paid_in_capital_fen", models.BigIntegerField(blank=True, null=True)),
                (
                    "capital_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LOCAL_FINANCE", "Local public finance"),
                            ("STATE_OWNED", "State-owned enterprise"),
                            ("DEPARTMENT", "Industry department"),
                            ("PRIVATE", "Private capital"),
                            ("MIXED", "Mixed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("shareholders", models.JSONField(blank=True, default=list)),
                ("management", models.JSONField(blank=True, default=list)),
                ("staff", models.JSONField(blank=True, default=list)),
                ("contacts", models.JSONField(blank=True, default=list)),
                ("bank_accounts", models.JSONField(blank=True, default=list)),
                ("capital", models.JSONField(blank=True, default=list, help_text="Paid-in capital by its source (AGR-13)")),
            ],
            options={
                "ordering": ["kind", "code"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("licence_valid_to__isnull", False)),
                        fields=["licence_valid_to"],
                        name="partners_licence_end",
                    ),
                    models.Index(fields=["next_evaluation_on"], name="partners_next_evaluation"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ["MEMBER", "BANK"])), name="partners_partner_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category", ""),
                            models.Q(("category__in", ["AGRICULTURE", "SME"]), ("kind", "MEMBER")),
                            _connector="OR",
                        ),
                        name="partners_partner_category",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("registered_capital_fen", None), ("registered_capital_fen__gte", 0), _connector="OR"),
                            models.Q(("paid_in_capital_fen", None), ("paid_in_capital_fen__gte", 0), _connector="OR"),
                        ),
                        name="partners_partner_capital",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grade", ""), ("graded_on", None)),
                            models.Q(models.Q(("grade", ""), _negated=True), ("graded_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="partners_partner_graded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("kind", "uscc"),
                        name="partners_partner_uscc_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("STATUS", "Status"), ("GRADE", "Grade"), ("FILE", "File"), ("BRANCH", "Branch")], max_length=10
                    ),
                ),
                ("changes", models.JSONField(help_text='Field → {"from", "to"}')),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=120)),
                (
                    "partner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="partners.partner"),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member_code", models.CharField(help_text="A member, or * for all", max_length=20)),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("SUSPENDED", "Cooperation suspended"),
                            ("PREMIUM_ARREARS", "Premium unpaid"),
                            ("FUSE", "Claim rate at its limit"),
                            ("GRADE", "Grade too low"),
                        ],
                        max_length=20,
                    ),
                ),
                ("product", models.CharField(blank=True, max_length=40)),
                ("bank", models.CharField(blank=True, max_length=40)),
                ("treaty", models.CharField(blank=True, max_length=40)),
                ("sentence", models.CharField(max_length=300)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("since", models.DateField()),
                ("by", models.CharField(max_length=120)),
                ("lifted_on", models.DateField(blank=True, null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("lifted_on", None)), fields=["member_code"], name="partners_stop_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_on", None)),
                        fields=("member_code", "reason_code", "product", "bank", "treaty"),
                        name="partners_stop_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("contact", models.CharField(blank=True, max_length=60)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("line_fen", models.BigIntegerField(blank=True, null=True)),
                ("deposit_ratio", models.DecimalField(decimal_places=6, default=0, max_digits=7)),
                ("deposit_terms", models.CharField(blank=True, max_length=500)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="branches", to="partners.partner"
                    ),
                ),
            ],
            options={
                "ordering": ["partner_id", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("partner", "name"), name="partners_branch_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line_fen", None), ("line_fen__gte", 0), _connector="OR"),
                            ("deposit_ratio__gte", 0),
                            ("deposit_ratio__lte", 1),
                        ),
                        name="partners_branch_terms",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="partners_branch_days",
                    ),
                ],
            },
        ),
    ]
