"""Version 1 of the banks' door. Each endpoint makes one domain call in the institution's house."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from api.door import Door
from api.v1 import bodies
from registry.tenancy import inside
from tenants.applications import queries as applications
from tenants.applications import services as application_services
from tenants.guarantees import queries as guarantees
from tenants.guarantees import services as guarantee_services

_PROBLEMS = {
    status: OpenApiResponse(bodies.ProblemBody, description)
    for status, description in (
        (400, "The request cannot be read, or carries no Idempotency-Key"),
        (401, "No valid partner key"),
        (403, "The key lacks the scope or the network"),
        (404, "No such institution, or nothing there that your bank lends on"),
        (409, "The present state does not permit it, or the same request is being worked on"),
        (413, "The body is larger than any request here needs"),
        (422, "A rule is broken; the fields are named"),
        (429, "Too many requests in this minute"),
    )
}
_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="The first answer to a key is replayed byte for byte for 24 hours",
)


def _read(kind: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class Applications(Door):
    scope = "applications:write"

    @extend_schema(
        operation_id="submit_application",
        parameters=[_KEY],
        request=bodies.NewApplication,
        responses={201: bodies.ApplicationBody, **_PROBLEMS},
    )
    def post(self, request: Request, code: str) -> HttpResponse:
        """Ask a member to guarantee a loan. The same bank_reference again returns the same application."""
        sent = _read(bodies.NewApplication, request)

        def act() -> tuple[int, dict[str, Any]]:
            application = application_services.receive(
                actor=self.actor,
                today=timezone.localdate(),
                bank_code=self.bank.code,
                bank_name=self.bank.name,
                bank_reference=sent["bank_reference"],
                applicant=application_services.Applicant(**sent["obligor"]),
                product_code=sent["product"],
                amount_fen=sent["amount_fen"],
                term_months=sent["term_months"],
                purpose=sent["purpose"],
                fee_rate=sent.get("fee_rate"),
            )
            return 201, bodies.ApplicationBody(application).data

        return self.once(request, act)


class Application(Door):
    scope = "applications:read"

    @extend_schema(operation_id="get_application", responses={200: bodies.ApplicationBody, **_PROBLEMS})
    def get(self, request: Request, code: str, application_id: int) -> Response:
        """How an application of your bank stands, with its guarantee once there is one."""
        with inside(self.house):
            return Response(bodies.ApplicationBody(applications.one_for_bank(self.bank.code, application_id)).data)


class Guarantee(Door):
    scope = "guarantees:read"

    @extend_schema(operation_id="get_guarantee", responses={200: bodies.GuaranteeBody, **_PROBLEMS})
    def get(self, request: Request, code: str, guarantee_id: int) -> Response:
        """A guarantee on a loan of your bank."""
        with inside(self.house):
            return Response(bodies.GuaranteeBody(guarantees.one_for_bank(self.bank.code, guarantee_id)).data)


class Drawdowns(Door):
    scope = "guarantees:write"

    @extend_schema(
        operation_id="report_drawdown",
        parameters=[_KEY],
        request=bodies.NewDrawdown,
        responses={201: bodies.DrawdownBody, **_PROBLEMS},
    )
    def post(self, request: Request, code: str, guarantee_id: int) -> HttpResponse:
        """Report that the loan, or a part of it, was paid out against an IOU."""
        sent = _read(bodies.NewDrawdown, request)

        def act() -> tuple[int, dict[str, Any]]:
            drawdown = guarantee_services.drawdown(
                actor=self.actor,
                today=timezone.localdate(),
                guarantee_id=guarantee_id,
                bank_code=self.bank.code,
                iou_no=sent["iou_no"],
                amount_fen=sent["amount_fen"],
                on=sent["on"],
                complete=sent["complete"],
            )
            return 201, bodies.DrawdownBody(drawdown).data

        return self.once(request, act)


class Repayments(Door):
    scope = "guarantees:write"

    @extend_schema(
        operation_id="report_repayment",
        parameters=[_KEY],
        request=bodies.NewRepayment,
        responses={201: bodies.RepaymentBody, **_PROBLEMS},
    )
    def post(self, request: Request, code: str, guarantee_id: int) -> HttpResponse:
        """Report principal that the borrower repaid."""
        sent = _read(bodies.NewRepayment, request)

        def act() -> tuple[int, dict[str, Any]]:
            repayment = guarantee_services.repay(
                actor=self.actor,
                today=timezone.localdate(),
                guarantee_id=guarantee_id,
                bank_code=self.bank.code,
                reference=sent["reference"],
                principal_fen=sent["principal_fen"],
                on=sent["on"],
            )
            return 201, bodies.RepaymentBody(repayment).data

        return self.once(request, act)
