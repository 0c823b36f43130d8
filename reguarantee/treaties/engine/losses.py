"""What goes through a treaty and what comes out: losses, positions, results and their trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.errors import Invalid, gettext_noop
from kernel.money import yuan

AMOUNTS = ("guaranteed_fen", "principal_fen", "interest_fen", "released_base_fen")


class BadLoss(Invalid):
    """A loss that cannot be: an amount below nothing."""

    code = "BAD_LOSS"
    sentence = gettext_noop("%(name)s of loss %(loss_id)s may not be below nothing.")


@dataclass(frozen=True, slots=True)
class Loss:
    """One defaulted guarantee. Amounts are fen of the whole debt, the bank's own part included (domain.md 5.8.1).

    `date` is the date that decides which treaty the guarantee attaches to (`attaches.by`). `released_base_fen`
    is the released principal of the period that caps and stop losses are measured by. `obligor_total_fen` is
    the obligor's guaranteed total; left out, it is summed over the obligor's losses of the period so far.
    """

    loss_id: str
    date: date
    guaranteed_fen: int = 0
    principal_fen: int = 0
    interest_fen: int = 0
    released_base_fen: int = 0
    product: str = ""
    obligor_kind: str = ""
    obligor_id: str = ""
    bank: str = ""
    region: str = ""
    industry: str = ""
    term_months: int | None = None
    obligor_total_fen: int | None = None

    def __post_init__(self) -> None:
        for name in AMOUNTS:
            if getattr(self, name) < 0:
                raise BadLoss(field=name, name=name, loss_id=self.loss_id)


@dataclass(frozen=True)
class Position:
    """What earlier losses have used up: running totals in fen by treaty version, layer and name. Immutable."""

    totals: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, int]:
        """Return the position as a JSON object."""
        return dict(self.totals)

    @classmethod
    def from_json(cls, stored: Mapping[str, int]) -> "Position":
        """Return the position that `to_json` wrote."""
        return cls(dict(stored))


def in_words(value: Any) -> str:
    """Return an input as a person writes it: fen as yuan, a ratio as a percentage, text as it stands."""
    if isinstance(value, int):
        return yuan(value)
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}%"
    return str(value)


class Step(NamedTuple):
    """One movement: `fen` went from `source` to `target` because of a layer.

    `inputs` are the figures the layer used; `fen` can be recomputed from them. `sentence` is a message id whose
    places are in `facts`; `why` is that sentence in English.
    """

    treaty: str
    order: int
    kind: str
    source: str
    target: str
    fen: int
    inputs: Mapping[str, Any]
    sentence: str

    @property
    def facts(self) -> dict[str, str]:
        """Return the values of the sentence in words."""
        named = {"source": self.source, "target": self.target, "fen": self.fen}
        return {name: in_words(value) for name, value in {**self.inputs, **named}.items()}

    @property
    def why(self) -> str:
        """Return the reason in words."""
        return self.sentence % self.facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a treaty does not apply to a loss: a code, the field that decided it, and a sentence."""

    code: str
    field: str
    sentence: str
    facts: Mapping[str, str]

    @property
    def why(self) -> str:
        """Return the reason in words."""
        return self.sentence % self.facts


@dataclass(frozen=True, slots=True)
class Trace:
    """How the shares of one loss came about: `held_by` held all of `base_fen`, then each step moved some.

    `skipped` pairs each treaty that did not apply with the reason.
    """

    loss_id: str
    base: str
    base_fen: int
    held_by: str
    parties: tuple[str, ...]
    steps: tuple[Step, ...]
    skipped: tuple[tuple[str, Refusal], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The shares (fen by party, every party named, summing to the loss base) of one loss, and their trace."""

    shares: Mapping[str, int]
    trace: Trace


@dataclass(frozen=True, slots=True)
class Result(Outcome):
    """An outcome and the position it leaves behind."""

    position: Position
