import django.core.validators
import django.db.models.deletion
import django_tenants.postgresql_backend.base
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Bank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=200, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                ("grade", models.CharField(blank=True, help_text="A to D, given by the group", max_length=1)),
                ("graded_on", models.DateField(blank=True, null=True)),
                (
                    "below_minimum",
                    models.BooleanField(default=False, help_text="The grade is below the lowest that the group accepts"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("below_minimum", False), ("grade", ""), ("graded_on", None)),
                            models.Q(("grade__in", ["A", "B", "C", "D"]), ("graded_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_bank_graded",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Institution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "schema_name",
                    models.CharField(
                        db_index=True,
                        max_length=63,
                        unique=True,
                        validators=[django_tenants.postgresql_backend.base._check_schema_name],
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Upper case",
                        max_length=20,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[A-Z][A-Z0-9]{1,19}$")],
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("public", "Front door"),
                            ("group", "Re-guarantee group"),
                            ("member", "Member guarantee company"),
                        ],
                        max_length=10,
                    ),
                ),
                ("region_code", models.CharField(blank=True, help_text="GB/T 2260, or the partner's own code", max_length=12)),
                (
                    "status",
                    models.CharField(choices=[("ACTIVE", "Active"), ("CLOSED", "Closed")], default="ACTIVE", max_length=10),
                ),
                (
                    "reporting_scope",
                    models.CharField(
                        choices=[("CEDED", "Ceded business only"), ("ALL_BUSINESS", "All business")],
                        default="CEDED",
                        help_text="As agreed with the group",
                        max_length=20,
                    ),
                ),
                ("is_policy", models.BooleanField(default=False, help_text="Policy institution: not for profit")),
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
                ("migrated", models.CharField(blank=True, help_text="Digest of the migrations this schema has", max_length=64)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["public", "group", "member"])), name="registry_institution_kind"
                    ),
                    models.UniqueConstraint(condition=models.Q(("kind", "group")), fields=("kind",), name="registry_one_group"),
                    models.CheckConstraint(
                        condition=models.Q(("category__in", ["", "AGRICULTURE", "SME"])), name="registry_institution_category"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Domain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(db_index=True, max_length=253, unique=True)),
                ("is_primary", models.BooleanField(db_index=True, default=True)),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("FRONT", "Front door"),
                            ("API", "Banks' API"),
                            ("CONSOLE", "Group console"),
                            ("PORTAL", "Member portal"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="domains", to="registry.institution"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PartnerKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("label", models.CharField(blank=True, max_length=100)),
                ("mode", models.CharField(choices=[("LIVE", "Live"), ("SANDBOX", "Sandbox")], default="LIVE", max_length=10)),
                ("scopes", models.JSONField(default=list, help_text="For example applications:write")),
                ("institutions", models.JSONField(default=list, help_text="Member codes this key may reach; empty means all")),
                ("allowed_ips", models.JSONField(default=list, help_text="Networks; empty means any")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("bank", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="registry.bank")),
            ],
        ),
    ]
