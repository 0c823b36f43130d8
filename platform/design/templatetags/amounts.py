"""How figures are written: plain functions over integer fen and Decimal rates, used by tags, columns and exports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from kernel.money import half_up, wan, yuan

YUAN, WAN = "YUAN", "WAN"
FEN_OF = {YUAN: 100, WAN: 1_000_000}
NOTHING = "-"


def english() -> bool:
    return (get_language() or "").startswith("en")


def unit_label(unit: str) -> str:
    return gettext("10k yuan") if unit == WAN else gettext("yuan")


def amount(fen: int | None, unit: str = WAN) -> str:
    """`1,234.57` for an amount in fen, in 万元 or 元, half up to two decimals; `-` for nothing."""
    if fen is None or fen == "":
        return NOTHING
    return wan(int(fen)) if unit == WAN else yuan(int(fen))


def with_unit(fen: int, unit: str = WAN) -> str:
    """In a sentence: 650.12 万元, 6,501,200.00 元; English has no 万 and says ¥6,501,200.00."""
    return f"¥{yuan(fen)}" if english() else f"{amount(fen, unit)} {unit_label(unit)}"


def _in(fen: int, size: int) -> str:
    """The amount in units of `size` fen with at most two decimals."""
    return yuan(half_up(fen * 100, size)).removesuffix(".00")


def big(fen: int | None) -> str:
    """A headline figure in the unit that reads best: 49.05 亿元, 3,120 万元, 980 元; English ¥4,905 M, ¥31.2 M."""
    if fen is None or fen == "":
        return NOTHING
    fen, size = int(fen), abs(int(fen))
    if english():
        return f"¥{_in(fen, 100_000_000)} M" if size >= 100_000_000 else f"¥{_in(fen, 100)}"
    if size >= 10_000_000_000:
        return f"{_in(fen, 10_000_000_000)} 亿元"
    return f"{_in(fen, 1_000_000)} 万元" if size >= 1_000_000 else f"{_in(fen, 100)} 元"


def percent(rate: Decimal | int | str | None, digits: int = 2) -> str:
    """`1.25%` for a rate per 1 (Decimal), half up, exact; `-` for nothing. A float is refused (domain.md: no floats)."""
    if rate is None or rate == "":
        return NOTHING
    if isinstance(rate, float):
        raise TypeError("a rate is a Decimal, never a float")
    numerator, denominator = Decimal(rate).as_integer_ratio()
    scaled = half_up(numerator * 10 ** (2 + digits), denominator)
    whole, part = divmod(abs(scaled), 10**digits)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole:,}.{part:0{digits}d}%" if digits else f"{sign}{whole:,}%"


def unit_of(request: Any) -> str:
    """The money unit this reader chose: on the person when signed in, else in the cookie, else 万元."""
    user = getattr(request, "user", None)
    chosen = getattr(user, "money_unit", None) or (request.COOKIES.get("unit") if request else None)
    return chosen if chosen in FEN_OF else WAN
