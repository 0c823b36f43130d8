"""Submitting one application: through the door, and by a bare DRF view that writes the same rows."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.models import Exchange
from infra.demo import names
from kernel.access.permissions import ANYONE
from kernel.audit.models import Entry
from kernel.documents.models import Counter
from registry import queries as registry
from registry import services
from registry.tenancy import PUBLIC, inside
from registry.tenancy.middleware import forget_hosts
from tenants.applications.models import Application
from tenants.customers.models import Customer
from tenants.products.models import Product

CALLS = 300
_HOUSE, _BANK = "BAPI", "BENCHBANK"


class Bare(APIView):
    """What a quick Django project would do: take the body, write the rows, answer. No key, no rule, no lock."""

    access = ANYONE
    permission_classes: list[Any] = []

    def post(self, request: Request, code: str) -> Response:
        sent = request.data
        with inside(registry.institution(code)), transaction.atomic():
            customer = Customer.objects.create(
                kind="COMPANY",
                name=sent["obligor"]["name"],
                id_number=sent["obligor"]["id_number"],
                region_code="340100",
                industry="C",
                registered_on=timezone.localdate(),
            )
            Counter.objects.filter(kind="SQ", year=timezone.localdate().year).update(last=F("last") + 1)
            application = Application.objects.create(
                number=uuid4().hex,
                customer=customer,
                product=Product.objects.get(code=sent["product"]),
                bank_code=_BANK,
                bank_name=_BANK,
                bank_reference=sent["bank_reference"],
                amount_fen=sent["amount_fen"],
                guaranteed_fen=sent["amount_fen"] * 8 // 10,
                term_months=sent["term_months"],
                purpose=sent["purpose"],
                fee_rate="0.01",
                source="API",
                state="SUBMITTED",
                created_on=timezone.localdate(),
            )
            for act, subject in (("customers.register", "customer"), ("applications.receive", "application")):
                Entry.objects.create(actor="BANK", act=act, subject=f"{subject}:{application.pk}", facts="{}")
            answer = {"id": application.pk, "number": application.number, "state": application.state}
            with inside(PUBLIC):
                Exchange.objects.create(
                    partner_key_id=0,
                    idempotency_key=uuid4().hex,
                    digest="",
                    status=201,
                    body=json.dumps(answer),
                    content_type="application/json",
                )
        return Response(answer, status=201)


urlpatterns = [path("v1/institutions/<str:code>/applications", Bare.as_view())]


def submit() -> dict[str, Any]:
    """Median seconds of one POST in process, the whole stack of middleware included; CALLS of each, in turn."""
    services.open_member(code=_HOUSE, name="bench", region="340000")
    services.add_bank(code=_BANK, name=_BANK)
    _, key = services.issue_key(bank=_BANK, scopes=["applications:write"])
    client = Client(headers={"host": f"api.{settings.BASE_DOMAIN}"})
    seconds: dict[str, list[float]] = {"ours": [], "floor": []}
    doors = {"ours": settings.DOOR_URLCONFS["API"], "floor": "infra.bench.bank_api"}
    for number in range(2 * (CALLS + 10)):
        way = "ours" if number % 2 == 0 else "floor"
        settings.DOOR_URLCONFS["API"] = doors[way]
        forget_hosts()
        client.get("/healthz")
        seconds[way].append(_call(client, key, number, way))
    settings.DOOR_URLCONFS["API"] = doors["ours"]
    forget_hosts()
    connection.leave()
    ours, floor = (statistics.median(seconds[way][10:]) for way in ("ours", "floor"))
    return {
        "ours": round(ours, 5),
        "floor": round(floor, 5),
        "today": None,
        "ratio_floor": round(ours / floor, 2),
        "ratio_today": None,
    }


def _call(client: Client, key: str, number: int, way: str) -> float:
    body = {
        "bank_reference": f"B{number}", "product": "WORKING_CAPITAL", "amount_fen": 100_000_000, "term_months": 12,
        "purpose": "bench", "obligor": {"kind": "COMPANY", "name": f"bench {number}", "id_number": names.uscc(900_000 - number)},
    }  # fmt: skip
    text = json.dumps(body)
    headers = {"authorization": f"Bearer {key}", "idempotency-key": uuid4().hex, "host": f"api.{settings.BASE_DOMAIN}"}
    start = time.perf_counter()
    answer = client.post(f"/v1/institutions/{_HOUSE}/applications", text, content_type="application/json", headers=headers)
    spent = time.perf_counter() - start
    if answer.status_code != 201:
        raise RuntimeError(f"{way}: {answer.status_code} {answer.content[:300]!r}")
    return spent
