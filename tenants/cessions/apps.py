from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CessionsConfig(AppConfig):
    name = "tenants.cessions"
    label = "cessions"
    verbose_name = _("Business with the group")
