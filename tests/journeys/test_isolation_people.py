"""Inside one house: whoever sees only his own rows finds nothing of a colleague's, at any address (domain.md 9.1)."""

from __future__ import annotations

import pytest

from kernel.access import services as access
from kernel.access.models import Department, Role, User
from kernel.access.permissions import catalogue
from registry.tenancy import inside
from tests.factories.houses import ANHE, PASSWORD, house, staff
from tests.journeys.isolation import World, addresses, body_of, browser, furnish_member, rows_digest
from tests.journeys.test_isolation import PORTAL, TAG_A, visits

pytestmark = pytest.mark.django_db

# What is the whole house's by its nature: who holds these reads and does it for all of it, whatever his scope.
_OF_THE_HOUSE = (
    "access.", "approval.manage_flows", "approval.monitor", "audit.", "cash.", "cessions.", "committee.approve_rules",
    "committee.manage", "intake.", "parameters.", "products.edit",
)  # fmt: skip


def colleague() -> User:
    """Somebody with every right over single cases, who sees his own rows and those of his department, where nothing is."""
    Department.objects.create(code="NEXT_DOOR", name_zh="别处", name_en="Next door")
    codes = sorted(code for code in catalogue() if not code.startswith(_OF_THE_HOUSE))
    Role.objects.create(code="NEXT_DOOR", name_zh="业务", name_en="Business", permissions=codes, scope=Role.Scope.DEPARTMENT)
    return access.add_user(
        actor=staff(ANHE)["sysadmin"], email="next.door@anhe.example", name="同事", password=PASSWORD, roles=["NEXT_DOOR"],
        department="NEXT_DOOR",
    )  # fmt: skip


@pytest.mark.slow
def test_a_colleague_of_another_department_with_every_right_finds_nothing() -> None:
    """No page, list, search or file shows him a colleague's case, and nothing that he presses changes a row of the house."""
    world = furnish_member(ANHE, tag=TAG_A)
    # Channels and introducers are registers of the house; a customer, what he wants, his papers and numbers are not.
    private = World(secrets=[*world.secrets[1:], f"{TAG_A}客户", f"{TAG_A}用途", f"{TAG_A} inside", f"{TAG_A} notice"])
    with inside(house(ANHE)):
        person = colleague()
    client = browser(ANHE, person)
    before = rows_digest(ANHE)
    broken, leaks = [], []
    for address, method, answer in visits(client, addresses(PORTAL, world)):
        if answer.status_code >= 500:
            broken.append((str(address), method))
        if found := private.leaks(body_of(answer), address):
            leaks.append((str(address), method, found))
    for address in addresses(PORTAL, world):
        if (
            address.ours
            and not address.filled
            and (found := private.leaks(body_of(client.get(address.path, {"q": TAG_A})), TAG_A))
        ):
            leaks.append((str(address), "q", found))
    assert broken == []
    assert leaks == []
    assert {table for table, digest in rows_digest(ANHE).items() if digest != before[table]} == set()
