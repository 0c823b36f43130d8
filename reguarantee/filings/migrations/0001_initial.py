
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('treaties', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('SUBMITTED', 'Submitted'), ('REVIEWING', 'Under review'), ('CONFIRMED', 'Confirmed'), ('REJECTED', 'Refused')], default='SUBMITTED', max_length=10)),
                ('coverage', models.CharField(choices=[('COVERED', 'Covered'), ('PARTLY', 'Partly covered'), ('UNCOVERED', 'Not covered')], default='UNCOVERED', max_length=10)),
                ('guaranteed_fen', models.BigIntegerField()),
                ('covered_fen', models.BigIntegerField(default=0)),
                ('uncovered_fen', models.BigIntegerField()),
                ('ceded_fen', models.BigIntegerField(default=0)),
                ('reason_code', models.CharField(choices=[('SUBMITTED', 'Not decided yet'), ('WITHIN_TREATY', 'Within the treaty'), ('NO_TREATY', 'No treaty'), ('PRODUCT_OUT_OF_SCOPE', 'Product out of scope'), ('OBLIGOR_KIND_OUT_OF_SCOPE', 'Kind of obligor out of scope'), ('BANK_OUT_OF_SCOPE', 'Bank out of scope'), ('REGION_OUT_OF_SCOPE', 'Region out of scope'), ('INDUSTRY_OUT_OF_SCOPE', 'Industry out of scope'), ('NOTHING_CEDED', 'Nothing to cede'), ('BAD_FIGURES', 'Contradictory figures'), ('PRINCIPAL_ABOVE_LIMIT', 'Loan above the limit'), ('OBLIGOR_ABOVE_LIMIT', 'Obligor above the limit'), ('TERM_ABOVE_LIMIT', 'Term above the limit'), ('LINE_PART', 'Line nearly used'), ('LINE_EXHAUSTED', 'Line used up'), ('COVER_KEPT', 'Increase not covered'), ('APPROVED_CASE', 'Approved case by case'), ('REFUSED_CASE', 'Refused case by case'), ('REOPENED', 'Under review again')], default='SUBMITTED', max_length=40)),
                ('reason', models.TextField(default='The filing has arrived and is not decided yet.', help_text="A message id, or an officer's words")),
                ('facts', models.TextField(default='{}', help_text='The figures behind the reason, JSON')),
                ('member_code', models.CharField(max_length=20)),
                ('guarantee_id', models.BigIntegerField(help_text="The member's own id")),
                ('number', models.CharField(max_length=60)),
                ('product_code', models.CharField(max_length=40)),
                ('obligor_kind', models.CharField(max_length=10)),
                ('obligor_name', models.CharField(max_length=200)),
                ('obligor_key', models.CharField(help_text='Keyed hash: the same obligor at any member', max_length=128)),
                ('bank_code', models.CharField(max_length=20)),
                ('bank_name', models.CharField(max_length=200)),
                ('region_code', models.CharField(blank=True, max_length=12)),
                ('industry', models.CharField(blank=True, max_length=4)),
                ('principal_fen', models.BigIntegerField()),
                ('term_months', models.PositiveIntegerField()),
                ('drawdown_on', models.DateField()),
                ('due_on', models.DateField()),
                ('attached_on', models.DateField(help_text="The drawdown by which the treaty's version was found")),
                ('reserved_fen', models.BigIntegerField(default=0, help_text='Held on the line while under review')),
                ('submitted_on', models.DateField()),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, max_length=120)),
                ('treaty_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='treaties.treatyversion')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('SUBMITTED', 'Submitted'), ('REVIEWING', 'Under review'), ('CONFIRMED', 'Confirmed'), ('REJECTED', 'Refused')], default='SUBMITTED', max_length=10)),
                ('coverage', models.CharField(choices=[('COVERED', 'Covered'), ('PARTLY', 'Partly covered'), ('UNCOVERED', 'Not covered')], default='UNCOVERED', max_length=10)),
                ('guaranteed_fen', models.BigIntegerField()),
                ('covered_fen', models.BigIntegerField(default=0)),
                ('uncovered_fen', models.BigIntegerField()),
                ('ceded_fen', models.BigIntegerField(default=0)),
                ('reason_code', models.CharField(choices=[('SUBMITTED', 'Not decided yet'), ('WITHIN_TREATY', 'Within the treaty'), ('NO_TREATY', 'No treaty'), ('PRODUCT_OUT_OF_SCOPE', 'Product out of scope'), ('OBLIGOR_KIND_OUT_OF_SCOPE', 'Kind of obligor out of scope'), ('BANK_OUT_OF_SCOPE', 'Bank out of scope'), ('REGION_OUT_OF_SCOPE', 'Region out of scope'), ('INDUSTRY_OUT_OF_SCOPE', 'Industry out of scope'), ('NOTHING_CEDED', 'Nothing to cede'), ('BAD_FIGURES', 'Contradictory figures'), ('PRINCIPAL_ABOVE_LIMIT', 'Loan above the limit'), ('OBLIGOR_ABOVE_LIMIT', 'Obligor above the limit'), ('TERM_ABOVE_LIMIT', 'Term above the limit'), ('LINE_PART', 'Line nearly used'), ('LINE_EXHAUSTED', 'Line used up'), ('COVER_KEPT', 'Increase not covered'), ('APPROVED_CASE', 'Approved case by case'), ('REFUSED_CASE', 'Refused case by case'), ('REOPENED', 'Under review again')], default='SUBMITTED', max_length=40)),
                ('reason', models.TextField(default='The filing has arrived and is not decided yet.', help_text="A message id, or an officer's words")),
                ('facts', models.TextField(default='{}', help_text='The figures behind the reason, JSON')),
                ('on', models.DateField()),
                ('by', models.CharField(max_length=120)),
                ('event', models.CharField(max_length=20)),
                ('treaty_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='treaties.treatyversion')),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='filings.filing')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['obligor_key'], name='filings_filing_obligor'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['status', 'submitted_on'], name='filings_filing_work'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.UniqueConstraint(fields=('member_code', 'guarantee_id'), name='filings_filing_once'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(('guaranteed_fen', django.db.models.expressions.CombinedExpression(models.F('covered_fen'), '+', models.F('uncovered_fen')))), name='filings_filing_whole'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ceded_fen__gt', 0), ('coverage', 'COVERED'), ('covered_fen__gt', 0), ('uncovered_fen', 0)), models.Q(('ceded_fen__gt', 0), ('coverage', 'PARTLY'), ('covered_fen__gt', 0), ('uncovered_fen__gt', 0)), models.Q(('ceded_fen', 0), ('coverage', 'UNCOVERED'), ('covered_fen', 0)), _connector='OR'), name='filings_filing_coverage'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(('ceded_fen__gte', 0), ('covered_fen__gte', 0), ('guaranteed_fen__gte', 0), ('principal_fen__gte', 0), ('uncovered_fen__gte', 0)), name='filings_filing_signs'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(('ceded_fen__lte', models.F('covered_fen'))), name='filings_filing_ceded'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('coverage__in', ['COVERED', 'PARTLY']), ('status', 'CONFIRMED'), ('treaty_version__isnull', False)), models.Q(('coverage', 'UNCOVERED'), ('status', 'REVIEWING'), ('treaty_version__isnull', False)), models.Q(('coverage', 'UNCOVERED'), ('status__in', ['SUBMITTED', 'REJECTED'])), _connector='OR'), name='filings_filing_status'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(('reserved_fen', 0), models.Q(('reserved_fen__gt', 0), ('status', 'REVIEWING')), _connector='OR'), name='filings_filing_reserved'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('reason_code', ''), _negated=True)), name='filings_filing_reason'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['filing', 'on', 'id'], name='filings_decision_day'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('guaranteed_fen', django.db.models.expressions.CombinedExpression(models.F('covered_fen'), '+', models.F('uncovered_fen')))), name='filings_decision_whole'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ceded_fen__gt', 0), ('coverage', 'COVERED'), ('covered_fen__gt', 0), ('uncovered_fen', 0)), models.Q(('ceded_fen__gt', 0), ('coverage', 'PARTLY'), ('covered_fen__gt', 0), ('uncovered_fen__gt', 0)), models.Q(('ceded_fen', 0), ('coverage', 'UNCOVERED'), ('covered_fen', 0)), _connector='OR'), name='filings_decision_coverage'),
        ),
    ]
