from django.apps import AppConfig


class MemberPortalConfig(AppConfig):
    name = "member_portal"
    label = "member_portal"

    def ready(self) -> None:
        from desks import words
        from desks.tasks import sheets

        sheets.register("portal", "application", "member_portal.views.applications.signing_sheet")
        sheets.register("portal", "extension", "member_portal.views.guarantees.extension_sheet")
        words.register("portal", "member_portal.tables.words.WORDS")
