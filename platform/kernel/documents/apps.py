from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kernel.documents"
    label = "documents"
