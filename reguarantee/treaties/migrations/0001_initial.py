
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Treaty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('members', models.JSONField(default=list, help_text='Member codes, or * for all')),
                ('rank', models.PositiveSmallIntegerField(default=100, help_text='When several treaties fit, the lowest goes first')),
                ('status', models.CharField(choices=[('DRAFT', 'Draft'), ('ACTIVE', 'In effect'), ('ENDED', 'Ended')], default='DRAFT', max_length=10)),
                ('ended_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['rank', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('status', 'ENDED')), models.Q(('ended_on', None), ('status__in', ['DRAFT', 'ACTIVE'])), _connector='OR'), name='treaties_treaty_status')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member_code', models.CharField(help_text='A member, or * for the line all members share', max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('line_fen', models.BigIntegerField(blank=True, null=True)),
                ('used_fen', models.BigIntegerField(default=0)),
                ('reserved_fen', models.BigIntegerField(default=0)),
                ('treaty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='treaties.treaty')),
            ],
            options={
                'ordering': ['treaty_id', 'year', 'member_code'],
                'constraints': [models.UniqueConstraint(fields=('treaty', 'year', 'member_code'), name='treaties_line_once'), models.CheckConstraint(condition=models.Q(('reserved_fen__gte', 0), ('used_fen__gte', 0)), name='treaties_line_not_negative'), models.CheckConstraint(condition=models.Q(('line_fen', None), ('line_fen__gte', django.db.models.expressions.CombinedExpression(models.F('used_fen'), '+', models.F('reserved_fen'))), _connector='OR'), name='treaties_line_kept')],
            },
        ),
        migrations.CreateModel(
            name='TreatyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('terms', models.TextField()),
                ('above_limits', models.CharField(choices=[('REVIEW', 'An officer decides case by case'), ('PART', 'What fits is covered, the rest is not')], default='REVIEW', max_length=10)),
                ('effective_from', models.DateField()),
                ('effective_to', models.DateField(blank=True, help_text='Last day, included; empty means open', null=True)),
                ('drafted_by', models.CharField(max_length=120)),
                ('published_on', models.DateField(blank=True, null=True)),
                ('published_by', models.CharField(blank=True, max_length=120)),
                ('treaty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='treaties.treaty')),
            ],
            options={
                'ordering': ['treaty_id', 'version'],
                'constraints': [models.UniqueConstraint(fields=('treaty', 'version'), name='treaties_version_once'), models.UniqueConstraint(condition=models.Q(('published_on__isnull', True)), fields=('treaty',), name='treaties_one_open_draft'), models.CheckConstraint(condition=models.Q(('effective_to', None), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='treaties_version_period')],
            },
        ),
    ]
