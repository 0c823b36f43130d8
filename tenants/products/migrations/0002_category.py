import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="product",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="product",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="product",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[("AGRICULTURE", "Agricultural credit guarantee"), ("SME", "Guarantee for small and medium enterprises")],
                db_default="",
                default="",
                help_text="Told to the group with each filing",
                max_length=12,
                verbose_name="Kind of business",
            ),
        ),
        migrations.AddField(
            model_name="productevent",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[("AGRICULTURE", "Agricultural credit guarantee"), ("SME", "Guarantee for small and medium enterprises")],
                db_default="",
                default="",
                help_text="Told to the group with each filing",
                max_length=12,
                verbose_name="Kind of business",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_productevent" ("amount_max_fen", "category", "code", "for_kind", "green_channel_max_fen", "guaranteed_share", "id", "is_open", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate_max", "required_documents", "term_max_months") VALUES (OLD."amount_max_fen", OLD."category", OLD."code", OLD."for_kind", OLD."green_channel_max_fen", OLD."guaranteed_share", OLD."id", OLD."is_open", OLD."name_en", OLD."name_zh", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."rate_max", OLD."required_documents", OLD."term_max_months"); RETURN NULL;',
                    hash="286bed718a8be5cf2aa9b1992f1086e1d0e94141",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_18d15",
                    table="products_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_productevent" ("amount_max_fen", "category", "code", "for_kind", "green_channel_max_fen", "guaranteed_share", "id", "is_open", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate_max", "required_documents", "term_max_months") VALUES (OLD."amount_max_fen", OLD."category", OLD."code", OLD."for_kind", OLD."green_channel_max_fen", OLD."guaranteed_share", OLD."id", OLD."is_open", OLD."name_en", OLD."name_zh", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rate_max", OLD."required_documents", OLD."term_max_months"); RETURN NULL;',
                    hash="e098bcac80e71c8fdc792afe6a8837069d9354ae",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cb7df",
                    table="products_product",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__in", ["", "AGRICULTURE", "SME"])), name="products_category"
            ),
        ),
    ]
