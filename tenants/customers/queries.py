"""Reads of customers."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from kernel.access.queries import visible
from registry.tenancy import current
from tenants.customers.industries import SECTIONS as INDUSTRIES
from tenants.customers.models import Customer, CustomerEvent
from tenants.customers.services import NoSuchCustomer

__all__ = ["INDUSTRIES", "book", "find", "history", "obligor_key", "one", "options"]
KINDS = Customer.Kind.choices
STATUSES = Customer.Status.choices
SIZE_CLASSES = Customer.SizeClass.choices


def book(user: Any) -> QuerySet[Customer]:
    """The customers that the user's data scope shows him, newest first."""
    return visible(user, Customer.objects.select_related("owner", "department")).order_by("-id")


def find(user: Any, *, q: str = "", kind: str = "", status: str = "") -> QuerySet[Customer]:
    """`book`, narrowed: `q` looks in name, identity code, mobile and legal representative (CUS-79)."""
    rows = book(user)
    if q := q.strip():
        rows = rows.filter(
            Q(name__icontains=q) | Q(id_number__istartswith=q) | Q(mobile__startswith=q) | Q(legal_rep__icontains=q)
        )
    if kind:
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(status=status)
    return rows


def one(user: Any, customer_id: int) -> Customer:
    """One visible customer. Raises NoSuchCustomer."""
    found = book(user).filter(pk=customer_id).first()
    if found is None:
        raise NoSuchCustomer
    return found


def options(user: Any, q: str, limit: int = 20) -> list[tuple[int, str]]:
    """(id, label) of visible customers that are not blocked, for a search field."""
    rows = find(user, q=q).exclude(status=Customer.Status.BLOCKED)[:limit]
    return [(row.pk, f"{row.name} {row.id_number}".strip()) for row in rows]


def history(customer: Customer) -> list[CustomerEvent]:
    """What each change replaced, oldest first (CUS-09).

    Every row holds all values as they stood before a change, with `.act`, `.actor_label` and `.pgh_created_at`
    of that change.
    """
    rows = list(CustomerEvent.objects.filter(pgh_obj_id=customer.pk).select_related("pgh_context").order_by("pgh_id"))
    for row in rows:
        known = row.pgh_context.metadata if row.pgh_context else {}
        row.act, row.actor_label = known.get("act", ""), known.get("actor", "")
    return rows


def obligor_key(customer: Customer) -> str:
    """Keyed hash of the identity code: the group can match it across members and never read it (domain.md 11.25).

    A borrower without a code gets a key of its own, so that two unknowns never seem to be one obligor.
    """
    known = customer.id_number or f"{current().code}:{customer.pk}"
    return hmac.new(settings.OBLIGOR_KEY_SECRET.encode(), known.encode(), hashlib.sha256).hexdigest()
