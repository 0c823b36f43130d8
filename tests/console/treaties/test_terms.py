"""Terms written in a form and as JSON: the same document both ways, and a mistake at its field."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from registry.tenancy import inside
from reguarantee.console.desks.agreements import wording
from reguarantee.treaties import queries
from tests.console.conftest import SignIn
from tests.factories.houses import GROUP, house
from tests.reguarantee.engine.terms import N_4222, document, layer, member_to_group, quota
from tests.reguarantee.engine.test_million import Chance
from tests.reguarantee.engine.test_terms import EVERY_LAYER, WHOLE

FACTS = {"code": "NEW-1", "title": "新协议", "members": "*", "above_limits": "PART", "rank": "50", "notice_days": "60"}


def told(of: dict[str, Any]) -> dict[str, Any]:
    """What the form would send back for what it shows, its days as days."""
    rows = wording.rows(of)
    for name in ("first", "last"):
        text = rows["base"][name]
        rows["base"][name] = date.fromisoformat(text) if text else None
    return rows


def test_the_form_shows_and_gives_back_the_document_of_the_design() -> None:
    assert wording.shown(WHOLE)
    made, names = wording.document(told(WHOLE), WHOLE)
    assert wording.plain(made) == wording.plain(WHOLE)
    assert made["claims"]["documents"] == ["LOAN_CONTRACT"]  # what the form has no field for stays
    assert names == {}


def test_any_terms_come_back_or_are_known_not_to_be_shown() -> None:
    chance, shown = Chance(11), 0
    for n in range(400):
        of = dict(chance.terms(n + 1).document)
        if not wording.shown(of):
            continue
        shown += 1
        made, _names = wording.document(told(of), of)
        assert wording.plain(made) == wording.plain(of)
        mine, theirs = (
            [list(one["shares"]) for one in each["layers"] if one["kind"] == "QUOTA_SHARE"] for each in (made, of)
        )  # fmt: skip
        assert mine == theirs  # the order in which odd fen are dealt out
    assert shown > 100


@pytest.mark.parametrize(
    "layers",
    [
        [quota(**N_4222), quota(2, member="0.50", gov="0.50")],
        [member_to_group("EXCESS", attachment_fen=1), quota(**N_4222)],
    ],
)
def test_what_the_form_cannot_show_is_recognised(layers: list[dict[str, Any]]) -> None:
    assert not wording.shown(document(*layers))
    assert not wording.shown({"parties": 1})


def test_bands_are_read_as_people_type_them() -> None:
    assert wording.bands("3：100%， 5:50，:0") == [
        {"to": "0.03", "factor": "1"}, {"to": "0.05", "factor": "0.5"}, {"factor": "0"},
    ]  # fmt: skip


def filled(body: str) -> dict[str, str]:
    """The fields of a page's form as a browser would send them."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", body.split("<template")[0] + "".join(body.split("</template>")[1:])):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = (value[1] if value else "").replace("&quot;", '"').replace("&#x27;", "'")
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', inner) or re.search(r'<option value="([^"]*)"', inner)
        found[name] = chosen[1] if chosen else ""
    return {name: value for name, value in found.items() if "__prefix__" not in name and name != "csrfmiddlewaretoken"}


def test_a_treaty_is_written_in_the_form_alone(db: None, sign_in: SignIn) -> None:
    """AGR-01, AGR-12, AGR-15: parties with names, scope and layers without JSON."""
    client = sign_in("treaty")
    sent = {**filled(client.get("/treaties/new/").content.decode()), **FACTS}
    assert sent["parties-TOTAL_FORMS"] == "4" and sent["mode"] == "form"
    sent |= {
        "parties-TOTAL_FORMS": "5", "parties-0-name": "华星银行", "parties-1-quota": "30",
        "parties-4-key": "gov", "parties-4-kind": "GOVERNMENT", "parties-4-name": "安徽省财政厅", "parties-4-quota": "10",
        "layers-TOTAL_FORMS": "2",
        "layers-0-kind": "EXCESS", "layers-0-order": "2", "layers-0-source": "member", "layers-0-target": "group",
        "layers-0-attachment_fen": "500,000", "layers-0-limit_fen": "2,000,000", "layers-0-share": "90",
        "layers-1-kind": "TIERS", "layers-1-order": "3", "layers-1-source": "group", "layers-1-target": "bank",
        "layers-1-bands": "3:100, 5:50, :0",
        "scope-products": "WORKING_CAPITAL，AGRI", "scope-term_max_months": "36", "money-rate": "0.5", "money-warn": "60",
        "money-hold": "80", "money-stop": "100", "money-order": "COST_FIRST_PRO_RATA",
    }  # fmt: skip
    answer = client.post("/treaties/new/", sent)
    assert answer.status_code == 302, re.findall(r"form-bad.*?</ul>", answer.content.decode(), re.S)
    with inside(house(GROUP)):
        version = queries.versions("NEW-1")[0]
        terms = json.loads(version.terms)
    assert version.party_names == {"bank": "华星银行", "gov": "安徽省财政厅"}
    assert terms["layers"][0]["shares"] == {"bank": "0.2", "member": "0.3", "group": "0.2", "nfgf": "0.2", "gov": "0.1"}
    assert terms["layers"][1] == {
        "kind": "EXCESS", "order": 2, "from": "member", "to": "group", "attachment_fen": 50_000_000,
        "limit_fen": 200_000_000, "share": "0.9",
    }  # fmt: skip
    assert terms["layers"][2]["bands"] == [{"to": "0.03", "factor": "1"}, {"to": "0.05", "factor": "0.5"}, {"factor": "0"}]
    assert terms["scope"]["products"] == ["WORKING_CAPITAL", "AGRI"]
    assert Decimal(terms["premium"]["rates"][0]["rate"]) == Decimal("0.005")
    assert terms["fuse"] == {"warn": "0.6", "hold": "0.8", "stop": "1"}
    page = client.get("/treaties/NEW-1/").content.decode()
    assert "安徽省财政厅" in page


def test_form_and_json_change_places_without_saving(db: None, sign_in: SignIn) -> None:
    client = sign_in("treaty")
    sent = {**filled(client.get("/treaties/new/").content.decode()), **FACTS, "parties-1-quota": "40"}
    there = client.post("/treaties/new/", {**sent, "switch": "json"})
    assert there.status_code == 200
    text = re.search(r"<textarea[^>]*name=\"terms\"[^>]*>(.*?)</textarea>", there.content.decode(), re.S)
    assert text is not None
    terms = json.loads(text[1].replace("&quot;", '"'))
    assert terms["layers"][0]["shares"] == {"bank": "0.2", "member": "0.4", "group": "0.2", "nfgf": "0.2"}
    terms["layers"].append(layer("RATE_CAP", 2, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank"))
    back = client.post("/treaties/new/", {**FACTS, "mode": "json", "terms": json.dumps(terms), "switch": "form"})
    assert 'name="layers-0-cap_rate" value="3"' in back.content.decode() and "新协议" in back.content.decode()
    two = {**terms, "layers": [*terms["layers"], quota(3, member="0.5", gov="0.5")]}
    stays = client.post("/treaties/new/", {**FACTS, "mode": "json", "terms": json.dumps(two), "switch": "form"})
    assert "表单无法" in stays.content.decode() and 'name="terms"' in stays.content.decode()
    with inside(house(GROUP)):
        assert not queries.listing(today=date(2026, 1, 1)).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"parties-0-quota": "25"}, None),
        ({"base-residual": "stranger"}, "base-residual"),
        ({"base-last": "2020-01-01"}, "base-last"),
        ({"layers-TOTAL_FORMS": "1", "layers-0-kind": "EXCESS", "layers-0-order": "2", "layers-0-source": "member",
          "layers-0-target": "member", "layers-0-attachment_fen": "1"}, "layers-0-target"),
        ({"layers-TOTAL_FORMS": "1", "layers-0-kind": "EXCESS", "layers-0-order": "2", "layers-0-source": "member",
          "layers-0-target": "group"}, "layers-0-attachment_fen"),
        ({"layers-TOTAL_FORMS": "1", "layers-0-kind": "SURPLUS", "layers-0-order": "2", "layers-0-source": "member",
          "layers-0-target": "group", "layers-0-retention_fen": "x"}, "layers-0-retention_fen"),
        ({"layers-TOTAL_FORMS": "1", "layers-0-kind": "TIERS", "layers-0-order": "2", "layers-0-source": "member",
          "layers-0-target": "group", "layers-0-bands": "5:100, 3:50"}, "layers-0-bands"),
        ({"parties-1-key": ""}, "parties-1-key"),
    ],
)  # fmt: skip
def test_a_mistake_stands_at_its_field(db: None, sign_in: SignIn, change: dict[str, str], field: str | None) -> None:
    client = sign_in("treaty")
    sent = {**filled(client.get("/treaties/new/").content.decode()), **FACTS, **change}
    answer = client.post("/treaties/new/", sent)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert (f'id="id_{field}_error"' in body) if field else ("layers[0].shares" in body)


def test_every_layer_of_the_design_is_shown_in_its_own_fields(db: None, sign_in: SignIn) -> None:
    client = sign_in("treaty")
    terms = document(*EVERY_LAYER)
    body = client.post("/treaties/new/", {**FACTS, "mode": "json", "terms": json.dumps(terms), "switch": "form"}).content.decode()
    for name in ("layers-0-retention_fen", "layers-1-aad_fen", "layers-2-attachment_rate", "layers-3-cap_rate", "layers-4-bands"):
        assert f'name="{name}"' in body
    assert 'value="3:100, 5:50, :0"' in body
