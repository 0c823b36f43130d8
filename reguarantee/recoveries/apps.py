from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReguaranteeRecoveriesConfig(AppConfig):
    name = "reguarantee.recoveries"
    label = "reguarantee_recoveries"
    verbose_name = _("Recoveries")

    def ready(self) -> None:
        from reguarantee.claims.services import deciding, outward, paying
        from reguarantee.recoveries.services.funds import outward_opened
        from reguarantee.recoveries.services.holding import given_back, reckoned

        if outward_opened not in outward.on_opened:
            outward.on_opened.append(outward_opened)
        if given_back not in paying.on_given_back:
            paying.on_given_back.append(given_back)
        if reckoned not in deciding.on_reckoned:
            deciding.on_reckoned.append(reckoned)
