"""The PostgreSQL backend of the house: search path and role travel together."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django_tenants.postgresql_backend import base as tenants_base
from django_tenants.utils import quote_schema_name

from registry.tenancy import NoInstitution, role_of


class DatabaseWrapper(tenants_base.DatabaseWrapper):
    """Adds to django_tenants: no house by default, and one PostgreSQL role per house.

    The role is set in the same round trip as the search path. Both are session settings that a
    rollback reverts; the parent class forgets what it set on every rollback, so the next cursor sets both again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.acts_as_owner = False
        super().__init__(*args, **kwargs)
        self.leave()

    @cached_property
    def pg_version(self) -> int:
        """Asked while connecting, before any house is entered: the driver knows it without a statement."""
        self.ensure_connection()
        return self.connection.info.server_version

    def enter(self, house: Any, *, as_owner: bool = False, include_public: bool = True) -> None:
        if house is self.tenant and as_owner == self.acts_as_owner and include_public == self.include_public_schema:
            return
        self.acts_as_owner = as_owner
        self.set_tenant(house, include_public)

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        if tenant is not self.tenant:
            super().set_tenant(tenant, include_public)
        else:
            self.include_public_schema = include_public
            self.search_path_set_schemas = None

    def leave(self) -> None:
        """Stand in no house: the next statement raises `NoInstitution`."""
        self.tenant = None
        self.schema_name = None
        self.acts_as_owner = False
        self.search_path_set_schemas = None

    # Savepoints belong to the transaction, not to a house: a block that opened one may close it after leaving.
    def _savepoint(self, sid: str) -> None:
        self._bare(self.ops.savepoint_create_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        self._bare(self.ops.savepoint_rollback_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._bare(self.ops.savepoint_commit_sql(sid))

    def check_constraints(self, table_names: Any = None) -> None:
        """Constraints that wait for the commit belong to the transaction too."""
        self._bare("SET CONSTRAINTS ALL IMMEDIATE")
        self._bare("SET CONSTRAINTS ALL DEFERRED")

    def validate_no_broken_transaction(self) -> None:
        """Django asks this before every statement. A cursor opened in one house may be used after another was visited:
        the statement belongs to the house we stand in now, and to none outside."""
        super().validate_no_broken_transaction()
        self._handle_search_path()

    def _bare(self, sql: str) -> None:
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(sql)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self.search_path_set_schemas:
            return
        if self.schema_name is None:
            raise NoInstitution
        search_paths = self._get_cursor_search_paths()
        path = ",".join(quote_schema_name(schema) for schema in search_paths)
        own = getattr(self.tenant, "role", "") or role_of(self.schema_name)
        role = "NONE" if self.acts_as_owner else quote_schema_name(own)
        self._setting_search_path = True
        setter = self.connection.cursor() if cursor is None else cursor
        try:
            setter.execute(f"SET search_path = {path}; SET ROLE {role}")
        except (tenants_base.DatabaseError, tenants_base.psycopg.errors.InFailedSqlTransaction):
            # Inside a transaction that has failed already nothing but a rollback can follow, and
            # that rollback makes us set both anew. Any other failure would leave the wrong role: raise it.
            if self.connection.get_transaction_status() != tenants_base.psycopg.extensions.TRANSACTION_STATUS_INERROR:
                raise
        else:
            self.search_path_set_schemas = search_paths
        finally:
            self._setting_search_path = False
            if cursor is None:
                setter.close()
