from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0002_told_and_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="filing",
            name="product_category",
            field=models.CharField(
                blank=True,
                choices=[("AGRICULTURE", "Agricultural credit guarantee"), ("SME", "Guarantee for small and medium enterprises")],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
    ]
