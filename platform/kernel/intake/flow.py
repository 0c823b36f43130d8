"""States of an import."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from kernel.intake.models import ImportBatch

S = ImportBatch.State

IMPORT = Flow(
    "import",
    _("import"),
    dict(S.choices),
    S.CHECKED,
    [
        Move("confirm", (S.CHECKED,), S.DONE, "the file is the one that was checked", "sound rows are in the books"),
        Move("cancel", (S.CHECKED,), S.CANCELLED),
        Move("undo", (S.DONE,), S.UNDONE, "nobody has worked with its rows", "its rows are gone"),
    ],
    final=(S.CANCELLED, S.UNDONE),
)
