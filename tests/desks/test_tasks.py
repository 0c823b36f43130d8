"""Tasks in the group's console: what the portal has long had (BPM rows of to do, done, coming, started, copied, deputies)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from kernel.approval import listeners
from kernel.approval import services as approval
from kernel.approval.models import FlowCase
from registry.tenancy import inside
from tests.factories.houses import GROUP, house, staff
from tests.kernel.approval.sketch import line

CLOSED: list[str] = []


def _closed(*, case: Any, outcome: str, actor: Any, today: Any) -> None:
    CLOSED.append(outcome)


listeners.register("parcel", _closed, page=lambda subject: f"/parcels/{subject.partition(':')[2]}/")


@pytest.fixture
def case(db: None) -> FlowCase:
    """A running approval in the group's house: the head of claims, then the chair."""
    with inside(house(GROUP)):
        people, today = staff(GROUP), timezone.localdate()
        drawing = line('a zd:post="CLAIMS_HEAD"', 'b zd:post="COMMITTEE_CHAIR"')
        approval.publish(
            actor=people["sysadmin"], today=today, code="parcel", bpmn=drawing, title_zh="包裹审批", title_en="Parcels"
        )
        return approval.start(
            actor=people["claims"], today=today, code="parcel", subject="parcel:7", facts={}, title="第七号包裹"
        )


@pytest.mark.parametrize("english", [False, True])
def test_the_console_signs_what_the_portal_signs(visit, case, english):
    CLOSED.clear()
    head, claims = visit(GROUP, "claims_head", english=english), visit(GROUP, "claims", english=english)
    assert "第七号包裹" in head.get("/tasks/", {"q": ""}).content.decode()
    with inside(house(GROUP)):
        task = case.tasks.get(state="TODO")
    page = head.get(f"/tasks/{task.pk}/")
    assert page.status_code == 200 and "/parcels/7/" in page.content.decode()
    assert head.get(f"/tasks/{task.pk}/position/").json()["now"][0]["id"] == task.element
    assert claims.get(f"/tasks/{task.pk}/").status_code == 404
    assert head.get(f"/tasks/{task.pk}/return/").status_code == 200
    for path in ("/tasks/done/", "/tasks/coming/", "/tasks/started/", "/tasks/copied/", "/tasks/deputies/"):
        assert head.get(path, {"q": ""}).status_code == 200
    assert "第七号包裹" in claims.get("/tasks/started/", {"q": ""}).content.decode()
    assert head.post(f"/tasks/{task.pk}/", {"verdict": "REJECT", "text": ""}).status_code == 422
    assert head.post(f"/tasks/{task.pk}/", {"verdict": "APPROVE", "text": "同意"}).status_code == 302
    chair = visit(GROUP, "chair")
    with inside(house(GROUP)):
        task = case.tasks.get(state="TODO")
    assert chair.post(f"/tasks/{task.pk}/", {"verdict": "APPROVE", "text": ""}).status_code == 302
    assert CLOSED == ["APPROVED"]
