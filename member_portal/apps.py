from django.apps import AppConfig


class MemberPortalConfig(AppConfig):
    name = "member_portal"
    label = "member_portal"

    def ready(self) -> None:
        from desks.tasks import sheets

        sheets.register("portal", "application", "member_portal.views.applications.signing_sheet")
