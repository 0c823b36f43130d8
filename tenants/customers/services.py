"""The only writers of customers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from kernel import codes
from kernel.access.models import User
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from tenants.acts import act
from tenants.customers.models import Customer

FIELDS = (
    "name",
    "id_number",
    "region_code",
    "industry",
    "industry_code",
    "size_class",
    "is_farmer",
    "legal_rep",
    "mobile",
    "address",
    "owner_id",
    "department_id",
)
_SECTIONS = "ABCDEFGHIJKLMNOPQRST"


class CustomerExists(Conflict):
    code = "CUSTOMER_EXISTS"
    sentence = gettext_noop("%(id_number)s already belongs to %(name)s. Open that customer instead of adding another.")


class NoSuchCustomer(NotFound):
    code = "NO_SUCH_CUSTOMER"
    sentence = gettext_noop("There is no such customer, or none that you may see.")


class NameMissing(Invalid):
    code = "CUSTOMER_NAME_MISSING"
    sentence = gettext_noop("Enter the customer's name.")


class UnknownField(Invalid):
    code = "UNKNOWN_FIELD"
    sentence = gettext_noop("A customer has no field “%(name)s” that can be changed.")


class BadKind(Invalid):
    code = "BAD_CUSTOMER_KIND"
    sentence = gettext_noop("A customer is a company or a person.")


class BadIndustry(Invalid):
    code = "BAD_INDUSTRY"
    sentence = gettext_noop("“%(industry)s” is not a section of GB/T 4754: choose a letter from A to T.")


class BadSizeClass(Invalid):
    code = "BAD_SIZE_CLASS"
    sentence = gettext_noop("A company is large, medium, small or micro; a person has no size class.")


class ReasonMissing(Invalid):
    code = "REASON_MISSING"
    sentence = gettext_noop("Give the reason, so that a colleague understands it later.")


def register(*, actor: Any, today: date, kind: str, name: str, id_number: str, **details: Any) -> Customer:
    """Add a customer; the person who registers it becomes its account manager unless one is named.

    `details` are other members of FIELDS. Raises CustomerExists, BadUscc, BadResidentId, NameMissing and
    what else is wrong with a field (domain.md 8.6).
    """
    customer = Customer(kind=kind, registered_on=today)
    if isinstance(actor, User):
        customer.owner_id, customer.department_id = actor.id, actor.department_id
    _fill(customer, {"name": name, "id_number": id_number, **details}, today)
    with act("customers.register", actor=actor):
        _save(customer)
        audit.leave(
            actor=actor, act="customers.register", subject=_subject(customer), facts={"name": customer.name, "kind": kind}
        )
    return customer


def change(*, actor: Any, today: date, customer_id: int, **fields: Any) -> Customer:
    """Change the given FIELDS only; the values before stay in the history. Raises as `register`, NoSuchCustomer."""
    with act("customers.change", actor=actor):
        customer = _locked(customer_id)
        before = {name: getattr(customer, name) for name in fields if name in FIELDS}
        _fill(customer, fields, today)
        changed = sorted(name for name, value in before.items() if getattr(customer, name) != value)
        if changed:
            _save(customer)
            audit.leave(actor=actor, act="customers.change", subject=_subject(customer), facts={"fields": changed})
    return customer


def recognise(*, actor: Any, today: date, kind: str, name: str, id_number: str, **details: Any) -> Customer:
    """Return the customer with this identity code, registering it when it is new. Never changes an existing one.

    Two callers at once get the same record. Raises as `register`, but not CustomerExists.
    """
    code = _code(kind, id_number, today)
    found = Customer.objects.filter(id_number=code).first()
    if found is not None:
        return found
    try:
        return register(actor=actor, today=today, kind=kind, name=name, id_number=code, **details)
    except CustomerExists:
        return Customer.objects.get(id_number=code)


def mark(*, actor: Any, today: date, customer_id: int, status: str, reason: str) -> Customer:
    """Set the status ACTIVE, WATCHED or BLOCKED with its reason (CUS-15, CUS-16). Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing(field="reason")
    with act("customers.mark", actor=actor):
        customer = _locked(customer_id)
        customer.status, customer.status_reason = Customer.Status(status), reason.strip()
        customer.save(update_fields=["status", "status_reason"])
        audit.leave(
            actor=actor,
            act="customers.mark",
            subject=_subject(customer),
            facts={"status": status, "reason": customer.status_reason},
        )
    return customer


def _subject(customer: Customer) -> str:
    return f"customer:{customer.pk}"


def _locked(customer_id: int) -> Customer:
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise NoSuchCustomer
    return customer


def _code(kind: str, id_number: str, today: date) -> str:
    if kind == Customer.Kind.COMPANY:
        return codes.uscc(id_number)
    if kind == Customer.Kind.PERSON:
        return codes.resident_id(id_number, today=today)
    raise BadKind(field="kind")


def _fill(customer: Customer, fields: dict[str, Any], today: date) -> None:
    for name, value in fields.items():
        if name not in FIELDS:
            raise UnknownField(name=name, field=name)
        setattr(customer, name, value.strip() if isinstance(value, str) else value)
    if not customer.name:
        raise NameMissing(field="name")
    if "id_number" in fields:
        customer.id_number = _code(customer.kind, customer.id_number, today)
    if customer.industry and (len(customer.industry) != 1 or customer.industry not in _SECTIONS):
        raise BadIndustry(industry=customer.industry, field="industry")
    if customer.size_class and (customer.kind == Customer.Kind.PERSON or customer.size_class not in Customer.SizeClass.values):
        raise BadSizeClass(field="size_class")


def _save(customer: Customer) -> None:
    """Save, and turn the database's refusal of a second record into a sentence that names the first."""
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as error:
        if "customers_one_record_per_code" not in str(error):
            raise
        other = Customer.objects.get(id_number=customer.id_number)
        raise CustomerExists(id_number=customer.id_number, name=other.name, id=other.pk, field="id_number") from error
