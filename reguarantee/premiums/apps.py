from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PremiumsConfig(AppConfig):
    name = "reguarantee.premiums"
    label = "premiums"
    verbose_name = _("Re-guarantee premiums")

    def ready(self) -> None:
        """Hear of the money of bills and refunds."""
        from kernel.cash import listeners
        from reguarantee.premiums.services.settling import on_moved

        listeners.register("PREMIUM", on_moved, direction="IN")
        listeners.register("PREMIUM_REFUND", on_moved, direction="OUT")
