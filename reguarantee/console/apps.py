from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "reguarantee.console"
    label = "console"

    def ready(self) -> None:
        from desks import words

        words.register("console", "reguarantee.console.words.WORDS")
