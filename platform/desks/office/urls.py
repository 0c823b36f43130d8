"""People, the audit trail and messages, in portal and console. Each face has a search of its own (desks.office.search)."""

from django.utils.translation import gettext_lazy as _

from desks.items import Item
from desks.office import notices, people, trail
from desks.pages import page

urlpatterns = [
    page("notices/", notices.listing, "notices"),
    page("notices/read/", notices.read_all, "notices_read"),
    page("notices/bell/", notices.bell, "bell"),
    page("notices/<int:pk>/", notices.open_notice, "notice"),
    page("people/", people.listing, "people"),
    page("people/new/", people.new, "person_new"),
    page("people/<int:pk>/roles/", people.roles, "person_roles"),
    page("people/<int:pk>/suspend/", people.suspend, "person_suspend"),
    page("audit/", trail.listing, "audit"),
    page("audit/verify/", trail.verify, "audit_verify"),
]
NAV = (
    Item("administration", _("People"), "people", "users", people.SEE, "u"),
    Item("administration", _("Audit trail"), "audit", "history", trail.SEE, "l"),
)
