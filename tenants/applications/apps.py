from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "tenants.applications"
    label = "applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        from kernel.approval import listeners
        from tenants.applications import services

        listeners.register("application", services.closed, on_returned=services.returned, on_resumed=services.resumed, page=_page)


def _page(subject: str) -> str:
    """Where a message about an application leads in the member's portal."""
    return f"/applications/{subject.partition(':')[2]}/"
