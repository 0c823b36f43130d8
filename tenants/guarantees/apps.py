from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuaranteesConfig(AppConfig):
    name = "tenants.guarantees"
    label = "guarantees"
    verbose_name = _("Guarantees")

    def ready(self) -> None:
        from kernel.approval import listeners
        from kernel.intake.landing.target import register
        from tenants.guarantees import services
        from tenants.guarantees.portfolio import TARGET

        register(TARGET)
        listeners.register("extension", services.extension_closed, page=_page)


def _page(subject: str) -> str:
    """Where a message about an extension leads in the member's portal: the guarantee that would be extended."""
    return f"/guarantees/{subject.partition(':')[2]}/"
