"""Posts, departments and roles of a new house. Institutions change them afterwards; codes stay."""

from __future__ import annotations

from typing import Any

from kernel.access import services

_BASICS = ["approval.decide", "approval.delegate", "approval.view_flows"]
_READ = ["customers.view", "products.view", "applications.view", "guarantees.view", "claims.view", "documents.view"]

_GROUP_READ = ["treaties.view", "filings.view", "monitoring.view", "parameters.view", "premiums.view", "partners.view"]

_MEMBER_DEPARTMENTS = [
    ("BUSINESS", "业务部", "Business"),
    ("RISK", "风险管理部", "Risk management"),
    ("LEGAL", "法律合规部", "Legal and compliance"),
    ("FINANCE", "财务部", "Finance"),
    ("MANAGEMENT", "经营层", "Management"),
]
_MEMBER_POSTS = [
    ("ACCOUNT_MANAGER", "客户经理", "Account manager"),
    ("DEPT_HEAD", "业务部负责人", "Head of business"),
    ("RISK_REVIEWER", "风控经理", "Risk reviewer"),
    ("LEGAL_REVIEWER", "法务经理", "Legal reviewer"),
    ("COMMITTEE_CHAIR", "审保会主任", "Committee chair"),
    ("EXECUTIVE", "总经理", "General manager"),
    ("CASHIER", "出纳", "Cashier"),
    ("ACCOUNTANT", "会计", "Accountant"),
    ("CLAIMS_OFFICER", "代偿专员", "Claims officer"),
    ("COMMITTEE_MEMBER", "审保会委员", "Committee member"),
    ("COMMITTEE_SECRETARY", "审保会秘书", "Committee secretary"),
]
_GROUP_DEPARTMENTS = [
    ("REGUARANTEE", "再担保业务部", "Re-guarantee business"),
    ("PARTNERS", "机构合作部", "Partner institutions"),
    ("CLAIMS", "代偿补偿部", "Claims"),
    ("GROUP_RISK", "集团风险部", "Group risk"),
    ("FINANCE", "集团财务部", "Group finance"),
    ("MANAGEMENT", "集团经营层", "Group management"),
]
_GROUP_POSTS = [
    ("FILING_OFFICER", "备案专员", "Filing officer"),
    ("TREATY_MANAGER", "合作协议经理", "Treaty manager"),
    ("GROUP_RISK", "集团风控经理", "Group risk manager"),
    ("GROUP_EXECUTIVE", "集团总经理", "Group general manager"),
    ("CLAIMS_OFFICER", "代偿补偿专员", "Claims officer"),
    ("CLAIMS_HEAD", "代偿补偿部负责人", "Head of claims"),
    ("GROUP_LEGAL", "集团法务经理", "Group legal manager"),
    ("GROUP_CHAIRMAN", "集团董事长", "Chairman"),
    ("ADMISSION_OFFICER", "机构准入经理", "Admission officer"),
    ("CASHIER", "出纳", "Cashier"),
    ("ACCOUNTANT", "会计", "Accountant"),
    ("COMMITTEE_CHAIR", "评审会主任", "Committee chair"),
    ("COMMITTEE_MEMBER", "评审会委员", "Committee member"),
    ("COMMITTEE_SECRETARY", "评审会秘书", "Committee secretary"),
]
_ADMINISTRATORS: list[dict[str, Any]] = [
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


def _role(code: str, name_zh: str, name_en: str, scope: str, *permissions: str) -> dict[str, Any]:
    return {
        "code": code,
        "name_zh": name_zh,
        "name_en": name_en,
        "scope": scope,
        "permissions": sorted(set(permissions)),
        "administers": "",
    }


_MEMBER_ROLES = [
    _role(
        "MANAGER",
        "客户经理",
        "Account manager",
        "OWN",
        *_BASICS,
        *_READ,
        "customers.edit",
        "applications.create",
        "approval.start",
        "documents.upload",
        "guarantees.register",
        "workbench.view",
        "customers.unmask",
    ),
    _role(
        "DEPT_HEAD",
        "部门负责人",
        "Department head",
        "DEPARTMENT",
        *_BASICS,
        *_READ,
        "customers.edit",
        "customers.block",
        "applications.create",
        "approval.start",
        "approval.monitor",
        "documents.upload",
        "guarantees.register",
        "workbench.view",
        "customers.unmask",
        "cessions.view",
        "reporting.view",
    ),
    _role(
        "REVIEWER",
        "审查人员",
        "Reviewer",
        "ALL",
        *_BASICS,
        *_READ,
        "workbench.view",
        "reporting.view",
        "cessions.view",
    ),
    _role(
        "OPERATIONS",
        "运营与财务",
        "Operations and finance",
        "ALL",
        *_BASICS,
        *_READ,
        "guarantees.issue",
        "guarantees.register",
        "guarantees.release",
        "claims.pay",
        "cash.view",
        "cash.prepare",
        "cash.receive",
        "documents.upload",
        "intake.import",
        "intake.view",
        "intake.undo",
        "workbench.view",
        "reporting.view",
        "customers.unmask",
        "cessions.view",
        "cessions.answer",
        "cessions.institution",
    ),
    _role(
        "EXECUTIVE",
        "经营层",
        "Executive",
        "ALL",
        *_BASICS,
        *_READ,
        "customers.block",
        "guarantees.issue",
        "guarantees.release",
        "cash.view",
        "cash.confirm",
        "products.edit",
        "approval.monitor",
        "workbench.view",
        "reporting.view",
        "cessions.view",
        "cessions.answer",
        "cessions.institution",
    ),
    *_ADMINISTRATORS,
]
_GROUP_ROLES = [
    _role(
        "FILING_OFFICER",
        "备案专员",
        "Filing officer",
        "ALL",
        *_BASICS,
        "filings.view",
        "filings.decide",
        "treaties.view",
        "monitoring.view",
        "premiums.view",
        "premiums.list",
    ),
    _role(
        "TREATY_MANAGER",
        "合作协议经理",
        "Treaty manager",
        "ALL",
        *_BASICS,
        "treaties.view",
        "treaties.edit",
        "treaties.publish",
        "filings.view",
        "monitoring.view",
        "premiums.view",
        "premiums.propose",
    ),
    _role(
        "ADMISSION",
        "机构准入",
        "Admission",
        "ALL",
        *_BASICS,
        *_GROUP_READ,
        "documents.view",
        "documents.upload",
        "approval.start",
    ),
    _role("GROUP_RISK", "集团风险管理", "Group risk", "ALL", *_BASICS, *_GROUP_READ, "documents.view", "parameters.propose"),
    _role(
        "GROUP_CLAIMS",
        "代偿补偿",
        "Group claims",
        "ALL",
        *_BASICS,
        *_GROUP_READ,
        "documents.view",
        "documents.upload",
        "approval.start",
    ),
    _role(
        "GROUP_CASHIER", "集团出纳", "Group cashier", "ALL", *_BASICS, *_GROUP_READ, "cash.view", "cash.prepare", "cash.receive"
    ),
    _role(
        "GROUP_ACCOUNTANT",
        "集团会计",
        "Group accountant",
        "ALL",
        *_BASICS,
        *_GROUP_READ,
        "cash.view",
        "cash.confirm",
        "cash.receive",
        "premiums.list",
        "premiums.bill",
        "premiums.propose",
    ),
    _role("GROUP_SECRETARY", "评审会秘书", "Committee secretary", "ALL", *_BASICS, *_GROUP_READ, "documents.view"),
    _role(
        "GROUP_EXECUTIVE",
        "集团经营层",
        "Group executive",
        "ALL",
        *_BASICS,
        *_GROUP_READ,
        "documents.view",
        "cash.view",
        "parameters.approve",
        "monitoring.resync",
        "premiums.approve",
    ),
    *_ADMINISTRATORS,
]


def furnish(kind: str) -> None:
    """Reference data for a house of this kind (group or member); idempotent."""
    if kind == "group":
        services.furnish(departments=_GROUP_DEPARTMENTS, posts=_GROUP_POSTS, roles=_GROUP_ROLES)
    elif kind == "member":
        services.furnish(departments=_MEMBER_DEPARTMENTS, posts=_MEMBER_POSTS, roles=_MEMBER_ROLES)
