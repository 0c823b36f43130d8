"""A bank's engineer at the door: keys, and a client that speaks to api.localhost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from registry import services as registry
from tests.factories.houses import ANHE, BANK
from tests.factories.members import applicant

ALL_SCOPES = ["applications:write", "applications:read", "guarantees:read", "guarantees:write"]


class BankClient:
    """Sends as one key; every POST has a fresh Idempotency-Key unless one is given."""

    def __init__(self, key: str) -> None:
        self.key, self.http = key, Client(headers={"host": "api.localhost"}, raise_request_exception=False)

    def headers(self, **more: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}", "host": "api.localhost", **more}

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.http.get(f"/v1/{path}", headers=self.headers(**headers))

    def post(self, path: str, body: Any, *, once: str | None = None, **headers: str) -> HttpResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        return self.http.post(
            f"/v1/{path}",
            text,
            content_type="application/json",
            headers=self.headers(**{"idempotency-key": once or uuid4().hex, "accept-language": "en", **headers}),
        )


@pytest.fixture
def make_bank() -> Callable[..., BankClient]:
    def make(bank: str = BANK, **options: Any) -> BankClient:
        _, text = registry.issue_key(bank=bank, scopes=options.pop("scopes", ALL_SCOPES), **options)
        return BankClient(text)

    return make


@pytest.fixture
def bank(db: None, make_bank: Callable[..., BankClient]) -> BankClient:
    return make_bank()


def application_body(**more: Any) -> dict[str, Any]:
    """A sound application of a company nobody has seen."""
    told = applicant()
    obligor = {"kind": told.kind, "name": told.name, "id_number": told.id_number, "region_code": "340100", "industry": "C"}
    return {
        "bank_reference": uuid4().hex[:12],
        "product": "WORKING_CAPITAL",
        "amount_fen": 200_000_000,
        "term_months": 12,
        "purpose": "working capital",
        "obligor": obligor,
        **more,
    }


PATH = f"institutions/{ANHE}/applications"
