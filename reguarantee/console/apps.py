from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "reguarantee.console"
    label = "console"
