"""Tasks to sign, in portal and console. Each face puts its own entry into its navigation."""

from desks.items import Item
from desks.pages import page
from desks.tasks import views

urlpatterns = [
    page("tasks/", views.todo, "tasks"),
    page("tasks/done/", views.done, "tasks_done"),
    page("tasks/coming/", views.coming, "tasks_coming"),
    page("tasks/started/", views.started, "tasks_started"),
    page("tasks/copied/", views.copied, "tasks_copied"),
    page("tasks/deputies/", views.deputies, "deputies"),
    page("tasks/deputies/<int:pk>/end/", views.end_deputy, "deputy_end"),
    page("tasks/cases/<int:pk>/copy/", views.copy, "task_case_copy"),
    page("tasks/<int:pk>/", views.decide, "task"),
    page("tasks/<int:pk>/return/", views.send_back, "task_return"),
    page("tasks/<int:pk>/transfer/", views.transfer, "task_transfer"),
    page("tasks/<int:pk>/signer/", views.add_signer, "task_signer"),
    page("tasks/<int:pk>/urge/", views.urge, "task_urge"),
    page("tasks/<int:pk>/position/", views.position, "task_position"),
    page("tasks/<int:pk>/papers/<uuid:paper>/", views.paper, "task_paper"),
]
NAV: tuple[Item, ...] = ()
