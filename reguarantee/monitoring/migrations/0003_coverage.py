"""The cover of every guarantee on any day: the members' views joined with what was filed."""

from pathlib import Path

from django.db import migrations, models

COVERAGE = Path(__file__).with_name("coverage.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_standing"), ("filings", "0002_told_and_kept")]
    operations = [
        migrations.RunSQL(COVERAGE, "drop view monitoring_coverage;"),
        migrations.CreateModel(
            name="Cover",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member_code", "guarantee_id", "since", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("member_code", models.TextField()),
                ("guarantee_id", models.BigIntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("filing_id", models.BigIntegerField(null=True)),
                ("number", models.TextField()),
                ("customer_name", models.TextField()),
                ("bank_name", models.TextField()),
                ("product_code", models.TextField()),
                ("region_code", models.TextField()),
                ("industry", models.TextField()),
                ("approved_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("state", models.TextField()),
                ("status", models.TextField()),
                ("coverage", models.TextField()),
                ("reason_code", models.TextField()),
                ("guaranteed_fen", models.BigIntegerField()),
                ("covered_fen", models.BigIntegerField()),
                ("uncovered_fen", models.BigIntegerField()),
                ("ceded_fen", models.BigIntegerField()),
            ],
            options={"db_table": "monitoring_coverage", "managed": False},
        ),
    ]
