"""One PostgreSQL role per house, the projector's role, and the capture of published changes."""

from pathlib import Path

from django.db import migrations

ROLES = Path(__file__).with_name("house_roles.sql").read_text(encoding="utf-8")
UNDO = """
drop function public.note_all();
drop function public.note_change();
drop table public.reported_change;
drop function public.projector_role(text);
drop function public.house_role(text);
drop function public.publish_views(text);
drop function public.ensure_role(text);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("outbox", "0001_initial")]
    operations = [migrations.RunSQL(ROLES, UNDO)]
