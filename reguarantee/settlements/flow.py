"""The states of an account current (issue: drafted, confirmed by the other side, locked, paid)."""

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from reguarantee.settlements.models import Statement

S = {state.name: state.value for state in Statement.State}
STATEMENT = Flow(
    name="statement",
    title=_("Account current"),
    states=dict(Statement.State.choices),
    initial=S["DRAFTED"],
    moves=(
        Move(
            "issue", (S["DRAFTED"], S["DISPUTED"]), S["ISSUED"], guard="the closing is that of its rows", effect="StatementIssued"
        ),
        Move("redraft", (S["DRAFTED"], S["ISSUED"], S["DISPUTED"]), S["DRAFTED"], effect="rows are gathered anew"),
        Move("dispute", (S["ISSUED"],), S["DISPUTED"], guard="the other side names rows", effect="its rows are kept"),
        Move("confirm", (S["ISSUED"],), S["CONFIRMED"], guard="the other side's letter, or its signed paper"),
        Move(
            "lock",
            (S["CONFIRMED"],),
            S["LOCKED"],
            guard="another person than the one who drafted it",
            effect="later rows fall into the next period; StatementIssued",
        ),
        Move("pay", (S["LOCKED"],), S["PAID"], guard="nothing of its rows is open", effect="StatementIssued"),
    ),
    final=(S["PAID"],),
)
