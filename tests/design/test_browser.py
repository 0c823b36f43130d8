"""The look in a real browser: nothing refused by the CSP, nothing overflowing, axe-clean, and what the scripts promise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
PAGES = ["", "todo/", "list/", "detail/", "form/", "parts/", "states/", "../accounts/login/", "../offline/"]
# The browser itself notes a 422; that is how a form with errors comes back.
_EXPECTED = "status of 422"


def opened(browser: Any, width: int, height: int, **more: Any) -> tuple[Any, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **more)
    page, complaints = context.new_page(), []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" and _EXPECTED not in line.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def go(page: Any, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-chart]')].every((c) => c.dataset.ready || c.dataset.failed)"
    )


def settled(page: Any, change: Callable[[], Any]) -> None:
    """Do something that asks the server for rows, and wait for the answer to be on the page."""
    page.evaluate("window.swaps = 0; document.addEventListener('htmx:after:swap', () => { window.swaps += 1; })")
    change()
    page.wait_for_function("() => window.swaps > 0")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_pages_are_clean(chromium: Any, served: str, width: int, height: int) -> None:
    page, complaints = opened(chromium, width, height, reduced_motion="reduce")
    for name in PAGES:
        go(page, served + name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        broken = page.evaluate(
            f"{AXE.read_text()};axe.run(document, {RULES}).then((r) => r.violations.map((v) => v.id + ' ' + v.nodes[0].target))"
        )
        assert broken == [], name
    assert complaints == []


def test_a_list_filters_while_typing_and_keeps_order_and_history(chromium: Any, served: str) -> None:
    page, complaints = opened(chromium, 1440, 900)
    go(page, f"{served}list/")
    settled(page, lambda: page.fill("#id_q", "合肥"))
    assert all("合肥" in row for row in page.locator("#list tbody tr").all_inner_texts())
    settled(page, lambda: page.click("th a:has-text('担保金额')"))
    assert page.url.endswith("?q=%E5%90%88%E8%82%A5&sort=amount_fen") and page.input_value("#id_sort") == "amount_fen"
    settled(page, lambda: page.select_option("select[name=state]", "IN_FORCE"))
    assert {"state=IN_FORCE", "sort=amount_fen"} <= set(page.url.split("?")[1].split("&"))
    settled(page, page.go_back)
    page.wait_for_url("**/list/?q=%E5%90%88%E8%82%A5&sort=amount_fen")
    page.locator("thead .tick input").check()
    assert "已选 20 项" in page.inner_text("[data-bulk]")
    assert complaints == []


def test_the_keyboard_goes_everywhere(chromium: Any, served: str) -> None:
    page, complaints = opened(chromium, 1440, 900)
    go(page, f"{served}list/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.at").count() == 1 and page.evaluate("document.activeElement.matches('tr.at a')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "id_q"
    page.keyboard.press("Control+k")
    page.keyboard.type("组件")
    page.keyboard.press("Enter")
    page.wait_for_url("**/parts/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/list/")
    assert complaints == []


def test_drawers_refuse_accept_and_confirm(chromium: Any, served: str) -> None:
    page, complaints = opened(chromium, 1440, 900)
    go(page, f"{served}parts/")
    settled(page, lambda: page.click("text=抽屉"))
    expect(page.locator("#dialog.drawer")).to_be_visible()
    settled(page, lambda: page.click("#dialog button[type=submit]"))
    expect(page.locator("#dialog .form-bad")).to_have_count(2)
    page.select_option("#dialog select", "1")
    settled(page, lambda: page.click("#dialog button[type=submit]"))
    expect(page.locator("#dialog textarea")).to_be_focused()  # the wrong field, not the first one
    page.fill("#dialog textarea", "出差")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".toast-box:has-text('已转办')")
    page.click("text=作废")
    assert page.inner_text("#confirm [data-text]") == "作废后不能恢复，确定吗？"
    page.click("#confirm [value=no]")
    expect(page.locator("#confirm")).to_be_hidden()
    page.click("text=展开")
    expect(page.locator("text=由 Alpine 显示")).to_be_visible()
    assert complaints == []


def test_fields_help_while_typing(chromium: Any, served: str) -> None:
    page, complaints = opened(chromium, 1440, 900)
    go(page, f"{served}form/")
    page.click(".date-open")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.input_value("#id_day") == "2026-12-02"
    page.fill("#id_day", "20270131")
    page.press("#id_day", "Tab")
    assert page.input_value("#id_day") == "2027-01-31"
    page.fill("#id_amount", "10050000.5")
    page.press("#id_amount", "Tab")
    assert (page.input_value("#id_amount"), page.inner_text("#id_amount_words")) == ("10,050,000.5", "壹仟零伍万元伍角整")
    page.click(".ts-control")
    page.keyboard.type("徽商")
    page.keyboard.press("Enter")
    assert page.input_value("#id_bank") == "徽商银行"
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("setTimeout(() => { window.location.href = '../list/'; })")
    page.wait_for_timeout(400)
    assert asked == ["beforeunload"]
    assert complaints == []


def test_a_bar_opens_the_rows_behind_it(chromium: Any, served: str) -> None:
    page, complaints = opened(chromium, 1440, 900, reduced_motion="reduce")
    go(page, served)
    bars = [path.bounding_box() for path in page.locator('[data-chart*=months] svg path[fill="#1450b0"]').all()]
    bars = [(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2) for bar in bars if bar and bar["height"] > 20]
    assert len(bars) == 12
    page.mouse.move(*bars[3])
    page.mouse.click(*bars[3])
    page.wait_for_url("**/list/?q=26-03")
    assert complaints == []


def test_a_phone_has_a_menu_and_without_a_net_a_page_that_says_so(chromium: Any, served: str) -> None:
    page, _ = opened(chromium, 390, 844, has_touch=True)
    go(page, served)
    page.click(".tabbar [data-menu]")
    expect(page.locator(".side-link").first).to_be_visible()
    page.keyboard.press("Escape")
    # `ready` never comes when the worker cannot be installed: wait only so long.
    ready = "navigator.serviceWorker.ready.then(() => true)"
    assert page.evaluate(f"Promise.race([{ready}, new Promise((late) => setTimeout(late, 20000, false))])")
    page.context.set_offline(True)
    page.goto(f"{served}list/")
    assert "没有网络连接" in page.inner_text("h1")
