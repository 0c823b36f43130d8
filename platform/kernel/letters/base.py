"""What every letter is: a frozen dataclass of primitives (see the package)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Base of all letters. Dates travel as ISO text, amounts as fen."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1

    def body(self) -> dict[str, Any]:
        """Primitives only: what is stored and sent."""
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}

    @classmethod
    def read(cls, body: dict[str, Any]) -> Any:
        """The letter again from its stored body; unknown keys of a newer sender are ignored."""
        wanted = {field.name: field for field in fields(cls)}
        values = {key: value for key, value in body.items() if key in wanted}
        for name, field in wanted.items():
            if field.type in ("date", "date | None") and isinstance(values.get(name), str):
                values[name] = date.fromisoformat(values[name])
            elif isinstance(values.get(name), list):
                values[name] = tuple(values[name])
        return cls(**values)
