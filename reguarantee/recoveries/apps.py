from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReguaranteeRecoveriesConfig(AppConfig):
    name = "reguarantee.recoveries"
    label = "reguarantee_recoveries"
    verbose_name = _("Recoveries")
