"""The staff of a demo house. Names are generated; the domain is reserved for documentation."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.access import queries, services
from kernel.access.actors import SYSTEM
from kernel.access.models import User


@dataclass(frozen=True)
class Job:
    """One seat: mailbox name, department, roles and posts (codes)."""

    key: str
    name: str
    department: str
    roles: tuple[str, ...]
    posts: tuple[str, ...] = ()


MEMBER_JOBS = (
    Job("manager", "林晓彤", "BUSINESS", ("MANAGER",), ("ACCOUNT_MANAGER",)),
    Job("manager2", "陈思远", "BUSINESS", ("MANAGER",), ("ACCOUNT_MANAGER",)),
    Job("head", "周文博", "BUSINESS", ("DEPT_HEAD",), ("DEPT_HEAD", "COMMITTEE_MEMBER")),
    Job("risk", "赵明哲", "RISK", ("REVIEWER",), ("RISK_REVIEWER", "COMMITTEE_MEMBER")),
    Job("legal", "孙雅宁", "LEGAL", ("REVIEWER", "SECRETARY"), ("LEGAL_REVIEWER", "COMMITTEE_SECRETARY")),
    Job("chair", "吴国栋", "MANAGEMENT", ("REVIEWER",), ("COMMITTEE_CHAIR", "COMMITTEE_MEMBER")),
    Job("executive", "郑海峰", "MANAGEMENT", ("EXECUTIVE",), ("EXECUTIVE", "COMMITTEE_MEMBER")),
    Job("operations", "王佳琪", "FINANCE", ("OPERATIONS",), ("CASHIER", "ACCOUNTANT", "CLAIMS_OFFICER", "COMMITTEE_MEMBER")),
    Job("sysadmin", "李一鸣", "MANAGEMENT", ("SYSTEM_ADMIN",)),
    Job("security", "何静怡", "MANAGEMENT", ("SECURITY_ADMIN",)),
    Job("auditor", "许安然", "MANAGEMENT", ("AUDIT_ADMIN",)),
)
GROUP_JOBS = (
    Job("filing", "高子涵", "REGUARANTEE", ("FILING_OFFICER",), ("FILING_OFFICER",)),
    Job("treaty", "罗嘉伟", "REGUARANTEE", ("TREATY_MANAGER",), ("TREATY_MANAGER",)),
    Job("admission", "沈佳怡", "PARTNERS", ("ADMISSION",), ("ADMISSION_OFFICER",)),
    Job("risk", "韩志远", "GROUP_RISK", ("GROUP_RISK",), ("GROUP_RISK",)),
    Job("risk2", "丁若兰", "GROUP_RISK", ("GROUP_RISK",), ("GROUP_RISK", "COMMITTEE_MEMBER")),
    Job("legal", "谢文涛", "GROUP_RISK", ("GROUP_RISK",), ("GROUP_LEGAL", "COMMITTEE_MEMBER")),
    Job("claims", "邹晓枫", "CLAIMS", ("GROUP_CLAIMS",), ("CLAIMS_OFFICER",)),
    Job("claims_head", "潘永康", "CLAIMS", ("GROUP_CLAIMS",), ("CLAIMS_HEAD", "COMMITTEE_MEMBER")),
    Job("cashier", "程雅琴", "FINANCE", ("GROUP_CASHIER",), ("CASHIER",)),
    Job("accountant", "彭建华", "FINANCE", ("GROUP_ACCOUNTANT",), ("ACCOUNTANT",)),
    Job("secretary", "魏思敏", "MANAGEMENT", ("GROUP_SECRETARY",), ("COMMITTEE_SECRETARY",)),
    Job("chair", "蒋卫平", "MANAGEMENT", ("GROUP_EXECUTIVE",), ("COMMITTEE_CHAIR", "COMMITTEE_MEMBER", "GROUP_CHAIRMAN")),
    Job("executive", "梁振东", "MANAGEMENT", ("GROUP_EXECUTIVE",), ("GROUP_EXECUTIVE", "COMMITTEE_MEMBER")),
    Job("sysadmin", "唐若曦", "MANAGEMENT", ("SYSTEM_ADMIN",)),
    Job("security", "冯俊杰", "MANAGEMENT", ("SECURITY_ADMIN",)),
    Job("auditor", "曹雨晴", "MANAGEMENT", ("AUDIT_ADMIN",)),
)


def email(key: str, code: str) -> str:
    return f"{key}@{code.lower()}.example"


def hire(jobs: tuple[Job, ...], *, code: str, password: str) -> dict[str, User]:
    """Add the staff to the house we are inside; returns the people by seat."""
    return {
        job.key: services.add_user(
            actor=SYSTEM,
            email=email(job.key, code),
            name=job.name,
            password=password,
            department=job.department,
            roles=job.roles,
            posts=job.posts,
        )
        for job in jobs
    }


def staff(*, code: str) -> dict[str, User]:
    """The people of the house we are inside, by seat."""
    by_email = {user.email: user for user in queries.users()}
    return {mail.split("@")[0]: user for mail, user in by_email.items() if mail.endswith(f"@{code.lower()}.example")}
