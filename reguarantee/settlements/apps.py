from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementsConfig(AppConfig):
    name = "reguarantee.settlements"
    label = "settlements"
    verbose_name = _("Settlement")

    def ready(self) -> None:
        from reguarantee.settlements import telling

        telling.register()
