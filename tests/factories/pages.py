"""What a page costs."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def statements(client: Client, path: str) -> int:
    """SQL statements of one visit. The first visit writes remembered filters; once a minute a session notes its person."""
    client.get(path)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        assert answer.status_code == 200, path
        counts.append(len(captured))
    return min(counts)
