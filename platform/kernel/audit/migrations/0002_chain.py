"""The trail is append-only and hash-chained by the database itself."""

from pathlib import Path

from django.db import migrations

CHAIN = Path(__file__).parent.with_name("chain.sql").read_text(encoding="utf-8")
UNDO = """
drop trigger audit_entry_chain on audit_entry;
drop trigger audit_entry_no_truncate on audit_entry;
drop trigger audit_entry_guard on audit_entry;
drop function audit_entry_chain();
drop function audit_entry_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNDO)]
