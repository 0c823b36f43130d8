"""What one may be allowed to do with admissions and evaluations."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("admission.view", _("See admission cases and evaluations")),
    ("admission.handle", _("Accept, collect documents and analyse admission cases")),
    ("admission.review", _("Review admission cases and report visits")),
    ("admission.sign", _("Sign agreements and activate institutions")),
    ("admission.standards", _("Draft admission standards")),
    ("admission.publish_standards", _("Publish admission standards that another person drafted")),
    ("admission.evaluate", _("Prepare yearly evaluations")),
    ("admission.approve_evaluation", _("Approve evaluations that another person prepared")),
    ("admission.decide_change", _("Decide changes that institutions report about themselves")),
)
