"""The committee, in portal and console."""

from django.utils.translation import gettext_lazy as _

from desks.committee import items, rules, views
from desks.items import Item
from desks.pages import page
from kernel.approval.committee import queries

urlpatterns = [
    page("meetings/", views.listing, "meetings"),
    page("meetings/new/", views.new, "meeting_new"),
    page("meetings/rules/", rules.listing, "meeting_rules"),
    page("meetings/rules/<slug:rule>/propose/", rules.propose, "meeting_rule_propose"),
    page("meetings/rules/<int:pk>/decide/", rules.decide, "meeting_rule_decide"),
    page("meetings/<int:pk>/", views.detail, "meeting"),
    page("meetings/<int:pk>/edit/", views.edit, "meeting_edit"),
    page("meetings/<int:pk>/summon/", views.summon, "meeting_summon"),
    page("meetings/<int:pk>/cancel/", views.cancel, "meeting_cancel"),
    page("meetings/<int:pk>/attend/", views.attend, "meeting_attend"),
    page("meetings/<int:pk>/agenda/", views.agenda, "meeting_agenda"),
    page("meetings/<int:pk>/close/", views.close, "meeting_close"),
    page("meetings/<int:pk>/minutes/", views.minutes, "meeting_minutes"),
    page("meetings/agenda/<int:pk>/", items.detail, "agenda"),
    page("meetings/agenda/<int:pk>/vote/", items.vote, "agenda_vote"),
    page("meetings/agenda/<int:pk>/call/", items.call, "agenda_call"),
    page("meetings/agenda/<int:pk>/off/", items.take_off, "agenda_off"),
    page("meetings/agenda/<int:pk>/recuse/", items.recuse, "agenda_recuse"),
    page("meetings/agenda/<int:pk>/close/", items.close, "agenda_close"),
    page("meetings/agenda/<int:pk>/conditions/<int:condition>/", items.fulfil, "agenda_condition"),
    page("meetings/agenda/<int:pk>/papers/add/", items.add_paper, "agenda_paper_add"),
    page("meetings/agenda/<int:pk>/papers/<uuid:paper>/", items.paper, "agenda_paper"),
]
NAV = (Item("business", _("Committee"), "meetings", "gavel", ("committee.view",), "e", waiting=queries.waits_for),)
