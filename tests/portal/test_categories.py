"""Agricultural business and business with small firms: said by the product, told with the filing, filtered by the group."""

from __future__ import annotations

from datetime import date

from infra import wiring
from registry.tenancy import inside
from reguarantee.console.tables.business import FilingFilter
from reguarantee.filings import queries as filings
from reguarantee.filings.queries import figures
from tenants.products import queries as products
from tenants.products import services
from tests.factories import members
from tests.factories.houses import ANHE, GROUP, house, staff


def test_the_product_says_it_and_the_group_filters_by_it(sign_in) -> None:
    """BUS-65, BUS-66: set on the product's page, carried by the filing; list and figures of the group filter on it."""
    with inside(house(ANHE)):
        product = products.by_code("WORKING_CAPITAL")
        assert (product.category, products.by_code("FARM").category) == ("SME", "AGRICULTURE")
    client = sign_in("executive")
    page = client.get(f"/products/{product.pk}/edit/").content.decode()
    assert 'name="category"' in page
    with inside(house(ANHE)):
        small = members.make_guarantee(state="IN_FORCE")
        code = small.product.code
        services.change(actor=staff(ANHE)["executive"], today=members.TODAY, product_id=small.product_id, category="AGRICULTURE")
        farm = members.make_guarantee(state="IN_FORCE")
        services.change(actor=staff(ANHE)["executive"], today=members.TODAY, product_id=small.product_id, category="")
        plain = members.make_guarantee(state="IN_FORCE")
    wiring.deliver()
    with inside(house(GROUP)):
        found = {row.guarantee_id: row.product_category for row in filings.listing()}
        assert (found[farm.pk], found[plain.pk], filings.of(ANHE, farm.pk).product_code) == ("AGRICULTURE", "", code)
        assert [row.guarantee_id for row in filings.listing(product_category="AGRICULTURE")] == [farm.pk]
        narrowed = FilingFilter({"product_category": "AGRICULTURE"}, queryset=filings.listing()).qs
        assert [row.guarantee_id for row in narrowed] == [farm.pk]
        assert {"AGRICULTURE"} <= {row["key"] for row in figures.table(by="line", first=date(2026, 1, 1))}
