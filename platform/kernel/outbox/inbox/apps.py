from django.apps import AppConfig


class InboxConfig(AppConfig):
    """The reading side has a table in every house; the letters themselves lie in `public`."""

    name = "kernel.outbox.inbox"
    label = "inbox"
