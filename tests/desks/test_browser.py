"""The committee's pages in a real browser: nothing refused by the CSP, nothing overflowing, axe-clean, and votes by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kernel.approval.committee import services
from kernel.approval.committee.models import Ballot
from registry.tenancy import inside
from tests.design.test_browser import AXE, RULES, opened
from tests.desks.test_committee import SEATS, convened
from tests.factories.houses import ANHE, GROUP, PASSWORD, house, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sign_in(page: Any, base: str, seat: str, code: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", f"{seat}@{code.lower()}.example")
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url(f"{base}/**")


def test_pages_of_the_desks_are_sound(site, chromium):
    """Both houses and both widths in one test: a served database is not handed on to a second one beside Playwright's loop."""
    _visited(site("anhe.localhost"), chromium, ANHE, 1440)
    _visited(site("group.localhost"), chromium, GROUP, 390)


def _visited(base: str, chromium: Any, code: str, width: int) -> None:
    with inside(house(code)):
        item = convened(code)
        people, day = staff(code), timezone.localdate()
        for seat in SEATS[code][1][1:]:
            services.vote(actor=people[seat], today=day, item_id=item.pk, choice="AGREE")
        services.propose_rule(
            actor=people[SEATS[code][0]],
            today=day,
            code=item.meeting.rule.code,
            effective_from=day,
            chair_veto=True,
            reason="修订",
        )
    page, complaints = opened(chromium, width, 900)
    sign_in(page, base, "chair", code)
    item_url = f"{base}/meetings/agenda/{item.pk}/"
    for url in (
        f"{base}/meetings/{item.meeting_id}/",
        f"{base}/meetings/",
        f"{base}/meetings/rules/",
        f"{base}/tasks/",
        item_url,
    ):
        _sound(page, url)
    page.keyboard.press("1")
    assert page.locator("[name=choice]:checked").input_value() == "AGREE"
    page.keyboard.press("2")
    expect(page.locator("textarea[name=conditions]")).to_be_visible()
    page.fill("textarea[name=conditions]", "先办抵押")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    with inside(house(code)):
        assert Ballot.objects.filter(item=item, choice="AGREE_WITH_CONDITIONS").count() == 1
        services.close_item(actor=people[SEATS[code][0]], today=day, item_id=item.pk)
    _sound(page, item_url)
    assert complaints == []


def _sound(page: Any, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), url
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {RULES}).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")
    assert found == [], url
