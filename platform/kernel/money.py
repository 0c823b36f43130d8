"""Money as integers of fen (分), exactly.

Every amount is an `int` of fen; every rate is a `Decimal`. Nothing here uses floating point, and
nothing reads the context of the `decimal` module: a product is formed as an exact fraction and
rounded once, half up, so the figure does not depend on precision settings or on the order of terms.

**Rounding.** `half_up(n, d)` is the integer nearest to n/d; a tie goes away from zero. For n >= 0 and
d > 0 it is floor(n/d + 1/2) = floor((2n + d) / 2d), and half_up(-n, d) = -half_up(n, d), so a reversal
undoes a posting to the fen.

**Splitting.** `split(a, r, p)` deals a out by ratios r that sum to exactly 1. Every party i other than
the residual party p gets half_up(a * r_i); p gets a minus the sum of those. Each rounding errs by at most
1/2, so with n parties p is within (n - 1)/2 fen of a * r_p. Only when a * r_p is itself smaller than that
can p fall below nothing; the missing fen, at most (n - 1)/2, are then taken back from the last party listed
and, should it not hold enough, from those before it. Hence, for a >= 0:

    the shares sum to a, and none is below nothing;
    |share_p - a * r_p| <= (n - 1)/2;
    share_i <= half_up(a * r_i) for every other party, with equality unless fen were taken back;
    another order of the parties changes at most who gives those fen back.

Source: domain.md 11.33 (shares sum exactly), design.md 5 (residual keeps what rounding leaves).
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from kernel.errors import Invalid, gettext_noop

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000


class BadRatios(Invalid):
    """The ratios do not describe a whole."""

    code = "BAD_RATIOS"
    sentence = gettext_noop("The shares must be between 0 and 1 and sum to exactly 1; they sum to %(total)s.")


class BadAmount(Invalid):
    """A text that is not an amount in yuan."""

    code = "BAD_AMOUNT"
    sentence = gettext_noop("“%(text)s” is not an amount in yuan with at most two decimals.")


def half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded to an integer, ties away from zero."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude


def times(amount_fen: int, rate: Decimal) -> int:
    """Return amount x rate in fen, half up; the product is exact before its one rounding."""
    numerator, denominator = rate.as_integer_ratio()
    return half_up(amount_fen * numerator, denominator)


def split(amount: int, ratios: Mapping[str, Decimal], residual: str) -> dict[str, int]:
    """Deal `amount` (fen) out by `ratios`; the shares sum to it exactly, in the order listed.

    `residual` is the party that keeps what rounding leaves, never less than nothing (then the last
    listed takes less). A negative amount is the mirror image of the positive one. Raises BadRatios.
    """
    total = sum(map(Fraction, ratios.values()))
    if total != 1 or residual not in ratios or any(not 0 <= ratio <= 1 for ratio in ratios.values()):
        raise BadRatios(total=sum(ratios.values()), field="shares")
    whole = abs(amount)
    shares = {party: times(whole, ratio) for party, ratio in ratios.items() if party != residual}
    left = whole - sum(shares.values())
    for party in reversed(shares):
        if left >= 0:
            break
        given_up = min(shares[party], -left)
        shares[party] -= given_up
        left += given_up
    shares[residual] = left
    sign = -1 if amount < 0 else 1
    return {party: sign * shares[party] for party in ratios}


def straight_line(amount: int, term_months: int, elapsed_months: int) -> int:
    """Return what is left of `amount` (fen) after equal monthly repayments, half up.

    Nothing is left when the term is over or has no months; nothing is repaid before it starts.
    """
    if term_months <= 0:
        return 0
    remaining = min(max(term_months - elapsed_months, 0), term_months)
    return half_up(amount * remaining, term_months)


_YUAN = re.compile(r"(?P<sign>-?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d{1,2}))?", re.ASCII)


def from_yuan(text: object) -> int:
    """Return fen for an amount typed in yuan: `5000`, `5,000.5`, `¥ -12.30`.

    A third decimal, a float, a misplaced comma or any other character raises BadAmount: an amount is
    never guessed.
    """
    if isinstance(text, float):
        raise BadAmount(text=text)
    plain = f"{text:f}" if isinstance(text, Decimal) else str(text)
    found = _YUAN.fullmatch(plain.strip().lstrip("¥￥").strip())
    if found is None:
        raise BadAmount(text=text)
    fen = int(found["whole"].replace(",", "")) * FEN_PER_YUAN + int((found["part"] or "").ljust(2, "0"))
    return -fen if found["sign"] else fen


def yuan(fen: int) -> str:
    """Return `1,234,567.89` for an amount in fen."""
    sign = "-" if fen < 0 else ""
    whole, part = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{part:02d}"


def wan(fen: int) -> str:
    """Return the amount in units of ten thousand yuan (万元) with two decimals, half up."""
    return yuan(half_up(fen * FEN_PER_YUAN, FEN_PER_WAN))


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((10**8, "亿"), (10**4, "万"), (10**3, "仟"), (10**2, "佰"), (10, "拾"))


def _whole_capitals(number: int) -> str:
    for size, unit in _UNITS:
        if number >= size:
            high, low = divmod(number, size)
            gap = _DIGITS[0] if 0 < low < size // 10 else ""
            return _whole_capitals(high) + unit + gap + (_whole_capitals(low) if low else "")
    return _DIGITS[number]


def capitals(fen: int) -> str:
    """Return the amount in financial capitals (大写), without the currency: `叁佰贰拾伍元零肆分`.

    An amount that ends at yuan or jiao closes with 整, so that nothing can be written behind it; one
    that ends at fen does not. One 零 stands for any run of zeros inside the number.
    """
    sign = "负" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    jiao, odd = divmod(rest, 10)
    text = _whole_capitals(whole) + "元" if whole or not rest else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif odd and whole:
        text += _DIGITS[0]
    return sign + text + (_DIGITS[odd] + "分" if odd else "整")
