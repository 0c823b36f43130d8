"""A published drawing and a spoken opinion cannot be changed, not even by SQL.

Unqualified on purpose: the functions live in the schema of the institution whose tables they guard.
"""

from django.db import migrations

FREEZE_DEFINITION = """
CREATE FUNCTION approval_definition_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.status = 'DRAFT' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF OLD.status = 'DRAFT' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'PUBLISHED' AND NEW.status = 'RETIRED'
       AND ROW(NEW.id, NEW.code, NEW.version, NEW.title_zh, NEW.title_en, NEW.bpmn, NEW.published_at, NEW.published_by)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.code, OLD.version, OLD.title_zh, OLD.title_en, OLD.bpmn, OLD.published_at, OLD.published_by)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'approval flow % version % is published and cannot be changed', OLD.code, OLD.version
        USING ERRCODE = 'integrity_constraint_violation';
END
$body$;
CREATE TRIGGER approval_definition_frozen BEFORE UPDATE OR DELETE ON approval_flowdefinition
    FOR EACH ROW EXECUTE FUNCTION approval_definition_frozen();
"""
THAW_DEFINITION = """
DROP TRIGGER approval_definition_frozen ON approval_flowdefinition;
DROP FUNCTION approval_definition_frozen();
"""
FREEZE_OPINION = """
CREATE FUNCTION approval_opinion_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'approval opinion % cannot be changed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END
$body$;
CREATE TRIGGER approval_opinion_frozen BEFORE UPDATE OR DELETE ON approval_opinion
    FOR EACH ROW EXECUTE FUNCTION approval_opinion_frozen();
"""
THAW_OPINION = """
DROP TRIGGER approval_opinion_frozen ON approval_opinion;
DROP FUNCTION approval_opinion_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("approval", "0001_initial")]

    operations = [
        migrations.RunSQL(FREEZE_DEFINITION, THAW_DEFINITION),
        migrations.RunSQL(FREEZE_OPINION, THAW_OPINION),
    ]
