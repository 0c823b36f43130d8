"""A ballot that was cast and a decision that fell cannot be changed, not even by SQL; nor can a rule that was decided."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION approval_vote_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'a vote of the committee cannot be changed (% %)', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$body$;
CREATE TRIGGER approval_ballot_frozen BEFORE UPDATE OR DELETE ON approval_ballot
    FOR EACH ROW EXECUTE FUNCTION approval_vote_frozen();
CREATE TRIGGER approval_decision_frozen BEFORE UPDATE OR DELETE ON approval_decision
    FOR EACH ROW EXECUTE FUNCTION approval_vote_frozen();
CREATE TRIGGER approval_rule_frozen BEFORE UPDATE OR DELETE ON approval_committeerule
    FOR EACH ROW WHEN (OLD.state <> 'PROPOSED') EXECUTE FUNCTION approval_vote_frozen();
"""
THAW = """
DROP TRIGGER approval_rule_frozen ON approval_committeerule;
DROP TRIGGER approval_decision_frozen ON approval_decision;
DROP TRIGGER approval_ballot_frozen ON approval_ballot;
DROP FUNCTION approval_vote_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("approval", "0002_frozen")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
