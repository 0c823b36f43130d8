"""Reads of products."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tenants.products.models import Product
from tenants.products.services import NoSuchProduct

KINDS = Product.ForKind.choices
CATEGORIES = Product.Category.choices


def all_products() -> QuerySet[Product]:
    """Every product, by code."""
    return Product.objects.order_by("code")


def open_products(kind: str = "") -> QuerySet[Product]:
    """Products that take applications, of this kind of customer when one is named."""
    rows = all_products().filter(is_open=True)
    return rows.filter(Q(for_kind="") | Q(for_kind=kind)) if kind else rows


def by_code(code: str) -> Product:
    """One product. Raises NoSuchProduct."""
    found = Product.objects.filter(code=code).first()
    if found is None:
        raise NoSuchProduct(product=code)
    return found


def one(product_id: int) -> Product:
    """One product. Raises NoSuchProduct."""
    found = Product.objects.filter(pk=product_id).first()
    if found is None:
        raise NoSuchProduct(product=product_id)
    return found
