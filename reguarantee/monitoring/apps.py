from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "reguarantee.monitoring"
    label = "monitoring"
