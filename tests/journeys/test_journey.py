"""The main job, as its people do it: a bank's API call, a member's browser, the group's console, in one real program."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone

from infra import wiring
from infra.demo import names
from kernel.outbox import queries as post
from registry import services as registry
from registry.tenancy import PUBLIC, inside
from reguarantee.monitoring import services as monitoring
from reguarantee.treaties import services as treaties
from tests.factories.houses import ANHE, BANK, GROUP, PASSWORD, house, staff
from tests.factories.treaties import sign

pytestmark = pytest.mark.browser

LOAN_FEN, GUARANTEED_FEN, CEDED_FEN = 500_000_000, 400_000_000, 200_000_000
"""domain.md 12: 5,000,000 yuan, of which 80 % is guaranteed and 40 % ceded (20 % group, 20 % fund)."""
TERMS = {
    "code": "P4222",
    "version": 1,
    "attaches": {"from": "2020-01-01", "to": "2099-12-31", "by": "drawdown"},
    "parties": {"bank": "BANK", "member": "GUARANTOR", "group": "REGUARANTOR", "nfgf": "FUND"},
    "residual": "member",
    "scope": {},
    "loss_base": "PRINCIPAL",
    "layers": [
        {"kind": "QUOTA_SHARE", "order": 1, "shares": {"bank": "0.20", "member": "0.40", "group": "0.20", "nfgf": "0.20"}}
    ],
}
FIRM = "江城衡远精密机械有限公司"
ALL_SCOPES = ["applications:write", "applications:read", "guarantees:read", "guarantees:write"]
Site = Callable[[str], str]


class BankSystem:
    """A bank's own program: it knows a key and an address, nothing else."""

    def __init__(self, address: str, key: str) -> None:
        self.port, self.key = urlsplit(address).port, key

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": f"api.localhost:{self.port}",
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        }
        with closing(wire):
            wire.request(method, f"/v1/institutions/{ANHE}/{path}", json.dumps(body) if body else None, headers)
            answer = wire.getresponse()
            return answer.status, json.loads(answer.read())


@pytest.fixture
def people(chromium: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """people("head") is a page on which the member's head of department is signed in; complaints of pages fail the test."""
    complaints: list[str] = []
    pages: dict[tuple[str, str], Any] = {}

    def sign_in(seat: str, code: str = ANHE) -> Any:
        if (seat, code) not in pages:
            page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
            page.on("pageerror", lambda error: complaints.append(f"{seat}: {error}"))
            page.on("console", lambda line: complaints.append(f"{seat}: {line.text}") if line.type == "error" else None)
            page.goto(f"{site(f'{code.lower()}.localhost')}/accounts/login/")
            page.fill("input[name=login]", f"{seat}@{code.lower()}.example")
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url("**/")
            pages[seat, code] = page
        return pages[seat, code]

    yield sign_in
    for page in pages.values():
        page.context.close()
    # The browser itself notes the 404 that the author gets for somebody else's task.
    assert [text for text in complaints if "status of 404" not in text] == []


def carry_on() -> None:
    """What the worker does every half second: deliver letters, project changes."""
    wiring.deliver()
    with inside(house(GROUP)):
        monitoring.catch_up(today=timezone.localdate())


def publish_treaty() -> None:
    with inside(house(GROUP)):
        actor = staff(GROUP)["treaty"]
        today = timezone.localdate()
        version = treaties.draft(actor=actor, today=today, code="P4222", title="4222", members=["*"], terms=TERMS)
        sign(version, actor=actor, today=today)


def figure(page: Any, site: Site, name: str) -> int:
    """A figure of the consolidated book, in fen."""
    page.goto(f"{site('group.localhost')}/")
    return int(page.locator(f'[data-figure="{name}"]').first.get_attribute("data-fen"))


class Journey:
    """One guarantee on its way; each step is what one kind of person does."""

    def __init__(self, people: Callable[..., Any], site: Site) -> None:
        _, key = registry.issue_key(bank=BANK, scopes=ALL_SCOPES)
        self.people, self.site = people, site
        self.bank, self.base = BankSystem(site("api.localhost"), key), site(f"{ANHE.lower()}.localhost")
        self.application: dict[str, Any] = {}
        self.guarantee: dict[str, Any] = {}

    def submit(self) -> None:
        obligor = {"kind": "COMPANY", "name": FIRM, "id_number": names.uscc(7), "region_code": "340100", "industry": "C"}
        body = {
            "bank_reference": "YH-2026-0001",
            "product": "TECH",
            "amount_fen": LOAN_FEN,
            "term_months": 12,
            "purpose": "购置数控设备",
            "fee_rate": "0.010000",
            "obligor": obligor,
        }
        status, self.application = self.bank.call("POST", "applications", body)
        assert (status, self.application["state"]) == (201, "SUBMITTED")
        assert self.application["guaranteed_fen"] == GUARANTEED_FEN

    def page(self, seat: str) -> Any:
        page = self.people(seat)
        page.goto(f"{self.base}/applications/{self.application['id']}/")
        return page

    def take_up(self) -> None:
        """An account manager becomes its author: he is not asked to approve it, and may not."""
        manager = self.page("manager")
        manager.click(f'[hx-get="/applications/{self.application["id"]}/take-up/"]')
        manager.click("#dialog-body button[type=submit]")
        manager.wait_for_selector("#dialog:not([open])", state="attached")
        head = self.people("head")
        head.goto(f"{self.base}/tasks/")
        task = head.locator('a[href^="/tasks/"]').filter(has_text="SQ").first.get_attribute("href")
        assert manager.goto(f"{self.base}{task}").status in (403, 404)

    def sign(self, seat: str) -> None:
        page = self.people(seat)
        page.goto(f"{self.base}/tasks/")
        page.locator('a[href^="/tasks/"]').filter(has_text="SQ").first.click()
        page.fill("textarea[name=text]", "同意")
        page.click("button[name=verdict][value=APPROVE]")
        page.wait_for_load_state("networkidle")

    def issue(self) -> None:
        """Operations issue it; the author has no such button."""
        button = f'form[action="/applications/{self.application["id"]}/issue/"] button'
        assert self.page("manager").locator(button).count() == 0
        operations = self.page("operations")
        operations.click(button)
        operations.click("#confirm [data-yes]")
        operations.wait_for_url("**/guarantees/*/")
        self.guarantee = self.bank.call("GET", f"applications/{self.application['id']}")[1]["guarantee"]
        assert self.guarantee["state"] == "ISSUED"

    def draw(self) -> None:
        body = {"iou_no": "JJ-0001", "on": timezone.localdate().isoformat(), "amount_fen": LOAN_FEN}
        status, drawn = self.bank.call("POST", f"guarantees/{self.guarantee['id']}/drawdowns", body)
        assert (status, drawn["guarantee"]["state"]) == (201, "IN_FORCE")


def test_one_guarantee_travels_from_the_bank_to_the_group(people: Callable[..., Any], site: Site) -> None:
    publish_treaty()
    carry_on()
    console = people("executive", GROUP)
    before = figure(console, site, "ceded_in_force")
    journey = Journey(people, site)
    journey.submit()
    journey.take_up()
    for seat in ("head", "risk", "legal", "chair", "executive"):
        journey.sign(seat)
    assert journey.bank.call("GET", f"applications/{journey.application['id']}")[1]["state"] == "APPROVED"
    journey.issue()
    journey.draw()
    carry_on()
    operations = people("operations")
    operations.reload()
    assert "已分保" in operations.inner_text("main")  # the treaty accepted the filing by itself

    # The console rises by exactly what was ceded, and the row is behind the figure.
    assert figure(console, site, "ceded_in_force") - before == CEDED_FEN
    console.locator('a:has([data-figure="ceded_in_force"])').first.click()
    console.wait_for_load_state("networkidle")
    row = console.locator("tbody tr").filter(has_text=journey.guarantee["number"])
    assert row.count() == 1
    assert FIRM in row.inner_text()
    with inside(PUBLIC):
        assert not post.waiting().exists()
