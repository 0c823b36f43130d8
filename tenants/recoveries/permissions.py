"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("recoveries.view", _("See recovery cases")),
    ("recoveries.record", _("Record recoveries, costs and steps of a case")),
    ("recoveries.write_off", _("Write receivables off and undo recoveries")),
)
