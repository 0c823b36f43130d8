"""Fields for yuan, percent and days; refusals of the domain as errors of a form."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from design.forms import DayField, Form, MoneyField, RateField
from kernel.errors import Invalid, gettext_noop
from kernel.money import BadAmount


class Deal(Form):
    cols = {"amount": 4}
    amount = MoneyField(max_fen=1_000_000_00)
    rate = RateField(max_rate=Decimal("0.05"), required=False)
    day = DayField(required=False)


def deal(**data: Any) -> Deal:
    return Deal({"amount": "1", **data})


@pytest.mark.parametrize(("typed", "fen"), [("5,000.5", 500_050), ("0.01", 1), ("1000000", 100_000_000)])
def test_yuan_become_fen(typed: str, fen: int) -> None:
    form = deal(amount=typed)
    assert form.is_valid() and form.cleaned_data["amount"] == fen


@pytest.mark.parametrize("typed", ["1.234", "12万", "1e5", "-1", "1000000.01", "", "5,00"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    assert "amount" in deal(amount=typed).errors


@pytest.mark.parametrize(("typed", "rate"), [("1.25", "0.0125"), ("5%", "0.05"), ("0", "0"), (" 0.8 ％", "0.008")])
def test_percent_become_a_rate(typed: str, rate: str) -> None:
    form = deal(rate=typed)
    assert form.is_valid() and form.cleaned_data["rate"] == Decimal(rate)


@pytest.mark.parametrize("typed", ["5.01", "-1", "1.23456", "NaN", "x"])
def test_what_is_no_rate_is_refused(typed: str) -> None:
    assert "rate" in deal(rate=typed).errors


@pytest.mark.parametrize("typed", ["2026-11-22", "2026/11/22", "20261122", "2026年11月22日"])
def test_days_as_people_type_them(typed: str) -> None:
    form = deal(day=typed)
    assert form.is_valid() and form.cleaned_data["day"] == datetime.date(2026, 11, 22)


def test_initial_values_are_shown_as_typed() -> None:
    page = str(Deal(initial={"amount": 123_456_789, "rate": Decimal("0.0125"), "day": datetime.date(2026, 1, 2)}))
    assert 'value="1,234,567.89"' in page and 'value="1.25"' in page and 'value="2026-01-02"' in page


def test_nothing_has_changed_when_the_shown_value_comes_back() -> None:
    form = Deal({"amount": "12,345.67"}, initial={"amount": 1_234_567})
    assert not form.has_changed()


def test_a_refusal_lands_at_its_field_or_on_the_form() -> None:
    class Odd(Invalid):
        sentence = gettext_noop("“%(what)s” is odd.")

    form = deal()
    with form.catching():
        raise BadAmount(text="x", field="amount")
    with form.catching():
        raise Odd(what="this", field="elsewhere")
    assert not form.is_valid()
    assert "amount" in form.errors
    with translation.override("en"):
        assert list(form.non_field_errors()) == ["“this” is odd."]


def test_errors_are_tied_to_their_input() -> None:
    page = str(deal(amount=""))
    assert 'aria-invalid="true"' in page and 'aria-describedby="id_amount_error"' in page and 'id="id_amount_error"' in page
    assert '<div class="w4">' in page
