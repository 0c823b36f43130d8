"""Premiums between two houses in a real browser: sent, confirmed, billed, paid; pages clean on both sizes of screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra import wiring
from kernel.access.actors import SYSTEM
from registry.tenancy import inside
from reguarantee.premiums import services
from reguarantee.premiums.models import Bill, PremiumList
from tenants.cessions.models import Bill as MemberBill
from tenants.cessions.models import PremiumList as MemberList
from tests.design.test_browser import AXE, RULES
from tests.factories.houses import ANHE, GROUP, PASSWORD, house
from tests.journeys.clicks import Person
from tests.reguarantee.premiums.world import drawn, file, treaty

pytestmark = [pytest.mark.browser, pytest.mark.slow]
APRIL = date(2026, 4, 2)


def clean(person: Person, path: str) -> None:
    """Axe-clean and nothing overflowing, on a desk and on a phone."""
    for width, height in ((1440, 900), (390, 844)):
        person.page.set_viewport_size({"width": width, "height": height})
        person.open(path)
        person.page.wait_for_load_state("networkidle")
        if kept := os.environ.get("PICTURES"):
            name = path.strip("/").replace("/", "-")
            person.page.screenshot(path=str(Path(kept) / f"{person.who}-{name}-{width}.png"), full_page=True)
        assert person.page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        broken = person.page.evaluate(
            f"{AXE.read_text()};axe.run(document, {RULES}).then((r) => r.violations.map((v) => v.id + ' ' + v.nodes[0].target))"
        )
        assert broken == [], (path, width)
    person.page.set_viewport_size({"width": 1440, "height": 900})


def test_a_premium_goes_from_the_list_to_the_settled_bill(site: Callable[[str], str], chromium: Any) -> None:
    """FEE-12, FEE-13, AGR-23: two houses, five people, one bill; what each clicks is what the other sees."""
    complaints: list[str] = []

    def person(seat: str, code: str) -> Person:
        base = site("group.localhost" if code == GROUP else f"{code.lower()}.localhost")
        return Person(chromium, base, f"{seat}-{code}", complaints).sign_in(f"{seat}@{code.lower()}.example", PASSWORD)

    with inside(house(GROUP)):
        treaty()
        file(1), file(2, size_class="MEDIUM")
        row = drawn("2026-03", on=APRIL)
    wiring.deliver()
    officer = person("filing", GROUP)
    officer.open(f"/premiums/lists/{row.pk}/")
    officer.confirm(f"/premiums/lists/{row.pk}/issue/")
    wiring.deliver()

    with inside(house(ANHE)):
        mine = MemberList.objects.get().pk
    operations = person("operations", ANHE)
    operations.open(f"/group/premiums/{mine}/")
    operations.confirm(f"/group/premiums/{mine}/agree/")
    wiring.deliver()

    with inside(house(GROUP)):
        assert PremiumList.objects.get().state == "AGREED"
        bills = services.bill(actor=SYSTEM, today=date(2026, 4, 3), member_code=ANHE, period="2026-Q1")
        assert len(bills) == 2
    wiring.deliver()

    with inside(house(ANHE)):
        bill = MemberBill.objects.order_by("id").first()
    assert bill is not None
    operations.open(f"/group/bills/{bill.pk}/")
    operations.dialog(f"/group/bills/{bill.pk}/prepare/", account_name="再担保集团", account_no="6222", account_bank="华星银行")
    boss = person("executive", ANHE)
    boss.open(f"/group/bills/{bill.pk}/")
    order = boss.page.locator("[hx-get$='/confirm/']").first.get_attribute("hx-get")
    assert order is not None
    boss.dialog(order, voucher_no="V-1")
    wiring.deliver()

    cashier = person("cashier", GROUP)
    with inside(house(GROUP)):
        theirs = Bill.objects.get(number=bill.number)
    cashier.open(f"/premiums/bills/{theirs.pk}/")
    cashier.dialog(f"/premiums/bills/{theirs.pk}/receive/", voucher_no="V-1")
    wiring.deliver()
    assert "已结清" in boss.open(f"/group/bills/{bill.pk}/").content()

    for path in ("", f"lists/{row.pk}/", "bills/", f"bills/{theirs.pk}/", "forecast/", "standards/"):
        clean(officer, f"/premiums/{path}")
    agreement = operations.open("/group/agreements/").locator("#list tbody a").first.get_attribute("href")
    for path in (agreement or "", f"/group/premiums/{mine}/", f"/group/bills/{bill.pk}/", "/group/institution/"):
        clean(operations, path)
    assert complaints == []
