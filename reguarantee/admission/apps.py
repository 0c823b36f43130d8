from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionConfig(AppConfig):
    name = "reguarantee.admission"
    label = "admission"
    verbose_name = _("Admission and evaluation")

    def ready(self) -> None:
        from kernel.approval import committee
        from reguarantee.admission.services import decided

        committee.register("admission", on_decided=decided, page=_page, waiting=_waiting, rule="GROUP")


def _page(subject: str) -> str:
    return f"/admission/cases/{subject.partition(':')[2]}/"


def _waiting() -> list[Any]:
    """The cases that wait for a meeting of the committee; whoever took them up is recused."""
    from kernel.approval.committee import Matter
    from reguarantee.admission import queries

    return [
        Matter(case.subject, f"{case.name} {case.number}", tuple(filter(None, (case.owner_id,))))
        for case in queries.cases(state="COMMITTEE")
    ]
