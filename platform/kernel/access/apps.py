from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccessConfig(AppConfig):
    name = "kernel.access"
    label = "access"

    def ready(self) -> None:
        from kernel.access.middleware import tie_session

        user_logged_in.connect(tie_session, dispatch_uid="access.tie_session")
