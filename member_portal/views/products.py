"""Products: what this member offers, and within which limits."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from kernel.access.permissions import may, needs
from member_portal.forms.house import ProductForm
from member_portal.pages import Request, acted, form_page, posted, sent, today
from member_portal.tables.house import ProductTable
from tenants.products import queries, services

_FIELDS = tuple(name for name in ProductForm.base_fields if name not in ("code", "required_documents"))


@needs("products.view")
def listing(request: Request) -> HttpResponse:
    editor = may(request.user, "products.edit")
    actions = (
        [{"label": _("New product"), "url": reverse("portal:product_new"), "icon": "plus", "primary": True}] if editor else []
    )
    table = ProductTable(queries.all_products(), exclude=() if editor else ("acts",))
    return list_page(request, title=_("Products"), table=table, actions=actions)


@needs("products.edit")
def new(request: Request) -> HttpResponse:
    form = ProductForm(sent(request), initial={"green_channel_max_fen": 0})
    if acted(request, form, services.add):
        return saved(request, "portal:products", _("Product added."))
    return form_page(request, "portal/products/form.html", form, title=_("New product"))


@needs("products.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    product = queries.one(pk)
    initial = {name: getattr(product, name) for name in _FIELDS}
    initial["required_documents"] = "\n".join(product.required_documents)
    form = ProductForm(sent(request), initial=initial, known=product)
    if acted(request, form, services.change, product_id=pk):
        return saved(request, "portal:products", _("Saved. Running business keeps its own figures."))
    return form_page(request, "portal/products/form.html", form, title=product.label, product=product)


@needs("products.edit")
@posted
def close(request: Request, pk: int) -> HttpResponse:
    services.close(actor=request.user, today=today(), product_id=pk)
    return saved(request, "portal:products", _("Closed: it takes no new applications."))


@needs("products.edit")
@posted
def open_again(request: Request, pk: int) -> HttpResponse:
    services.open_again(actor=request.user, today=today(), product_id=pk)
    return saved(request, "portal:products", _("Open again."))
