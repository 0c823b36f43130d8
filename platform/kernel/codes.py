"""Identity codes with check digits: the unified social credit code (统一社会信用代码) and the resident ID (居民身份证).

Rules: domain.md 8.6.1 (GB 32100-2015 and the organisation code of GB 11714 inside it) and 8.6.2
(GB 11643-1999). Input is trimmed and upper-cased; a full-width character is refused, not converted, because a
code that was typed wrongly is more often wrong elsewhere too.
"""

from datetime import date
from operator import mul

from kernel.errors import Invalid, gettext_noop

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Looked up by imports a hundred thousand times over.
_USCC_VALUES = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_ORGANISATION_VALUES = {character: value for value, character in enumerate(_ORGANISATION_ALPHABET)}
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_INDIVIDUAL_BUSINESS = "92"
_LENGTH = 18


class BadCode(Invalid):
    """A text that is not the code it should be; the sentence says what is wrong with it."""

    code = "BAD_CODE"


class BadUscc(BadCode):
    """Not a unified social credit code."""

    code = "BAD_USCC"
    sentence = gettext_noop("The check digit of this unified social credit code does not fit: a character is wrong.")


class BadResidentId(BadCode):
    """Not a resident ID number."""

    code = "BAD_RESIDENT_ID"
    sentence = gettext_noop("The check digit of this ID number does not fit: a character is wrong.")


def normalise(text: str, error: type[BadCode] = BadCode) -> str:
    """Return `text` trimmed and upper-cased. Raises `error` for any full-width or other non-ASCII character."""
    code = text.strip(" \t\r\n").upper()
    if not code.isascii():
        raise error(gettext_noop("Use ordinary letters and digits, no full-width characters."))
    return code


def uscc(text: str) -> str:
    """Return the unified social credit code in `text`, normalised. Raises BadUscc."""
    code = normalise(text, BadUscc)
    if len(code) != _LENGTH:
        raise BadUscc(gettext_noop("A unified social credit code has 18 characters; this has %(length)s."), length=len(code))
    for character in code:
        if character not in _USCC_ALPHABET:
            raise BadUscc(
                gettext_noop("“%(character)s” does not occur in a unified social credit code (nor do I, O, S, V, Z)."),
                character=character,
            )
    if not code[2:8].isdigit():
        raise BadUscc(gettext_noop("Characters 3 to 8 of a unified social credit code are the division: digits only."))
    if code[17] != _uscc_check(code[:17]):
        raise BadUscc()
    # The organisation code inside a 92… (individual business) may break its own check (domain.md 8.6.1).
    if not code.startswith(_INDIVIDUAL_BUSINESS) and code[16] != _organisation_check(code[8:16]):
        raise BadUscc(gettext_noop("The check digit of the organisation code (character 17) does not fit."))
    return code


def _uscc_check(body: str) -> str:
    total = sum(map(mul, map(_USCC_VALUES.__getitem__, body), _USCC_WEIGHTS))
    return _USCC_ALPHABET[-total % 31]


def _organisation_check(body: str) -> str:
    total = sum(map(mul, map(_ORGANISATION_VALUES.__getitem__, body), _ORGANISATION_WEIGHTS))
    check = -total % 11
    return "X" if check == 10 else str(check)


def uscc_ok(text: str) -> bool:
    """Return whether `text` is a unified social credit code with fitting check digits."""
    try:
        uscc(text)
    except BadUscc:
        return False
    return True


def complete_uscc(head: str, organisation: str) -> str:
    """Return the code of 8 characters `head` (department, category, division) and 8 of `organisation` with both checks."""
    body = head + organisation + _organisation_check(organisation)
    return body + _uscc_check(body)


def complete_resident_id(body: str) -> str:
    """Return the ID number of 17 digits `body` with its check character."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True))
    return body + _RESIDENT_CHECKS[total % 11]


def resident_id(text: str, *, today: date | None = None) -> str:
    """Return the 18-character ID number in `text`, normalised; `today` also refuses a birthday to come.

    Raises BadResidentId. Numbers of 15 digits, no longer issued, are refused.
    """
    code = normalise(text, BadResidentId)
    if len(code) != _LENGTH:
        raise BadResidentId(gettext_noop("An ID number has 18 characters; this has %(length)s."), length=len(code))
    if not code[:17].isdigit() or code[17] not in _RESIDENT_CHECKS or code[0] == "0":
        raise BadResidentId(gettext_noop("An ID number has 17 digits, then a digit or X."))
    born = _birthday(code)
    if born is None or born.year < 1800 or (today is not None and born > today):
        raise BadResidentId(gettext_noop("Characters 7 to 14 of this ID number are not a possible birthday."))
    if code != complete_resident_id(code[:17]):
        raise BadResidentId()
    return code


def _birthday(code: str) -> date | None:
    try:
        return date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return None


def resident_id_ok(text: str, *, today: date | None = None) -> bool:
    """Return whether `text` is a resident ID number with a possible birthday and a fitting check digit."""
    try:
        resident_id(text, today=today)
    except BadResidentId:
        return False
    return True


def birthday(code: str) -> date:
    """Return the birthday in an ID number that `resident_id` accepted."""
    return date(int(code[6:10]), int(code[10:12]), int(code[12:14]))


def is_male(code: str) -> bool:
    """Return the sex in an ID number that `resident_id` accepted: an odd seventeenth digit is male."""
    return int(code[16]) % 2 == 1
