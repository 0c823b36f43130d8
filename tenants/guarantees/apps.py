from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuaranteesConfig(AppConfig):
    name = "tenants.guarantees"
    label = "guarantees"
    verbose_name = _("Guarantees")

    def ready(self) -> None:
        from kernel.intake.landing.target import register
        from tenants.guarantees.portfolio import TARGET

        register(TARGET)
