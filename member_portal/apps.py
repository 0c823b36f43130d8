from django.apps import AppConfig


class MemberPortalConfig(AppConfig):
    name = "member_portal"
    label = "member_portal"
