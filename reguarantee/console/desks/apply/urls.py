"""Public pages at /apply/ of the group's host; included by its URL module, never listed among the console's pages."""

from __future__ import annotations

from django.urls import path

from reguarantee.console.desks.apply import views

app_name = "apply"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("new/<slug:kind>/table/", views.table, name="table"),
    path("case/", views.case, name="case"),
    path("case/edit/", views.edit, name="edit"),
    path("case/paper/", views.paper, name="paper"),
    path("case/paper/<uuid:document>/remove/", views.remove, name="remove"),
    path("case/answer/<int:ask>/", views.answer, name="answer"),
    path("case/withdraw/", views.withdraw, name="withdraw"),
    path("case/leave/", views.leave, name="leave"),
]
