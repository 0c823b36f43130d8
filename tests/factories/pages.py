"""Where a page is, for whom, and what it costs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

# What an address says of a thing that is not there.
_NOBODY = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "999999", "slug": "NOBODY", "str": "NOBODY"}


def statements(client: Client, path: str) -> int:
    """SQL statements of one visit. The first visit writes remembered filters and renews what is kept for some seconds (who a
    host is, names); the clock stands meanwhile, so that none of it gets old. Once a minute a session notes its person."""
    with patch("time.monotonic", return_value=time.monotonic()):
        client.get(path)
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path)
            assert answer.status_code == 200, path
            counts.append(len(captured))
    return min(counts)


def addresses(patterns: Iterable[URLPattern], parts: Mapping[str, str]) -> list[tuple[str, str, object]]:
    """(name, address, whom it is for) of every page; `parts` says what stands for a part that names no thing."""
    found = []
    for pattern in patterns:
        route = str(pattern.pattern)
        for part, value in parts.items():
            route = route.replace(part, value)
        for kind, value in _NOBODY.items():
            route = re.sub(rf"<{kind}:\w+>", value, route)
        found.append((pattern.name, f"/{route}", pattern.callback.access))
    return found
