"""Background work and cached answers belong to one institution; without one they are refused, never given to all."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from infra.celery import app, deliver
from infra.doors.logs import configure
from kernel.access.models import User
from registry.tenancy import PUBLIC, NoInstitution, current, inside
from registry.tenancy.tasks import HouseTask, TaskOutsideHouse
from tests.factories.houses import ANHE, BOYU, house


@app.task(name="tests.mails")
def mails() -> list[str]:
    """Whom a task sees."""
    return sorted({mail.split("@")[1] for mail in User.objects.values_list("email", flat=True)})


@app.task(name="tests.look")
def look_next_door() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from m_anhe.access_user")
        return cursor.fetchone()[0]


def sent(task: Any, header: Any) -> Any:
    """The task as a message with this header would run it."""
    return task.apply(headers={"_schema_name": header})


@pytest.mark.django_db
def test_a_task_sees_the_house_of_its_message() -> None:
    assert sent(mails, "m_anhe").get() == ["anhe.example"]
    assert sent(mails, "m_boyu").get() == ["boyu.example"]
    with inside(house(ANHE)):
        assert mails.apply().get() == ["anhe.example"]
        assert mails.apply_async().get() == ["anhe.example"]
        assert current().code == ANHE
    assert connection.schema_name is None


@pytest.mark.django_db
@pytest.mark.parametrize("header", [None, "", "public", "m_ghost", "template_member", "M_ANHE"])
def test_a_task_without_an_institution_is_refused(header: Any) -> None:
    result = sent(mails, header)
    assert result.failed()
    assert isinstance(result.result, TaskOutsideHouse)


@pytest.mark.django_db
def test_a_task_with_another_s_message_cannot_see_it() -> None:
    result = sent(look_next_door, "m_boyu")
    assert result.failed()
    assert "permission denied" in str(result.result)
    assert sent(look_next_door, "m_anhe").get() > 0


@pytest.mark.django_db
def test_a_task_called_as_a_function_in_no_house_is_refused() -> None:
    with pytest.raises(TaskOutsideHouse):
        mails()


@pytest.mark.django_db
def test_only_the_post_works_in_public() -> None:
    assert sent(deliver, "public").get() == 0
    assert isinstance(sent(deliver, "m_anhe").result, TaskOutsideHouse)
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert len(ours) > 3
    assert all(isinstance(task, HouseTask) for task in ours)
    assert [task.name for task in ours if task.in_public] == ["post.deliver"]


def test_every_beat_of_the_clock_names_its_house() -> None:
    app.loader.import_default_modules()
    for beat in app.conf.beat_schedule.values():
        assert beat["options"]["headers"]["_schema_name"] in ("public", "g_group")
        assert beat["task"] in app.tasks


# --- Cache


@pytest.mark.django_db
def test_the_same_key_in_two_houses_is_two_values() -> None:
    for code in (ANHE, BOYU):
        with inside(house(code)):
            assert cache.get("figures") is None
            cache.set("figures", code)
            cache.set_many({"a": code, "b": code})
    with inside(PUBLIC):
        assert cache.get("figures") is None
    for code in (ANHE, BOYU):
        with inside(house(code)):
            assert cache.get("figures") == code
            assert cache.get_many(["a", "b"]) == {"a": code, "b": code}
            cache.incr("n", 1) if cache.add("n", 0) else None
            assert cache.get("n") == 1
    with inside(house(ANHE)):
        cache.delete("figures")
    with inside(house(BOYU)):
        assert cache.get("figures") == BOYU


@pytest.mark.django_db
def test_a_key_outside_every_house_is_refused() -> None:
    for work in (lambda: cache.get("x"), lambda: cache.set("x", 1), lambda: cache.delete("x"), lambda: cache.incr("x"),
                 lambda: cache.get_or_set("x", 1), lambda: cache.touch("x")):  # fmt: skip
        with pytest.raises(NoInstitution):
            work()


def test_every_cache_carries_the_house() -> None:
    assert {told["KEY_FUNCTION"] for told in settings.CACHES.values()} == {"registry.tenancy.cache.make_key"}


# --- Log lines


@pytest.mark.django_db
def test_a_log_line_names_its_institution_and_no_query(monkeypatch: pytest.MonkeyPatch) -> None:
    root, lines = logging.getLogger(), io.StringIO()
    before, level = root.handlers, root.level
    monkeypatch.setattr("sys.stderr", lines)
    configure({})
    try:
        for host in ("anhe.localhost", "boyu.localhost", "localhost"):
            Client(headers={"host": host}).get("/accounts/login/", {"q": "geheim"})
        with inside(house(BOYU)):
            logging.getLogger("any.library").warning("watch out")
        logging.getLogger("any.library").warning("nobody's")
    finally:
        root.handlers, root.level = before, level
    told = [json.loads(line) for line in lines.getvalue().splitlines() if line.startswith("{")]
    requests = [line for line in told if line["event"] == "request"]
    assert [line["institution"] for line in requests] == ["m_anhe", "m_boyu", "public"]
    assert {line["event"]: line["institution"] for line in told if line["logger"] == "any.library"} == {
        "watch out": "m_boyu", "nobody's": "-"}  # fmt: skip
    assert "geheim" not in lines.getvalue()
