"""Reading terms: the published schema, and a sentence with a path for every mistake."""

import copy
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reguarantee.treaties.engine import TERMS_SCHEMA, BadTerms, read_terms, read_treaties
from tests.reguarantee.engine.terms import N_4222, document, layer, member_to_group, quota

BANDS = [{"to": "0.03", "factor": "1"}, {"to": "0.05", "factor": "0.5"}, {"factor": "0"}]
EVERY_LAYER = [
    quota(**N_4222),
    member_to_group("SURPLUS", retention_fen=100_000_000, lines=4),
    member_to_group("EXCESS", 2, attachment_fen=50_000_000, limit_fen=200_000_000, share="1.00", aad_fen=0, aal_fen=None),
    member_to_group("AGGREGATE", 3, attachment_rate="0.03", limit_fen=0, base="RELEASED"),
    layer("RATE_CAP", 4, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank"),
    layer("TIERS", 4, party="group", base="RELEASED", bands=BANDS, excess_to="member"),
]
WHOLE = document(
    *EVERY_LAYER,
    scope={"products": ["P"], "banks": [], "principal_max_fen": None, "term_max_months": 36},
    premium={
        "base": "INITIAL_PRINCIPAL",
        "day_count": "ACT/365",
        "rates": [{"obligor_max_fen": 500_000_000, "rate": "0.003"}, {"rate": "0.005"}],
    },
    claims={"deadline_days": 120, "inclusive": True, "documents": ["LOAN_CONTRACT"], "advance": "1.00"},
    recoveries={"order": "COST_FIRST_PRO_RATA", "pass_on_days": 15},
    fuse={"warn": "0.60", "hold": "0.80", "stop": "1.00"},
)
validator = jsonschema.Draft202012Validator(TERMS_SCHEMA)


def with_change(path: str, value: Any) -> dict[str, Any]:
    """Return the whole document with the value at `a.0.b` replaced, or removed when it is `...`."""
    changed = copy.deepcopy(WHOLE)
    place: Any = changed
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return changed


def test_the_schema_is_a_schema_and_serialises() -> None:
    jsonschema.Draft202012Validator.check_schema(TERMS_SCHEMA)
    assert json.loads(json.dumps(TERMS_SCHEMA)) == TERMS_SCHEMA


def test_the_whole_document_is_read() -> None:
    terms = read_terms(WHOLE)
    assert validator.is_valid(WHOLE)
    assert [[one.kind for one in group] for group in terms.orders] == [
        ["QUOTA_SHARE", "SURPLUS"],
        ["EXCESS"],
        ["AGGREGATE"],
        ["RATE_CAP", "TIERS"],
    ]
    assert terms.document is WHOLE
    assert read_terms(json.loads(json.dumps(WHOLE))) == terms


def test_layers_run_by_order_and_within_one_as_listed() -> None:
    terms = read_terms(document(*reversed(EVERY_LAYER)))
    assert [[one.kind for one in group] for group in terms.orders] == [
        ["SURPLUS", "QUOTA_SHARE"],
        ["EXCESS"],
        ["AGGREGATE"],
        ["TIERS", "RATE_CAP"],
    ]


def test_what_may_be_left_out() -> None:
    small = {"code": "T", "parties": {"m": "GUARANTOR"}, "residual": "m", "layers": []}
    terms = read_terms(small)
    assert (terms.version, terms.loss_base, terms.attaches_from, terms.attaches_to) == (1, "PRINCIPAL", None, None)
    assert validator.is_valid(small)


FORM = [
    ("code", ..., "code", "missing"),
    ("code", "", "code", "not written as"),
    ("code", 7, "code", "Text is needed"),
    ("version", 0, "version", "0 is less than 1"),
    ("version", True, "version", "whole number"),
    ("surprise", 1, "surprise", "not known here"),
    ("parties", {}, "parties", "At least one"),
    ("parties.bank", "BANKER", "parties.bank", "not one of"),
    ("attaches.from", "1 March", "attaches.from", "not written as"),
    ("attaches.by", "moon", "attaches.by", "not one of"),
    ("scope.regions", "42", "scope.regions", "A list is needed"),
    ("scope.products.0", 5, "scope.products[0]", "Text is needed"),
    ("scope.principal_max_fen", -1, "scope.principal_max_fen", "-1 is less than 0"),
    ("scope.principal_max_fen", "5", "scope.principal_max_fen", "whole number"),
    ("loss_base", "ALL", "loss_base", "not one of"),
    ("layers", {}, "layers", "A list is needed"),
    ("layers.0", "QUOTA_SHARE", "layers[0]", "An object is needed"),
    ("layers.0.kind", ..., "layers[0].kind", "missing"),
    ("layers.0.kind", "QUOTA", "layers[0].kind", "not one of"),
    ("layers.0.kind", ["QUOTA_SHARE"], "layers[0].kind", "Text is needed"),
    ("layers.0.order", 0, "layers[0].order", "0 is less than 1"),
    ("layers.0.shares.bank", 0.2, "layers[0].shares.bank", "rates too"),
    ("layers.0.shares.bank", "20%", "layers[0].shares.bank", "not written as"),
    ("layers.0.shares.bank", "1.2", "layers[0].shares.bank", "not written as"),
    ("layers.0.shares", {}, "layers[0].shares", "At least one"),
    ("layers.1.retention_fen", ..., "layers[1].retention_fen", "missing"),
    ("layers.1.lines", 0, "layers[1].lines", "0 is less than 1"),
    ("layers.2.limit_fen", 1.5, "layers[2].limit_fen", "whole number"),
    ("layers.2.limits_fen", 1, "layers[2].limits_fen", "not known here"),
    ("layers.4.cap_rate", "-0.03", "layers[4].cap_rate", "not written as"),
    ("layers.5.bands", [], "layers[5].bands", "may not be empty"),
    ("layers.5.bands.0.factor", ..., "layers[5].bands[0].factor", "missing"),
    ("claims.inclusive", "yes", "claims.inclusive", "true or false"),
    ("premium.rates", [], "premium.rates", "may not be empty"),
    ("fuse.warn", 0.6, "fuse.warn", "Text is needed"),
]
SENSE = [
    ("residual", "nobody", "residual", "“nobody” is not among the parties"),
    ("attaches.to", "2025-12-31", "attaches.to", "ends before it begins"),
    ("attaches.to", "2026-02-30", "attaches.to", "not a day"),
    ("layers.0.shares.bank", "0.21", "layers[0].shares", "sum to exactly 1; they sum to 1.01"),
    ("layers.0.shares.other", "0", "layers[0].shares.other", "not among the parties"),
    ("layers.1.to", "member", "layers[1].to", "cannot pay itself"),
    ("layers.1.from", "nobody", "layers[1].from", "not among the parties"),
    ("layers.4.excess_to", "group", "layers[4].excess_to", "cannot pay itself"),
    ("layers.4.party", "nobody", "layers[4].party", "not among the parties"),
    ("layers.3.attachment_fen", 5, "layers[3].attachment_rate", "not both"),
    ("layers.3.attachment_rate", ..., "layers[3].attachment_fen", "missing"),
    ("layers.3.limit_rate", "0.05", "layers[3].limit_rate", "not both"),
    ("layers.5.bands.1.to", "0.03", "layers[5].bands[1].to", "must rise"),
    ("layers.5.bands.0.to", ..., "layers[5].bands[1].to", "only the last may be open"),
]


@pytest.mark.parametrize(("path", "value", "field", "complaint"), FORM + SENSE)
def test_a_mistake_is_named_with_its_place(path: str, value: Any, field: str, complaint: str) -> None:
    with pytest.raises(BadTerms, match=complaint) as refused:
        read_terms(with_change(path, value))
    assert (refused.value.field, refused.value.code) == (field, "BAD_TERMS")


@pytest.mark.parametrize(("path", "value"), [row[:2] for row in FORM])
def test_the_published_schema_refuses_the_same_forms(path: str, value: Any) -> None:
    assert not validator.is_valid(with_change(path, value))


@pytest.mark.parametrize("junk", [None, 5, "terms", [], True])
def test_what_is_no_object_is_refused(junk: Any) -> None:
    with pytest.raises(BadTerms):
        read_terms(junk)


PLACES = [
    "code", "version", "residual", "attaches", "attaches.from", "parties", "parties.bank", "scope", "scope.products",
    "loss_base", "layers", "layers.0", "layers.0.shares", "layers.0.shares.bank", "layers.1.lines", "layers.2.limit_fen",
    "layers.2.share", "layers.3.attachment_rate", "layers.4.base", "layers.5.bands", "layers.5.bands.1", "premium",
    "premium.rates.0.rate", "claims.deadline_days", "recoveries.order", "fuse", "fuse.stop", "layers.0.kind", "new",
]  # fmt: skip
JUNK = st.sampled_from(
    [..., None, True, 0, 1, -1, 7, 0.5, "", "0", "1", "0.5", "1.5", "x", "RELEASED", "2026-05-05", [], ["P"], {}, {"a": "0"}]
)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_reader_and_published_schema_agree_on_the_form(path: str, value: Any) -> None:
    """Whatever the library refuses, the reader refuses; what the reader refuses beyond that is a matter of sense."""
    if path == "new" and value is ...:
        return
    changed = with_change(path, value)
    sense = ("parties", "sum to", "itself", "not a day", "before it begins", "not both", "must rise", "is missing")
    try:
        read_terms(changed)
    except BadTerms as error:
        assert not validator.is_valid(changed) or any(word in str(error) for word in sense)
    else:
        assert validator.is_valid(changed)


def test_a_list_of_treaties_names_the_one_at_fault() -> None:
    with pytest.raises(BadTerms, match="not among") as refused:
        read_treaties([WHOLE, {**WHOLE, "version": 2, "residual": "nobody"}])
    assert refused.value.field == "[1].residual"
    with pytest.raises(BadTerms, match="T/1 is in the list twice") as refused:
        read_treaties([WHOLE, WHOLE])
    assert refused.value.field == "[1].code"
    with pytest.raises(BadTerms, match="no treaty"):
        read_treaties([])
    assert [terms.key for terms in read_treaties(WHOLE)] == ["T/1"]
