"""Several people at the same moment, on real connections. The test asks for `fresh_database`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections

from kernel.errors import DomainError
from registry.tenancy import inside
from tests.factories.houses import house


def at_once(code: str, *calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in a house, each on a thread and a connection of its own, released at the same moment.

    What each gives, in their order; a refusal is given as its DomainError, any other error fails the test.
    """
    gate = Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> Any:
        try:
            with inside(house(code)):
                connection.ensure_connection()  # made before the gate, not in the race
                gate.wait()
                return call()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, call) for call in calls]]


def codes(results: list[Any]) -> list[str]:
    """The refusals among results, by code and in order; "" stands for success."""
    return sorted(result.code if isinstance(result, DomainError) else "" for result in results)
