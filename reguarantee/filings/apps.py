from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "reguarantee.filings"
    label = "filings"
