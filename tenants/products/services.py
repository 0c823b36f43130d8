"""The only writers of products."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from tenants.acts import act
from tenants.products.models import Product

_WAN = 1_000_000
FIELDS = (
    "name_zh",
    "name_en",
    "for_kind",
    "category",
    "rate_max",
    "amount_max_fen",
    "term_max_months",
    "guaranteed_share",
    "green_channel_max_fen",
    "required_documents",
)


class ProductExists(Conflict):
    code = "PRODUCT_EXISTS"
    sentence = gettext_noop("There is a product with the code %(product)s already. Choose another code.")


class NoSuchProduct(NotFound):
    code = "NO_SUCH_PRODUCT"
    sentence = gettext_noop("There is no product %(product)s.")


class BadLimits(Invalid):
    code = "BAD_PRODUCT_LIMITS"
    sentence = gettext_noop(
        "A product needs a largest loan and a longest term above 0, a fee rate from 0 to 100 %%"
        " and a guaranteed share above 0 and up to 100 %%."
    )


class UnknownProductField(Invalid):
    code = "UNKNOWN_FIELD"
    sentence = gettext_noop("A product has no field “%(name)s” that can be changed.")


def furnish() -> None:
    """Products of a new house, idempotent; an institution changes them afterwards."""
    for product in _SHIPPED:
        Product.objects.get_or_create(code=product["code"], defaults=product)


def add(
    *,
    actor: Any,
    today: date,
    code: str,
    name_zh: str,
    name_en: str,
    rate_max: Decimal,
    amount_max_fen: int,
    term_max_months: int,
    guaranteed_share: Decimal = Decimal("0.80"),
    for_kind: str = "",
    category: str = "",
    green_channel_max_fen: int = 0,
    required_documents: Iterable[str] = (),
) -> Product:
    """Offer another product. Rates and share are per 1. Raises ProductExists, BadLimits."""
    product = Product(
        code=code.strip().upper(),
        name_zh=name_zh,
        name_en=name_en,
        rate_max=rate_max,
        amount_max_fen=amount_max_fen,
        term_max_months=term_max_months,
        guaranteed_share=guaranteed_share,
        for_kind=for_kind,
        category=category,
        green_channel_max_fen=green_channel_max_fen,
        required_documents=list(required_documents),
    )
    _check(product)
    with act("products.add", actor=actor):
        try:
            with transaction.atomic():
                product.save(force_insert=True)
        except IntegrityError as error:
            raise ProductExists(product=product.code, field="code") from error
        audit.leave(actor=actor, act="products.add", subject=_subject(product), facts={"code": product.code})
    return product


def change(*, actor: Any, today: date, product_id: int, **fields: Any) -> Product:
    """Change the given FIELDS; running business keeps its own figures. Raises NoSuchProduct, BadLimits."""
    with act("products.change", actor=actor):
        product = _locked(product_id)
        for name, value in fields.items():
            if name not in FIELDS:
                raise UnknownProductField(name=name, field=name)
            setattr(product, name, value)
        _check(product)
        product.save()
        audit.leave(actor=actor, act="products.change", subject=_subject(product), facts={"fields": sorted(fields)})
    return product


def close(*, actor: Any, today: date, product_id: int) -> Product:
    """Take no new applications; running ones go on (BUS-67)."""
    return _set_open(False, "products.close", actor, product_id)


def open_again(*, actor: Any, today: date, product_id: int) -> Product:
    """Take applications again."""
    return _set_open(True, "products.open_again", actor, product_id)


def _set_open(is_open: bool, name: str, actor: Any, product_id: int) -> Product:
    with act(name, actor=actor):
        product = _locked(product_id)
        if product.is_open != is_open:
            product.is_open = is_open
            product.save(update_fields=["is_open"])
            audit.leave(actor=actor, act=name, subject=_subject(product), facts={"code": product.code})
    return product


def _subject(product: Product) -> str:
    return f"product:{product.pk}"


def _locked(product_id: int) -> Product:
    product = Product.objects.select_for_update().filter(pk=product_id).first()
    if product is None:
        raise NoSuchProduct(product=product_id)
    return product


def _check(product: Product) -> None:
    sound = (
        product.amount_max_fen > 0
        and product.term_max_months > 0
        and product.green_channel_max_fen >= 0
        and 0 <= product.rate_max <= 1
        and 0 < product.guaranteed_share <= 1
    )
    if not sound:
        raise BadLimits


def _product(code: str, name_zh: str, name_en: str, rate: str, wan: int, months: int, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name_zh": name_zh,
        "name_en": name_en,
        "rate_max": Decimal(rate),
        "amount_max_fen": wan * _WAN,
        "term_max_months": months,
        "guaranteed_share": Decimal("0.80"),
        **more,
    }


_COMPANY_PAPERS = ["营业执照", "财务报表", "资产证明"]
_SHIPPED = [
    _product("WORKING_CAPITAL", "流动资金贷款担保", "Working-capital loan guarantee", "0.015", 1000, 36,
             for_kind="COMPANY", category="SME", required_documents=_COMPANY_PAPERS),
    _product("TECH", "科技贷", "Technology loan guarantee", "0.010", 3000, 60,
             for_kind="COMPANY", required_documents=[*_COMPANY_PAPERS, "高新技术企业证书"]),
    _product("PROCUREMENT", "政采贷", "Government-procurement loan guarantee", "0.010", 500, 24,
             for_kind="COMPANY", green_channel_max_fen=100 * _WAN, required_documents=["营业执照", "政府采购合同"]),
    _product("STARTUP", "创业担保贷款", "Start-up loan guarantee", "0.008", 300, 36,
             green_channel_max_fen=30 * _WAN, required_documents=["身份证明", "创业证明"]),
    _product("FARM", "涉农贷", "Farm loan guarantee", "0.008", 300, 36,
             category="AGRICULTURE", green_channel_max_fen=50 * _WAN, required_documents=["身份证明", "经营证明"]),
]  # fmt: skip
