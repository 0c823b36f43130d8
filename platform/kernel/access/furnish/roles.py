"""How a role is written down, and what all houses have: the three administrators who check each other (design.md 10)."""

from __future__ import annotations

from typing import Any

BASICS = ["approval.decide", "approval.delegate", "approval.view_flows"]


def role(code: str, name_zh: str, name_en: str, scope: str, *permissions: str) -> dict[str, Any]:
    return {
        "code": code,
        "name_zh": name_zh,
        "name_en": name_en,
        "scope": scope,
        "permissions": sorted(set(permissions)),
        "administers": "",
    }


ADMINISTRATORS: list[dict[str, Any]] = [
    {
        "code": "SYSTEM_ADMIN",
        "name_zh": "系统管理员",
        "name_en": "System administrator",
        "permissions": ["access.manage_users", "approval.manage_flows", "approval.view_flows"],
        "scope": "ALL",
        "administers": "SYSTEM",
    },
    {
        "code": "SECURITY_ADMIN",
        "name_zh": "安全管理员",
        "name_en": "Security administrator",
        "permissions": ["access.grant_roles", "access.view_users"],
        "scope": "ALL",
        "administers": "SECURITY",
    },
    {
        "code": "AUDIT_ADMIN",
        "name_zh": "审计管理员",
        "name_en": "Audit administrator",
        "permissions": ["audit.view"],
        "scope": "ALL",
        "administers": "AUDIT",
    },
]
