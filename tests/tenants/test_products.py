"""Products: what is shipped, their limits, open and closed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tenants.products import queries, services
from tenants.products.models import ProductEvent
from tests.factories.members import TODAY


def add(staff, **fields):
    told = {
        "code": "custom",
        "name_zh": "定制贷",
        "name_en": "Custom loan",
        "rate_max": Decimal("0.02"),
        "amount_max_fen": 100_000_000,
        "term_max_months": 12,
    }
    return services.add(actor=staff["executive"], today=TODAY, **(told | fields))


def test_a_new_house_has_its_products_once(member):
    services.furnish()
    codes = [product.code for product in queries.all_products()]
    assert codes == ["FARM", "PROCUREMENT", "STARTUP", "TECH", "WORKING_CAPITAL"]


def test_furnishing_again_keeps_what_the_house_changed(staff):
    product = queries.by_code("TECH")
    services.change(actor=staff["executive"], today=TODAY, product_id=product.pk, term_max_months=48)
    services.furnish()
    assert queries.by_code("TECH").term_max_months == 48
    assert ProductEvent.objects.get(pgh_obj_id=product.pk).term_max_months == 60


@pytest.mark.parametrize(
    "fields",
    [
        {"amount_max_fen": 0},
        {"term_max_months": 0},
        {"guaranteed_share": Decimal("1.01")},
        {"guaranteed_share": Decimal(0)},
        {"rate_max": Decimal(-1)},
    ],
)
def test_limits_make_sense(staff, fields):
    with pytest.raises(services.BadLimits):
        add(staff, **fields)


def test_a_code_is_given_once(staff):
    assert add(staff).code == "CUSTOM"
    with pytest.raises(services.ProductExists):
        add(staff)


def test_a_closed_product_is_not_offered(staff):
    product = add(staff, for_kind="PERSON")
    assert product in queries.open_products("PERSON")
    assert product not in queries.open_products("COMPANY")
    services.close(actor=staff["executive"], today=TODAY, product_id=product.pk)
    assert product not in queries.open_products()
    services.open_again(actor=staff["executive"], today=TODAY, product_id=product.pk)
    assert product in queries.open_products()
