from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReguaranteeClaimsConfig(AppConfig):
    name = "reguarantee.claims"
    label = "reguarantee_claims"
    verbose_name = _("Claims on the group")
