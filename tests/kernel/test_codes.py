"""kernel.codes: check digits of the unified social credit code and the resident ID (domain.md 8.6)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.codes import (
    BadCode,
    BadResidentId,
    BadUscc,
    birthday,
    complete_resident_id,
    complete_uscc,
    is_male,
    normalise,
    resident_id,
    resident_id_ok,
    uscc,
    uscc_ok,
)

SOUND_USCC = ["91440300708461136T", "914403001922038216", "91330100799655058B", "91990000MA0DEM005D",
              "91990000MA0DEM0138", "91990000MA0DEM0213"]  # fmt: skip
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def with_check(body: str) -> str:
    """Append the check digit by polynomial arithmetic: the weights are the powers of 3 modulo 31."""
    total = sum(ALPHABET.index(character) * pow(3, n, 31) for n, character in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize("code", SOUND_USCC)
def test_sound_codes_pass_and_are_normalised(code: str) -> None:
    assert uscc_ok(code)
    assert uscc(f"  {code.lower()}\n") == code


@given(st.sampled_from(SOUND_USCC), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_found(code: str, place: int, character: str) -> None:
    wrong = code[:place] + character + code[place + 1 :]
    assert uscc_ok(wrong) == (wrong == code)


@given(st.sampled_from(SOUND_USCC), st.integers(0, 16))
def test_any_two_neighbours_that_changed_places_are_found(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert uscc_ok(wrong) == (wrong == code)


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("91110000100001661X", "check digit of this unified"),
        ("9144030070846113", "has 18 characters; this has 16"),
        ("", "this has 0"),
        ("91990000MA0DEM00SD", "“S” does not occur"),
        ("9199000 MA0DEM005D", "“ ” does not occur"),
        ("９１990000MA0DEM005D", "no full-width"),
        (with_check("9199A000MA0DEM005"), "digits only"),
        (with_check("91990000MA0DEM006"), "organisation code"),
    ],
)
def test_what_is_wrong_is_said(code: str, complaint: str) -> None:
    with pytest.raises(BadUscc, match=complaint) as refused:
        uscc(code)
    assert refused.value.code == "BAD_USCC"


def test_an_individual_business_may_break_the_inner_check() -> None:
    assert not uscc_ok(with_check("91990000MA0DEM006"))
    assert uscc_ok(with_check("92990000MA0DEM006"))


def test_the_inner_check_digit_can_be_x() -> None:
    # 3·0+7·0+9·0+10·0+5·0+8·0+4·3+2·0 = 12, 11 - 12 mod 11 = 10, written X.
    assert uscc_ok(with_check("91990000" + "00000030" + "X"))
    assert not uscc_ok(with_check("91990000" + "00000030" + "1"))


@given(st.text(ALPHABET, min_size=8, max_size=8))
def test_a_completed_code_is_sound(organisation: str) -> None:
    code = complete_uscc("91990000", organisation)
    assert code.startswith("91990000" + organisation) and uscc(code) == code
    assert code == with_check(code[:17])


def resident(body: str) -> str:
    """Append the check digit by ISO 7064 MOD 11-2, the other description of the same rule."""
    remainder = 0
    for digit in body:
        remainder = (remainder + int(digit)) * 2 % 11
    return body + "0123456789X"[(12 - remainder) % 11]


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.integers(0, 999))
def test_an_id_built_by_the_standard_passes(born: date, serial: int) -> None:
    code = resident(f"990101{born:%Y%m%d}{serial:03d}")
    assert complete_resident_id(code[:17]) == code
    assert resident_id_ok(code)
    assert resident_id_ok(code.lower(), today=born)
    assert not resident_id_ok(code, today=date(1899, 12, 31))
    assert (birthday(code), is_male(code)) == (born, serial % 2 == 1)


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_digit_of_an_id_is_found(place: int, character: str) -> None:
    code = "11010519491231002X"
    wrong = code[:place] + character + code[place + 1 :]
    assert resident_id_ok(wrong) == (wrong == code)


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("110105194912310021", "check digit"),
        ("130503670401001", "has 18 characters; this has 15"),
        (resident("99010119990230001"), "birthday"),
        (resident("99010100000101001"), "birthday"),
        ("99010A199902030011", "17 digits"),
        (resident("09010119990203001"), "17 digits"),
        ("11010519491231００２X", "no full-width"),
    ],
)
def test_what_is_wrong_with_an_id_is_said(code: str, complaint: str) -> None:
    with pytest.raises(BadResidentId, match=complaint) as refused:
        resident_id(code)
    assert refused.value.code == "BAD_RESIDENT_ID"


def test_a_birthday_to_come_is_refused() -> None:
    code = resident("99010120260302001")
    assert resident_id(code, today=date(2026, 3, 2)) == code
    with pytest.raises(BadResidentId, match="birthday"):
        resident_id(code, today=date(2026, 3, 1))


def test_full_width_text_is_refused_and_not_converted() -> None:
    assert normalise(" ab12\t") == "AB12"
    with pytest.raises(BadCode):
        normalise("ＡＢ12")
