"""One JSON line per event; every line names the institution it belongs to."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

_NO_HOUSE = "-"
# They tell every step or every beat; a fault of theirs is a warning or worse.
_CHATTY = ("spiff", "celery.app.trace", "celery.beat", "celery.worker.strategy", "botocore", "urllib3", "fontTools")


def _with_house(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    event.setdefault("institution", connection.schema_name or _NO_HOUSE)
    return event


def configure(config: dict[str, object]) -> None:
    """Route the standard library's logging and structlog through one JSON renderer."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_house,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.LOG_LEVEL)


class RequestLog:
    """One line per request: institution, path, status, milliseconds. Never a query string, a body or a key in a path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("zaidan.request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        self.log.info(
            "request",
            method=request.method,
            path=_path(request),
            status=response.status_code,
            ms=round((time.perf_counter() - start) * 1000, 1),
        )
        return response


def _path(request: HttpRequest) -> str:
    """The path without its key: who reads the log must not come in by an invitation or a link for a new password."""
    key = str(request.resolver_match.kwargs.get("key", "")) if request.resolver_match else ""
    return request.path.replace(key, "…") if key else request.path
