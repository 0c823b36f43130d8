from django.apps import AppConfig


class TreatiesConfig(AppConfig):
    name = "reguarantee.treaties"
    label = "treaties"
