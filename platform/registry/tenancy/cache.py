"""Cache keys carry the institution."""

from __future__ import annotations

from registry.tenancy import current_schema


def make_key(key: str, key_prefix: str, version: int) -> str:
    """`schema:prefix:version:key`. Raises `NoInstitution` outside every house."""
    return f"{current_schema()}:{key_prefix}:{version}:{key}"
