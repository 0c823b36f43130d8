"""What an application must satisfy: its product's limits and its customer's standing."""

from __future__ import annotations

from decimal import Decimal

from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import times, wan
from tenants.applications import cautions
from tenants.applications.models import Application
from tenants.customers.models import Customer
from tenants.products.models import Product


class ProductClosed(Conflict):
    code = "PRODUCT_CLOSED"
    sentence = gettext_noop("The product %(product)s takes no new applications. Choose another product.")


class CustomerBlocked(Conflict):
    code = "CUSTOMER_BLOCKED"
    sentence = gettext_noop("%(name)s is blocked (%(reason)s). Nothing can be applied for until the block is lifted.")


class WrongKindOfCustomer(Invalid):
    code = "PRODUCT_NOT_FOR_CUSTOMER"
    sentence = gettext_noop("The product %(product)s is not offered to this kind of customer. Choose another product.")


class AmountNotPositive(Invalid):
    code = "AMOUNT_NOT_POSITIVE"
    sentence = gettext_noop("Enter an amount above 0.")


class AmountTooLarge(Invalid):
    code = "AMOUNT_TOO_LARGE"
    sentence = gettext_noop("The product %(product)s guarantees loans up to %(limit_wan)s (10k yuan). Enter less.")


class TermTooLong(Invalid):
    code = "TERM_OUT_OF_RANGE"
    sentence = gettext_noop("The product %(product)s allows terms from 1 to %(limit)s months.")


class RateTooHigh(Invalid):
    code = "FEE_RATE_OUT_OF_RANGE"
    sentence = gettext_noop("The product %(product)s allows a fee rate from 0 to %(limit_percent)s %% per year.")


class ShareTooLarge(Invalid):
    code = "GUARANTEED_SHARE_TOO_LARGE"
    sentence = gettext_noop("The guaranteed part of this loan may be at most %(limit_wan)s (10k yuan).")


class PurposeMissing(Invalid):
    code = "PURPOSE_MISSING"
    sentence = gettext_noop("Say what the loan is for.")


class BankMissing(Invalid):
    code = "BANK_MISSING"
    sentence = gettext_noop("Name the bank that lends.")


def guaranteed_part(product: Product, amount_fen: int) -> int:
    """The largest part of a loan (fen) that the product guarantees; also the default."""
    return times(amount_fen, product.guaranteed_share)


def check(application: Application) -> None:
    """Raise the first limit that the application breaks; say what would be allowed (CUS-05, BUS-15, BUS-16)."""
    product, customer = application.product, application.customer
    _check_parties(product, customer)
    if not application.bank_code or not application.bank_name:
        raise BankMissing(field="bank_code")
    if not application.purpose.strip():
        raise PurposeMissing(field="purpose")
    if application.amount_fen <= 0:
        raise AmountNotPositive(field="amount_fen")
    if application.amount_fen > product.amount_max_fen:
        raise AmountTooLarge(field="amount_fen", product=product.label, limit_wan=wan(product.amount_max_fen))
    if not 1 <= application.term_months <= product.term_max_months:
        raise TermTooLong(field="term_months", product=product.label, limit=product.term_max_months)
    if not 0 <= application.fee_rate <= product.rate_max:
        percent = (product.rate_max * Decimal(100)).normalize()
        raise RateTooHigh(field="fee_rate", product=product.label, limit_percent=f"{percent:f}")
    if application.guaranteed_fen <= 0:
        raise AmountNotPositive(field="guaranteed_fen")
    largest = guaranteed_part(product, application.amount_fen)
    if application.guaranteed_fen > largest:
        raise ShareTooLarge(field="guaranteed_fen", limit_wan=wan(largest))
    cautions.check(application)


def _check_parties(product: Product, customer: Customer) -> None:
    if not product.is_open:
        raise ProductClosed(field="product_code", product=product.label)
    if customer.status == Customer.Status.BLOCKED:
        raise CustomerBlocked(field="customer_id", name=customer.name, reason=customer.status_reason)
    if product.for_kind and product.for_kind != customer.kind:
        raise WrongKindOfCustomer(field="product_code", product=product.label)
