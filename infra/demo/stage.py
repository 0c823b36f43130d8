"""Opens the demo's houses, banks, treaties and keys, and has the story told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from infra.demo import people, ways
from infra.demo.group import accounts, admissions, agreements, cover, losses, parameters, partners, post, premiums
from infra.demo.story import Product, Teller
from kernel.access.actors import SYSTEM
from registry import queries as registry
from registry import services
from registry.models import Institution
from registry.tenancy import inside
from reguarantee.claims import services as claims
from reguarantee.treaties import services as treaties

PASSWORD = "Zaidan-demo-2026"
GROUP_NAME = "皖江再担保集团"
MEMBERS = (
    ("WANXIN", "皖信融资担保有限公司", "340000", Institution.ReportingScope.ALL_BUSINESS, 120),
    ("SUTONG", "苏通融资担保有限公司", "320000", Institution.ReportingScope.ALL_BUSINESS, 90),
    ("ZHEYUAN", "浙源融资担保有限公司", "330000", Institution.ReportingScope.CEDED, 60),
)
BANKS = (
    ("HXYH", "华兴商业银行"),
    ("JHNS", "江淮农村商业银行"),
    ("DTYH", "东泰银行"),
    ("MSYH", "民生产业银行"),
    ("CZYH", "长舟城市银行"),
    ("QHYH", "清淮村镇银行"),
)
"""The group grades the last of them too low: no loan of it is guaranteed in the story, one application of it waits."""
PRODUCTS = [
    Product("WORKING_CAPITAL", "COMPANY", (80, 100, 150, 200, 300, 400, 500, 800), (6, 12, 12, 12, 24)),
    Product("TECH", "COMPANY", (200, 300, 500, 800, 1000, 1500), (12, 24, 36)),
    Product("PROCUREMENT", "COMPANY", (60, 120, 200, 300), (6, 12)),
    Product("STARTUP", "PERSON", (20, 30, 50), (12, 24)),
    Product("FARM", "", (20, 30, 50, 80, 120), (12, 24)),
]
_BANK_SCOPES = ["applications:write", "applications:read", "guarantees:read", "guarantees:write"]
FIRST_CASES = 2
"""Cases of each member told before the first page is served; the rest follows while the program runs."""
Tell = Callable[[str], None]


def set_stage(tell: Tell, today: date) -> None:
    """Open what is not open yet: the group with its treaties, the banks, the members. Safe to run again."""
    if not registry.has_group():
        tell("group")
        services.open_group(name=GROUP_NAME, region="340000")
    with inside(registry.group()):
        if not people.staff(code="GROUP"):
            people.hire(people.GROUP_JOBS, code="GROUP", password=PASSWORD)
    if not registry.banks():
        for code, name in BANKS:
            services.add_bank(code=code, name=name)
        _key()
    open_codes = {member.code for member in registry.members()}
    for code, name, region, scope, _cases in MEMBERS:
        if code not in open_codes:
            tell(f"member {code}")
            services.open_member(code=code, name=name, region=region, reporting_scope=scope)
        with inside(registry.institution(code)):
            if not people.staff(code=code):
                people.hire(people.MEMBER_JOBS, code=code, password=PASSWORD)
    with inside(registry.group()):
        partners.enrol(today, MEMBERS, BANKS)
        agreements.sign_agreements(today, [code for code, *_rest in MEMBERS])


def _key() -> None:
    """A live key of the first bank, kept beside the servers' own secrets so that a developer can try the API."""
    key, text = services.issue_key(bank=BANKS[0][0], scopes=_BANK_SCOPES, label="demo")
    path = _key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"prefix": key.prefix, "key": text}), encoding="utf-8")
    path.chmod(0o600)


def _key_file() -> Path:
    return settings.BASE_DIR / ".embedded" / "run" / "demo-key.json"


def tell_story(tell: Tell, *, today: date, cases: int | None = None) -> int:
    """Play up to `cases` cases of each member (all without it) that were not played yet; returns how many."""
    told = 0
    for code, _name, _region, _scope, total in MEMBERS:
        house = registry.institution(code)
        with inside(house):
            sound = [bank for bank in registry.banks() if not bank.below_minimum]
            teller = Teller(house, sound, PRODUCTS, today)
        for case in range(1, min(total, cases or total) + 1):
            with post.step():
                with inside(house):
                    new = teller.tell(case)
                if new:
                    post.deliver(today)
                told += new
            if case % 30 == 0:
                tell(f"{code} {case}/{total}")
        with inside(house):
            teller.read_messages()
    return told


def go_on(tell: Tell, *, today: date) -> int:
    """What follows from the story between the houses, as far as it was not played yet; returns how many acts were."""
    members = [code for code, *_rest in MEMBERS]
    with inside(registry.group()):
        agreements.draft_the_next(today)
        parameters.change_some(today)
    told = ways.walk(members, PRODUCTS, today)
    told += losses.tell(today, members, tell) + losses.tell_newest(today, members)
    with inside(registry.group()):
        claims.lapse(actor=SYSTEM, today=today)
        partners.evaluate(today, members)
    with post.step(), inside(registry.group()):
        treaties.tell_uses(actor=SYSTEM, today=today)
    losses.keep_papers(today, members)
    told += premiums.tell(today, members)
    tell(f"{told} acts between the houses")
    told += accounts.tell(today, members) + cover.leave_waiting(today) + _hear_from_the_low_bank(today)
    return told + admissions.tell(today)


def _hear_from_the_low_bank(today: date) -> int:
    """An application that whoever takes it up is warned of."""
    house = registry.institution(MEMBERS[0][0])
    bank = registry.bank(BANKS[-1][0])
    with post.step(), inside(house):
        return int(bank is not None and Teller(house, [bank], PRODUCTS, today).leave_waiting(bank))


def credentials() -> list[dict[str, str]]:
    """The log-ins of the demo, for the people who start it."""
    rows = [
        {
            "host": f"group.{settings.BASE_DOMAIN}",
            "house": GROUP_NAME,
            "email": people.email(job.key, "GROUP"),
            "password": PASSWORD,
            "role": job.roles[0],
        }
        for job in people.GROUP_JOBS[:3]
    ]
    for code, name, *_rest in MEMBERS[:1]:
        rows += [
            {
                "host": f"{code.lower()}.{settings.BASE_DOMAIN}",
                "house": name,
                "email": people.email(job.key, code),
                "password": PASSWORD,
                "role": job.roles[0],
            }
            for job in people.MEMBER_JOBS[:8]
        ]
    return rows


def story_day() -> date:
    """The day the story is told on: today, so that what is open looks fresh."""
    return timezone.localdate()
