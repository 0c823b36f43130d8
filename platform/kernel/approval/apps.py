from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    name = "kernel.approval"
    label = "approval"
