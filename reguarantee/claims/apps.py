from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReguaranteeClaimsConfig(AppConfig):
    name = "reguarantee.claims"
    label = "reguarantee_claims"
    verbose_name = _("Claims on the group")

    def ready(self) -> None:
        from kernel.approval import listeners
        from kernel.cash import listeners as money
        from reguarantee.claims import services
        from reguarantee.claims.services import outward, paying

        listeners.register("claim", services.closed, on_returned=services.returned, on_resumed=services.resumed, page=_page)
        money.register("CLAIM", paying.moved, direction="OUT")
        money.register_orders("CLAIM", paying.ordered)
        money.register("FUND_CLAIM", outward.moved, direction="IN")


def _page(subject: str) -> str:
    """Where a message about a claim leads in the console."""
    return f"/claims/{subject.partition(':')[2]}/"
