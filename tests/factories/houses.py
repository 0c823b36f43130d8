"""The world of every test: the group and two members, so that a leak can show."""

from __future__ import annotations

from infra.demo import people
from kernel.access.models import User
from registry import queries, services
from registry.models import Institution
from registry.tenancy import inside

ANHE, BOYU, GROUP = "ANHE", "BOYU", "GROUP"
PASSWORD = "correct horse battery"
BANK, OTHER_BANK = "HXYH", "JZYH"


def build() -> None:
    """Open the houses once, in the template database of the tests."""
    services.open_group(name="测试再担保集团", region="340000")
    with inside(queries.group()):
        people.hire(people.GROUP_JOBS, code=GROUP, password=PASSWORD)
    for code, name, region, scope in (
        (ANHE, "安和融资担保有限公司", "340100", Institution.ReportingScope.ALL_BUSINESS),
        (BOYU, "博裕融资担保有限公司", "320100", Institution.ReportingScope.CEDED),
    ):
        member = services.open_member(code=code, name=name, region=region, reporting_scope=scope).institution
        with inside(member):
            people.hire(people.MEMBER_JOBS, code=code, password=PASSWORD)
    services.add_bank(code=BANK, name="华星银行")
    services.add_bank(code=OTHER_BANK, name="锦州城市银行")


def house(code: str) -> Institution:
    return queries.institution(code)


def staff(code: str) -> dict[str, User]:
    """People of a house by seat (manager, head, risk, …). Call inside the house."""
    return people.staff(code=code)
