"""Agreements in a real browser: rows come and go, a layer shows the fields of its kind, the pages are clean at both widths."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registry.tenancy import inside
from reguarantee.treaties import queries
from tests.factories.houses import ANHE, GROUP, PASSWORD, house, staff
from tests.factories.treaties import agree
from tests.reguarantee.engine.terms import N_4222, document, layer, quota

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).parents[3] / "node_modules/axe-core/axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
_EXPECTED = "status of 422"


@pytest.fixture
def page(chromium: Any, site: Any) -> Any:
    """The treaty manager's browser, signed in; complaints of the page fail the test."""
    today = timezone.localdate()
    with inside(house(GROUP)):
        cap = layer("RATE_CAP", 2, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank")
        terms = document(quota(**N_4222), cap, attaches={"from": f"{today.year}-01-01", "to": f"{today.year}-12-31"})
        agree(actor=staff(GROUP)["treaty"], today=today, code="P4222", terms=terms, members=[ANHE])
    tab, complaints = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page(), []
    tab.on("console", lambda line: complaints.append(line.text) if line.type == "error" and _EXPECTED not in line.text else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    base = site("group.localhost")
    tab.goto(f"{base}/accounts/login/")
    tab.fill("input[name=login]", "treaty@group.example")
    tab.fill("input[name=password]", PASSWORD)
    tab.click("main button[type=submit]")
    tab.wait_for_url("**/")
    tab.base = base
    yield tab
    assert complaints == []


def test_terms_are_written_by_hand(page: Any) -> None:
    """AGR-01: parties and layers are added and taken out; only the fields of the kind are shown."""
    page.goto(f"{page.base}/treaties/new/")
    page.fill("[name=code]", "HAND-1")
    page.fill("[name=title]", "手写协议")
    page.click("text=增加参与方")
    page.fill("[name=parties-4-key]", "gov")
    page.select_option("[name=parties-4-kind]", "GOVERNMENT")
    page.fill("[name=parties-4-quota]", "10")
    page.fill("[name=parties-1-quota]", "30")
    page.click("text=增加一层")
    page.select_option("[name=layers-0-kind]", "EXCESS")
    expect(page.locator("[name=layers-0-attachment_fen]")).to_be_visible()
    expect(page.locator("[name=layers-0-retention_fen]")).to_be_hidden()
    page.select_option("[name=layers-0-kind]", "SURPLUS")
    expect(page.locator("[name=layers-0-retention_fen]")).to_be_visible()
    expect(page.locator("[name=layers-0-attachment_fen]")).to_be_hidden()
    page.fill("[name=layers-0-order]", "2")
    page.fill("[name=layers-0-source]", "member")
    page.fill("[name=layers-0-target]", "group")
    page.fill("[name=layers-0-retention_fen]", "1000000")
    page.click("text=增加一层")
    page.locator("[data-prefix=layers] [data-row]").nth(1).get_by_role("button").click()
    page.click("main button[type=submit]:not([name])")
    page.wait_for_url("**/treaties/HAND-1/")
    with inside(house(GROUP)):
        terms = json.loads(queries.versions("HAND-1")[0].terms)
    assert terms["layers"][0]["shares"]["gov"] == "0.1"
    assert terms["layers"][1] == {"kind": "SURPLUS", "order": 2, "from": "member", "to": "group", "retention_fen": 100_000_000}
    assert len(terms["layers"]) == 2


def test_pages_of_agreements_are_clean(page: Any) -> None:
    paths = (
        "/treaties/?q=", "/treaties/P4222/", "/treaties/new/", "/treaties/P4222/revise/", "/whatif/?treaty=P4222",
        "/outcome/", f"/outcome/{ANHE}/", "/agreements/expiring/?q=", "/whatif/scenarios/?q=",
    )  # fmt: skip
    shots = os.environ.get("SHOTS")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(page.base + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            axe = f"{AXE.read_text()};axe.run(document, {RULES}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target))"
            broken = page.evaluate(axe)
            assert broken == [], path
            if shots:
                page.screenshot(path=f"{shots}/{width}{path.split('?')[0].replace('/', '-')}.png", full_page=True)
