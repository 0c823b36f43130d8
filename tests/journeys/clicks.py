"""What a person does on a page: fill, press, confirm; and who is signed in where."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Site = Callable[[str], str]


class Person:
    """One person at one institution's pages, in a browser of its own; complaints of the pages are kept."""

    def __init__(self, browser: Any, base: str, who: str, complaints: list[str]) -> None:
        self.base, self.who = base, who
        self.page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
        self.page.set_default_timeout(90_000)
        self.page.on("pageerror", lambda error: complaints.append(f"{who}: {error}"))
        self.page.on("console", lambda line: complaints.append(f"{who}: {line.text}") if line.type == "error" else None)

    def sign_in(self, email: str, password: str) -> Person:
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/")
        return self

    def open(self, path: str) -> Any:
        """Go to a path of this house (or a whole address); the page has to answer."""
        answer = self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        assert answer.status == 200, f"{self.who}: {path} answers {answer.status}"
        return self.page

    def fill(self, where: str, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            spot = self.page.locator(f'{where} [name="{name}"]')
            if isinstance(value, Path):
                spot.set_input_files(str(value))
            elif isinstance(value, bool):
                spot.set_checked(value, force=True)
            elif spot.first.evaluate("one => one.tagName") == "SELECT":
                spot.select_option(value, force=True)
            else:
                spot.fill(str(value))

    def dialog(self, path: str, **fields: Any) -> Any:
        """Open the dialog of a button of this page, fill it and send it; the page that follows."""
        self.page.locator(f'[hx-get="{path}"]').first.click()
        self.page.wait_for_selector("#dialog-body form")
        self.fill("#dialog-body", fields)
        return self.leaves(lambda: self.page.click("#dialog-body form button[type=submit]"))

    def confirm(self, path: str) -> Any:
        """Press a button that asks first, and say yes; the page that follows."""
        self.page.locator(f'form[action="{path}"] button[type=submit]').first.click()
        return self.leaves(lambda: self.page.click("#confirm [data-yes]"))

    def leaves(self, act: Callable[[], Any]) -> Any:
        """Do what sends the page away, and wait for the next one."""
        with self.page.expect_navigation():
            act()
        self.page.wait_for_load_state("domcontentloaded")
        return self.page

    def link(self, pattern: str) -> str:
        """The first address on the page that matches."""
        hrefs = self.page.eval_on_selector_all("main a[href]", "all => all.map((one) => one.getAttribute('href'))")
        found = next((href for href in hrefs if re.fullmatch(pattern, href)), None)
        assert found, f"{self.who}: no link {pattern} on {self.page.url}"
        return found

    def says(self, *words: str) -> None:
        text = self.page.inner_text("main")
        for word in words:
            assert word in text, f"{self.who} does not read “{word}” on {self.page.url}:\n{text[:3000]}"
