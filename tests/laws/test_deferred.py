"""A trigger that waits for the commit cannot rely on the search path: a transaction may visit several houses and end in another.

The post does so with every letter: it reads in the house the letter is for and commits outside it.
"""

from __future__ import annotations

import pytest
from django.db import connection

from registry.tenancy import inside
from tests.factories.houses import ANHE, GROUP, house

pytestmark = pytest.mark.django_db

_DEFERRED = """
select distinct p.proname, p.prosrc from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_proc p on p.oid = t.tgfoid
 where t.tgdeferrable and not t.tgisinternal and n.nspname = %s
"""


@pytest.mark.parametrize("code", [GROUP, ANHE])
def test_what_waits_for_the_commit_names_its_own_schema(code: str) -> None:
    with inside(house(code)), connection.cursor() as cursor:
        cursor.execute(_DEFERRED, [connection.schema_name])
        found = dict(cursor.fetchall())
    assert "cash_sums" in found
    assert [name for name, source in found.items() if "tg_table_schema" not in source] == []
