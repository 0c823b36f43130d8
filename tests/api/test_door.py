"""The door: key, scope, network, institution, idempotency, limits."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from api import door
from api.models import Exchange
from registry import services as registry
from registry.models import PartnerKey
from registry.tenancy import PUBLIC, inside
from tenants.applications.models import Application
from tests.api.conftest import ALL_SCOPES, PATH, BankClient, application_body
from tests.factories.houses import ANHE, BOYU, house


def count(code: str = ANHE) -> int:
    with inside(house(code)):
        return Application.objects.count()


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer zd_live_aaaaaaaa_" + "b" * 40, "Basic eDp5", "Bearer zd_live_' or 1=1_" + "b" * 40],
)
def test_without_a_valid_key_nothing_opens(bank: BankClient, authorization: str) -> None:
    answer = bank.post(PATH, application_body(), authorization=authorization)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "NO_KEY"
    assert count() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"x": "' + "a" * 300_000 + '"}', 413), ("[" * 100_000, 400), ("[]", 422), ("null", 422), ('"x"', 422), ("{" * 9, 400),
        ('{"amount_fen": 1' + "0" * 5000 + "}", 400), ('{"amount_fen": NaN}', 400), ("\xff\xfe", 400),
    ],
    ids=range(9),
)  # fmt: skip
def test_no_body_breaks_the_door(bank: BankClient, body: str, status: int) -> None:
    """Too large, too deep, another kind, a number without end: a problem in words, nothing written, the key free again."""
    answer = bank.post(PATH, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content[:300]
    with inside(PUBLIC):
        assert not Exchange.objects.exists()


@pytest.mark.parametrize("text", ["\ud800", "a\x00", "line\nbreak", "x" * 81])
def test_what_no_column_keeps_is_named_by_its_pointer(bank: BankClient, text: str) -> None:
    answer = bank.post(PATH, application_body(bank_reference=text))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/bank_reference"


def test_a_number_beyond_every_row_is_not_there(bank: BankClient) -> None:
    assert bank.get(f"{PATH}/{10**30}").status_code == 404


def test_a_changed_secret_with_a_known_prefix_is_refused(bank: BankClient) -> None:
    bank.key = bank.key[:-1] + ("a" if bank.key[-1] != "a" else "b")
    assert bank.get(f"{PATH}/1").status_code == 401


def test_expired_revoked_and_foreign_network_keys_are_refused(db: None, make_bank) -> None:
    expired, revoked, elsewhere = make_bank(), make_bank(), make_bank(allowed_ips=["203.0.113.0/24"])
    with inside(PUBLIC):
        PartnerKey.objects.filter(prefix=expired.key.split("_")[2]).update(expires_at=timezone.now() - timedelta(seconds=1))
    registry.revoke_key(prefix=revoked.key.split("_")[2])
    assert expired.get(f"{PATH}/1").json()["code"] == "NO_KEY"
    assert revoked.get(f"{PATH}/1").json()["code"] == "NO_KEY"
    assert elsewhere.get(f"{PATH}/1").json()["code"] == "WRONG_NETWORK"


def test_the_network_of_a_key_is_the_caller_s_and_not_the_proxy_s(db: None, make_bank, settings) -> None:
    """Behind a proxy of ours the connection is the proxy's: what it wrote down counts, and what a caller wrote does not."""
    office = make_bank(allowed_ips=["203.0.113.0/24"])
    told = {"x-forwarded-for": "203.0.113.7"}
    assert office.get(f"{PATH}/1", **told).json()["code"] == "WRONG_NETWORK"  # no proxy: a header of the caller's own
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert office.get(f"{PATH}/1", **told).status_code == 404
    for written in ("203.0.113.7, 198.51.100.1", "unknown", ""):
        assert office.get(f"{PATH}/1", **{"x-forwarded-for": written}).json()["code"] == "WRONG_NETWORK", written


@pytest.mark.parametrize("missing", ALL_SCOPES)
def test_each_endpoint_asks_for_its_scope(db: None, make_bank, missing: str) -> None:
    client = make_bank(scopes=[scope for scope in ALL_SCOPES if scope != missing])
    calls = {
        "applications:write": lambda: client.post(PATH, application_body()),
        "applications:read": lambda: client.get(f"{PATH}/1"),
        "guarantees:read": lambda: client.get(f"institutions/{ANHE}/guarantees/1"),
        "guarantees:write": lambda: client.post(f"institutions/{ANHE}/guarantees/1/drawdowns", {}),
    }
    answer = calls[missing]()
    assert (answer.status_code, answer.json()["code"]) == (403, "NO_SCOPE")


def test_unknown_closed_public_and_group_institutions_all_look_alike(bank: BankClient, make_bank) -> None:
    bounded = make_bank(institutions=[BOYU])
    codes = {client.get(f"institutions/{code}/applications/1").json()["code"]
             for client, code in ((bank, "NOBODY"), (bank, "GROUP"), (bank, "PUBLIC"), (bounded, ANHE))}  # fmt: skip
    assert codes == {"NO_SUCH_INSTITUTION"}


def test_a_replay_has_the_same_bytes_and_writes_nothing(bank: BankClient) -> None:
    body = application_body()
    first = bank.post(PATH, body, once="k1")
    again = bank.post(PATH, body, once="k1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert count() == 1


def test_a_refusal_is_replayed_too(bank: BankClient) -> None:
    body = application_body(product="NO_SUCH")
    first, again = bank.post(PATH, body, once="k2"), bank.post(PATH, body, once="k2")
    assert first.status_code == again.status_code
    assert 400 <= first.status_code < 500
    assert first.content == again.content  # the same trace id: it is the stored answer
    assert count() == 0


def test_the_same_key_for_another_body_is_refused(bank: BankClient) -> None:
    bank.post(PATH, application_body(), once="k3")
    answer = bank.post(PATH, application_body(), once="k3")
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert count() == 1


def test_two_banks_may_use_the_same_idempotency_key(bank: BankClient, make_bank) -> None:
    other = make_bank()
    assert bank.post(PATH, application_body(), once="same").status_code == 201
    assert other.post(PATH, application_body(), once="same").status_code == 201
    assert count() == 2


def test_an_answer_is_forgotten_after_a_day(bank: BankClient) -> None:
    bank.post(PATH, application_body(), once="old")
    with inside(PUBLIC):
        Exchange.objects.update(at=timezone.now() - timedelta(hours=25))
    assert bank.post(PATH, application_body(), once="old").status_code == 201
    assert count() == 2


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "ключ"])
def test_a_post_needs_a_well_formed_idempotency_key(bank: BankClient, key: str) -> None:
    answer = bank.http.post(
        f"/v1/{PATH}", json.dumps(application_body()), content_type="application/json",
        headers={**bank.headers(), **({"idempotency-key": key} if key.isascii() else {})},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")


def test_the_limit_of_a_minute_is_told_and_kept(bank: BankClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "RATE_PER_MINUTE", 2)
    told = [bank.get(f"{PATH}/1") for _ in range(3)]
    assert [answer["RateLimit-Remaining"] for answer in told[:2]] == ["1", "0"]
    assert told[2].status_code == 429
    assert 0 < int(told[2]["Retry-After"]) <= 60


def test_a_sandbox_key_answers_and_keeps_nothing(db: None, make_bank) -> None:
    answer = make_bank(mode="SANDBOX").post(PATH, application_body())
    assert answer.status_code == 201
    assert answer.json()["state"] == "SUBMITTED"
    assert count() == 0


def test_the_same_request_ten_times_at_once_writes_one(fresh_database: None, make_bank) -> None:
    client, body = make_bank(), application_body()

    def send(_: int) -> int:
        try:
            return client.post(PATH, body, once="race").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=10) as pool:
        statuses = list(pool.map(send, range(10)))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert count() == 1
    assert connection.schema_name is None
