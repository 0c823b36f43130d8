from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecoveriesConfig(AppConfig):
    name = "tenants.recoveries"
    label = "recoveries"
    verbose_name = _("Recoveries")

    def ready(self) -> None:
        from tenants.recoveries import telling

        telling.register()
