"""Write an application down: a draft in the portal, or what a bank sends."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError

from kernel.audit import services as audit
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from tenants.acts import act
from tenants.applications.flow import APPLICATION
from tenants.applications.models import Application
from tenants.applications.services import channels, limits
from tenants.customers import services as customers
from tenants.customers.models import Customer
from tenants.products.models import Product
from tenants.products.services import NoSuchProduct

FIELDS = (
    "customer_id",
    "product_code",
    "bank_code",
    "bank_name",
    "amount_fen",
    "guaranteed_fen",
    "term_months",
    "purpose",
    "fee_rate",
    "channel_id",
    "introducer_id",
)
EDITABLE = (Application.State.DRAFT, Application.State.RETURNED)


class NoSuchApplication(NotFound):
    code = "NO_SUCH_APPLICATION"
    sentence = gettext_noop("There is no such application, or none that you may see.")


class NotEditable(Conflict):
    code = "APPLICATION_NOT_EDITABLE"
    sentence = gettext_noop(
        "The application %(number)s is in state “%(state)s”. Only a draft or a returned application can be changed."
    )


class UnknownApplicationField(Invalid):
    code = "UNKNOWN_FIELD"
    sentence = gettext_noop("An application has no field “%(name)s” that can be changed.")


class BankReferenceTaken(Conflict):
    code = "BANK_REFERENCE_TAKEN"
    sentence = gettext_noop(
        "The reference %(reference)s was used for the application %(number)s with other content. Use a new reference."
    )


class BankReferenceMissing(Invalid):
    code = "BANK_REFERENCE_MISSING"
    sentence = gettext_noop("Send your own reference of the application, so that a repetition is recognised.")


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """The borrower as a bank describes it; becomes a customer when the identity code is new."""

    kind: str
    name: str
    id_number: str
    region_code: str = ""
    industry: str = ""
    industry_code: str = ""
    size_class: str = ""
    is_farmer: bool = False
    legal_rep: str = ""
    mobile: str = ""
    address: str = ""


def draft(
    *,
    actor: Any,
    today: date,
    customer_id: int,
    product_code: str,
    bank_code: str,
    bank_name: str,
    amount_fen: int,
    term_months: int,
    purpose: str,
    fee_rate: Decimal | None = None,
    guaranteed_fen: int | None = None,
    channel_id: int | None = None,
    introducer_id: int | None = None,
) -> Application:
    """Begin an application in the portal; its author and account manager is the actor.

    Amounts are fen, `fee_rate` per year; left out, they follow the product. Without a channel it is our own staff's.
    Raises what `limits.check` raises, and NoSuchChannel, ChannelClosed, NoSuchIntroducer, IntroducerClosed.
    """
    application = Application(
        source=Application.Source.PORTAL,
        state=APPLICATION.initial,
        created_on=today,
        author_id=actor.id,
        owner_id=actor.id,
        department_id=getattr(actor, "department_id", None),
        customer=_customer(customer_id),
        product=_product(product_code),
        bank_code=bank_code,
        bank_name=bank_name,
        amount_fen=amount_fen,
        term_months=term_months,
        purpose=purpose.strip(),
        channel=channels.named(channel_id),
        introducer=channels.introduced(introducer_id, today=today),
    )
    _fill_terms(application, fee_rate, guaranteed_fen)
    with act("applications.draft", actor=actor):
        application.number = next_number(kind="SQ", today=today)
        application.save(force_insert=True)
        _leave(actor, "applications.draft", application)
    return application


def revise(*, actor: Any, today: date, application_id: int, **fields: Any) -> Application:
    """Change the given FIELDS of a draft or a returned application. Raises NotEditable and as `draft`.

    A changed amount or product takes the product's share anew unless `guaranteed_fen` is given too.
    """
    with act("applications.revise", actor=actor):
        application = hold(application_id)
        if application.state not in EDITABLE:
            raise NotEditable(number=application.number, state=application.get_state_display())
        for name, value in fields.items():
            if name not in FIELDS:
                raise UnknownApplicationField(name=name, field=name)
            if name == "customer_id":
                application.customer = _customer(value)
            elif name == "product_code":
                application.product = _product(value)
            elif name == "channel_id":
                application.channel = channels.named(value, present=application.channel_id)
            elif name == "introducer_id":
                application.introducer = channels.introduced(value, today=today, present=application.introducer_id)
            elif value is not None:
                setattr(application, name, value)
        anew = fields.get("guaranteed_fen") is None and {"amount_fen", "product_code"} & set(fields)
        _fill_terms(application, application.fee_rate, None if anew else application.guaranteed_fen)
        application.save()
        audit.leave(actor=actor, act="applications.revise", subject=application.subject, facts={"fields": sorted(fields)})
    return application


def receive(
    *,
    actor: Any,
    today: date,
    bank_code: str,
    bank_name: str,
    bank_reference: str,
    applicant: Applicant,
    product_code: str,
    amount_fen: int,
    term_months: int,
    purpose: str,
    fee_rate: Decimal | None = None,
    guaranteed_fen: int | None = None,
) -> Application:
    """Take a bank's application; it waits in the inbox until a person takes it up (BUS-55).

    Sent again with the same reference and content, it returns the application that stands and changes
    nothing. Raises BankReferenceTaken for other content, and as `draft` and `customers.register`.
    """
    if not bank_reference.strip():
        raise BankReferenceMissing(field="bank_reference")
    sent = {
        "bank_code": bank_code,
        "bank_name": bank_name,
        "bank_reference": bank_reference.strip(),
        "amount_fen": amount_fen,
        "term_months": term_months,
        "purpose": purpose.strip(),
    }
    told = (actor, today, applicant, product_code, sent, fee_rate, guaranteed_fen)
    try:
        return _receive(*told)
    except IntegrityError as error:
        # The same reference arrived at the same moment and was faster: its row is there now, and is compared.
        if "applications_bank_reference" not in str(error):
            raise
        return _receive(*told)


def _receive(
    actor: Any,
    today: date,
    applicant: Applicant,
    product_code: str,
    sent: dict[str, Any],
    fee_rate: Decimal | None,
    guaranteed_fen: int | None,
) -> Application:
    with act("applications.receive", actor=actor):
        product = _product(product_code)
        application = Application(
            source=Application.Source.API,
            state=APPLICATION.initial,
            created_on=today,
            submitted_on=today,
            customer=customers.recognise(actor=actor, today=today, **asdict(applicant)),
            product=product,
            **sent,
        )
        if (standing := _received(application)) is not None:
            return _if_same(standing, application, guaranteed_fen)
        _fill_terms(application, fee_rate, guaranteed_fen)
        application.channel = channels.of_bank(bank_code=application.bank_code, bank_name=application.bank_name)
        APPLICATION.move(application, "submit")
        application.number = next_number(kind="SQ", today=today)
        application.save(force_insert=True)
        _leave(actor, "applications.receive", application)
    return application


def hold(application_id: int) -> Application:
    """Return an application with its row locked until the transaction ends. Raises NoSuchApplication."""
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("customer", "product")
        .filter(pk=application_id)
        .first()
    )
    if application is None:
        raise NoSuchApplication
    return application


def _received(application: Application) -> Application | None:
    return (
        Application.objects.select_related("customer", "product")
        .filter(bank_code=application.bank_code, bank_reference=application.bank_reference)
        .first()
    )


def _if_same(standing: Application, sent: Application, guaranteed_fen: int | None) -> Application:
    """The application that stands, if what was sent again says the same. Raises BankReferenceTaken."""
    told = ("customer_id", "product_id", "amount_fen", "term_months", "purpose")
    same = all(getattr(standing, name) == getattr(sent, name) for name in told)
    same &= guaranteed_fen in (None, standing.guaranteed_fen)
    if not same:
        raise BankReferenceTaken(reference=sent.bank_reference, number=standing.number, field="bank_reference")
    return standing


def _customer(customer_id: int) -> Customer:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise customers.NoSuchCustomer(field="customer_id")
    return found


def _product(code: str) -> Product:
    found = Product.objects.filter(code=code).first()
    if found is None:
        raise NoSuchProduct(product=code, field="product_code")
    return found


def _fill_terms(application: Application, fee_rate: Decimal | None, guaranteed_fen: int | None) -> None:
    product = application.product
    application.fee_rate = product.rate_max if fee_rate is None else fee_rate
    application.guaranteed_fen = (
        limits.guaranteed_part(product, application.amount_fen) if guaranteed_fen is None else guaranteed_fen
    )
    limits.check(application)


def _leave(actor: Any, name: str, application: Application) -> None:
    audit.leave(
        actor=actor,
        act=name,
        subject=application.subject,
        facts={
            "number": application.number,
            "customer": application.customer_id,
            "bank": application.bank_code,
            "amount_fen": application.amount_fen,
        },
    )
