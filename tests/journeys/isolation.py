"""Every address of every door with real things of one house behind it, and the words that only that house may read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from kernel.access import services as access
from kernel.access.models import Role, User
from kernel.access.permissions import catalogue
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.approval.committee import services as committee
from kernel.documents import services as documents
from kernel.intake import services as intake
from kernel.notices import services as notices
from kernel.notices.models import Notice
from registry.tenancy import inside
from reguarantee.filings import queries as filings
from reguarantee.monitoring import services as monitoring
from reguarantee.treaties import services as treaties
from reguarantee.treaties.models import TreatyVersion
from tests.factories import members
from tests.factories.houses import ANHE, BOYU, GROUP, PASSWORD, house, staff
from tests.factories.treaties import sign
from tests.journeys import holdings
from tests.kernel.approval.meetings.room import matter
from tests.kernel.intake import files
from tests.reguarantee.engine.terms import N_4222, document, quota

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOSTS = {ANHE: "anhe.localhost", BOYU: "boyu.localhost", GROUP: "group.localhost"}

# Pages that strangers may open: they read nothing of the house but its name.
PUBLIC = {
    "unit", "language", "offline", "worker", "manifest",
    "account_login", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent",
    "account_confirm_email", "account_confirm_login_code", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate",
}  # fmt: skip


_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One URL of a face, filled in."""

    name: str
    path: str
    access: Any
    filled: bool

    @property
    def ours(self) -> bool:
        """Not one of the library's own pages about passwords and second factors."""
        return not self.path.startswith("/accounts/")

    @property
    def public(self) -> bool:
        """Strangers may open it; an applicant's own pages open by a private link that is tested with admission."""
        return self.name in PUBLIC or self.path.startswith("/apply/")

    def __str__(self) -> str:
        return self.path


@dataclass
class World:
    """What one house holds, by the words that views use for it, and what nobody else may read."""

    things: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)

    def leaks(self, body: bytes, asked: object = "") -> list[str]:
        """The secrets in a body. What the asker himself said (an id in the path) may be repeated to him."""
        text = body.decode(errors="replace")
        return [secret for secret in self.secrets if secret in text and secret not in str(asked)]


def patterns(urlconf: str) -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of a URL module with its whole route."""

    def walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, URLPattern]]:
        for found in resolver.url_patterns:
            route = before + str(found.pattern)
            if isinstance(found, URLPattern):
                yield route, found
            else:
                yield from walk(found, route)

    yield from walk(get_resolver(urlconf), "")


def addresses(urlconf: str, world: World) -> list[Address]:
    """Every URL of a face with this world's things in it; a parameter that nobody can fill fails here."""
    found = []
    for route, pattern in patterns(urlconf):
        name = pattern.name or route
        access = getattr(pattern.callback, "access", None)
        told = {key: _fill(urlconf, name, key, world) for key in _PARAMETER.findall(route)}
        found.append(Address(name, "/" + _written(route, told), access, bool(told)))
    return found


def _written(route: str, told: dict[str, str]) -> str:
    """The route with its parameters filled in: `<int:pk>` and `(?P<key>…)`."""
    path = _PARAMETER.sub(lambda found: told[found[1]], re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route))
    return path.replace("^", "").replace("$", "")


# Parameter → thing, where the view's name does not say it already.
_BY_PARAMETER = {
    "name": "chart",
    "member": "member",
    "by": "by",
    "uidb36": "uidb36",
    "key": "key",
    "condition": "condition",
    "parameter": "parameter",
    "ask": "ask",
    "check": "check",
    "outward": "outward",
    "bill": "bill",
    "event": "event",
    "kind": "kind",
    "rule": "rule",
}
# The first word of a view's name → thing.
_BY_NAME = {"resync": "member", "mfa": "authenticator", "deputy": "deputy"}


def _fill(urlconf: str, name: str, parameter: str, world: World) -> str:
    word = name.split("_")[0]
    views = holdings.MONEYS_VIEWS | (holdings.MEMBERS_VIEWS if "portal" in urlconf else holdings.GROUPS_VIEWS)
    if parameter in ("paper", "document"):
        thing = f"{word}_paper"
    elif word == "agreement":
        thing = {"code": "treaty", "pk": "version"}.get(parameter, "number")
    elif parameter == "pk" and name in views:
        thing = views[name]
    elif parameter == "code" and "treaty" not in name:
        thing = "member"
    else:
        thing = _BY_PARAMETER.get(parameter) or _BY_NAME.get(word, word)
    if thing not in world.things:
        raise AssertionError(f"{urlconf}: nobody knows how to fill {parameter} of {name}; add {thing!r} to World.things")
    return str(world.things[thing])


def almighty(code: str) -> User:
    """Somebody of the house we are in who holds every permission and sees all rows: what stops him is the house's wall."""
    Role.objects.create(code="ALMIGHTY", name_zh="全", name_en="All", permissions=sorted(catalogue()), scope=Role.Scope.ALL)
    actor = staff(code)["sysadmin"]
    mail = f"almighty@{code.lower()}.example"
    return access.add_user(actor=actor, email=mail, name="全能", password=PASSWORD, roles=["ALMIGHTY"],
                           posts=["ACCOUNT_MANAGER", "DEPT_HEAD", "EXECUTIVE", "RISK_REVIEWER", "FILING_OFFICER"])  # fmt: skip


def browser(code: str, user: User | None = None) -> Client:
    """A browser at a house's host, signed in as this person of the house."""
    client = Client(headers={"host": HOSTS[code]}, raise_request_exception=False)
    if user is not None:
        with inside(house(code)):
            client.force_login(user, backend=BACKEND)
            client.get("/notices/")  # the first page ties the session to its institution
    return client


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def furnish_member(code: str, *, tag: str, state: str = "IN_FORCE") -> World:
    """One thing of each kind in a member's house. `tag` is in every name, so that a leak shows."""
    today, mobile = timezone.localdate(), f"1390000{sum(map(ord, tag)) % 10000:04d}"
    with inside(house(code)):
        seats, boss = staff(code), almighty(code)
        customer = members.make_customer(actor=boss, today=today, name=f"{tag}客户有限公司", mobile=mobile)
        told = {"actor": boss, "today": today, "customer": customer}
        waiting = members.make_application(**told, state="IN_REVIEW", purpose=f"{tag}用途")
        guarantee = members.make_guarantee(state=state, today=today, customer=customer)
        task = approvals.todo(seats["head"], today).filter(case__subject=waiting.subject).first()
        papers = {
            word: documents.store(
                actor=boss, today=today, subject=subject, name=f"{tag}.txt", file=io.BytesIO(f"{tag} inside the file".encode())
            )
            for word, subject in (("application", waiting.subject), ("guarantee", guarantee.subject))
        }
        deputy = approval.delegate(actor=boss, today=today, to=seats["head"].id, from_on=today, to_on=today + timedelta(days=3))
        batch = intake.start(
            actor=boss, today=today, mapping="portfolio", name=f"{tag}.csv", file=io.BytesIO(_sheet(tag)), as_of=today
        )
        notices.tell(sentence=f"{tag} notice", user_ids=[boss.id], url="/")
        notice = Notice.objects.filter(user=boss, sentence=f"{tag} notice").get()
        product = guarantee.product_id
        met = held(f"{tag}议题", seats, chair="chair", secretary="legal", member="risk")
        # Only where business is done that the group may hear of.
        more = holdings.of_member(code, seats, today=today, tag=tag) if state == "IN_FORCE" else {}
        secrets = [tag, customer.id_number, mobile, str(papers["application"].id), str(papers["guarantee"].id)]
    return World(
        {
            "boss": boss, "customer": customer.id, "application": waiting.id, "guarantee": guarantee.id, "task": task.id,
            "application_paper": papers["application"].id, "guarantee_paper": papers["guarantee"].id, "deputy": deputy.id,
            "import": batch.id, "notice": notice.id, "product": product, "person": boss.id, "chart": "months",
            "member": code.lower(), "authenticator": 1, "uidb36": "1", "key": "abc-123", **met,
            "task_paper": papers["application"].id, "numbers": [waiting.number, guarantee.number], "filing": guarantee.id,
            **more,
        },
        secrets,
    )  # fmt: skip


def held(title: str, people: dict[str, User], *, chair: str, secretary: str, member: str) -> dict[str, Any]:
    """A closed meeting of the house we are in: its item passed with a condition, has a paper, and left minutes."""
    today = timezone.localdate()
    told = {"actor": people[secretary], "today": today}
    ids = [people[chair].id, people[member].id]
    meeting = committee.convene(**told, on=today, chair_id=ids[0], member_ids=ids)
    item = committee.put_on_agenda(**told, meeting_id=meeting.pk, subject=matter(meeting.pk), title=title)
    committee.open_item(**told, item_id=item.pk)
    for seat in (chair, member):
        vote = {"choice": "AGREE_WITH_CONDITIONS", "conditions": ["先办抵押"]}
        committee.vote(actor=people[seat], today=today, item_id=item.pk, **vote)
    decision = committee.close_item(**told, item_id=item.pk)
    paper = documents.store(**told, subject=item.papers, name="上会材料.pdf", file=io.BytesIO(b"%PDF-1.4 x"))
    committee.close_meeting(**told, meeting_id=meeting.pk)
    return {
        "meeting": meeting.pk, "agenda": item.pk, "condition": decision.conditions.get().pk, "agenda_paper": paper.id,
        "parameter": "proc.committee.resubmissions", "value": 1, "rule": meeting.rule.code,
    }  # fmt: skip


def _sheet(tag: str) -> bytes:
    """A file of imports: one line that is sound, and one that is not and so lies among the rejects."""
    bad = {"业务编号": f"{tag}-2", "客户名称": f"{tag}甲", "贷款金额（元）": "多"}
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, files.HEADING)
    writer.writeheader()
    writer.writerows([files.row(1), files.row(2, **bad)])
    return sheet.getvalue().encode()


def furnish_group(*, seen: int, unseen: int) -> World:
    """One thing of each kind in the group's console; `seen` is a guarantee of ANHE, `unseen` one of BOYU outside its scope."""
    today = timezone.localdate()
    with inside(house(GROUP)):
        people, boss = staff(GROUP), almighty(GROUP)
        year = {"from": f"{today.year}-01-01", "to": f"{today.year}-12-31", "by": "drawdown"}
        version = treaties.draft(actor=people["treaty"], today=today, code="P4222", title="合作协议", members=[ANHE],
                                 terms=document(quota(**N_4222), attaches=year), above_limits="REVIEW")  # fmt: skip
        sign(version, actor=people["treaty"], today=today)
        told: dict[str, Any] = {"treaty_code": "P4222", "member_code": ANHE, "losses": 0}
        told |= {"period_from": today, "period_to": today}
        told |= {"name": "试算", "terms": document(), "totals": {"now": {}, "draft": {}}}
        scenario = treaties.keep(actor=people["treaty"], today=today, **told)
        paper = documents.store(actor=people["treaty"], today=today, subject=f"treaty:{version.treaty_id}", name="协议.pdf",
                                file=io.BytesIO(b"%PDF-1.4 x"))  # fmt: skip
        met = held("集团议题", people, chair="chair", secretary="secretary", member="risk2")
        notices.tell(sentence="group notice", user_ids=[boss.id], url="/")
        notice = Notice.objects.filter(user=boss).first()
    from infra import wiring

    wiring.deliver()
    monitoring.catch_up(today=today)
    with inside(house(GROUP)):
        comparison = monitoring.compare(today=today)
        filing = filings.of(ANHE, seen)
        reply = documents.store(actor=boss, today=today, subject=f"filing:{filing.id}", name="批复.pdf",
                                file=io.BytesIO(b"%PDF-1.4 y"))  # fmt: skip
        version = TreatyVersion.objects.order_by("-id").first()
        more = holdings.of_group(people, filing, today=today)
    return World(
        {
            "boss": boss, "guarantee": seen, "unseen": unseen, "member": ANHE.lower(), "by": "member", "chart": "months",
            "comparison": comparison.id, "filing": filing.id, "treaty": "P4222", "version": version.id, "notice": notice.id,
            "filing_paper": reply.id,
            "person": boss.id, "authenticator": 1, "uidb36": "1", "key": "abc-123",
            **met, "task": 1, "task_paper": paper.id, "deputy": 1,
            "scenario": scenario.id, "agreement_paper": paper.id, "number": 1,
            # What opens only later, or belongs to a case of its own: the address is walked, nothing is behind the number.
            "outward": 1, "fuse": 1, "tariff": 1, "bordereau": 1, "change": 1, "evaluation": 1, "answer": 1, "new": "MEMBER",
            "kind": "MEMBER", "event": "accept", "partner": ANHE, "premium_paper": paper.id, "admission_paper": paper.id,
            "remove_paper": paper.id, **more,
        },
    )  # fmt: skip


def rows_digest(code: str) -> dict[str, str]:
    """A digest of every table of a house, to see that nobody changed it; but for what the log-in's library notes."""
    told: dict[str, str] = {}
    with inside(house(code), as_owner=True), connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = current_schema order by 1")
        for (table,) in cursor.fetchall():
            if table not in ("django_session", "usersessions_usersession", "account_emailaddress"):
                cursor.execute(f"select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from \"{table}\" t")
                told[table] = cursor.fetchone()[0]
    return told
