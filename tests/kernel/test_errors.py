"""kernel.errors: a code for programs, a sentence for people."""

import pickle

import pytest

from kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound


class TooMuch(Invalid):
    code = "TOO_MUCH"
    sentence = "%(asked)s is more than %(limit)s."


def test_the_sentence_is_filled_with_the_facts() -> None:
    error = TooMuch(field="amount", asked=5, limit=3)
    assert str(error) == "5 is more than 3."
    assert (error.code, error.status, error.field, error.facts) == ("TOO_MUCH", 422, "amount", {"asked": 5, "limit": 3})


def test_a_sentence_may_replace_that_of_the_class() -> None:
    error = TooMuch("%(asked)s at %(share)s%%", asked=1, share=20)
    assert str(error) == "1 at 20%"
    assert str(TooMuch("all of it, 100%%")) == "all of it, 100%"
    assert TooMuch.sentence == "%(asked)s is more than %(limit)s."


def test_a_missing_fact_is_a_mistake_that_shows() -> None:
    with pytest.raises(KeyError):
        str(TooMuch(asked=5, other=1))


@pytest.mark.parametrize(
    ("kind", "status"), [(DomainError, 422), (Invalid, 422), (NotAllowed, 403), (NotFound, 404), (Conflict, 409)]
)
def test_each_kind_has_its_status(kind: type[DomainError], status: int) -> None:
    assert kind().status == status
    assert str(kind())


def test_an_error_survives_the_way_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(TooMuch(field="amount", asked=5, limit=3)))
    assert (str(error), error.field) == ("5 is more than 3.", "amount")
