"""Gives every pytest process its own place on this checkout's test servers, before Django reads its settings.

A process holds one numbered slot while it lives: database `zaidan_test_<slot>`, Valkey database `<slot>`, bucket
`zaidan-test-<slot>`. Several people, and every xdist worker, may therefore test at once. The database is copied in
tests/conftest.py, and only if a test asks for it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator

import pytest

from infra.bootstrap.catalogues import compile_stale
from infra.embedded import CHECKOUT, ensure

_slot_lock: int | None = None  # kept open: the system frees the slot when the process ends, however it ends


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper, because pytest-django reads the settings in the same hook."""
    found = ensure("test")
    slot = _take_slot(15 if os.environ.get("TEST_REDIS_URL") else 200)
    found["DATABASE_URL"] = f"{found['DATABASE_URL'].rpartition('/')[0]}/zaidan_test_{slot}"
    found["REDIS_URL"] = f"{found['REDIS_URL'].rpartition('/')[0]}/{slot}"
    if "S3_ENDPOINT_URL" in found:
        found["S3_BUCKET"] = f"{found.get('S3_BUCKET', 'zaidan')}-test-{slot}"
    os.environ.update(found)
    os.environ["DJANGO_SETTINGS_MODULE"] = "infra.settings"
    # No worker listens here: a test that wants letters delivered delivers them itself.
    os.environ.setdefault("CELERY_EAGER", "on")
    # Hashing a password is slow on purpose; hundreds of test users need not wait for it.
    os.environ.setdefault("PASSWORD_HASHERS", "django.contrib.auth.hashers.MD5PasswordHasher")
    # A test of a page reads the catalogue as it is now written.
    compile_stale()
    return (yield)


def _take_slot(count: int) -> int:
    global _slot_lock
    folder = CHECKOUT / ".embedded" / "test" / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(1, count + 1):
        descriptor = os.open(folder / str(slot), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        _slot_lock = descriptor
        return slot
    raise pytest.UsageError(f"{count} test processes already run here.")
