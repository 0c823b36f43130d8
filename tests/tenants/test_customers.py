"""Customers: identity codes, one record per code, old values, data scope, the obligor key."""

from __future__ import annotations

import pytest

from kernel.audit import queries as trail
from kernel.codes import BadResidentId, BadUscc
from registry.tenancy import inside
from tenants.customers import queries, services
from tenants.customers.models import Customer
from tests.factories.houses import BOYU, house
from tests.factories.members import TODAY, make_customer, people

# domain.md 8.6.1: synthetic codes with both check digits right.
GOOD, OTHER = "91990000MA0DEM005D", "91990000MA0DEM0138"


def register(staff, **fields):
    told = {"kind": "COMPANY", "name": "样例机械有限公司", "id_number": GOOD, **fields}
    return services.register(actor=staff["manager"], today=TODAY, **told)


def test_a_customer_belongs_to_whoever_registers_it(staff):
    made = register(staff, id_number=f" {GOOD.lower()} ", industry="C", size_class="SMALL")
    assert (made.id_number, made.owner, made.department.code) == (GOOD, staff["manager"], "BUSINESS")
    assert [line.act for line in trail.of(f"customer:{made.pk}")] == ["customers.register"]


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"id_number": GOOD[:-1] + "E"}, BadUscc, None),
        ({"kind": "PERSON", "id_number": "110105194912310021"}, BadResidentId, None),
        ({"kind": "TRUST"}, services.BadKind, "kind"),
        ({"name": "  "}, services.NameMissing, "name"),
        ({"industry": "Z"}, services.BadIndustry, "industry"),
        ({"industry": "AB"}, services.BadIndustry, "industry"),
        ({"size_class": "HUGE"}, services.BadSizeClass, "size_class"),
        ({"nickname": "x"}, services.UnknownField, "nickname"),
    ],
)
def test_what_is_wrong_is_named(staff, fields, error, field):
    with pytest.raises(error) as refusal:
        register(staff, **fields)
    if field:
        assert refusal.value.field == field
    assert not Customer.objects.filter(id_number=GOOD).exists()


def test_a_second_record_is_refused_and_names_the_first(staff):
    first = register(staff)
    with pytest.raises(services.CustomerExists) as refusal:
        register(staff, name="同名公司")
    assert refusal.value.status == 409
    assert refusal.value.facts["id"] == first.pk
    assert "样例机械有限公司" in str(refusal.value)
    other = register(staff, id_number=OTHER)
    with pytest.raises(services.CustomerExists):
        services.change(actor=staff["manager"], today=TODAY, customer_id=other.pk, id_number=GOOD)


def test_recognise_returns_who_is_known_and_changes_nothing(staff):
    first = register(staff, mobile="13900000000")
    told = {"actor": staff["manager2"], "today": TODAY, "kind": "COMPANY", "id_number": GOOD, "name": "另一个名字"}
    assert services.recognise(**told, mobile="13911111111") == first
    first.refresh_from_db()
    assert (first.name, first.mobile) == ("样例机械有限公司", "13900000000")


def test_what_a_change_replaces_is_kept_with_its_author(staff):
    made = register(staff, address="一号路")
    services.change(actor=staff["manager"], today=TODAY, customer_id=made.pk, address="二号路")
    services.change(actor=staff["head"], today=TODAY, customer_id=made.pk, address="三号路", legal_rep="某人")
    services.change(actor=staff["head"], today=TODAY, customer_id=made.pk, address="三号路")
    old = queries.history(made)
    assert [(row.address, row.act, row.actor_label) for row in old] == [
        ("一号路", "customers.change", staff["manager"].name),
        ("二号路", "customers.change", staff["head"].name),
    ]
    lines = [trail.facts(line).get("fields") for line in trail.of(f"customer:{made.pk}")]
    assert lines == [["address", "legal_rep"], ["address"], None]


def test_sql_that_passes_the_services_is_kept_too(staff):
    made = register(staff)
    Customer.objects.filter(pk=made.pk).update(name="改名")
    assert [row.name for row in queries.history(made)] == ["样例机械有限公司"]


def test_marking_needs_a_reason(staff):
    made = register(staff)
    with pytest.raises(services.ReasonMissing):
        services.mark(actor=staff["head"], today=TODAY, customer_id=made.pk, status="BLOCKED", reason=" ")
    services.mark(actor=staff["head"], today=TODAY, customer_id=made.pk, status="BLOCKED", reason="失信被执行人")
    assert queries.one(staff["head"], made.pk).status == "BLOCKED"
    assert queries.options(staff["head"], "样例机械") == []


def test_people_see_their_own_their_department_or_all(staff):
    mine, his = make_customer(actor=staff["manager"]), make_customer(actor=staff["manager2"])
    assert list(queries.book(staff["manager"])) == [mine]
    assert list(queries.book(staff["head"])) == [his, mine]
    assert list(queries.book(staff["risk"])) == [his, mine]
    with pytest.raises(services.NoSuchCustomer):
        queries.one(staff["manager"], his.pk)


def test_search_finds_by_name_code_and_mobile(staff):
    made = register(staff, mobile="13912345678", legal_rep="林某")
    make_customer(actor=staff["manager"], kind="PERSON")
    for q in ("样例机械", GOOD[:10].lower(), "1391234", "林"):
        assert list(queries.find(staff["manager"], q=q, kind="COMPANY")) == [made]
    assert not queries.find(staff["manager"], q=GOOD, kind="PERSON").exists()


def test_a_list_costs_the_same_however_long(staff, django_assert_num_queries):
    for _ in range(5):
        make_customer(actor=staff["manager"])
    with django_assert_num_queries(1):
        assert len([(row.owner.name, row.department.code) for row in queries.book(staff["risk"])]) == 5


def test_one_obligor_has_one_key_in_all_houses_and_it_is_not_the_code(staff):
    made = register(staff)
    unknown = Customer.objects.create(kind="COMPANY", name="无证照", registered_on=TODAY)
    key = queries.obligor_key(made)
    assert GOOD not in key
    assert len(key) == 64
    with inside(house(BOYU)):
        same = register(people(), name="别名")
        nobody = Customer.objects.create(kind="COMPANY", name="无证照", registered_on=TODAY, pk=unknown.pk)
        assert queries.obligor_key(same) == key
        other = queries.obligor_key(nobody)
    assert len({key, other, queries.obligor_key(unknown)}) == 3
