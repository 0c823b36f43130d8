from django.apps import AppConfig


class InfraConfig(AppConfig):
    """The roof has no tables; it is an app for its commands (demo, import_portfolio, docs)."""

    name = "infra"
    label = "infra"
