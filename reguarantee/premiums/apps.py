from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PremiumsConfig(AppConfig):
    name = "reguarantee.premiums"
    label = "premiums"
    verbose_name = _("Re-guarantee premiums")
