"""What a guarantee is on any day, as functions that every total is computed by."""

from pathlib import Path

from django.db import migrations

STANDING = Path(__file__).with_name("standing.sql").read_text(encoding="utf-8")
UNDO = """
delete from monitoring_marginalday;
drop function monitoring_standing(date);
drop function straight_line(bigint, integer, integer);
drop function whole_months(date, date);
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]
    operations = [migrations.RunSQL(STANDING, UNDO)]
