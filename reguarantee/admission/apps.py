from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionConfig(AppConfig):
    name = "reguarantee.admission"
    label = "admission"
    verbose_name = _("Admission and evaluation")

    def ready(self) -> None:
        from kernel.approval import committee
        from reguarantee.admission.services import decided

        committee.register("admission", on_decided=decided, page=_page)


def _page(subject: str) -> str:
    return f"/admission/cases/{subject.partition(':')[2]}/"
