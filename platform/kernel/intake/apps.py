from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "kernel.intake"
    label = "intake"
