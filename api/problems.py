"""Errors of the banks' API: RFC 9457 problem details with a stable code, field pointers and a trace id."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from rest_framework import exceptions
from rest_framework.response import Response

from kernel.access.permissions import anyone
from kernel.errors import DomainError, gettext_noop

CONTENT_TYPE = "application/problem+json"
log = structlog.get_logger("zaidan.api")


class Problem(DomainError):
    """A refusal at the door. `headers` go with the answer."""

    def __init__(self, *args: Any, headers: dict[str, str] | None = None, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.headers = headers or {}


def body(code: str, status: int, title: str, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """The problem document. `errors` name each field by a JSON pointer."""
    return {
        "type": f"{settings.PUBLIC_SCHEME}://api.{settings.BASE_DOMAIN}/problems/{code.lower().replace('_', '-')}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": errors or [],
        "trace_id": uuid.uuid4().hex,
    }


def of_domain(error: DomainError) -> dict[str, Any]:
    """A domain error as a problem document, in the caller's language."""
    detail = gettext(error.sentence) % error.facts if error.facts else gettext(error.sentence).replace("%%", "%")
    errors = [{"pointer": f"/{error.field.replace('.', '/')}", "code": error.code, "detail": detail}] if error.field else []
    return body(error.code, error.status, gettext(gettext_noop("The request was refused")), detail, errors)


def _of_validation(detail: Any, pointer: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [row for key, value in detail.items() for row in _of_validation(value, _join(pointer, str(key)))]
    if isinstance(detail, list):
        rows: list[dict[str, str]] = []
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            rows += _of_validation(value, _join(pointer, str(index)) if nested else pointer)
        return rows
    return [{"pointer": pointer or "/", "code": str(getattr(detail, "code", "invalid")).upper(), "detail": str(detail)}]


def _join(pointer: str, key: str) -> str:
    return pointer if key == "non_field_errors" else f"{pointer}/{key}"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal leaves as a problem document; a bug leaves as a bare 500 with a trace id."""
    headers: dict[str, str] = {}
    if isinstance(error, RecursionError):  # brackets within brackets without end
        error = exceptions.ParseError()
    if isinstance(error, DomainError):
        document, headers = of_domain(error), getattr(error, "headers", {})
    elif isinstance(error, exceptions.ValidationError):
        document = body(
            "INVALID_BODY",
            422,
            gettext(gettext_noop("The request was refused")),
            gettext(gettext_noop("Some fields are not valid. Each is named under errors.")),
            _of_validation(error.detail),
        )
    elif isinstance(error, exceptions.APIException):
        document = body(str(error.default_code).upper(), error.status_code, str(error.default_detail), str(error.detail))
    elif isinstance(error, Http404 | PermissionDenied):
        document = body("NOT_FOUND", 404, gettext(gettext_noop("Not found")), gettext(gettext_noop("There is no such resource.")))
    else:
        document = body(
            "INTERNAL",
            500,
            gettext(gettext_noop("Something broke here")),
            gettext(
                gettext_noop(
                    "Nothing was written. Try again with the same Idempotency-Key; if it persists, tell us the trace id."
                )
            ),
        )
        log.error("api call failed", trace_id=document["trace_id"], exc_info=error)
    return Response(document, status=document["status"], headers=headers, content_type=CONTENT_TYPE)


@anyone
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    document = body("NOT_FOUND", 404, gettext(gettext_noop("Not found")), gettext(gettext_noop("There is no such resource.")))
    return JsonResponse(document, status=404, content_type=CONTENT_TYPE)
