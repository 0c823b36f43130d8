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
    """The cases that wait for a meeting of the committee; whoever had a hand in one is recused."""
    from kernel.approval.committee import Matter
    from reguarantee.admission import queries

    return [Matter(case.subject, f"{case.name}（{case.number}）", authors) for case, authors in queries.before_committee()]
