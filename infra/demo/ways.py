"""Business that no bank's system sent: it came by our own people, a government platform, a promotion organisation (PAR-32)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import transaction

from infra.demo import names
from infra.demo.group import post
from infra.demo.story import PURPOSES, WAN, Teller
from registry import queries as registry
from registry.tenancy import inside
from tenants.applications import queries, services
from tenants.customers import services as customers

_WAYS = (
    ("OWN", "IN_FORCE"),
    ("GOV", "IN_FORCE"),
    ("GOV", "RELEASED"),
    ("PROMO", "OVERDUE"),
    ("PROMO", "IN_FORCE"),
    ("ONLINE", "DRAFT"),
)
_INTRODUCERS = (("江淮中小企业促进会", "TJ-2025-01"), ("高新区商会", "TJ-2025-02"))


class Walker(Teller):
    """The same people; the application is written by an account manager."""

    def register(self) -> bool:
        """The registers, once; False when they are there."""
        if queries.introducers().exists():
            return False
        head, year = self.staff["head"], self.today.year
        for name, agreement in _INTRODUCERS:
            services.add_introducer(
                actor=head, today=self.today, name=name, agreement_no=agreement, contact=names.person(Random(name)),
                agreed_to=date(year + 1, 12, 31),
            )  # fmt: skip
        services.add_channel(actor=head, today=self.today, code="PROMO", name="担保产品推广中心", kind="PROMOTER")
        return True

    def walk(self, number: int, way: str, fate: str) -> None:
        """One case by one way, from its application to its fate."""
        random = Random(f"{self.member.code}-way-{number}")
        manager, product, term = self.staff["manager"], self.products[0], 12
        on = self._start(random, fate, term) if fate != "DRAFT" else self.today
        firm = Random(f"way-firm-{self.member.code}-{number}")
        name, section, industry = names.firm(firm, "江城")
        customer = customers.register(
            actor=manager, today=on, kind="COMPANY", name=name, id_number=names.uscc(self.member.id * 10_000 + 9_000 + number),
            industry=section, industry_code=industry, size_class="SMALL", legal_rep=names.person(firm),
        )  # fmt: skip
        bank = random.choice(self.banks)
        introducer = list(queries.introducers())[number % 2].pk if way in ("PROMO", "GOV") else None
        application = services.draft(
            actor=manager, today=on, customer_id=customer.pk, product_code=product.code, bank_code=bank.code, bank_name=bank.name,
            amount_fen=random.choice(product.amounts_wan[:3]) * WAN, term_months=term, purpose=random.choice(PURPOSES),
            channel_id=queries.channels().get(code=way).pk, introducer_id=introducer,
        )  # fmt: skip
        if fate == "DRAFT":
            return
        services.submit(actor=manager, today=on, application_id=application.pk)
        signed = self._review(random, application, on + timedelta(days=1), 99, reject=False)
        self._in_force(random, application, fate, min(signed + timedelta(days=2), self.today), term)


def walk(members: list[str], products: Any, today: date) -> int:
    """Every member's ways, once; returns how many cases were played."""
    told = 0
    for code in members:
        house = registry.institution(code)
        with post.step(), inside(house):
            walker = Walker(house, [bank for bank in registry.banks() if not bank.below_minimum], products, today)
            with transaction.atomic():
                if not walker.register():
                    continue
        for number, (way, fate) in enumerate(_WAYS):
            with post.step():
                with inside(house), transaction.atomic():
                    walker.walk(number, way, fate)
                post.deliver(today)
            told += 1
        with inside(house):
            walker.read_messages()
    return told
